import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { QueueFigures } from '../../server/reports/contract.ts';
import { reportSources } from '../../server/report-sources.ts';
import { rebuild } from '../../server/reports/rollup.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { countLines, sum } from '../support/queue-log.ts';
import type { Counted } from '../support/queue-log.ts';
import { replayBytes } from '../support/replay.ts';

/**
 * The report of queues against Asterisk's own queue_log of the same calls: recorded from a real Asterisk, told to Allo by AMI alone. Counted here
 * from the lines as they stand, by nothing of ours: counts exactly, times within the 1 s that queue_log is written in.
 */
const DIR = new URL('../fixtures/journal/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, DIR));
/** Where AMI was heard from the middle of the call on. */
const names = readdirSync(DIR).flatMap((file) => (file.endsWith('.queue_log') && !file.startsWith('adopted-') ? [file.slice(0, -10)] : []));

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let supervisor: Awaited<ReturnType<typeof centre.signIn>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    supervisor = await centre.signIn('supervisor');
  });
  afterAll(() => centre.close());

  /** `calls`: as many as the sum may be 1 s off for each. */
  const near = (what: string, ms: number, seconds: number, calls: number) =>
    expect(Math.abs(ms / 1000 - seconds), `${what}: ${ms} ms, queue_log ${seconds} s`).toBeLessThanOrEqual(calls);

  test('of every recorded call', async () => {
    let compared = 0;
    const all: Counted[] = [];
    for (const name of names) {
      const { facts } = replayBytes(read(`${name}.ami`), undefined, { agent: '201', number: '79000000002' });
      if (facts.length === 0) continue;
      await centre.write(facts);
      const talkers = new Set(
        facts.flatMap((f) => ('call' in f ? f.call.segments.filter((g) => ['talk', 'consult'].includes(g.kind)).map((g) => g.agent) : [])),
      );
      const times = facts.map(({ at }) => at);
      const [from, until] = [Math.min(...times) - 1000, Math.max(...times) + 1000];
      const deps = { db: centre.db, now: () => until + 60_000, ...reportSources(centre.db, () => until + 60_000) };
      await centre.db('report_visits').delete();
      // A trace lasts seconds, a report hours: of the others only this one's calls may stand there.
      await rebuild(deps, from, until);
      await centre.db('calls').delete();
      const { body } = await supervisor.get(`/api/reports/queues?by=queue&from=${from}&until=${until}`);
      const told = new Map(
        (body.rows as { key: { queue: string }; figures: QueueFigures }[]).map((r) => [r.key.queue.slice(5), r.figures]),
      );
      const counted = countLines(read(`${name}.queue_log`).toString());
      expect([...told.keys()].sort(), name).toEqual([...counted.keys()].sort());
      for (const [queue, c] of counted) {
        const f = told.get(queue)!;
        expect({ name, offered: f.offered, answered: f.answered, abandoned: f.abandoned, flowed: f.flowed }).toEqual({
          name,
          offered: c.entered,
          answered: c.answered,
          abandoned: c.abandoned,
          flowed: c.flowed,
        });
        near(`${name}: waits`, (f.asa ?? 0) * f.answered, sum(c.waits), c.answered);
        near(`${name}: waits of the abandoned`, (f.timeToAbandon ?? 0) * f.abandoned, sum(c.abandonedWaits), c.abandoned);
        // A talk that another operator goes on with is the queue's no more, and still the client's.
        if (talkers.size === c.answered && c.talks.length === c.answered)
          near(`${name}: talks`, ((f.talk ?? 0) + (f.hold ?? 0)) * f.answered, sum(c.talks), c.answered);
        compared += 1;
        all.push(c);
      }
    }
    expect(compared).toBeGreaterThan(35);
    expect(sum(all.map((c) => c.entered))).toBeGreaterThan(40);
    expect(sum(all.map((c) => c.abandoned))).toBeGreaterThan(3);
  });
});
