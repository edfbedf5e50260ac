import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulator } from '../../cti/simulator/index.ts';
import { claim, dueContacts } from '../../server/campaigns/claim.ts';
import type { CampaignRow } from '../../server/campaigns/rows.ts';
import type { Engine } from '../support/db.ts';
import type { Client, TestServer } from '../support/server.ts';
import type { BenchOptions } from './run.ts';
import { timed } from '../support/bench/percentile.ts';
import type { Timed } from '../support/bench/percentile.ts';

/**
 * The engine of the dialler over a campaign of a million people and nineteen others: how long the next people take to be chosen (the read alone, and the
 * whole claim with its gate and its written attempts) beside the bare SQL; how long a start takes; and whether calls go out at the pace asked for,
 * from the database to the simulated PBX and back into the log.
 */

const CAMPAIGNS = 20;
const QUEUES = 10;
const OPERATORS = 300;
const BATCH = 1_000;
const TAKEN = 5;
const PBX = 'main';

export interface DiallerFigures {
  readonly figures: readonly Timed[];
  readonly startMs: number;
  /** Calls placed in the measured seconds. */
  readonly placed: number;
  /** Calls that the PBX took in all, and those of them of which the log has a row. */
  readonly calls: number;
  readonly logged: number;
  /** Attempts that were made twice. */
  readonly twice: number;
  readonly seconds: number;
}

const queueOf = (i: number): string => `q${i % QUEUES}`;

/** The campaigns by the product's own way, their people straight into the table. @returns their ids, the largest first */
const fill = async ({ db }: TestServer, vera: Client, people: number, pace: number): Promise<number[]> => {
  const ids: number[] = [];
  for (let i = 0; i < CAMPAIGNS; i += 1) {
    const settings = { maxAttempts: 3, callsPerSecond: pace / CAMPAIGNS, maxLines: 200, ratio: 3 };
    const draft = { name: `Bench ${i}`, pbx: PBX, queue: queueOf(i), mode: 'power', profile: 'ALWAYS', purpose: 'service', settings };
    const { body } = await vera.post('/api/campaigns', draft);
    const id = (body as { campaign: { id: number } }).campaign.id;
    ids.push(id);
    const count = i === 0 ? people : Math.max(50, Math.round(people / 100));
    for (let from = 0; from < count; from += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, count - from) }, (_, n) => ({
        campaign_id: id,
        name: `Person ${from + n}`,
        number: `+79${String(i * 10_000_000 + from + n).padStart(9, '0')}`,
      }));
      await db('campaign_contacts').insert(rows);
    }
  }
  return ids;
};

const office = async (server: TestServer): Promise<void> => {
  for (let i = 0; i < QUEUES; i += 1)
    await server
      .db('queues')
      .insert({ pbx: PBX, name: queueOf(i), label: '' })
      .onConflict(['pbx', 'name'])
      .ignore();
  const { userId } = await server.signIn('operator');
  const rows = Array.from({ length: QUEUES }, (_, i) => ({ pbx: PBX, queue: queueOf(i), user_id: userId, penalty: 0 }));
  await server.db('queue_members').insert(rows);
};

export const diallerOver = async (
  engine: Engine,
  size: { people: number; times: number; seconds: number; pace: number },
): Promise<DiallerFigures> => {
  const { startServer } = await import('../support/server.ts'); // it reads ALLO_TEST_MYSQL_URL
  const extensions = Array.from({ length: OPERATORS }, (_, i) => String(1_000 + i));
  const simulator = await startSimulator({
    port: 0,
    user: 'allo',
    secret: 'secret',
    queues: Array.from({ length: QUEUES }, (_, i) => ({
      name: queueOf(i),
      number: String(7_000 + i),
      strategy: 'rrmemory' as const,
      ringMs: 5_000,
      retryMs: 100,
      members: extensions.filter((_extension, n) => n % QUEUES === i),
    })),
    extensions: extensions.map((extension) => ({ extension, name: extension })),
    behaviour: { answering: 'alone', answerShare: 1, refuseShare: 0, answerAfterMs: [100, 300], talkMs: [2_000, 6_000], customerRingsMs: [500, 1_500], customerAnswers: 0.6, customerBusy: 0.4 }, // prettier-ignore
    seed: 7,
  });
  const server = await startServer({ engine, env: { PBX: `${PBX}=ami://allo:secret@127.0.0.1:${simulator.port}` } });
  try {
    const [vera, admin] = [await server.signIn('supervisor'), await server.signIn('administrator')];
    const { items } = (await vera.get('/api/dialling/profiles')).body as { items: { code: string; rules: object }[] };
    const always = { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } };
    await admin.post('/api/dialling/profiles', { code: 'ALWAYS', name: 'Bench', rules: { ...items.find(({ code }) => code === 'UK')!.rules, hours: always } }); // prettier-ignore
    await office(server);
    const ids = await fill(server, vera, size.people, size.pace);

    const { db, app } = server;
    const rows = (await db<CampaignRow>('campaigns').whereIn('id', ids).orderBy('id')) as CampaignRow[];
    const profile = (await app.deps.dialling.profile(db, 'ALWAYS'))!;
    const figures = [
      await timed(`floor: ${TAKEN * 4} rows by the index, bare SQL`, size.times, (i) =>
        db('campaign_contacts')
          .where({ campaign_id: ids[i % CAMPAIGNS]!, state: 'ready', priority: 5 })
          .where('next_at', '<=', Date.now())
          .orderBy(['next_at', 'id'])
          .limit(TAKEN * 4),
      ),
      await timed('the next people are chosen', size.times, (i) => dueContacts(db, ids[i % CAMPAIGNS]!, Date.now(), TAKEN * 4)),
      await timed(`${TAKEN} of them claimed: gate, decisions, attempts`, size.times, (i) =>
        claim(app.deps, rows[i % CAMPAIGNS]!, profile, TAKEN),
      ),
    ];
    // what was claimed here is called by nobody
    await db('attempts').delete();
    await db('campaign_contacts').where('state', 'live').update({ state: 'ready', attempts: 0 });

    for (const id of ids) await vera.post(`/api/campaigns/${id}/state`, { to: 'approved' });
    const from = performance.now();
    const { status } = await vera.post(`/api/campaigns/${ids[0]}/state`, { to: 'running' });
    const startMs = performance.now() - from;
    if (status !== 200) throw new Error(`the campaign did not start: ${status}`);
    for (const id of ids.slice(1)) await vera.post(`/api/campaigns/${id}/state`, { to: 'running' });

    const count = async (query: ReturnType<typeof db>) => Number(((await query.count({ n: '*' })) as unknown as [{ n: number }])[0].n);
    for (const end = Date.now() + 30_000; (await count(db('attempts'))) === 0 && Date.now() < end;) await sleep(50);
    const before = await count(db('attempts'));
    const began = performance.now();
    await sleep(size.seconds * 1_000);
    const placed = (await count(db('attempts'))) - before;
    const seconds = (performance.now() - began) / 1_000;
    for (const id of ids) await vera.post(`/api/campaigns/${id}/state`, { to: 'paused' });
    for (const end = Date.now() + 60_000; (await count(db('attempts').where('state', 'open'))) > 0 && Date.now() < end;) await sleep(200);
    const double = (await db('attempts').groupBy('contact_id', 'n').havingRaw('COUNT(*) > 1').select('contact_id')) as unknown[];
    const calls = await count(db('attempts').whereNot('state', 'refused'));
    const logged = await count(db('calls').whereIn('linkedid', db('attempts').whereNot('state', 'refused').select('channel_id')));
    return { figures, startMs, placed, calls, logged, twice: double.length, seconds };
  } finally {
    await server.close();
    await simulator.stop();
  }
};

export const run = async ({ scale, seconds = 30, size = 30 }: BenchOptions): Promise<void> => {
  process.env.ALLO_TEST_MYSQL_URL ??= (await (await import('../stack/index.ts')).ensureStack({ parts: ['mariadb'] })).mariadbUrl;
  const people = Math.round(1_000_000 * scale);
  const f = await diallerOver('mysql', { people, times: 400, seconds, pace: size });
  console.log(`${people.toLocaleString('en')} people in one campaign, ${CAMPAIGNS} campaigns, MariaDB`);
  for (const { what, p50, p99 } of f.figures) console.log(`${what.padEnd(52)} p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`);
  console.log(`start of the large one: ${f.startMs.toFixed(0)} ms  (< 2000)`);
  console.log(`${f.placed} calls in ${f.seconds.toFixed(0)} s: ${(f.placed / f.seconds).toFixed(1)} a second of ${size} asked for; ${f.logged} of all ${f.calls} in the log, ${f.twice} attempts twice`); // prettier-ignore
};
