import type { Deps } from '../deps.ts';
import type { ReportBy, ReportQuery, ReportReply, ReportRow } from './contract.ts';
import { addTo, handoversOf, isGrouping, letOthersIn, noSums, openByAge, staysOf, sumsOf } from './report-sql.ts';
import type { Filter, Grouping, HandoverSums, Span, Sums } from './report-sql.ts';
import { readCategories, readSettings } from './settings.ts';
import { WEEKS_BEFORE, jumped, mondayOf, weeksOf } from './trend.ts';

const DAY_MS = 86_400_000;
/** Days old, the youngest first; the last group is older than all. */
const AGES = [1, 3, 7, 14, 30, 90];
/** As many rows are shown; a report by product may have thousands. */
const MOST_ROWS = 1_000;

interface Asked {
  readonly span: Span;
  readonly filter: Filter;
  readonly now: number;
  readonly currency: string;
  readonly timeZone: string;
}

type Figures = ReportRow['figures'];
const share = (part: number, of: number): number | null => (of === 0 ? null : part / of);

export const figuresOf = (sums: Sums, currency: string): Figures => ({
  all: sums.all,
  open: sums.open,
  within: sums.within,
  late: sums.late,
  withinShare: share(sums.within, sums.within + sums.late),
  repeated: sums.repeated,
  resolved: sums.resolved,
  resolveMs: share(sums.resolveMs, sums.resolved),
  compensated: sums.compensated,
  cost: sums.costs[currency] ?? 0,
  rated: sums.rated,
  stars: share(sums.stars, sums.rated),
});

const rowOf = (code: string, figures: Figures, name: string | null = null): ReportRow => ({
  key: { code },
  name,
  figures,
  marks: [],
  from: null,
  until: null,
});

/** Those with the chosen category, or with one that stands below it. */
const below = async (deps: Deps, id: number): Promise<number[]> => {
  const all = await readCategories(deps.db);
  const found = [id];
  for (const at of found)
    found.push(...all.filter(({ id: own, parentId }) => parentId === at && !found.includes(own)).map((one) => one.id));
  return found;
};

type Filters = Pick<ReportQuery, 'category' | 'cause' | 'severity' | 'product' | 'department' | 'operator'>;
export const filterOf = async (deps: Deps, query: Filters): Promise<Filter> => ({
  categories: query.category === undefined ? null : await below(deps, query.category),
  cause: query.cause ?? null,
  severity: query.severity ?? null,
  product: query.product ?? null,
  department: query.department ?? null,
  operator: query.operator ?? null,
});

type Part = Pick<ReportReply, 'rows' | 'total' | 'otherCosts'>;

const others = (costs: Sums['costs'], currency: string) =>
  Object.entries(costs)
    .filter(([name]) => name !== currency)
    .map(([name, amount]) => ({ currency: name, amount }))
    .sort((a, b) => a.currency.localeCompare(b.currency));

const nameOf = async (deps: Deps, by: ReportBy, codes: readonly string[]): Promise<(code: string) => string | null> => {
  if (by === 'operator') {
    const people = await deps.directory.briefs(codes.map(Number));
    return (code) => people.get(Number(code))?.name ?? null;
  }
  if (by !== 'department' && by !== 'handovers') return () => null;
  const departments = new Map((await deps.directory.departments()).map(({ id, name }) => [String(id), name]));
  return (code) => departments.get(code) ?? null;
};

const grouped = async (deps: Deps, by: Grouping, { span, filter, now, currency, timeZone }: Asked): Promise<Part> => {
  const found = new Map<string, Sums>();
  const total = noSums();
  for (const week of weeksOf(span.from, span.until, timeZone)) {
    for (const [code, sums] of await sumsOf(deps.db, week, by, filter, now)) {
      if (!found.has(code)) found.set(code, noSums());
      addTo(found.get(code)!, sums);
      addTo(total, sums);
    }
    await letOthersIn();
  }
  const name = await nameOf(deps, by, [...found.keys()]);
  const cost = ({ costs }: Sums) => costs[currency] ?? 0;
  // what should be mended first: by what it costs, then by how many there are
  const order = [...found].sort(([, a], [, b]) => cost(b) - cost(a) || b.all - a.all).slice(0, MOST_ROWS);
  const rows = order.map(([code, sums]) => rowOf(code, figuresOf(sums, currency), name(code)));
  return { rows, total: figuresOf(total, currency), otherCosts: others(total.costs, currency) };
};

/** Least deviations that make a jump: of complaints, and in minor units. */
const LEAST = { all: 1, late: 1, cost: 10_000 } as const;

const weekly = async (deps: Deps, { span, filter, now, currency, timeZone }: Asked): Promise<Part> => {
  const first = mondayOf(span.from, 0, timeZone);
  const weeks = weeksOf(mondayOf(first, -WEEKS_BEFORE, timeZone), span.until, timeZone);
  const total = noSums();
  const before: Figures[] = [];
  const rows: ReportRow[] = [];
  for (const week of weeks) {
    const sums = (await sumsOf(deps.db, week, null, filter, now)).get('') ?? noSums();
    const figures = figuresOf(sums, currency);
    const marks = (Object.keys(LEAST) as (keyof typeof LEAST)[]).filter((name) => jumped(before.map((one) => one[name] ?? 0), figures[name] ?? 0, LEAST[name])); // prettier-ignore
    // before the first complaint nothing was counted: those weeks are no measure
    if (before.length > 0 || sums.all > 0) before.push(figures);
    if (week.from >= first) {
      addTo(total, sums);
      rows.push({ key: { at: week.from }, name: null, figures, marks, ...week });
    }
    await letOthersIn();
  }
  return { rows, total: figuresOf(total, currency), otherCosts: others(total.costs, currency) };
};

const ageing = async (deps: Deps, { filter, now }: Asked): Promise<Part> => {
  const edges = AGES.map((days) => now - days * DAY_MS);
  const found = await openByAge(deps.db, edges, filter, now);
  const rows = [...edges, 0].map((from, i) => {
    const figures = found.get(i) ?? { open: 0, late: 0 };
    return { ...rowOf(String(i), figures), from, until: i === 0 ? now + 1 : edges[i - 1]! };
  });
  const sum = (name: 'open' | 'late') => rows.reduce((all, { figures }) => all + figures[name]!, 0);
  return { rows, total: { open: sum('open'), late: sum('late') }, otherCosts: [] };
};

const statuses = async (deps: Deps, { span, filter, timeZone }: Asked): Promise<Part> => {
  const found = new Map<string, { n: number; ms: number; longest: number }>();
  for (const week of weeksOf(span.from, span.until, timeZone)) {
    for (const { status, n, ms, longest } of await staysOf(deps.db, week, filter)) {
      const had = found.get(status) ?? { n: 0, ms: 0, longest: 0 };
      found.set(status, { n: had.n + n, ms: had.ms + ms, longest: Math.max(had.longest, longest) });
    }
    await letOthersIn();
  }
  const figures = ({ n, ms, longest }: { n: number; ms: number; longest: number }): Figures => ({ stayed: n, stayMs: share(ms, n), longestMs: longest, wholeMs: ms }); // prettier-ignore
  const all = [...found.values()].reduce((sum, one) => ({ n: sum.n + one.n, ms: sum.ms + one.ms, longest: Math.max(sum.longest, one.longest) }), { n: 0, ms: 0, longest: 0 }); // prettier-ignore
  const order = [...found].sort(([, a], [, b]) => b.ms - a.ms);
  return { rows: order.map(([status, one]) => rowOf(status, figures(one))), total: figures(all), otherCosts: [] };
};

const handovers = async (deps: Deps, { span, filter, now, timeZone }: Asked): Promise<Part> => {
  const none = (): HandoverSums => ({ handed: 0, accepted: 0, refused: 0, unanswered: 0, overdue: 0, answerMs: 0, longest: 0 });
  const add = (to: HandoverSums, more: HandoverSums) => {
    for (const name of Object.keys(to) as (keyof HandoverSums)[])
      to[name] = name === 'longest' ? Math.max(to.longest, more.longest) : to[name] + more[name];
  };
  const found = new Map<string, HandoverSums>();
  const total = none();
  for (const week of weeksOf(span.from, span.until, timeZone)) {
    for (const [code, sums] of await handoversOf(deps.db, week, filter, now)) {
      if (!found.has(code)) found.set(code, none());
      add(found.get(code)!, sums);
      add(total, sums);
    }
    await letOthersIn();
  }
  const figures = ({ answerMs, longest, ...counts }: HandoverSums): Figures => ({ ...counts, answerMs: share(answerMs, counts.accepted + counts.refused), longestMs: longest }); // prettier-ignore
  const name = await nameOf(deps, 'handovers', []);
  const order = [...found].sort(([, a], [, b]) => b.handed - a.handed);
  return { rows: order.map(([code, sums]) => rowOf(code, figures(sums), name(code))), total: figures(total), otherCosts: [] };
};

export const complaintReport = async (deps: Deps, query: ReportQuery, timeZone: string): Promise<ReportReply> => {
  const { currency } = await readSettings(deps.db);
  const span = { from: query.from, until: query.until };
  const asked: Asked = { span, filter: await filterOf(deps, query), now: deps.now(), currency, timeZone };
  const { by } = query;
  const part = isGrouping(by) ? await grouped(deps, by, asked) : await { weeks: weekly, ageing, statuses, handovers }[by](deps, asked);
  return { ...part, currency, timeZone };
};
