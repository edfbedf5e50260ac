import type { Knex } from 'knex';
import { missOf } from './kind.ts';
import type { Miss, NotedCall } from './kind.ts';

/** Keeps the list of missed calls in step with the log, in the transaction that writes the calls: of the same calls again it makes the same rows. */

export interface MissedRow {
  id: number;
  number: string;
  open_key: string | null;
  first_at: number;
  last_at: number;
  tries: number;
  attempts: number;
  attempt_at: number | null;
  taken_by: number | null;
  taken_until: number | null;
  owner_id: number | null;
  closed_at: number | null;
  closed_by: number | null;
  closed_how: string | null;
  note: string;
  version: number;
}

export interface TryRow {
  id: number;
  missed_id: number;
  pbx: string;
  linkedid: string;
  kind: Miss['kind'] | 'attempt';
  at: number;
  queue: string | null;
  user_id: number | null;
}

interface CallId {
  readonly pbx: string;
  readonly linkedid: string;
}
type Missed = NotedCall & { readonly miss: Miss };

const refOf = ({ pbx, linkedid }: CallId): string => `${pbx}:${linkedid}`;
const keyOf = (call: NotedCall): string => (call.number === '' ? refOf(call) : call.number);

const triesOf = async (trx: Knex, calls: readonly CallId[]): Promise<Map<string, TryRow>> => {
  const found: TryRow[] = [];
  for (const pbx of new Set(calls.map((call) => call.pbx))) {
    const ids = calls.filter((call) => call.pbx === pbx).map((call) => call.linkedid);
    found.push(...(await trx<TryRow>('missed_tries').where({ pbx }).whereIn('linkedid', ids)));
  }
  return new Map(found.map((row) => [refOf(row), row]));
};

/** A caller is told of late when the log was filled in from the journal: somebody may have spoken with them since. */
const EARLIER_MS = 3_600_000;

/** By number: when somebody last spoke with it, as far back as these calls go. */
const reachedAt = async (trx: Knex, numbers: readonly string[], since: number): Promise<Map<string, number>> => {
  const rows = await trx('calls')
    .where('started_at', '>=', since - EARLIER_MS)
    .where('answered_at', '>=', since)
    .whereIn('direction', ['in', 'out'])
    .where((other) =>
      other.whereIn('from_e164', numbers).orWhereIn('from_raw', numbers).orWhereIn('to_e164', numbers).orWhereIn('to_raw', numbers),
    )
    .select<
      { direction: string; from_e164: string | null; from_raw: string; to_e164: string | null; to_raw: string; answered_at: number }[]
    >('direction', 'from_e164', 'from_raw', 'to_e164', 'to_raw', 'answered_at');
  const reached = new Map<string, number>();
  for (const row of rows) {
    const number = row.direction === 'in' ? (row.from_e164 ?? row.from_raw) : (row.to_e164 ?? row.to_raw);
    reached.set(number, Math.max(reached.get(number) ?? 0, row.answered_at));
  }
  return reached;
};

/** Those that are still to be called back. */
const unsolved = async (trx: Knex, fresh: readonly Missed[]): Promise<Missed[]> => {
  const numbers = [...new Set(fresh.map((call) => call.number).filter(Boolean))];
  if (numbers.length === 0) return [...fresh];
  const reached = await reachedAt(trx, numbers, Math.min(...fresh.map((call) => call.miss.at)));
  const closed: { number: string; at: number }[] = await trx('missed').whereIn('number', numbers).whereNotNull('closed_at').groupBy('number').select('number').max({ at: 'closed_at' }); // prettier-ignore
  for (const { number, at } of closed) reached.set(number, Math.max(reached.get(number) ?? 0, at));
  return fresh.filter((call) => call.number === '' || (reached.get(call.number) ?? -1) < call.miss.at);
};

const openItems = async (trx: Knex, keys: readonly string[]): Promise<Map<string, MissedRow>> => {
  const rows = keys.length === 0 ? [] : ((await trx<MissedRow>('missed').whereIn('open_key', [...new Set(keys)])) as MissedRow[]);
  return new Map(rows.map((row) => [row.open_key!, row]));
};

const insertTries = async (trx: Knex, fresh: readonly Missed[]): Promise<number[]> => {
  const times = new Map(fresh.map((call) => [keyOf(call), { number: call.number, at: call.miss.at }]));
  const had = await openItems(trx, [...times.keys()]);
  const items = [...times].filter(([key]) => !had.has(key)).map(([open_key, { number, at }]) => ({ open_key, number, first_at: at, last_at: at })); // prettier-ignore
  if (items.length > 0) await trx('missed').insert(items).onConflict('open_key').ignore();
  const open = await openItems(trx, [...times.keys()]);
  const rows = fresh.map((call) => ({ ...rowOf(call, call.miss), missed_id: open.get(keyOf(call))!.id }));
  await trx('missed_tries').insert(rows).onConflict(['pbx', 'linkedid']).ignore();
  return rows.map((row) => row.missed_id);
};

const rowOf = ({ pbx, linkedid }: CallId, { kind, at, queue, userId }: Miss | (Omit<Miss, 'kind'> & { kind: 'attempt' })) => ({ pbx, linkedid, kind, at, queue, user_id: userId }); // prettier-ignore

/** Calls to numbers of the list that nobody answered. */
const attempts = async (trx: Knex, calls: readonly NotedCall[], known: ReadonlyMap<string, TryRow>): Promise<number[]> => {
  const tried = calls.filter((call) => call.direction === 'out' && call.endedAt !== null && call.answeredAt === null && call.number !== '' && !known.has(refOf(call))); // prettier-ignore
  const open = await openItems(trx, tried.map((call) => call.number)); // prettier-ignore
  const rows = tried.flatMap((call) => {
    const item = open.get(call.number);
    const at = call.endedAt!;
    const userId = call.segments.find((s) => s.user_id !== null)?.user_id ?? null;
    return item && at >= item.first_at ? [{ ...rowOf(call, { kind: 'attempt', at, queue: null, userId }), missed_id: item.id }] : [];
  });
  if (rows.length > 0) await trx('missed_tries').insert(rows).onConflict(['pbx', 'linkedid']).ignore();
  return rows.map((row) => row.missed_id);
};

/** Counts anew what stands behind these rows; one without a missed call goes. */
const recount = async (trx: Knex, ids: ReadonlySet<number>): Promise<void> => {
  if (ids.size === 0) return;
  const all = (await trx<TryRow>('missed_tries').whereIn('missed_id', [...ids])) as TryRow[];
  for (const id of ids) {
    const mine = all.filter((row) => row.missed_id === id);
    const misses = mine.filter((row) => row.kind !== 'attempt').map((row) => row.at);
    const tried = mine.filter((row) => row.kind === 'attempt').map((row) => row.at);
    if (misses.length === 0) {
      await trx('missed_tries').where('missed_id', id).delete();
      await trx('missed').where('id', id).delete();
      continue;
    }
    await trx('missed')
      .where('id', id)
      .update({
        first_at: Math.min(...misses),
        last_at: Math.max(...misses),
        tries: misses.length,
        attempts: tried.length,
        attempt_at: tried.length > 0 ? Math.max(...tried) : null,
        version: trx.raw('version + 1'),
      });
  }
};

/** Somebody spoke with the number after its last try: done. @returns how many were closed */
const solve = async (trx: Knex, calls: readonly NotedCall[]): Promise<number> => {
  const spoken = calls.filter((call) => call.answeredAt !== null && call.number !== '' && call.direction !== 'internal');
  const open = await openItems(trx, spoken.map((call) => call.number)); // prettier-ignore
  let closed = 0;
  for (const call of spoken) {
    const item = open.get(call.number);
    if (!item || item.last_at > call.answeredAt!) continue;
    const by = call.segments.find((s) => s.kind === 'talk' && s.user_id !== null)?.user_id ?? null;
    const how = call.direction === 'in' ? 'got-through' : 'called-back';
    closed += await trx('missed')
      .where({ id: item.id })
      .whereNotNull('open_key')
      .update({ open_key: null, closed_at: call.answeredAt, closed_by: by, closed_how: how, taken_by: null, taken_until: null, version: item.version + 1 }); // prettier-ignore
  }
  return closed;
};

const isSame = (row: TryRow, { kind, at, queue, userId }: Miss): boolean =>
  row.kind === kind && row.at === at && row.queue === queue && row.user_id === userId;

/**
 * @param gone calls that became part of others
 * @param promised calls whose caller is called back by the queue's turn, as "PBX:LINKEDID"
 * @returns whether the list has changed
 */
export const noteCalls = async (
  trx: Knex,
  calls: readonly NotedCall[],
  gone: readonly CallId[],
  shortMs: number,
  promised: ReadonlySet<string>,
): Promise<boolean> => {
  const ended = calls.filter((call) => call.direction !== 'internal' && call.endedAt !== null);
  const known = ended.length + gone.length > 0 ? await triesOf(trx, [...ended, ...gone]) : new Map<string, TryRow>();
  const missed = ended.flatMap((call): Missed[] => {
    const miss = promised.has(refOf(call)) ? null : missOf(call, shortMs);
    return miss ? [{ ...call, miss }] : [];
  });
  const isMissed = new Set(missed.map(refOf));
  const isOut = new Set(ended.filter((call) => call.direction === 'out' && call.answeredAt === null).map(refOf));
  const untrue = [...known].filter(([ref]) => !isMissed.has(ref) && !isOut.has(ref)).map(([, row]) => row);
  const touched = new Set(untrue.map((row) => row.missed_id));
  if (untrue.length > 0) await trx('missed_tries').whereIn('id', untrue.map((row) => row.id)).delete(); // prettier-ignore

  for (const call of missed) {
    const row = known.get(refOf(call));
    if (!row || isSame(row, call.miss)) continue;
    await trx('missed_tries').where('id', row.id).update(rowOf(call, call.miss));
    touched.add(row.missed_id);
  }
  const fresh = missed.filter((call) => !known.has(refOf(call)));
  if (fresh.length > 0) {
    const open = await unsolved(trx, fresh);
    if (open.length > 0) for (const id of await insertTries(trx, open)) touched.add(id);
  }
  for (const id of await attempts(trx, ended, known)) touched.add(id);
  await recount(trx, touched);
  return (await solve(trx, calls)) > 0 || touched.size > 0;
};

/** Another call has come under the id of this one (calls/merge.ts). */
export const renameCall = async (trx: Knex, { pbx, linkedid }: CallId, to: string): Promise<void> => {
  await trx('missed_tries').where({ pbx, linkedid }).update({ linkedid: to });
};
