import { afterEach, expect, test } from 'vitest';
import { startSimulator } from '../../cti/simulator/index.ts';
import type { Behaviour, Simulator } from '../../cti/simulator/index.ts';
import { until } from '../support/call-centre.ts';
import { startServer } from '../support/server.ts';

/** Campaigns from the button to the settled attempt: the whole server and its bridge over AMI; the people are those of the simulated PBX. */
let simulator: Simulator;
let server: Awaited<ReturnType<typeof startServer>>;

const SLOW = 90_000;

afterEach(async () => {
  await server?.close();
  await simulator?.stop();
});

const begin = async (behaviour: Partial<Behaviour>, mode: string, people: number, settings: object = {}) => {
  const operators = ['101', '102', '103'];
  simulator = await startSimulator({
    port: 0,
    user: 'allo',
    secret: 'secret',
    queues: [{ name: 'support', number: '7000', strategy: 'rrmemory', ringMs: 5_000, retryMs: 100, members: operators }],
    extensions: operators.map((extension) => ({ extension, name: extension })),
    behaviour: { answering: 'alone', answerShare: 1, refuseShare: 0, answerAfterMs: [50, 100], talkMs: [50, 150], customerRingsMs: [20, 60], ...behaviour }, // prettier-ignore
    seed: 5,
  });
  server = await startServer({ env: { PBX: `main=ami://allo:secret@127.0.0.1:${simulator.port}` } });
  const vera = await server.signIn('supervisor', { name: 'Vera' });
  const admin = await server.signIn('administrator');
  const anna = await server.signIn('operator', { name: 'Anna' });
  await server.db('extensions').insert({ pbx: 'main', extension: '101', user_id: anna.userId });
  await server.db('queues').insert({ pbx: 'main', name: 'support', label: '' }).onConflict(['pbx', 'name']).ignore();
  await server.db('queue_members').insert({ pbx: 'main', queue: 'support', user_id: anna.userId, penalty: 0 });
  server.bus.emit('user.changed', { id: anna.userId });
  const { items } = (await vera.get('/api/dialling/profiles')).body;
  const { rules } = items.find(({ code }: { code: string }) => code === 'UK');
  const always = { workdays: { from: 0, to: 1440 }, freeDays: { from: 0, to: 1440 } };
  await admin.post('/api/dialling/profiles', { code: 'ALWAYS', name: 'Tests', rules: { ...rules, hours: always, ringSeconds: 5 } });
  await until(
    () => server.app.pbxStatus()[0]?.state,
    (state) => state === 'connected',
    20_000,
  );
  const draft = { name: 'Run', pbx: 'main', queue: 'support', mode, profile: 'ALWAYS', purpose: 'service', settings: { maxAttempts: 1, callsPerSecond: 50, ...settings } }; // prettier-ignore
  const { id } = (await vera.post('/api/campaigns', draft)).body.campaign;
  const text = Array.from({ length: people }, (_, i) => `+7916000${1_000 + i}`).join('\n');
  await vera.post(`/api/campaigns/${id}/contacts`, { text });
  for (const to of ['approved', 'running']) expect((await vera.post(`/api/campaigns/${id}/state`, { to })).status).toBe(200);
  return { id: id as number, vera, anna };
};
const attempts = (state: string[]) => server.db('attempts').whereIn('state', state);

test.each(['progressive', 'power', 'predictive'])(
  '%s: every person has their end, and the attempts equal the log',
  async (mode) => {
    const { id, vera } = await begin({ customerAnswers: 0.5, customerBusy: 0.5 }, mode, 12);
    await until(
      () => attempts(['settled']),
      (rows) => rows.length === 12,
      60_000,
    );
    const { campaign, run } = (await vera.get(`/api/campaigns/${id}`)).body;
    expect(campaign.counts).toMatchObject({ live: 0, held: 0, ready: 0 });
    expect(run.stall).toBe('no-contacts');
    const rows = await attempts(['settled']);
    const calls = await server.db('calls').where('linkedid', 'like', 'allo-c%');
    expect(calls).toHaveLength(12);
    for (const row of rows) {
      const call = calls.find(({ linkedid }: { linkedid: string }) => linkedid === row.channel_id);
      expect(call).toMatchObject({ direction: 'out', to_e164: row.number });
      expect(row.result === 'talked').toBe(call.answered_at !== null);
      expect(['talked', 'busy', 'abandoned', 'hung-up']).toContain(row.result);
    }
    expect(rows.filter(({ result }: { result: string }) => result === 'talked').length).toBeGreaterThan(0);
    expect(rows.filter(({ result }: { result: string }) => result === 'busy').length).toBeGreaterThan(0);
    // one call for each free operator: in progressive nobody waits in vain
    if (mode === 'progressive') expect(rows.filter(({ result }: { result: string }) => result === 'abandoned')).toEqual([]);
  },
  SLOW,
);

test(
  'preview: the operator dials, their phone first, and the attempt is settled like the others',
  async () => {
    const { anna } = await begin({ customerAnswers: 1, customerBusy: 0, liftAfterMs: [10, 20] }, 'preview', 1);
    const { card } = (await anna.post('/api/campaigns/next')).body;
    const { body } = await anna.post(`/api/campaigns/contacts/${card.contact.id}/dial`);
    const seen = await until(
      () => anna.get(`/api/campaigns/card?ref=${encodeURIComponent(body.ref)}`),
      ({ body: reply }) => reply.card !== null,
    );
    expect(seen.body.card.contact).toMatchObject({ id: card.contact.id, state: expect.stringMatching(/live|done/) as string });
    const [row] = await until(
      () => attempts(['settled']),
      (rows) => rows.length === 1,
      20_000,
    );
    expect(row).toMatchObject({ result: 'talked', mode: 'preview', channel_id: body.ref.slice('main:'.length) });
  },
  SLOW,
);

test(
  'with AMD a machine gets no operator, and the log and the results say what was heard',
  async () => {
    const { id, vera } = await begin({ customerAnswers: 1, customerBusy: 0 }, 'progressive', 8, { amd: true });
    const rows = await until(
      () => attempts(['settled']),
      (settled) => settled.length === 8,
      60_000,
    );
    // the simulated PBX takes numbers that end in 7 for machines
    const ofNumber = (end: string) => rows.filter(({ number }: { number: string }) => number.endsWith(end));
    expect(ofNumber('7')).toMatchObject([{ result: 'machine', amd: 'machine', operator_id: null, connected_at: null }]);
    for (const row of rows) expect(row.amd).toBe(row.number.endsWith('7') ? 'machine' : 'human');
    const { amd } = (await vera.get(`/api/campaigns/${id}/results`)).body;
    expect(amd).toEqual([
      { verdict: 'human', attempts: 7, saidMachine: 0 },
      { verdict: 'machine', attempts: 1, saidMachine: 0 },
    ]);
    const { call } = (await vera.get(`/api/calls/main:${ofNumber('7')[0].channel_id}`)).body;
    expect(call).toMatchObject({ amd: 'machine', answeredAt: null });
  },
  SLOW,
);
