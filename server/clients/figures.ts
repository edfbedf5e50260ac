import type { Knex } from 'knex';
import { dateText, momentOf, plusMonths, wallOf } from '../core/zone.ts';
import type { ClientFigures } from './contract.ts';

/** Figures of one card, counted from its history. */

const MONTHS = 12;
/** Entries that are read: a client with more has a call every hour of a year. */
const MOST = 10_000;
/** What is a contact; the rest of the history is what was done about it. */
const CONTACTS = ['call', 'task', 'note', 'mail', 'message', 'meeting', 'complaint'];

interface Row {
  at: number;
  kind: string;
  data: string;
}
interface Call {
  direction?: string;
  startedAt?: number;
  answeredAt?: number | null;
  waitMs?: number;
  talkMs?: number;
  endReason?: string | null;
}

/** Pure. Rows in any order. */
export const count = (rows: readonly Row[], months: readonly { month: string; from: number }[]): Omit<ClientFigures, 'from'> => {
  const counts = months.map(({ month, from }) => ({ month, from, counts: {} as Record<string, number> }));
  const totals: Record<string, number> = {};
  let [last, waited, answered, missed]: [number | null, number, number, number] = [null, 0, 0, 0];
  for (const { at: text, kind, data } of rows) {
    const at = Number(text);
    const index = months.findLastIndex(({ from }) => from <= at);
    if (index < 0 || !CONTACTS.includes(kind)) continue;
    const of = counts[index]!.counts;
    of[kind] = (of[kind] ?? 0) + 1;
    totals[kind] = (totals[kind] ?? 0) + 1;
    if (kind !== 'call') continue;
    last = Math.max(last ?? 0, at);
    const call = JSON.parse(data) as Call;
    if (call.direction !== 'in') continue;
    if (typeof call.talkMs === 'number' && call.talkMs > 0) {
      waited += call.waitMs ?? 0;
      answered++;
    } else if (call.endReason != null) missed++;
  }
  return { months: counts, totals, lastContactAt: last, meanAnswerMs: answered === 0 ? null : Math.round(waited / answered), missed };
};

export const figuresOf = async (
  db: Knex,
  clientId: number,
  { now, timeZone }: { now: number; timeZone: string },
): Promise<ClientFigures> => {
  const today = { ...wallOf(now, timeZone), day: 1, hour: 0, minute: 0 };
  const months = Array.from({ length: MONTHS }, (_, i) => {
    const first = plusMonths(today, i - MONTHS + 1);
    return { month: dateText(first).slice(0, 7), from: momentOf(first, timeZone) };
  });
  const from = months[0]!.from;
  const rows = (await db('timeline').where({ client_id: clientId }).where('at', '>=', from).whereIn('kind', CONTACTS).orderBy('at', 'desc').limit(MOST).select('at', 'kind', 'data')) as Row[]; // prettier-ignore
  const figures = count(rows, months);
  if (figures.lastContactAt !== null) return { from, ...figures };
  const card = (await db('clients').where({ id: clientId }).first('contact_at')) as { contact_at: number | null } | undefined;
  return { from, ...figures, lastContactAt: card?.contact_at == null ? null : Number(card.contact_at) };
};
