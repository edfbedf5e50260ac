import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTiming } from '../../server/complaints/timing.ts';
import { jumped, mondayOf, weeksOf } from '../../server/complaints/trend.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

describe('weeks, and which of them jumped', () => {
  const steady = [10, 12, 9, 11, 10, 13, 10, 11];
  test.each([
    ['too few weeks to say', [1, 1, 1], 100, false],
    ['as ever', steady, 13, false],
    ['at three deviations it is none yet', steady, 13.65, false],
    ['beyond', steady, 14.0, true],
    ['one wild week before does not hide it', [...steady, 500], 15, true],
    ['nothing for weeks, and then one or three: a trifle', [0, 0, 0, 0, 0], 3, false],
    ['and then four', [0, 0, 0, 0, 0], 4, true],
    ['money in one week of three is as ever', [0, 0, 900, 0, 0, 600, 0, 0, 900], 700, false],
    ['much more of it is not', [0, 0, 900, 0, 0, 600, 0, 0, 900], 900, true],
    ['all the same for weeks: less than three tenths more is none', [100, 100, 100, 100], 130, false],
    ['more than that is', [100, 100, 100, 100], 131, true],
    ['what was long ago does not count', [...Array.from({ length: 30 }, () => 1000), ...Array.from({ length: 12 }, () => 10)], 20, true],
  ])('%s', (_, before, value, expected) => expect(jumped(before, value, 1)).toBe(expected));

  test('Mondays on the wall, through a change of the clock; the ends are cut', () => {
    const berlin = 'Europe/Berlin';
    const thursday = Date.UTC(2026, 9, 22, 10);
    expect(mondayOf(thursday, 0, berlin)).toBe(Date.UTC(2026, 9, 18, 22));
    expect(mondayOf(thursday, 1, berlin)).toBe(Date.UTC(2026, 9, 25, 23));
    const weeks = weeksOf(thursday, thursday + 10 * DAY, berlin);
    expect(weeks).toEqual([
      { from: thursday, until: Date.UTC(2026, 9, 25, 23) },
      { from: Date.UTC(2026, 9, 25, 23), until: thursday + 10 * DAY },
    ]);
  });
});

/** What was put in, to count by hand. */
interface Made {
  id: number;
  category: number;
  cause: number | null;
  product: string;
  department: number | null;
  owner: number | null;
  at: number;
  open: boolean;
  merged: boolean;
  resolvedAt: number | null;
  lateAt: number | null;
  repeat: boolean;
  stars: number | null;
  paid: [amount: number, currency: string, state: string][];
}

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let olga: typeof centre.anna;
  const made: Made[] = [];
  const departments: number[] = [];
  const categories: { id: number; parent: number | null }[] = [];
  const causes: number[] = [];
  const now = Date.now();
  const from = now - 60 * DAY;

  beforeAll(async () => {
    centre = await startCallCentre(engine);
    olga = await centre.signIn('complaints', { name: 'Olga' });
    const { db } = centre;
    for (const name of ['Support', 'Sales']) departments.push(((await db('departments').insert({ name, created_at: 0 })) as [number])[0]);
    const all = (await db('complaint_categories').orderBy('id')) as { id: number; kind: string }[];
    const [top, other] = all.filter(({ kind }) => kind === 'category').map(({ id }) => id) as [number, number];
    causes.push(...all.filter(({ kind }) => kind === 'cause').map(({ id }) => id));
    const child = (await centre.admin.post('/api/complaints/categories', { kind: 'category', label: 'Below', parentId: top })).body.id;
    categories.push({ id: top, parent: null }, { id: other, parent: null }, { id: child, parent: top });
    const [policy] = (await db('complaint_policies').limit(1).pluck('id')) as [number];
    // as the program left them: a sweep finds nothing to count anew
    const { signature } = await readTiming(centre.app.deps);
    // the same on every run
    let seed = 7;
    const pick = (n: number) => (seed = (seed * 16_807) % 2_147_483_647) % n;
    for (let i = 1; i <= 240; i += 1) {
      const merged = pick(20) === 0;
      const open = !merged && pick(4) === 0;
      const at = now - pick(100 * 24) * HOUR - HOUR;
      const late = [null, at + pick(48) * HOUR, now + HOUR][pick(3)]!;
      const one: Made = { id: 0, category: categories[pick(3)]!.id, cause: pick(5) === 0 ? null : causes[pick(3)]!, product: ['', 'Tea', 'tea', 'Кофе "Юг"'][pick(4)]!, department: [departments[0]!, departments[1]!, null][pick(3)]!, owner: [olga.userId, centre.anna.userId, null][pick(3)]!, at, open, merged, resolvedAt: open ? null : at + pick(30) * HOUR, lateAt: late, repeat: pick(6) === 0, stars: open || pick(2) === 0 ? null : 1 + pick(5), paid: Array.from({ length: [0, 0, 0, 1, 2][pick(5)]! }, () => [1 + pick(900_00), ['RUB', 'RUB', 'EUR'][pick(3)]!, ['approved', 'approved', 'asked', 'refused'][pick(4)]!]) }; // prettier-ignore
      const row = { number: `C-2020-${String(i).padStart(6, '0')}`, category_id: one.category, cause_id: one.cause, product: one.product, severity: 'normal', channel: 'phone', subject: `No ${i}`, status: merged ? 'merged' : open ? 'in-work' : 'closed', is_open: open ? 1 : 0, place: 1, owner_id: one.owner, department_id: one.department, registered_at: at, updated_at: at, resolved_at: one.resolvedAt, late_at: late, policy_id: policy, timed_with: signature, repeat_of: one.repeat ? 1 : null, satisfaction: one.stars, token: `t${i}`, version: 1 }; // prettier-ignore
      [one.id] = (await db('complaints').insert(row)) as [number];
      for (const [amount, currency, state] of one.paid) await db('complaint_compensations').insert({ complaint_id: one.id, registered_at: at, kind: 'money', amount, currency, note: '', state, user_id: olga.userId, at }); // prettier-ignore
      made.push(one);
    }
  });
  afterAll(() => centre.close());

  const report = async (query: object, who = olga) => {
    const answer = await who.get(`/api/complaints/report?${new URLSearchParams({ from: String(from), until: String(now), ...query })}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body as { rows: { key: { code?: string; at?: number }; name: string | null; figures: Record<string, number | null>; marks: string[]; from: number; until: number }[]; total: Record<string, number | null>; otherCosts: { currency: string; amount: number }[] }; // prettier-ignore
  };
  const tickets = async (query: { by: string; figure: string; [more: string]: string }) => {
    const ids: number[] = [];
    for (let after: string | null = ''; after !== null;) {
      const ask: Record<string, string> = { from: String(from), until: String(now), limit: '20', ...(after && { after }), ...query };
      const answer = await olga.get(`/api/complaints/report/tickets?${new URLSearchParams(ask)}`);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      ids.push(...answer.body.items.map(({ id }: { id: number }) => id));
      after = answer.body.next;
    }
    return ids;
  };

  const such: Record<string, (one: Made) => boolean> = {
    all: () => true,
    open: (one) => one.open,
    late: (one) => one.lateAt !== null && one.lateAt <= now,
    within: (one) => one.resolvedAt !== null && (one.lateAt === null || one.lateAt > now),
    repeated: (one) => one.repeat,
    resolved: (one) => one.resolvedAt !== null,
    compensated: (one) => one.paid.some(([, , state]) => state === 'approved'),
    rated: (one) => one.stars !== null,
  };
  const inPeriod = (one: Made) => !one.merged && one.at >= from && one.at < now;
  const cost = (all: Made[], currency: string) => all.flatMap(({ paid }) => paid).reduce((sum, [amount, of, state]) => sum + (state === 'approved' && of === currency ? amount : 0), 0); // prettier-ignore
  const byHand = (all: Made[]) => {
    const counts = Object.fromEntries(Object.entries(such).map(([name, is]) => [name, all.filter(is).length])) as Record<
      'all' | 'within' | 'late',
      number
    >;
    const mean = (values: number[]) => (values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length);
    const judged = counts.within + counts.late;
    return {
      ...counts,
      withinShare: judged === 0 ? null : counts.within / judged,
      resolveMs: mean(all.flatMap(({ resolvedAt, at }) => (resolvedAt === null ? [] : [resolvedAt - at]))),
      stars: mean(all.flatMap(({ stars }) => stars ?? [])),
      cost: cost(all, 'RUB'),
    };
  };

  test.each([
    ['cause', (one: Made) => String(one.cause ?? 0)],
    ['category', (one: Made) => String(one.category)],
    ['product', (one: Made) => one.product],
    ['department', (one: Made) => String(one.department ?? 0)],
    ['operator', (one: Made) => String(one.owner ?? 0)],
  ] as const)('by %s: as counted by hand, and each figure opens its tickets', async (by, keyOf) => {
    const { rows, total, otherCosts } = await report({ by });
    const all = made.filter(inPeriod);
    const keys = [...new Set(all.map(keyOf))];
    expect(rows.map(({ key }) => key.code).sort()).toEqual(keys.sort());
    expect(total).toEqual(byHand(all));
    expect(otherCosts).toEqual([{ currency: 'EUR', amount: cost(all, 'EUR') }]);
    for (const { key, figures } of rows) expect(figures, key.code).toEqual(byHand(all.filter((one) => keyOf(one) === key.code)));
    expect(rows.map(({ figures }) => figures.cost)).toEqual(rows.map(({ figures }) => figures.cost!).sort((a, b) => b - a));
    if (by === 'department') expect(rows.map(({ name }) => name).sort()).toEqual(['Sales', 'Support', null]);
    const [first] = rows;
    for (const [figure, is] of Object.entries(such)) {
      const expected = all.filter((one) => keyOf(one) === first!.key.code && is(one)).sort((a, b) => b.at - a.at || b.id - a.id);
      expect(await tickets({ by, row: first!.key.code!, figure }), figure).toEqual(expected.map(({ id }) => id));
    }
  });

  test('filters: a category with those below it, what has none, a product by its whole name', async () => {
    const ask = { by: 'cause', category: String(categories[0]!.id), department: '0' };
    const fits = (one: Made) => inPeriod(one) && [categories[0]!.id, categories[2]!.id].includes(one.category) && one.department === null;
    expect((await report(ask)).total).toEqual(byHand(made.filter(fits)));
    expect((await report({ by: 'operator', product: 'tea' })).total.all).toBe(made.filter((one) => inPeriod(one) && one.product === 'tea').length); // prettier-ignore
    expect((await report({ by: 'operator', product: '' })).total.all).toBe(made.filter((one) => inPeriod(one) && one.product === '').length); // prettier-ignore
  });

  test('by week with its jumps; by age whatever the period', async () => {
    const weeks = await report({ by: 'weeks' });
    expect(weeks.rows[0]!.key.at).toBeLessThanOrEqual(from);
    const all = made.filter((one) => !one.merged && one.at >= weeks.rows[0]!.from && one.at < now);
    expect(weeks.total).toEqual(byHand(all));
    for (const row of weeks.rows) expect(row.figures).toEqual(byHand(all.filter((one) => one.at >= row.from && one.at < row.until)));
    const busy = weeks.rows.at(-2)!;
    const flood = Array.from({ length: 60 }, (_, i) => ({ number: `C-2019-${String(i).padStart(6, '0')}`, category_id: categories[1]!.id, severity: 'normal', channel: 'phone', subject: 'Flood', status: 'closed', is_open: 0, place: 1, registered_at: busy.from + i, updated_at: 0, resolved_at: busy.from + i, token: `f${i}`, version: 1 })); // prettier-ignore
    await centre.db('complaints').insert(flood);
    const again = await report({ by: 'weeks' });
    const marked = ({ rows }: typeof weeks) => rows.filter(({ marks }) => marks.includes('all')).map(({ from: at }) => at);
    expect(marked(weeks)).not.toContain(busy.from);
    expect(marked(again)).toEqual([...marked(weeks), busy.from].sort());
    await centre.db('complaints').where('subject', 'Flood').delete();

    const ages = await report({ by: 'ageing' });
    const open = made.filter((one) => one.open);
    expect(ages.total).toEqual({ open: open.length, late: open.filter(such.late!).length });
    for (const row of ages.rows) {
      const own = open.filter((one) => one.at >= row.from && one.at < row.until);
      expect(row.figures).toEqual({ open: own.length, late: own.filter(such.late!).length });
    }
    const late = { by: 'ageing', figure: 'late', from: '0', until: String(now) };
    expect((await tickets(late)).sort()).toEqual(open.filter(such.late!).map(({ id }) => id).sort()); // prettier-ignore
    const oldest = ages.rows.at(-1)!;
    expect((await tickets({ by: 'ageing', figure: 'open', from: String(oldest.from), until: String(oldest.until) })).sort()).toEqual(open.filter((one) => one.at < oldest.until).map(({ id }) => id).sort()); // prettier-ignore
  });

  test('time in each status and hand-overs, from what was really done; late while it runs, and after it has ended', async () => {
    const done = async (id: number, what: string, body: object, who = olga) => {
      const { version } = (await olga.get(`/api/complaints/${id}`)).body.complaint;
      const answer = await who.post(`/api/complaints/${id}/${what}`, { version, ...body });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body.complaint;
    };
    const { id } = (await olga.post('/api/complaints', { categoryId: categories[1]!.id, subject: 'Real' })).body;
    const start = Date.now();
    await done(id, 'status', { status: 'in-work' });
    const complaint = await done(id, 'handovers', { departmentId: departments[1], reason: 'theirs', deadlineAt: Date.now() + HOUR });
    await done(id, `handovers/${complaint.handovers[0].id}/answer`, { accept: false, note: 'not ours' });
    const span = { from: String(start - 60_000), until: String(Date.now() + 60_000) };
    const stays = await report({ by: 'statuses', ...span });
    expect(stays.rows.map(({ key, figures }) => [key.code, figures.stayed]).sort()).toEqual([['in-work', 1], ['new', 1], ['waiting-department', 1]]); // prettier-ignore
    const moves = (await centre.db('complaint_moves').where({ complaint_id: id, kind: 'status' }).orderBy('id')) as { at: number; spent_ms: number }[]; // prettier-ignore
    const registered = ((await centre.db('complaints').where({ id }).first()) as { registered_at: number }).registered_at;
    expect(moves.map(({ spent_ms }) => spent_ms)).toEqual(moves.map(({ at }, i) => at - (moves[i - 1]?.at ?? registered)));
    expect(stays.total.wholeMs).toBe(moves.at(-1)!.at - registered);
    expect(await tickets({ by: 'statuses', figure: 'stayed', row: 'in-work', ...span })).toEqual([id]);
    expect((await report({ by: 'statuses', ...span, department: String(departments[0]) })).rows).toEqual([]);

    const handed = await report({ by: 'handovers', ...span });
    expect(handed.rows).toMatchObject([{ key: { code: String(departments[1]) }, name: 'Sales', figures: { handed: 1, refused: 1, accepted: 0, unanswered: 0, overdue: 0 } }]); // prettier-ignore
    expect(await tickets({ by: 'handovers', figure: 'refused', row: String(departments[1]), ...span })).toEqual([id]);
    expect(await tickets({ by: 'handovers', figure: 'accepted', ...span })).toEqual([]);

    const lateAt = async () => ((await centre.db('complaints').where({ id }).first()) as { late_at: number | null }).late_at;
    const dues = (await centre.db('complaint_clocks').where({ complaint_id: id }).whereNull('stopped_at').pluck('due_at')) as number[];
    expect(await lateAt()).toBe(Math.min(...dues));
    await done(id, 'status', { status: 'waiting-client' });
    // nothing of it runs while the client is waited for
    expect(await lateAt()).toBe(null);
  });

  test('who may, what is no question, and the file', async () => {
    const query = `from=${from}&until=${now}`;
    expect((await centre.anna.get(`/api/complaints/report?by=cause&${query}`)).status).toBe(403);
    expect((await centre.anna.get(`/api/complaints/report/tickets?by=cause&figure=all&${query}`)).status).toBe(403);
    for (const wrong of [
      `by=cause&from=${now}&until=${from}`,
      `by=cause&from=0&until=${now}`,
      `by=moon&${query}`,
      `by=cause&cause=x&${query}`,
    ])
      // prettier-ignore
      expect((await olga.get(`/api/complaints/report?${wrong}`)).status, wrong).toBe(400);
    expect((await olga.get(`/api/complaints/report/tickets?by=cause&figure=all&after=nonsense&${query}`)).status).toBe(400);
    const draft = {
      query: { by: 'product', from, until: now },
      format: 'csv',
      language: 'ru',
      words: { key: 'Товар', total: 'Всего', columns: [{ name: 'all', label: 'Жалобы', kind: 'count' }, { name: 'cost', label: 'Стоит', kind: 'money' }], keys: { '': '=не назван' } },
    }; // prettier-ignore
    const csv = await olga.post('/api/complaints/report/export', draft);
    expect(csv.status).toBe(200);
    expect(csv.headers.get('content-disposition')).toMatch(/filename="allo-complaints-product-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv"/);
    const lines = String(csv.body).replace('\ufeff', '').trim().split('\r\n');
    const sum = byHand(made.filter(inPeriod));
    expect(lines[0]).toBe('Товар;Жалобы;Стоит');
    expect(lines.at(-1)).toBe(`Всего;${sum.all};${(sum.cost / 100).toFixed(2).replace('.', ',')}`);
    expect(lines.some((line) => line.startsWith("'=не назван;"))).toBe(true);
    expect((await olga.post('/api/complaints/report/export', { ...draft, format: 'xlsx' })).status).toBe(200);
    expect(await centre.db('audit').where('what', 'reports.exported')).toHaveLength(2);
    expect((await centre.anna.post('/api/complaints/report/export', draft)).status).toBe(403);
  });
});
