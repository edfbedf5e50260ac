import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endBefore, occurrencesAfter, readRule, restFrom } from '../../server/tasks/recur.ts';
import { makeOccurrences } from '../../server/tasks/series.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { engines } from '../support/db.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

describe('rules', () => {
  const berlin = { timeZone: 'Europe/Berlin', start: '2027-03-26T10:00', exdates: [] };
  const texts = (moments: number[]) => moments.map((at) => new Date(at).toISOString().slice(0, 16));

  test('ten o’clock stays ten o’clock over the change of the clocks, both ways', () => {
    const spring = occurrencesAfter({ ...berlin, rule: 'FREQ=DAILY' }, Date.UTC(2027, 2, 27), 3);
    expect(texts(spring)).toEqual(['2027-03-27T09:00', '2027-03-28T08:00', '2027-03-29T08:00']);
    const autumn = occurrencesAfter({ ...berlin, rule: 'FREQ=WEEKLY;BYDAY=SU' }, Date.UTC(2027, 9, 23), 2);
    expect(texts(autumn)).toEqual(['2027-10-24T08:00', '2027-10-31T09:00']);
  });

  test('an hour that the clock skips is an hour later that day, and none is lost or doubled', () => {
    const night = occurrencesAfter({ ...berlin, start: '2027-03-26T02:30', rule: 'FREQ=DAILY' }, Date.UTC(2027, 2, 27), 3);
    expect(texts(night)).toEqual(['2027-03-27T01:30', '2027-03-28T01:30', '2027-03-29T00:30']);
    const twice = occurrencesAfter({ ...berlin, start: '2027-10-29T02:30', rule: 'FREQ=DAILY' }, Date.UTC(2027, 9, 29, 12), 3);
    expect(texts(twice)).toEqual(['2027-10-30T00:30', '2027-10-31T00:30', '2027-11-01T01:30']);
  });

  test('leap days, last days, exceptions, counts and ends', () => {
    const utc = { timeZone: 'UTC', start: '2027-01-31T09:00', exdates: [] as string[] };
    expect(texts(occurrencesAfter({ ...utc, rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29' }, 0, 2))).toEqual(['2028-02-29T09:00', '2032-02-29T09:00']); // prettier-ignore
    expect(texts(occurrencesAfter({ ...utc, rule: 'FREQ=MONTHLY;BYMONTHDAY=-1' }, 0, 3))).toEqual(['2027-01-31T09:00', '2027-02-28T09:00', '2027-03-31T09:00']); // prettier-ignore
    expect(texts(occurrencesAfter({ ...utc, rule: 'FREQ=DAILY;COUNT=3', exdates: ['2027-02-01T09:00'] }, 0, 9))).toEqual(['2027-01-31T09:00', '2027-02-02T09:00']); // prettier-ignore
    expect(texts(occurrencesAfter({ ...utc, rule: 'FREQ=DAILY;UNTIL=20270201T090000Z' }, 0, 9))).toEqual(['2027-01-31T09:00', '2027-02-01T09:00']); // prettier-ignore
    const counted = { ...utc, rule: 'FREQ=DAILY;COUNT=5' };
    const third = Date.UTC(2027, 1, 2, 9);
    expect(restFrom(counted, third)).toBe('FREQ=DAILY;COUNT=3');
    expect(occurrencesAfter({ ...utc, rule: endBefore(counted.rule, third) }, 0, 9)).toHaveLength(2);
  });

  test('against counting on one’s fingers: every second Tuesday over two years', () => {
    const got = occurrencesAfter({ timeZone: 'Europe/Moscow', start: '2027-01-05T10:00', exdates: [], rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU' }, 0, 52);
    expect(got).toEqual(Array.from({ length: 52 }, (_, i) => Date.UTC(2027, 0, 5, 7) + i * 14 * DAY));
  }); // prettier-ignore

  test.each(['', 'FREQ=HOURLY', 'FREQ=DAILY;INTERVAL=0', 'FREQ=DAILY;COUNT=2;UNTIL=20270101', 'FREQ=DAILY;BYSETPOS=2', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'FREQ=WEEKLY;BYDAY=XX', 'FREQ=DAILY;FREQ=WEEKLY', 'FREQ=DAILY;X=1', 'INTERVAL=2'])(
    'no rule to repeat by: %s', (rule) => expect(readRule(rule)).toBeNull()); // prettier-ignore

  test('a rule that never ends, from long ago, is answered at once', () => {
    const began = performance.now();
    expect(occurrencesAfter({ timeZone: 'Europe/Moscow', start: '2000-01-01T10:00', exdates: [], rule: 'FREQ=DAILY' }, Date.UTC(2026, 0, 1), 1)).toEqual([Date.UTC(2026, 0, 1, 7)]); // prettier-ignore
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe.each(engines)('%s', (engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
  });
  afterAll(() => centre?.close());

  const morning = Math.floor(Date.now() / DAY) * DAY + 10 * DAY + 7 * HOUR;
  const begin = async (rule: string, draft: object = {}) => {
    const { task } = (await centre.anna.post('/api/tasks', { text: 'Weekly report', dueAt: morning, items: ['figures'], ...draft })).body;
    const answer = await centre.anna.post(`/api/tasks/${task.id}/series`, { rule });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body as { task: { id: number; seriesId: number; version: number }; series: { id: number; rule: string; next: number[] } };
  };
  const rows = (series: number) => centre.db('tasks').where({ series_id: series }).orderBy('occurrence_at');
  /** As if it were so much later: what the program reads as now. */
  const at = (now: number) => ({ ...centre.app.deps, now: () => now });
  const makeAll = async (now: number) => {
    for (let made = 1; made > 0;) made = (await Promise.all([makeOccurrences(at(now)), makeOccurrences(at(now))]))[0]! + 0;
  };

  test('the next one is made once, two days before its time, with its checklist, for whoever has taken it over', async () => {
    const { task, series } = await begin('RRULE:FREQ=DAILY');
    expect(series).toMatchObject({ rule: 'FREQ=DAILY', next: [morning + DAY, morning + 2 * DAY, morning + 3 * DAY] });
    expect((await centre.anna.post(`/api/tasks/${task.id}/series`, { rule: 'FREQ=DAILY' })).status).toBe(409);
    await makeOccurrences(at(morning - 2 * DAY));
    expect(await rows(series.id)).toHaveLength(1);
    await centre.db('tasks').where({ id: task.id }).update({ owner_id: centre.boris.userId });
    await makeAll(morning + HOUR);
    expect(await rows(series.id)).toMatchObject([0, 1, 2].map((n) => ({ due_at: morning + n * DAY, occurrence_at: morning + n * DAY, owner_id: centre.boris.userId, text: 'Weekly report' }))); // prettier-ignore
    const [, second] = await rows(series.id);
    expect(await centre.db('task_items').where({ task_id: second.id })).toMatchObject([{ text: 'figures', done_at: null }]);
    // nobody worked for a year: the last week is to be done, not all of it
    await makeAll(morning + 365 * DAY);
    expect((await rows(series.id)).length).toBeLessThan(3 + 11);
  });

  test('left out: this one alone; ended: no more; a bad rule changes nothing', async () => {
    const { task, series } = await begin('FREQ=DAILY');
    expect((await centre.anna.post(`/api/tasks/${task.id}/series/skip`, { note: '' })).status).toBe(400);
    expect((await centre.anna.post(`/api/tasks/${task.id}/series/skip`, { note: 'holiday' })).body.task).toMatchObject({ cancelled: true, doneNote: 'holiday' }); // prettier-ignore
    expect(JSON.parse((await centre.db('task_series').where({ id: series.id }).first()).exdates)).toHaveLength(1);
    await makeAll(morning);
    const [, next] = await rows(series.id);
    expect((await centre.boris.patch(`/api/tasks/${next.id}/series`, { version: 1, scope: 'all', text: 'x' })).status).toBe(403);
    expect((await centre.anna.patch(`/api/tasks/${next.id}/series`, { version: 1, scope: 'all', rule: 'FREQ=SECONDLY' })).status).toBe(400);
    expect((await centre.anna.patch(`/api/tasks/${next.id}/series`, { version: 7, scope: 'all', text: 'x' })).status).toBe(409);
    expect((await centre.anna.post(`/api/tasks/${next.id}/series/end`)).body.series.next).toEqual([]);
    const there = (await rows(series.id)).length;
    await makeAll(morning + 30 * DAY);
    expect(await rows(series.id)).toHaveLength(there);
  });

  test('this and the following go on otherwise; all: what is done stays as it was', async () => {
    const { series } = await begin('FREQ=DAILY;COUNT=10');
    await makeAll(morning + HOUR);
    const [first, second] = await rows(series.id);
    await centre.anna.post(`/api/tasks/${first.id}/done`, { note: 'x', cancelled: true });
    const split = await centre.anna.patch(`/api/tasks/${second.id}/series`, { version: 1, scope: 'following', text: 'Daily report' });
    expect(split.body).toMatchObject({ task: { text: 'Daily report' }, series: { rule: 'FREQ=DAILY;COUNT=9' } });
    const later = split.body.series.id;
    expect(later).not.toBe(series.id);
    expect(await rows(series.id)).toMatchObject([{ id: first.id, text: 'Weekly report' }]);
    await makeAll(morning + 5 * DAY);
    expect((await rows(later)).map((row) => [row.text, row.occurrence_at])).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => ['Daily report', morning + n * DAY])); // prettier-ignore
    expect(await rows(series.id)).toHaveLength(1);
    const all = await centre.anna.patch(`/api/tasks/${second.id}/series`, {
      version: 2,
      scope: 'all',
      priority: 'high',
      rule: 'FREQ=WEEKLY',
    });
    expect(all.body).toMatchObject({ task: { priority: 'high' }, series: { rule: 'FREQ=WEEKLY' } });
    await makeAll(morning + 20 * DAY);
    const open = (await rows(later)).filter((row) => row.done_at === null);
    expect(new Set(open.map((row) => row.priority))).toEqual(new Set([2]));
    expect(open.map((row) => (row.occurrence_at - morning) / DAY)).toEqual(expect.arrayContaining([1, 15, 22]));
  });
});
