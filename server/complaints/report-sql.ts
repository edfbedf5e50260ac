import type { Knex } from 'knex';
import type { ReportBy, ReportTickets } from './contract.ts';
import { complaints } from './rows.ts';

/** What reports ask the database: week by week, so that no statement reads more than a week of complaints and SQLite lets others in between. */

export type Grouping = Extract<ReportBy, 'cause' | 'category' | 'severity' | 'product' | 'department' | 'operator'>;
export const isGrouping = (by: ReportBy): by is Grouping => by in COLUMN;
const COLUMN: Record<Grouping, string> = { cause: 'cause_id', category: 'category_id', severity: 'severity', product: 'product', department: 'department_id', operator: 'owner_id' }; // prettier-ignore

export interface Filter {
  /** These and no others; with those below it. */
  readonly categories: readonly number[] | null;
  /** null: whatever; 0: none. */
  readonly cause: number | null;
  readonly severity: string | null;
  readonly product: string | null;
  readonly department: number | null;
  readonly operator: number | null;
}
export interface Span {
  readonly from: number;
  readonly until: number;
}

export const letOthersIn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Those that went on in another one are counted there. */
const filtered = (query: Knex.QueryBuilder, filter: Filter): Knex.QueryBuilder => {
  void query.whereNot('c.status', 'merged');
  if (filter.categories) void query.whereIn('c.category_id', [...filter.categories]);
  if (filter.severity !== null) void query.where('c.severity', filter.severity);
  if (filter.product !== null) void query.where('c.product', filter.product);
  for (const [column, id] of [
    ['c.cause_id', filter.cause],
    ['c.department_id', filter.department],
    ['c.owner_id', filter.operator],
  ] as const)
    // prettier-ignore
    if (id === 0) void query.whereNull(column);
    else if (id !== null) void query.where(column, id);
  return query;
};
export const filters = ({ categories, ...one }: Filter): boolean =>
  categories !== null || Object.values(one).some((value) => value !== null);

/** Of one row of a report. */
const ofRow = (query: Knex.QueryBuilder, { by, row }: Pick<ReportTickets, 'by' | 'row'>): Knex.QueryBuilder => {
  if (row === undefined || !isGrouping(by)) return query;
  if (by === 'product' || by === 'severity') return query.where(`c.${COLUMN[by]}`, row);
  return row === '0' ? query.whereNull(`c.${COLUMN[by]}`) : query.where(`c.${COLUMN[by]}`, Number(row));
};

const registeredIn = (db: Knex, { from, until }: Span, filter: Filter): Knex.QueryBuilder =>
  filtered(db('complaints as c').where('c.registered_at', '>=', from).where('c.registered_at', '<', until), filter);

const approvedIn = (db: Knex, { from, until }: Span): Knex.QueryBuilder =>
  db('complaint_compensations as x').where('x.state', 'approved').where('x.registered_at', '>=', from).where('x.registered_at', '<', until);

/** Each figure is what its complaints have in common: the same words count them and find them. `now` is bound where there is a "?". */
const SUCH = {
  all: '1 = 1',
  open: 'c.is_open = 1',
  late: 'c.late_at <= ?',
  within: 'c.resolved_at IS NOT NULL AND c.policy_id IS NOT NULL AND (c.late_at IS NULL OR c.late_at > ?)',
  repeated: 'c.repeat_of IS NOT NULL',
  resolved: 'c.resolved_at IS NOT NULL',
  rated: 'c.satisfaction IS NOT NULL',
} as const;
type Such = keyof typeof SUCH;

export interface Sums {
  all: number;
  open: number;
  late: number;
  within: number;
  repeated: number;
  resolved: number;
  rated: number;
  /** ms from registered to resolved, of the resolved. */
  resolveMs: number;
  /** Of the rated. */
  stars: number;
  compensated: number;
  /** Approved, minor units, by currency. */
  costs: Record<string, number>;
}
export const noSums = (): Sums => ({ all: 0, open: 0, late: 0, within: 0, repeated: 0, resolved: 0, rated: 0, resolveMs: 0, stars: 0, compensated: 0, costs: {} }); // prettier-ignore

type Numbers = Exclude<keyof Sums, 'costs'>;

export const addTo = (sums: Sums, more: Sums): void => {
  for (const name of Object.keys(more) as (keyof Sums)[]) if (name !== 'costs') sums[name] += more[name];
  for (const [currency, amount] of Object.entries(more.costs)) sums.costs[currency] = (sums.costs[currency] ?? 0) + amount;
};

/** Of a week or a part of it, by what they are grouped by; null: all in one, under ''. */
export const sumsOf = async (db: Knex, span: Span, by: Grouping | null, filter: Filter, now: number): Promise<Map<string, Sums>> => {
  const key = by === null ? "''" : `c.${COLUMN[by]}`;
  const counts = (Object.keys(SUCH) as Such[]).map((name) =>
    db.raw(`SUM(CASE WHEN ${SUCH[name]} THEN 1 ELSE 0 END) AS ??`, [...(SUCH[name].includes('?') ? [now] : []), name]),
  );
  const found = new Map<string, Sums>();
  const at = (code: string | number | null): Sums => {
    const name = String(code ?? 0);
    if (!found.has(name)) found.set(name, noSums());
    return found.get(name)!;
  };
  const rows = (await registeredIn(db, span, filter)
    .select(db.raw(`${key} AS code`), ...counts, db.raw('SUM(CASE WHEN c.resolved_at IS NOT NULL THEN c.resolved_at - c.registered_at ELSE 0 END) AS ??', ['resolveMs']), db.raw('SUM(c.satisfaction) AS stars'))
    .groupByRaw(by === null ? '1' : key)) as ({ code: string | number | null } & Record<Numbers, number | string | null>)[]; // prettier-ignore
  // sums of MariaDB are decimals, which come as text
  for (const { code, ...row } of rows) for (const name of Object.keys(row) as Numbers[]) at(code)[name] = Number(row[name] ?? 0);
  // by the compensations of these complaints, which are fewer than they
  const paid = (await filtered(approvedIn(db, span).join('complaints as c', 'c.id', 'x.complaint_id'), filter)
    .select(db.raw(`${key} AS code`), 'x.complaint_id', 'x.currency', 'x.amount')) as { code: string | number | null; complaint_id: number; currency: string; amount: number }[]; // prettier-ignore
  const counted = new Set<number>();
  for (const { code, complaint_id, currency, amount } of paid) {
    const sums = at(code);
    if (amount > 0) sums.costs[currency] = (sums.costs[currency] ?? 0) + amount;
    if (!counted.has(complaint_id)) sums.compensated += 1;
    counted.add(complaint_id);
  }
  return found;
};

/**
 * What is open, whenever it was registered: by the index of the open ones, of which there are few. The sum keeps the database from walking the period
 * instead.
 */
const openIn = (db: Knex, { from, until }: Span, filter: Filter): Knex.QueryBuilder =>
  filtered(db('complaints as c').where('c.is_open', 1).whereRaw('c.registered_at + 0 >= ?', [from]).whereRaw('c.registered_at + 0 < ?', [until]), filter); // prettier-ignore

/** What is open now, by its age. `edges`: before which each begins, the newest first. @returns by the edge's place; the last is all that is older */
export const openByAge = async (
  db: Knex,
  edges: readonly number[],
  filter: Filter,
  now: number,
): Promise<Map<number, { open: number; late: number }>> => {
  const place = `CASE ${edges.map((_, i) => `WHEN c.registered_at >= ? THEN ${i}`).join(' ')} ELSE ${edges.length} END`;
  const rows = (await openIn(db, { from: 0, until: Number.MAX_SAFE_INTEGER }, filter)
    .select(db.raw(`${place} AS place`, [...edges]), db.raw('COUNT(*) AS open'), db.raw(`SUM(CASE WHEN ${SUCH.late} THEN 1 ELSE 0 END) AS late`, [now]))
    .groupByRaw('1')) as { place: number; open: number; late: number | string }[]; // prettier-ignore
  return new Map(rows.map((row) => [Number(row.place), { open: Number(row.open), late: Number(row.late) }]));
};

interface Stays {
  status: string;
  n: number;
  ms: number;
  longest: number;
}

const staysIn = (db: Knex, { from, until }: Span, filter: Filter): Knex.QueryBuilder => {
  const query = db('complaint_moves as m').where('m.kind', 'status').where('m.at', '>=', from).where('m.at', '<', until);
  if (!filters(filter)) return query;
  return filtered(query.join('complaints as c', 'c.id', 'm.complaint_id'), filter);
};

/** Stays in a status that ended within. */
export const staysOf = async (db: Knex, span: Span, filter: Filter): Promise<Stays[]> => {
  const rows = (await staysIn(db, span, filter)
    .groupBy('m.from_value')
    .select('m.from_value as status', db.raw('COUNT(*) AS n'), db.raw('SUM(m.spent_ms) AS ms'), db.raw('MAX(m.spent_ms) AS longest'))) as Record<keyof Stays, string | number | null>[]; // prettier-ignore
  return rows.map(({ status, n, ms, longest }) => ({ status: String(status), n: Number(n), ms: Number(ms ?? 0), longest: Number(longest ?? 0) })); // prettier-ignore
};

const HANDED = {
  handed: '1 = 1',
  accepted: "h.state = 'accepted'",
  refused: "h.state = 'refused'",
  unanswered: "h.state = 'waiting'",
  overdue: 'COALESCE(h.answered_at, ?) > h.deadline_at',
} as const;
type Handed = keyof typeof HANDED;

export interface HandoverSums extends Record<Handed, number> {
  /** ms from handed over to answered, of the answered. */
  answerMs: number;
  longest: number;
}

const handoversIn = (db: Knex, { from, until }: Span, filter: Filter): Knex.QueryBuilder => {
  const query = db('complaint_handovers as h').where('h.at', '>=', from).where('h.at', '<', until);
  if (!filters(filter)) return query;
  return filtered(query.join('complaints as c', 'c.id', 'h.complaint_id'), filter);
};

/** Hand-overs that began within, by who was to take them. */
export const handoversOf = async (db: Knex, span: Span, filter: Filter, now: number): Promise<Map<string, HandoverSums>> => {
  const counts = (Object.keys(HANDED) as Handed[]).map((name) =>
    db.raw(`SUM(CASE WHEN ${HANDED[name]} THEN 1 ELSE 0 END) AS ??`, [...(HANDED[name].includes('?') ? [now] : []), name]),
  );
  const rows = (await handoversIn(db, span, filter)
    .groupBy('h.to_department_id')
    .select('h.to_department_id as code', ...counts, db.raw('SUM(h.answered_at - h.at) AS ??', ['answerMs']), db.raw('MAX(h.answered_at - h.at) AS longest'))) as Record<string, string | number | null>[]; // prettier-ignore
  return new Map(rows.map(({ code, ...sums }) => [String(code), Object.fromEntries(Object.entries(sums).map(([name, value]) => [name, Number(value ?? 0)])) as unknown as HandoverSums])); // prettier-ignore
};

/** How many of a figure that has no pages are shown. */
const MOST_IDS = 100;

interface Found {
  ids: number[];
  next: string | null;
}

/** The longest stays, or the latest hand-overs, each complaint once. */
const idsOfDeeds = async (db: Knex, weeks: readonly Span[], filter: Filter, ask: ReportTickets, now: number): Promise<Found> => {
  const found: { id: number; weight: number }[] = [];
  for (const week of [...weeks].reverse()) {
    if (ask.figure === 'stayed') {
      const query = staysIn(db, week, filter);
      if (ask.row !== undefined) void query.where('m.from_value', ask.row);
      found.push(...((await query.orderBy('m.spent_ms', 'desc').limit(MOST_IDS).select('m.complaint_id as id', 'm.spent_ms as weight')) as typeof found)); // prettier-ignore
      found.sort((a, b) => b.weight - a.weight).splice(MOST_IDS * 2);
    } else {
      const query = handoversIn(db, week, filter).whereRaw(HANDED[ask.figure as Handed], HANDED[ask.figure as Handed].includes('?') ? [now] : []); // prettier-ignore
      if (ask.row !== undefined) void query.where('h.to_department_id', Number(ask.row));
      found.push(...((await query.orderBy('h.at', 'desc').limit(MOST_IDS).select('h.complaint_id as id', 'h.at as weight')) as typeof found)); // prettier-ignore
      if (found.length >= MOST_IDS) break;
    }
    await letOthersIn();
  }
  return { ids: [...new Set(found.map(({ id }) => id))].slice(0, MOST_IDS), next: null };
};

const CURSOR = /^(\d{1,16})-(\d{1,10})$/;

/** Those that a figure counts, registered last first; of stays the longest, of hand-overs the latest. @returns a page of ids; null: no such cursor */
export const idsBehind = async (
  db: Knex,
  span: Span,
  weeksOf: (span: Span) => readonly Span[],
  filter: Filter,
  ask: ReportTickets,
  now: number,
): Promise<Found | null> => {
  const { figure, after, limit } = ask;
  if (figure === 'stayed' || figure in HANDED) return idsOfDeeds(db, weeksOf(span), filter, ask, now);
  const cursor = after === undefined ? null : CURSOR.exec(after);
  if (after !== undefined && !cursor) return null;
  const rows: { id: number; registered_at: number }[] = [];
  const open = figure === 'open' || ask.by === 'ageing';
  for (const week of open ? [span] : [...weeksOf(span)].reverse()) {
    if (rows.length > limit) break;
    const [at, id] = [Number(cursor?.[1]), Number(cursor?.[2])];
    if (cursor && week.from > at) continue;
    const query = ofRow((open ? openIn : registeredIn)(db, week, filter), ask);
    if (figure === 'compensated') void query.whereIn('c.id', approvedIn(db, week).select('x.complaint_id'));
    else void query.whereRaw(SUCH[figure as Such], SUCH[figure as Such].includes('?') ? [now] : []);
    if (cursor)
      void query
        .where('c.registered_at', '<=', at)
        .where((either) => void either.where('c.registered_at', '<', at).orWhere('c.id', '<', id));
    const left = limit + 1 - rows.length;
    rows.push(...((await query.orderBy([{ column: 'c.registered_at', order: 'desc' }, { column: 'c.id', order: 'desc' }]).limit(left).select('c.id', 'c.registered_at')) as typeof rows)); // prettier-ignore
    await letOthersIn();
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { ids: page.map(({ id }) => id), next: rows.length > limit && last ? `${last.registered_at}-${last.id}` : null };
};

export const rowsInOrder = async (db: Knex, ids: readonly number[]) => {
  const rows = new Map((await complaints(db).whereIn('id', [...ids])).map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
};
