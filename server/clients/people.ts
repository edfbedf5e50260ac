import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import type { PersonDraft } from '../relations/contract.ts';
import { ClientDraft } from './contract.ts';
import { findClient } from './queries.ts';
import { createClient } from './service.ts';

/** A contact person of a company, as a card of their own: whoever sees the company sees them, too. @throws AppError invalid naming each field */
export const makePerson = async (
  deps: Pick<Deps, 'fields' | 'audit' | 'config' | 'attachedFiles' | 'now'>,
  trx: Knex,
  actor: Actor,
  companyId: number,
  { name, position, phones, emails }: PersonDraft,
): Promise<number> => {
  const company = await findClient(trx, companyId);
  if (company?.kind !== 'company') throw new AppError('conflict', 'contact persons are those of companies', { reason: 'no_company' });
  const draft = ClientDraft.parse({ kind: 'person', name, position, phones, emails, company: company.name });
  return createClient(deps, trx, draft, { departmentId: company.departmentId, ownerId: company.ownerId }, { actor, at: deps.now() });
};
