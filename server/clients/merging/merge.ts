import type { Knex } from 'knex';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../core/authorize.ts';
import { changesOfBatch, writeChanges } from '../../core/changes.ts';
import type { StoredChange } from '../../core/changes.ts';
import { AppError } from '../../core/errors.ts';
import type { Take } from '../../duplicates/contract.ts';
import { turnBack, write } from '../bulk-edit.ts';
import { saveWords } from '../contacts.ts';
import { derived } from '../custom.ts';
import { emailKey } from '../normalise.ts';
import { clientPolicy } from '../policy.ts';
import { archiveClient, findClient } from '../queries.ts';
import type { Edit, StoredClient } from '../queries.ts';
import { editClient } from '../service.ts';
import { moveClient } from '../stages/move.ts';
import { readStages } from '../stages/queries.ts';
import { addTimeline, touch } from '../timeline.ts';
import { choose } from './choices.ts';
import { moveLinks, moveLinksBack } from './links.ts';
import { survivorsOf } from './survivors.ts';

/** Two cards become one, and two again. Only a person does that; one transaction each, and a journal ("merge:ID") of all that it touched. */

export type MergeDeps = Pick<Deps, 'fields' | 'audit' | 'config' | 'now' | 'attachedFiles' | 'clientLinks'>;
type UndoDeps = MergeDeps & Pick<Deps, 'db' | 'bus' | 'directory' | 'departments'>;

export interface MergeRow {
  id: number;
  survivor_id: number;
  merged_id: number;
  actor_id: number;
  at: number;
  moved: string;
  undone_at: number | null;
}

const batchOf = (id: number): string => `merge:${id}`;
const invalid = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path: `body.${path}`, code }] });

/** Both cards, so that nobody else writes them until the end. In the order of their ids: two merges must not wait for one another. */
const hold = async (trx: Knex, one: number, other: number): Promise<[StoredClient | null, StoredClient | null]> => {
  await trx('clients').whereIn('id', [one, other]).orderBy('id').forUpdate().select('id');
  return [await findClient(trx, one), await findClient(trx, other)];
};

/** Carries what the person who merges may not see, too: which values may be chosen was asked before. */
const program = (actor: Pick<Actor, 'id'>) => ({ id: actor.id, role: 'administrator' as const });

/** Cards that name the one in a field now name the other. */
const moveReferences = async (deps: MergeDeps, trx: Knex, from: number, to: number, by: { actor: Actor; at: number; batch: string }): Promise<void> => {
  const keys = (await deps.fields.list(trx)).filter(({ type, settings }) => type === 'reference' && settings.to === 'client').map(({ key }) => key);
  if (keys.length === 0) return;
  const rows = (await trx('client_values').whereIn('field', keys).where({ number: from }).whereNot({ client_id: from }).orderBy('client_id').select('client_id', 'field')) as { client_id: number; field: string }[];
  for (const { client_id, field } of rows) {
    const stored = await findClient(trx, client_id);
    if (!stored || stored.custom[field] !== from) continue;
    const value = client_id === to ? null : to; // nobody is a reference to themselves
    await editClient(deps, trx, stored, { version: stored.version, custom: { [field]: value } }, { ...by, actor: program(by.actor) });
  }
}; // prettier-ignore

/** Why the merged one was lost, when the survivor gets that stage. */
const lastReason = async (trx: Knex, clientId: number): Promise<string> =>
  ((await trx('stage_moves').where({ client_id: clientId }).orderBy([{ column: 'at', order: 'desc' }, { column: 'id', order: 'desc' }]).first('reason')) as { reason: string } | undefined)?.reason ?? ''; // prettier-ignore

/** The journal of changes knows which numbers and addresses; the record that outlives it need not. */
const withoutItems = (take: Take) =>
  Object.fromEntries(Object.entries(take).map(([key, said]) => [key, Array.isArray(said) ? { kept: said.length } : said]));

/**
 * In a transaction.
 * @throws AppError not_found; forbidden unless both may be seen, edited and merged; conflict when one of them was changed, archived or merged meanwhile;
 *   invalid for a person and a company, and what `choose` throws
 */
export const mergeClients = async (
  deps: MergeDeps,
  trx: Knex,
  ask: { survivorId: number; mergedId: number; versions: { survivor: number; merged: number }; take: Take },
  { actor, at }: { actor: Actor; at: number },
): Promise<{ id: number; moved: Record<string, number> }> => {
  const { survivorId, mergedId } = ask;
  if (survivorId === mergedId) throw invalid('mergedId', 'same');
  const [survivor, merged] = await hold(trx, survivorId, mergedId);
  if (!survivor || !merged) throw new AppError('not_found', 'no such client');
  for (const client of [survivor, merged]) {
    if (client.archivedAt !== null)
      throw new AppError('conflict', 'archived or merged meanwhile', { reason: 'archived', clientId: client.id });
    if (!clientPolicy.merge(actor, client) || !clientPolicy.edit(actor, client)) throw new AppError('forbidden', 'this client is not yours to merge'); // prettier-ignore
  }
  if (survivor.version !== ask.versions.survivor || merged.version !== ask.versions.merged)
    throw new AppError('conflict', 'changed meanwhile', { reason: 'changed' });
  if (survivor.kind !== merged.kind) throw invalid('mergedId', 'other_kind');
  const defs = await deps.fields.list(trx);
  const { edit, custom, stage } = choose(actor, deps.fields, defs, survivor, merged, ask.take);

  const row = { survivor_id: survivorId, merged_id: mergedId, actor_id: actor.id, at, moved: '{}' };
  const [id] = (await trx('merges').insert(row)) as [number];
  const by = { actor, at, batch: batchOf(id) };
  const reason = stage === survivor.stage ? '' : await lastReason(trx, mergedId);
  const moved = await moveLinks(trx, deps.clientLinks, { from: mergedId, to: survivorId, batch: by.batch, actorId: actor.id, at });
  await moveReferences(deps, trx, mergedId, survivorId, by);

  let now = (await findClient(trx, survivorId))!;
  if (await moveClient(deps, trx, now, await readStages(trx), { to: stage, reason, rule: null, userId: actor.id, at, batch: by.batch }))
    now = (await findClient(trx, survivorId))!;
  const changed = await editClient(deps, trx, now, { ...edit, custom, version: now.version }, { ...by, actor: program(actor) });
  // Whoever has the card open has seen less than it holds now.
  if (changed.length === 0)
    await trx('clients')
      .where({ id: survivorId })
      .update({ version: now.version + 1, updated_at: at });

  const old = (await findClient(trx, mergedId))!;
  await archiveClient(trx, mergedId, { version: old.version, now: at });
  await trx('clients').where({ id: mergedId }).update({ merged_into: survivorId });
  await trx('merges')
    .where({ id })
    .update({ moved: JSON.stringify(moved) });
  await touch(trx, survivorId);
  const data = { name: merged.name, mergeId: id };
  await addTimeline(trx, { clientId: survivorId, at, kind: 'merge', ref: String(id), userId: actor.id, data });
  await deps.audit(trx, { actorId: actor.id, what: 'client.merged', table: 'clients', rowId: survivorId, details: { mergedId, merge: id, moved, take: withoutItems(ask.take) } }); // prettier-ignore
  return { id, moved };
};

/** Of a list, what the merge added goes and what it took away comes back to its place; what a person has added or removed since stays so. */
const listBack = <T>(before: readonly T[], after: readonly T[], now: readonly T[], keyOf: (item: T) => string): T[] => {
  const [had, given, there] = [before, after, now].map((items) => new Map(items.map((item) => [keyOf(item), item]))) as [Map<string, T>, Map<string, T>, Map<string, T>]; // prettier-ignore
  const own = [...had].flatMap(([key, item]) => there.get(key) ?? (given.has(key) ? [] : item));
  return [...own, ...[...there].flatMap(([key, item]) => (had.has(key) || given.has(key) ? [] : item))];
};

type PhoneItem = Pick<StoredClient['phones'][number], 'raw' | 'purpose' | 'bestTime' | 'badSince'>;

/** What of the card's own fields goes back. `kept`: those that somebody has changed since. */
const cardBack = (stored: StoredClient, changes: readonly StoredChange[]): Write & { kept: string[] } => {
  const lists = changes.filter(({ field }) => field === 'phones' || field === 'emails');
  const others = changes.filter((change) => !lists.includes(change));
  const back = turnBack(stored, others);
  const edit: Edit = { ...back.edit };
  for (const { field, before, after } of lists)
    if (field === 'phones') edit.phones = listBack(before as PhoneItem[], after as PhoneItem[], stored.phones, ({ raw }) => raw).map(({ raw, purpose, bestTime, badSince }) => ({ raw, purpose, bestTime, badSince })); // prettier-ignore
    else edit.emails = listBack(before as string[], after as string[], stored.emails.map(({ address }) => address), emailKey).map((address) => ({ address })); // prettier-ignore
  const kept = others.filter((change) => turnBack(stored, [change]).kept > 0).map(({ field }) => field);
  return { ...back, edit, kept };
};
type Write = Pick<ReturnType<typeof turnBack>, 'edit' | 'custom' | 'stage' | 'reason'>;

export const findMerge = async (db: Knex, id: number): Promise<MergeRow | null> => ((await db('merges').where({ id }).first()) as MergeRow | undefined) ?? null; // prettier-ignore

/**
 * In a transaction: both cards stand as before, each with what was its own.
 * @returns the fields of the survivor that somebody has changed since, and that therefore stay as they are
 * @throws AppError not_found; forbidden; conflict with a reason: undone (already), merged (the survivor is a part of a third now), later (something was
 *   merged into it since: that is undone first), archived
 */
export const undoMerge = async (deps: UndoDeps, trx: Knex, id: number, { actor, at }: { actor: Actor; at: number }): Promise<{ survivorId: number; mergedId: number; kept: string[] }> => {
  const row = await findMerge(trx, id);
  if (!row) throw new AppError('not_found', 'no such merge');
  const { survivor_id: survivorId, merged_id: mergedId } = row;
  const [survivor, merged] = await hold(trx, survivorId, mergedId);
  if (!survivor || !merged) throw new AppError('not_found', 'no such client');
  if ([survivor, merged].some((client) => { const asIfHere = { ...client, archivedAt: null }; return !clientPolicy.merge(actor, asIfHere) || !clientPolicy.edit(actor, asIfHere); }))
    throw new AppError('forbidden', 'these clients are not yours to part');
  if ((await findMerge(trx, id))!.undone_at !== null) throw new AppError('conflict', 'undone already', { reason: 'undone' });
  const into = (await survivorsOf(trx, [survivorId])).get(survivorId);
  if (into !== undefined) throw new AppError('conflict', 'the survivor is a part of a third card', { reason: 'merged', clientId: into });
  if (survivor.archivedAt !== null) throw new AppError('conflict', 'the survivor is archived', { reason: 'archived', clientId: survivorId });
  const later = (await trx('merges').where({ survivor_id: survivorId }).where('id', '>', id).whereNull('undone_at').orderBy('id', 'desc').first('id')) as { id: number } | undefined;
  if (later) throw new AppError('conflict', 'something was merged into it later', { reason: 'later', mergeId: later.id });

  const batch = batchOf(id);
  const back = { actor: { ...actor, ...program(actor) }, at, batch: `undo:${batch}` };
  await trx('merges').where({ id }).update({ undone_at: at, undone_by: actor.id });
  // First the fields: a file that only the survivor's field names is its own for as long as it hangs there.
  const kept: string[] = [];
  const stages = await readStages(trx);
  for (let after = 0; ; ) {
    const { rows, last } = await changesOfBatch(trx, { batch, table: 'clients', after, rows: 100 });
    if (rows.size === 0) break;
    for (const [clientId, changes] of rows) {
      const stored = clientId === survivorId ? survivor : await findClient(trx, clientId);
      if (!stored) continue;
      const { kept: stays, ...undoing } = cardBack(stored, changes);
      if (clientId === survivorId) kept.push(...stays);
      await write(deps, trx, stored, undoing, stages, back.actor, back.batch);
    }
    after = last;
  }
  await moveLinksBack(trx, deps.clientLinks, { from: mergedId, to: survivorId, batch, actorId: actor.id, at });
  await trx('clients').where({ id: mergedId }).update({ archived_at: null, merged_into: null, version: merged.version + 1, updated_at: at });
  const { words } = derived(deps.fields, await deps.fields.list(trx), merged, merged.custom);
  await saveWords(trx, mergedId, { ...merged, more: words });
  await writeChanges(trx, { actorId: actor.id, at, batch: back.batch }, [{ table: 'clients', rowId: mergedId, field: 'archivedAt', before: merged.archivedAt, after: null }]);
  for (const [clientId, name] of [[survivorId, merged.name], [mergedId, survivor.name]] as const) {
    await touch(trx, clientId);
    await addTimeline(trx, { clientId, at, kind: 'merge', ref: `undo:${id}`, userId: actor.id, data: { name, mergeId: id, undone: true } });
  }
  await deps.audit(trx, { actorId: actor.id, what: 'client.parted', table: 'clients', rowId: survivorId, details: { mergedId, merge: id, kept } });
  return { survivorId, mergedId, kept };
}; // prettier-ignore

/** Rows that somebody was writing for a card while it was merged go where the others went. @returns the card that they were merged into; null: they have been parted meanwhile */
export const gatherLate = async (deps: Pick<Deps, 'clientLinks'>, trx: Knex, row: MergeRow, at: number): Promise<number | null> => {
  const [, merged] = await hold(trx, row.survivor_id, row.merged_id);
  const to = (await survivorsOf(trx, [row.merged_id])).get(row.merged_id);
  if (!merged || to === undefined) return null; // undone meanwhile
  await moveLinks(trx, deps.clientLinks, { from: row.merged_id, to: row.survivor_id, batch: batchOf(row.id), actorId: row.actor_id, at });
  await touch(trx, row.survivor_id);
  return row.survivor_id;
};
