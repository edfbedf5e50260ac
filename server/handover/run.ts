import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { closeBatch } from '../core/batches.ts';
import { changesOfBatch } from '../core/changes.ts';
import { inTransaction } from '../core/db.ts';
import type { Holding, Pass, Passing } from '../core/holdings.ts';
import { NOTHING } from '../core/reach.ts';
import type { Reach } from '../core/reach.ts';
import type { HandoverRule, HeldKind } from './contract.ts';
import { mayGive, whose } from './plan.ts';
import type { Place } from './plan.ts';
import { findHandover, lockHandover, moveState, saveStep } from './queries.ts';
import type { Counts, StoredHandover } from './queries.ts';

/** A few hundred rows a transaction, with how far it has come written in each: a killed one goes on behind the last. */

export const batchOf = (id: number): string => `handover:${id}`;

/** Rows a transaction: short enough that nobody waits behind it. */
const AT_ONCE = 200;
const PREVIEW_PAGE = 1_000;

export type HandoverDeps = Deps & {
  holdings: Readonly<Record<HeldKind, Holding>>;
  /** From clients. */
  places(db: Knex, ids: readonly number[]): Promise<Map<number, Place>>;
};

const add = (counts: Counts, kind: HeldKind, to: number | 'kept', n = 1): void => {
  const of = (counts[kind] ??= { to: {}, kept: 0 });
  if (to === 'kept') of.kept += n;
  else of.to[to] = (of.to[to] ?? 0) + n;
};

/** What would become whose; nothing is written. */
export const previewHandover = async (
  deps: HandoverDeps,
  { fromId, rule, kinds, reach }: { fromId: number; rule: HandoverRule; kinds: readonly HeldKind[]; reach: Reach },
): Promise<Counts> => {
  const counts: Counts = {};
  /** Clients whose owner will be another by then. */
  const given = new Map<number, number>();
  let turn = 0;
  for (const kind of kinds) {
    counts[kind] = { to: {}, kept: 0 };
    for (let after = 0; ;) {
      const page = await deps.holdings[kind].page(deps.db, fromId, after, PREVIEW_PAGE);
      const places = await deps.places(deps.db, page.flatMap(({ clientId }) => clientId ?? [])); // prettier-ignore
      for (const { id, clientId } of page) {
        const now = clientId === null ? null : (places.get(clientId) ?? null);
        const then = now && clientId !== null && given.has(clientId) ? { ...now, ownerId: given.get(clientId)! } : now;
        if (kind === 'clients' && !mayGive(reach, now)) {
          add(counts, kind, 'kept');
          continue;
        }
        const { to, dealt } = whose(rule, then, turn);
        if (dealt) turn += 1;
        if (kind === 'clients') given.set(id, to);
        add(counts, kind, to);
      }
      if (page.length < PREVIEW_PAGE) break;
      after = page.at(-1)!.id;
    }
  }
  return counts;
};

/** One step of giving. @returns null: all is given */
const giveSome = async (deps: HandoverDeps, trx: Knex, job: StoredHandover, pass: Pass, reach: Reach): Promise<(() => void) | null> => {
  const kind = job.kinds[job.atKind]!;
  const page = await deps.holdings[kind].page(trx, job.fromId, job.afterId, AT_ONCE);
  const places = await deps.places(trx, page.flatMap(({ clientId }) => clientId ?? [])); // prettier-ignore
  let { turn } = job;
  const items: Passing[] = [];
  for (const { id, clientId } of page) {
    const client = clientId === null ? null : (places.get(clientId) ?? null);
    if (kind === 'clients' && !mayGive(reach, client)) continue;
    const { to, dealt } = whose(job.rule, client, turn);
    if (dealt) turn += 1;
    items.push({ id, from: job.fromId, to });
  }
  const { passed, tell } = await pass(trx, items, { actorId: job.actorId, at: deps.now(), batch: batchOf(job.id) });
  const went = new Set(passed);
  for (const { id, to } of items) if (went.has(id)) add(job.counts, kind, to);
  if (page.length > passed.length) add(job.counts, kind, 'kept', page.length - passed.length);
  const over = page.length < AT_ONCE;
  await saveStep(trx, job.id, { atKind: job.atKind + (over ? 1 : 0), afterId: over ? 0 : page.at(-1)!.id, turn, counts: job.counts, aliveAt: deps.now() }); // prettier-ignore
  return tell;
};

/** One step back. */
const takeSome = async (deps: HandoverDeps, trx: Knex, job: StoredHandover, pass: Pass, actorId: number): Promise<() => void> => {
  const kind = job.kinds[job.atKind]!;
  const { rows, last } = await changesOfBatch(trx, { batch: batchOf(job.id), table: kind, after: job.afterId, rows: AT_ONCE });
  const items = [...rows].flatMap(([id, changes]) => changes.map(({ before, after }): Passing => ({ id, from: Number(after), to: Number(before) }))); // prettier-ignore
  const { passed, tell } = await pass(trx, items, { actorId, at: deps.now(), batch: `undo:${batchOf(job.id)}` });
  if (passed.length > 0) add(job.counts, kind, job.fromId, passed.length);
  if (items.length > passed.length) add(job.counts, kind, 'kept', items.length - passed.length);
  const over = rows.size < AT_ONCE;
  await saveStep(trx, job.id, { atKind: job.atKind + (over ? 1 : 0), afterId: over ? 0 : last, turn: 0, counts: job.counts, aliveAt: deps.now() }); // prettier-ignore
  return tell;
};

/** Works until all has gone, or come back. The caller has claimed it. */
export const runHandover = async (deps: HandoverDeps, id: number): Promise<void> => {
  for (;;) {
    const seen = (await findHandover(deps.db, id))!;
    if (seen.state === 'done' || seen.state === 'undone') return;
    const kind = seen.kinds[seen.atKind];
    if (kind === undefined) return finish(deps, seen);
    const actor = await deps.directory.actorOf(seen.actorId);
    const reach = actor?.reach.bulk ?? NOTHING;
    const pass = await deps.holdings[kind].ready();
    const tell = await inTransaction(deps.db, async (trx) => {
      const job = await lockHandover(trx, id);
      // another process was quicker
      if (job.state !== seen.state || job.atKind !== seen.atKind || job.afterId !== seen.afterId) return null;
      if (job.state === 'running') return giveSome(deps, trx, job, pass, reach);
      return takeSome(deps, trx, job, pass, await undoneBy(trx, job));
    });
    tell?.();
  }
};

const undoneBy = async (trx: Knex, job: StoredHandover): Promise<number> => {
  const row = (await trx('batches').where({ batch: batchOf(job.id) }).first('undone_by')) as { undone_by: number | null } | undefined; // prettier-ignore
  return row?.undone_by ?? job.actorId;
};

const finish = async (deps: HandoverDeps, job: StoredHandover): Promise<void> => {
  const to = job.state === 'running' ? 'done' : 'undone';
  const tell = await inTransaction(deps.db, async (trx) => {
    if (!(await moveState(trx, job.id, job.state, to, { finished_at: deps.now(), alive_at: null }))) return null;
    const actorId = to === 'done' ? job.actorId : await undoneBy(trx, job);
    await deps.audit(trx, { actorId, what: to === 'done' ? 'handover.done' : 'handover.undone', table: 'handovers', rowId: job.id, details: { counts: job.counts } }); // prettier-ignore
    return to === 'done' ? tellReceivers(deps, trx, job) : null;
  });
  tell?.();
};

/** Whoever has got clients is told how many; which, they find among theirs. @returns shows it, once that has committed */
const tellReceivers = async (deps: HandoverDeps, trx: Knex, job: StoredHandover): Promise<() => void> => {
  const tells: (() => void)[] = [];
  for (const [to, count] of Object.entries(job.counts.clients?.to ?? {}))
    if (count > 0 && Number(to) !== job.actorId)
      tells.push(await deps.notify(trx, [Number(to)], { kind: 'client-given', effect: `handover:${job.id}:given`, about: { kind: 'handover', ref: job.id }, params: { count } })); // prettier-ignore
  return () => tells.forEach((tell) => tell());
};

/** Turns it round; nothing has come back yet. @throws AppError conflict when it has been undone already */
export const beginUndo = async (deps: Pick<Deps, 'now' | 'audit'>, trx: Knex, id: number, actorId: number): Promise<boolean> => {
  if (!(await moveState(trx, id, 'done', 'undoing', { at_kind: 0, after_id: 0, turn: 0, counts: '{}', finished_at: null, alive_at: null }))) return false; // prettier-ignore
  await closeBatch(trx, batchOf(id), actorId, deps.now());
  await deps.audit(trx, { actorId, what: 'handover.undo', table: 'handovers', rowId: id });
  return true;
};
