import { role } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import type { FieldDef } from './contract.ts';

/** Who may do what with the fields, and with what one of them holds on a card that the actor may read. Pure. */
export const fieldPolicy = {
  edit: role('administrator'),
  read: ({ role: own }: Pick<Actor, 'role'>, { readRoles }: Pick<FieldDef, 'readRoles'>) =>
    readRoles === null || own === 'administrator' || readRoles.includes(own),
  write: (actor: Pick<Actor, 'role'>, def: Pick<FieldDef, 'readRoles' | 'writeRoles'>) =>
    fieldPolicy.read(actor, def) && (def.writeRoles === null || actor.role === 'administrator' || def.writeRoles.includes(actor.role)),
} as const;
