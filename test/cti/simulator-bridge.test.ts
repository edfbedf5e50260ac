import { afterEach, expect, test } from 'vitest';
import { startCti } from '../../cti/index.ts';
import type { Call, Cti, Fact } from '../../cti/index.ts';
import type { Simulator, SimulatorOptions } from '../../cti/simulator/index.ts';
import { LOGIN, startQuick } from './simulator-client.ts';

/** The real bridge at the simulated PBX, as in the demo. */

let simulator: Simulator;
let cti: Cti;
let facts: Fact[];
let heard: () => void;

afterEach(async () => {
  await cti.stop();
  await simulator.stop();
});

async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise<void>((resolve) => (heard = resolve));
  }
}

async function begin(options: Partial<SimulatorOptions> = {}, before: (s: Simulator) => void = () => {}) {
  simulator = await startQuick(options);
  before(simulator);
  facts = [];
  heard = () => {};
  const log = { info: () => {}, warn: () => {}, error: (fields: object, message: string) => problems.push({ message, ...fields }) };
  const problems: object[] = [];
  cti = startCti({
    pbx: { name: 'simulator', host: '127.0.0.1', port: simulator.port, ...LOGIN },
    onFact: (fact) => {
      facts.push(fact);
      heard();
    },
    lease: { acquire: () => Promise.resolve(true), release: () => Promise.resolve() },
    log,
    owner: 'test',
  });
  await until(() => cti.status().state === 'connected');
  return problems;
}

const ended = (key: string) => until<Call>(() => facts.flatMap((f) => (f.kind === 'call.ended' && f.key === key ? [f.call] : []))[0]);
const segments = (call: Call) => call.segments.map((s) => [s.kind, s.agent, s.endReason].filter((part) => part !== null).join(' '));
const offered = (key: string, agent: string) =>
  until(() => facts.find((f) => f.kind === 'segment.started' && f.key === key && f.segment.kind === 'offer' && f.segment.agent === agent));
const talking = (key: string) => until(() => facts.find((f) => f.kind === 'segment.started' && f.key === key && f.segment.kind === 'talk'));
const onShift = (extension: string, queue = 'support') => cti.actions.queueAdd({ queue, extension, name: `Operator ${extension}` });
const ivan = { from: '79161234567', name: 'Ivan "the Great" O\'Hara' };

test('a queue call: offered, answered by the operator’s command, ended by the customer', async () => {
  await begin();
  await onShift('101');
  const key = simulator.callNow({ to: '7000', ...ivan, talkMs: 30 });
  await offered(key, '101');
  await cti.actions.answer({ key, extension: '101' });
  const call = await ended(key);
  expect(call).toMatchObject({
    direction: 'in',
    from: ivan.from,
    fromName: ivan.name,
    to: '7000',
    queue: 'support',
    endReason: 'completed',
  });
  expect(segments(call)).toEqual(['queue answered', 'offer 101 answered', 'talk 101 customer']);
  expect(call.answeredAt! - call.startedAt).toBeLessThan(call.endedAt! - call.startedAt);
});

test('the operator hangs up', async () => {
  await begin();
  await onShift('101');
  const key = simulator.callNow({ to: '7000', ...ivan });
  await offered(key, '101');
  await cti.actions.answer({ key, extension: '101' });
  await talking(key);
  await cti.actions.hangup({ key, extension: '101' });
  expect(segments(await ended(key))).toEqual(['queue answered', 'offer 101 answered', 'talk 101 agent']);
});

test('the caller gives up: while waiting, while the phone rings', async () => {
  await begin();
  const waited = await ended(simulator.callNow({ to: '7000', ...ivan, patienceMs: 10 }));
  expect([waited.endReason, ...segments(waited)]).toEqual(['abandoned', 'queue abandoned']);
  await onShift('101');
  const rang = await ended(simulator.callNow({ to: '7000', ...ivan, patienceMs: 50 }));
  expect([rang.endReason, ...segments(rang)]).toEqual(['abandoned', 'queue abandoned', 'offer 101 cancelled']);
});

test('nobody answers in time, then another one does', async () => {
  await begin({ queues: [{ name: 'support', number: '7000', strategy: 'rrmemory', ringMs: 700, retryMs: 5 }] });
  await onShift('101');
  await onShift('102');
  const key = simulator.callNow({ to: '7000', ...ivan, talkMs: 10 });
  await offered(key, '102');
  await cti.actions.answer({ key, extension: '102' });
  const call = await ended(key);
  expect(segments(call).slice(0, 3)).toEqual(['queue answered', 'offer 101 no-answer', 'offer 102 answered']);
  expect(call.endReason).toBe('completed');
});

test('ringall: elsewhere', async () => {
  await begin();
  for (const extension of ['101', '102', '103']) await onShift(extension);
  const key = simulator.callNow({ to: '7000', ...ivan, talkMs: 10 });
  await offered(key, '103');
  await cti.actions.answer({ key, extension: '102' });
  expect(segments(await ended(key)).sort()).toEqual([
    'offer 101 elsewhere',
    'offer 102 answered',
    'offer 103 elsewhere',
    'queue answered',
    'talk 102 customer',
  ]);
});

test('direct calls: answered, not answered, busy, refused', async () => {
  await begin({ behaviour: { dialMs: 1_500, talkMs: [60_000, 60_000] } });
  await onShift('101');
  const answered = simulator.callNow({ to: '101', ...ivan });
  await offered(answered, '101');
  await cti.actions.answer({ key: answered, extension: '101' });
  await talking(answered);
  const busy = await ended(simulator.callNow({ to: '101', ...ivan }));
  expect([busy.endReason, ...segments(busy)]).toEqual(['busy', 'offer 101 busy']);
  await cti.actions.hangup({ key: answered, extension: '101' });
  expect(segments(await ended(answered))).toEqual(['offer 101 answered', 'talk 101 agent']);
  const missed = await ended(simulator.callNow({ to: '101', ...ivan }));
  expect([missed.endReason, ...segments(missed)]).toEqual(['no-answer', 'offer 101 no-answer']);
});

test.each([
  ['answered', { customerAnswers: 1, talkMs: [20, 20] }, 'completed', ['offer 101 answered', 'talk 101 customer']],
  ['busy', { customerBusy: 1, customerAnswers: 0 }, 'busy', ['offer 101 answered']],
  ['not answered', { customerAnswers: 0, dialMs: 30 }, 'no-answer', ['offer 101 answered']],
] as const)('click-to-call: %s', async (_name, behaviour, end, told) => {
  await begin({ behaviour: { ...behaviour, liftAfterMs: [5, 5] } });
  const { key } = await cti.actions.originate({ extension: '101', number: '+79160000000', callerName: 'Ivan' });
  const call = await ended(key);
  expect(call).toMatchObject({ key, direction: 'out', initiator: '101', to: '+79160000000', endReason: end });
  expect(segments(call)).toEqual(told);
});

test('a call in progress when the bridge comes is adopted', async () => {
  let key = '';
  await begin(
    {
      behaviour: { answerAfterMs: [0, 0] },
      queues: [{ name: 'support', number: '7000', strategy: 'ringall', ringMs: 60_000, retryMs: 5, members: ['101'] }],
    },
    (pbx) => {
      key = pbx.callNow({ to: '7000', ...ivan });
    },
  );
  await until(() => facts.find((f) => f.kind === 'call.adopted' && f.key === key));
  await until(() => cti.calls()[0]?.segments.some((s) => s.kind === 'talk'));
  await cti.actions.hangup({ key, extension: '101' });
  const call = await ended(key);
  expect(call).toMatchObject({ adopted: true, from: ivan.from, queue: 'support', endReason: 'completed' });
  expect(segments(call)).toContain('talk 101 agent');
});

test('the states of phones and the members of queues are told', async () => {
  await begin();
  await onShift('101');
  await cti.actions.queuePause({ extension: '101', paused: true, reason: 'lunch' });
  await until(() => facts.find((f) => f.kind === 'queue.member' && f.agent === '101' && f.paused && f.reason === 'lunch'));
  await cti.actions.queuePause({ extension: '101', paused: false });
  const key = simulator.callNow({ to: '7000', ...ivan, talkMs: 10 });
  await offered(key, '101');
  await cti.actions.answer({ key, extension: '101' });
  await ended(key);
  await until(() => facts.filter((f) => f.kind === 'agent.state' && f.agent === '101').length >= 4);
  expect(facts.flatMap((f) => (f.kind === 'agent.state' && f.agent === '101' ? [f.state] : []))).toEqual([
    'idle',
    'ringing',
    'busy',
    'idle',
  ]);
  await cti.actions.queueRemove({ queue: 'support', extension: '101' });
  await until(() => facts.find((f) => f.kind === 'queue.member' && f.agent === '101' && !f.present));
});

test('300 calls in a hurry: each is one call, each of its segments begins and ends once', async () => {
  const CALLS = 300;
  let next = 0;
  const problems = await begin({
    seed: 7,
    queues: [
      { name: 'support', number: '7000', strategy: 'ringall', ringMs: 40, retryMs: 5 },
      { name: 'sales', number: '7001', strategy: 'rrmemory', ringMs: 40, retryMs: 5 },
    ],
    behaviour: {
      answering: 'alone',
      answerShare: 0.7,
      refuseShare: 0.1,
      answerAfterMs: [1, 30],
      talkMs: [1, 30],
      agentEndsShare: 0.5,
      patienceMs: [50, 500],
    },
    traffic: {
      callsPerHour: 3_600_000 / 8,
      limit: CALLS,
      onShiftOnly: true,
      caller: () => ({ number: String(79_160_000_000 + next), name: `Caller ${next++}` }),
      failed: (err) => {
        throw err;
      },
    },
  });
  for (const extension of ['101', '102', '103', '104']) for (const queue of ['support', 'sales']) await onShift(extension, queue);
  const calls = () => facts.flatMap((f) => (f.kind === 'call.ended' ? [f.call] : []));
  await until(() => calls().length === CALLS);

  expect(problems).toEqual([]);
  expect(cti.calls()).toEqual([]);
  expect(new Set(calls().map((c) => c.key)).size).toBe(CALLS);
  expect(new Set(calls().map((c) => c.from)).size).toBe(CALLS);
  expect(facts.filter((f) => f.kind === 'call.started')).toHaveLength(CALLS);
  for (const call of calls()) {
    const mine = facts.filter((f) => (f.kind === 'segment.started' || f.kind === 'segment.ended') && f.key === call.key);
    const ids = (kind: string) => mine.flatMap((f) => ('segment' in f && f.kind === kind ? [f.segment.id] : [])).sort();
    expect(ids('segment.started')).toEqual(call.segments.map((s) => s.id).sort());
    expect(ids('segment.ended')).toEqual(ids('segment.started'));
    const kinds = call.segments.map((s) => `${s.kind} ${s.endReason}`);
    const talks = kinds.filter((k) => k.startsWith('talk')).length;
    expect([call.endReason, talks, kinds.filter((k) => k === 'offer answered').length], JSON.stringify(call)).toEqual(
      call.endReason === 'completed' ? ['completed', 1, 1] : ['abandoned', 0, 0],
    );
    expect(kinds.filter((k) => k.startsWith('queue'))).toEqual([call.endReason === 'completed' ? 'queue answered' : 'queue abandoned']);
  }
  expect(calls().filter((c) => c.endReason === 'completed').length).toBeGreaterThan(30);
  expect(calls().filter((c) => c.endReason === 'abandoned').length).toBeGreaterThan(0);
});
