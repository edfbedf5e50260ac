import type { Scenario, Stage } from './scenario.ts';
import { CLIENT, CUSTOMER } from './scenario.ts';

const ivan = (to: string) => ({ to, from: CLIENT, name: 'Ivan Petrov' });
const hangUp = (stage: Stage, channel: string) => stage.action({ Action: 'Hangup', Channel: channel });

/** 201's phone, then the customer's. */
async function clickToCall(stage: Stage): Promise<string> {
  const id = `allo-${Math.floor(Date.now() / 1000)}.1`;
  await stage.action({
    Action: 'Originate',
    Channel: 'PJSIP/201',
    Context: 'allo-originate',
    Exten: CUSTOMER,
    Priority: '1',
    CallerID: `"Pyotr Smirnov" <${CUSTOMER}>`,
    Timeout: '10000',
    ChannelId: id,
    Async: 'true',
  });
  return id;
}

/** Calls that the action Hangup ends: Asterisk then tells no HangupRequest, and AgentComplete blames the caller. */
export const commandScenarios: Record<string, Scenario> = {
  'command-hangup-queue': {
    description: 'Anna (201) answers a caller from support after 0.3 s; 0.8 s later her channel is hung up by the action Hangup.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 201 },
    async run(stage) {
      await stage.member('support', 201, 'Anna');
      await stage.phone(201, { does: 'answer', ringMs: 300 });
      await stage.record();
      const caller = stage.call(ivan('7000'));
      const { DestChannel } = await stage.event('AgentConnect');
      await stage.sleep(800);
      await hangUp(stage, DestChannel!);
      await caller.done;
    },
  },
  'command-hangup-queue-ringing': {
    description: 'Anna (201) rings and is hung up by the action Hangup; Boris (202) rings at once, answers; the caller hangs up.',
    expected: { queue: 'support', rang: [201, 202], answeredBy: 202, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('support', 201, 'Anna');
      await stage.member('support', 202, 'Boris');
      await stage.phone(201, { does: 'ring' });
      await stage.phone(202, { does: 'answer', ringMs: 300 });
      await stage.record();
      const caller = stage.call({ ...ivan('7000'), hangupAfterMs: 4_000 });
      const { DestChannel } = await stage.event('DialState');
      await stage.sleep(500);
      await hangUp(stage, DestChannel!);
      await caller.done;
    },
  },
  'command-hangup-direct': {
    description: 'A caller from outside talks to 201, whose channel is hung up by the action Hangup.',
    expected: { answeredBy: 201, hungUpBy: 201 },
    async run(stage) {
      await stage.phone(201, { does: 'answer', ringMs: 300 });
      await stage.record();
      const caller = stage.call(ivan('201'));
      const { DestChannel } = await stage.event('DialEnd');
      await stage.sleep(800);
      await hangUp(stage, DestChannel!);
      await caller.done;
    },
  },
  'command-hangup-direct-ringing': {
    description: 'A caller from outside rings 201, whose channel is hung up by the action Hangup.',
    expected: { rang: [201], answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      await stage.phone(201, { does: 'ring' });
      await stage.record();
      const caller = stage.call(ivan('201'));
      const { DestChannel } = await stage.event('DialState');
      await stage.sleep(800);
      await hangUp(stage, DestChannel!);
      await caller.done;
    },
  },
  'command-hangup-click-to-call-ringing': {
    description: 'Allo originates: 201 rings, and is hung up by the action Hangup; the customer is never called.',
    expected: { rang: [201], answeredBy: null, customer: CUSTOMER, customerAnswered: false },
    async run(stage) {
      await stage.phone(201, { does: 'ring' });
      await stage.record();
      await clickToCall(stage);
      const { DestChannel } = await stage.event('DialState');
      await stage.sleep(500);
      await hangUp(stage, DestChannel!);
      await stage.event('Hangup');
    },
  },
  'command-hangup-click-to-call-dialling': {
    description: 'Allo originates: 201 answers, the customer rings; 201 is hung up by the action Hangup.',
    expected: { answeredBy: 201, customer: CUSTOMER, customerAnswered: false, hungUpBy: 201 },
    async run(stage) {
      await stage.phone(201, { does: 'answer', ringMs: 200 });
      await stage.phone('trunk', { does: 'ring' });
      await stage.record();
      const id = await clickToCall(stage);
      const { Channel } = await stage.event('DialState', { DestContext: 'from-trunk' });
      await stage.sleep(500);
      await hangUp(stage, Channel!);
      await stage.event('Hangup', { Uniqueid: id });
    },
  },
  'command-hangup-click-to-call-talking': {
    description: 'Allo originates: 201 and the customer talk; 201 is hung up by the action Hangup.',
    expected: { answeredBy: 201, customer: CUSTOMER, customerAnswered: true, hungUpBy: 201 },
    async run(stage) {
      await stage.phone(201, { does: 'answer', ringMs: 200 });
      await stage.phone('trunk', { does: 'answer', ringMs: 200 });
      await stage.record();
      const id = await clickToCall(stage);
      const { Channel } = await stage.event('BridgeEnter', { Context: 'allo-trunk-out' });
      await stage.sleep(800);
      await hangUp(stage, Channel!);
      await stage.event('Hangup', { Uniqueid: id });
    },
  },
};
