import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../cti/simulator/index.ts';
import { header, logIn, parseBlocks, startQuick } from './simulator-client.ts';
import type { AmiClient, Block } from './simulator-client.ts';
import { storyOf } from './simulator-story.ts';

/** The simulator beside the traces of a real Asterisk 22: the same calls have to be told in the same words. */

let simulator: Simulator;
let ami: AmiClient;
afterEach(async () => {
  await simulator.stop();
});

const trace = (name: string): Block[] =>
  parseBlocks(readFileSync(new URL(`../fixtures/ami/${name}.ami`, import.meta.url), 'latin1').replace(/^Asterisk.*\r\n/, ''));

/** The phones, queues and members of the recording (test/stack/traces). */
async function begin(options: Partial<SimulatorOptions> = {}) {
  simulator = await startQuick({
    queues: [
      { name: 'support', number: '7000', strategy: 'rrmemory', ringMs: 60_000, retryMs: 5 },
      { name: 'sales', number: '7001', strategy: 'ringall', ringMs: 60_000, retryMs: 5 },
    ],
    extensions: ['201', '202', '203'].map((extension) => ({ extension, name: `Phone ${extension}` })),
    ...options,
    // phones wait for a command unless the call says otherwise
    behaviour: { answerShare: 0, ...options.behaviour },
  });
  ami = await logIn(simulator);
}

const ivan = { from: '79000000001', name: 'Ivan Petrov' };
const member = (queue: string, extension: string, name: string) =>
  ami.action('QueueAdd', { Queue: queue, Interface: `PJSIP/${extension}`, StateInterface: `PJSIP/${extension}`, MemberName: name });
const pickUp = (extension: string) => ami.action('PJSIPNotify', { Endpoint: extension, Variable: 'Event=talk' });
const heard = (event: string, fields: Record<string, string> = {}) =>
  ami.until((b) => header(b, 'Event') === event && Object.entries(fields).every(([name, value]) => header(b, name) === value));
const ringing = (extension: string) =>
  ami.until((b) => header(b, 'Event') === 'DialState' && header(b, 'DestChannel')!.startsWith(`PJSIP/${extension}-`));
const hangUp = async (extension: string) => {
  const begun = await ami.until((b) => header(b, 'Event') === 'Newchannel' && header(b, 'Channel')!.startsWith(`PJSIP/${extension}-`));
  await ami.action('Hangup', { Channel: header(begun, 'Channel')! });
};
const quiet = () => ami.until(() => simulator.openCalls() === 0 && ami.events('Hangup').length > 0);
const originate = (values: Record<string, string> = {}) =>
  ami.action('Originate', {
    Channel: 'PJSIP/201',
    Context: 'allo-originate',
    Exten: '79000000002',
    Priority: '1',
    CallerID: '"Pyotr Smirnov" <79000000002>',
    ChannelId: 'allo-1700000000.1',
    Async: 'true',
    ...values,
  });

const QUICK_RING: SimulatorOptions['queues'] = [
  { name: 'support', number: '7000', strategy: 'rrmemory', ringMs: 500, retryMs: 5 },
  { name: 'sales', number: '7001', strategy: 'ringall', ringMs: 60_000, retryMs: 5 },
];

/** The first phone that rings refuses, the second answers. */
const SEED_REFUSES_THEN_ANSWERS = 1;

const CALLS: Record<string, () => Promise<unknown>> = {
  async 'queue-answered'() {
    await begin();
    await member('support', '201', 'Anna');
    simulator.callNow({ to: '7000', ...ivan, talkMs: 10 });
    await ringing('201');
    await pickUp('201');
  },
  async 'queue-answered-agent-hangs-up'() {
    await begin({ behaviour: { answering: 'alone', answerShare: 1, agentEndsShare: 1, talkMs: [10, 10] } });
    await member('support', '201', 'Anna');
    simulator.callNow({ to: '7000', ...ivan });
  },
  async 'queue-abandoned'() {
    await begin();
    simulator.callNow({ to: '7000', ...ivan, patienceMs: 10 });
  },
  async 'queue-abandoned-ringing'() {
    await begin();
    await member('support', '201', 'Anna');
    simulator.callNow({ to: '7000', ...ivan, patienceMs: 30 });
  },
  async 'queue-ring-no-answer-then-answered'() {
    await begin({ queues: QUICK_RING, behaviour: { agentEndsShare: 1, talkMs: [10, 10], answering: 'alone' } });
    await member('support', '201', 'Anna');
    await member('support', '202', 'Boris');
    simulator.callNow({ to: '7000', ...ivan });
    await ringing('202');
    await pickUp('202');
  },
  async 'queue-ring-all-one-answers'() {
    await begin();
    for (const [extension, name] of [
      ['201', 'Anna'],
      ['202', 'Boris'],
      ['203', 'Vera'],
    ] as const)
      await member('sales', extension, name);
    simulator.callNow({ to: '7001', ...ivan, talkMs: 10 });
    await ringing('203');
    await pickUp('202');
  },
  async 'queue-member-busy'() {
    await begin({ seed: SEED_REFUSES_THEN_ANSWERS, behaviour: { answering: 'alone', refuseShare: 0.5, answerShare: 0.5 } });
    await member('support', '201', 'Anna');
    await member('support', '202', 'Boris');
    simulator.callNow({ to: '7000', ...ivan, talkMs: 10 });
  },
  async 'direct-busy'() {
    await begin({ behaviour: { refuseShare: 1 } });
    simulator.callNow({ to: '201', ...ivan });
  },
  async 'direct-answered'() {
    await begin();
    simulator.callNow({ to: '201', ...ivan, talkMs: 10 });
    await ringing('201');
    await pickUp('201');
  },
  async 'direct-no-answer'() {
    await begin({ behaviour: { dialMs: 10 } });
    simulator.callNow({ to: '201', ...ivan });
  },
  async 'direct-caller-gives-up'() {
    await begin();
    simulator.callNow({ to: '201', ...ivan, patienceMs: 20 });
  },
  async 'click-to-call-customer-busy'() {
    await begin({ behaviour: { customerBusy: 1, customerAnswers: 0, liftAfterMs: [5, 5] } });
    await originate();
  },
  async 'click-to-call-operator-no-answer'() {
    await begin();
    await originate({ Timeout: '20' });
  },
  async 'command-hangup-queue'() {
    await begin();
    await member('support', '201', 'Anna');
    simulator.callNow({ to: '7000', ...ivan });
    await ringing('201');
    await pickUp('201');
    await hangUp('201');
  },
  async 'command-hangup-queue-ringing'() {
    await begin();
    await member('support', '201', 'Anna');
    await member('support', '202', 'Boris');
    simulator.callNow({ to: '7000', ...ivan, talkMs: 10 });
    await ringing('201');
    await hangUp('201');
    await ringing('202');
    await pickUp('202');
  },
  async 'command-hangup-direct'() {
    await begin();
    simulator.callNow({ to: '201', ...ivan });
    await ringing('201');
    await pickUp('201');
    await hangUp('201');
  },
  async 'command-hangup-direct-ringing'() {
    await begin();
    simulator.callNow({ to: '201', ...ivan });
    await ringing('201');
    await hangUp('201');
  },
  async 'command-hangup-click-to-call-ringing'() {
    await begin();
    await originate();
    await ringing('201');
    await hangUp('201');
  },
  async 'command-hangup-click-to-call-dialling'() {
    await begin({ behaviour: { customerAnswers: 0, liftAfterMs: [5, 5] } });
    await originate();
    await ringing('trunk');
    await hangUp('201');
  },
  async 'command-hangup-click-to-call-talking'() {
    await begin({ behaviour: { liftAfterMs: [5, 5] } });
    await originate();
    await heard('BridgeEnter', { Context: 'allo-trunk-out' });
    await hangUp('201');
  },
  async 'click-to-call-answered'() {
    await begin({ behaviour: { talkMs: [10, 10], customerRingsMs: [10, 10] } });
    await originate();
    await ringing('201');
    await pickUp('201');
  },
};

test.each(Object.keys(CALLS))('%s: as Asterisk tells it', async (name) => {
  await CALLS[name]!();
  await heard('Hangup');
  await quiet();
  await ami.action('Ping');
  const [ours, theirs] = [storyOf(ami.events()), storyOf(trace(name))];
  expect(theirs.spine.length).toBeGreaterThan(1);
  expect(ours.spine).toEqual(theirs.spine);
  expect(ours.channels).toEqual(theirs.channels);
  expect(ours.asides).toEqual(theirs.asides);
  expect(ours.devices).toEqual(theirs.devices);
  expect(ours.members).toEqual(theirs.members);
});
