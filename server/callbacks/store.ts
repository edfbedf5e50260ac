import type { CallBackStore } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { NO_CALL_BACK } from './contract.ts';
import type { CallBackRow } from './rows.ts';

type StoreDeps = Pick<Deps, 'db' | 'now' | 'bus' | 'calendars' | 'dialling' | 'queueCallBack'>;

/** The line is read again after this. */
const READ_MS = 1_000;
const MOST = 200;
/** Tries again after the PBX has refused an order. */
const REFUSED_MS = 60_000;

/** What the dialler of a PBX calls back from: the truth is the table. */
export const callBackStore = (deps: StoreDeps, pbx: string): CallBackStore => {
  let known: { at: number; line: readonly CallBackRow[] } = { at: -Infinity, line: [] };

  /** When the queue's hours let them be called, from now on; null: never. */
  const openFrom = async (rows: readonly CallBackRow[], now: number): Promise<Map<string, number | null>> => {
    const calendar = await deps.calendars.of(null);
    const found = new Map<string, number | null>();
    for (const queue of new Set(rows.map((row) => row.queue))) {
      const { hours } = (await deps.queueCallBack(deps.db, { pbx, name: queue })) ?? NO_CALL_BACK;
      found.set(queue, deps.dialling.openFrom({ hours, zone: calendar.timeZone, now, isFree: (date) => !calendar.worksOn(date) }));
    }
    return found;
  };

  const read = async (now: number): Promise<CallBackRow[]> => {
    const rows = (await deps
      .db<CallBackRow>('callbacks')
      .where({ pbx, state: 'waiting' })
      .where('next_at', '<=', now)
      .orderBy(['entered_at', 'id'])
      .limit(MOST)) as CallBackRow[];
    if (rows.length === 0) return [];
    const opens = await openFrom(rows, now);
    const line: CallBackRow[] = [];
    for (const row of rows) {
      const at = opens.get(row.queue) ?? null;
      if (at !== null && at <= now) line.push(row);
      // closed: they wait for the morning; with no hours at all nobody is called before somebody sets some
      else if (at !== null)
        await inTransaction(deps.db, async (trx) => {
          if ((await trx('callbacks').where({ id: row.id, state: 'waiting', next_at: row.next_at }).update({ next_at: at })) === 0) return;
          await trx('callback_put_offs').insert({ callback_id: row.id, at: now, next_at: at });
        });
    }
    if (line.length < rows.length) deps.bus.emit('callback.changed', {});
    return line;
  };

  return {
    async due() {
      const now = deps.now();
      if (now - known.at >= READ_MS) known = { at: now, line: await read(now) };
      return known.line.map(({ id, queue, entered_at }) => ({ id, queue, since: entered_at }));
    },
    async claim(id) {
      known = { at: known.at, line: known.line.filter((row) => row.id !== id) };
      const now = deps.now();
      const one = await inTransaction(deps.db, async (trx) => {
        const row = (await trx<CallBackRow>('callbacks').where({ id }).forUpdate().first()) as CallBackRow | undefined;
        if (row?.state !== 'waiting' || row.next_at > now) return null;
        const n = row.tries + 1;
        // of two that read the same row one changes it
        const mine = await trx('callbacks')
          .where({ id, state: 'waiting', tries: row.tries })
          .update({ state: 'dialling', tries: n, version: row.version + 1 });
        if (mine === 0) return null;
        // unique over restarts, and with its age where Asterisk looks for it: after the last dash
        const channelId = `allo-cb${id}_${n}-${Math.floor(now / 1000)}.${id}`;
        const [attemptId] = (await trx('callback_attempts').insert({ callback_id: id, n, pbx, channel_id: channelId, placed_at: now })) as [number]; // prettier-ignore
        return { attemptId, channelId, number: row.number, name: row.name };
      });
      if (one) deps.bus.emit('callback.changed', {});
      return one;
    },
    async unplaced(attemptId) {
      const now = deps.now();
      await inTransaction(deps.db, async (trx) => {
        const attempt = await trx('callback_attempts')
          .where({ id: attemptId, state: 'open' })
          .first<{ callback_id: number } | undefined>('callback_id');
        if (!attempt) return;
        const next_at = now + REFUSED_MS;
        await trx('callback_attempts').where({ id: attemptId }).update({ state: 'refused', result: 'refused', ended_at: now, next_at });
        await trx('callbacks')
          .where({ id: attempt.callback_id, state: 'dialling' })
          .update({ state: 'waiting', next_at, version: trx.raw('version + 1') });
      });
      deps.bus.emit('callback.changed', {});
    },
  };
};
