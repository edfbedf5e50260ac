import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { changesOfBatch } from '../core/changes.ts';
import type { StoredChange } from '../core/changes.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { isWithin } from '../core/reach.ts';
import { clientPolicy } from './policy.ts';
import { changesOf, findClient } from './queries.ts';
import type { Edit, StoredClient } from './queries.ts';
import { editClient } from './service.ts';
import type { Stage } from './contract.ts';
import { moveClient } from './stages/move.ts';
import { readStages } from './stages/queries.ts';

/** Many cards changed as one thing, each by the way that a single one is changed, and put back from the journal. */

type BulkDeps = Pick<Deps, 'db' | 'fields' | 'audit' | 'config' | 'now' | 'bus' | 'directory' | 'departments' | 'attachedFiles'>;

export interface BulkSet {
  ownerId?: number | null | undefined;
  departmentId?: number | null | undefined;
  stage?: string | undefined;
  /** Why, of a stage that asks for it. */
  reason?: string | undefined;
  custom?: Record<string, unknown> | undefined;
}
export interface Refusal {
  id: number;
  code: string;
}
const MOST_REFUSED = 100;

/** Cards a transaction: short enough that nobody waits behind it. */
const AT_ONCE = 100;

const bad = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path: `body.set.${path}`, code }] });

/** What is wrong for every card is refused before the first. */
const check = async (deps: BulkDeps, set: BulkSet): Promise<void> => {
  if (Object.values(set).every((value) => value === undefined)) throw bad('', 'nothing');
  if (set.ownerId != null && !(await deps.directory.actorOf(set.ownerId))) throw bad('ownerId', 'no_such_user');
  if (set.stage !== undefined && !(await readStages(deps.db)).some(({ code, archivedAt }) => code === set.stage && archivedAt === null)) throw bad('stage', 'no_such_stage'); // prettier-ignore
  if (set.departmentId != null && !(await deps.departments(deps.db)).some(({ id }) => id === set.departmentId)) throw bad('departmentId', 'no_such_department'); // prettier-ignore
};

/** Why this card cannot be changed; null: it can. What is wrong with one must not stop the others. */
const codeOf = (err: unknown): string => {
  if (!(err instanceof AppError)) throw err;
  const issues = err.data.issues as { path: string; code: string }[] | undefined;
  return issues?.[0] ? `${issues[0].path.replace(/^body\./, '')}:${issues[0].code}` : err.code;
};

export interface Write {
  edit: Edit;
  custom: Record<string, unknown>;
  stage?: string | undefined;
  reason: string;
}

/** One card, by the ways that a person has: first its stage, then its fields. @returns whether anything was changed */
export const write = async (
  deps: BulkDeps,
  trx: Knex,
  stored: StoredClient,
  { edit, custom, stage, reason }: Write,
  stages: readonly Stage[],
  actor: Actor,
  batch: string,
): Promise<boolean> => {
  const at = deps.now();
  const moved = stage !== undefined && (await moveClient(deps, trx, stored, stages, { to: stage, reason, rule: null, userId: actor.id, at, batch })); // prettier-ignore
  const now = moved ? (await findClient(trx, stored.id))! : stored;
  return (await editClient(deps, trx, now, { ...edit, custom, version: now.version }, { actor, at, batch })).length > 0 || moved;
};

/** @returns how many were changed; those that already were so count for neither */
const editAll = async (deps: BulkDeps, actor: Actor, ids: readonly number[], set: BulkSet, batch: string): Promise<{ changed: number; refused: Refusal[] }> => {
  await check(deps, set);
  const { custom = {}, stage, reason = '', ...given } = set;
  const stages = await readStages(deps.db);
  const edit = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Edit;
  let changed = 0;
  const refused: Refusal[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const done: number[] = [];
    const failed: Refusal[] = [];
    await inTransaction(deps.db, async (trx) => {
      done.length = failed.length = 0; // a second try after a lock conflict begins anew
      for (const id of ids.slice(from, from + AT_ONCE)) {
        const stored = await findClient(trx, id);
        if (!stored || !clientPolicy.edit(actor, stored) || !isWithin(actor.reach.bulk, stored)) failed.push({ id, code: 'forbidden' });
        else
          try {
            if (await write(deps, trx, stored, { edit, custom, stage, reason }, stages, actor, batch)) done.push(id);
          } catch (err) {
            failed.push({ id, code: codeOf(err) });
          }
      }
    });
    changed += done.length;
    refused.push(...failed.slice(0, MOST_REFUSED - refused.length));
    for (const id of done) deps.bus.emit('client.changed', { id });
  }
  return { changed, refused };
}; // prettier-ignore

/** Fields of the card itself, by the name that the journal has for them. */
const OWN: Readonly<Record<string, keyof Edit>> = { owner: 'ownerId', department: 'departmentId', name: 'name', kind: 'kind', company: 'company', position: 'position', note: 'note', roles: 'roles' }; // prettier-ignore
/** What the journal has of lists is what drafts take. */
const draftOf = (field: string, before: unknown): unknown =>
  field === 'emails' ? (before as string[]).map((address) => ({ address })) : before;

/** What of the changes still stands, turned round; what somebody has changed since is kept. */
export const turnBack = (stored: StoredClient, changes: readonly StoredChange[]): Write & { kept: number } => {
  const edit: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  let kept = 0;
  let stage: string | undefined;
  for (const { field, before, after } of changes) {
    if (field === 'stage') {
      if (stored.stage === after) stage = String(before);
      else kept++;
      continue;
    }
    const own = OWN[field] ?? (field === 'phones' || field === 'emails' ? field : null);
    if (own === null) {
      if (JSON.stringify(stored.custom[field] ?? null) === JSON.stringify(after ?? null)) custom[field] = before;
      else kept++;
      continue;
    }
    // The card holds `after` when writing `after` would change nothing.
    const stands = changesOf(stored, { [own]: draftOf(field, after) } as Edit).length === 0;
    if (stands) edit[own] = draftOf(field, before);
    else kept++;
  }
  return { edit: edit as Edit, custom, stage, reason: 'undo', kept };
};

/** Puts back what stood on the cards before the batch. Again, or after a kill, it goes on where it was: what stands as before is left alone. */
const undoAll = async (deps: BulkDeps, actor: Actor, batch: string): Promise<{ restored: number; kept: number }> => {
  let [restored, kept, after] = [0, 0, 0];
  const stages = await readStages(deps.db);
  for (;;) {
    const { rows, last } = await changesOfBatch(deps.db, { batch, table: 'clients', after, rows: AT_ONCE });
    if (rows.size === 0) return { restored, kept };
    const done: number[] = [];
    let keptHere = 0;
    await inTransaction(deps.db, async (trx) => {
      done.length = keptHere = 0;
      for (const [id, changes] of rows) {
        const stored = await findClient(trx, id);
        if (!stored) continue;
        const back = turnBack(stored, changes);
        keptHere += back.kept;
        try {
          if (await write(deps, trx, stored, back, stages, actor, `undo:${batch}`.slice(0, 64))) done.push(id);
        } catch (err) {
          if (!(err instanceof AppError)) throw err;
          keptHere++; // the card may no longer be as it was: a stage or a field is gone
        }
      }
    });
    restored += done.length;
    kept += keptHere;
    for (const id of done) deps.bus.emit('client.changed', { id });
    after = last;
  }
};

export const clientBulk = (deps: BulkDeps): Deps['clientBulk'] => ({
  edit: (actor, ids, set, batch) => editAll(deps, actor, ids, set, batch),
  undo: (actor, batch) => undoAll(deps, actor, batch),
});
