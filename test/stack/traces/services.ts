import type { Scenario, Stage } from './scenario.ts';
import { CUSTOMER } from './scenario.ts';
import { annaTalks, answers, ivan } from './talk.ts';

const spy = (name: string, options: string): Scenario => ({
  description: `203 ${name} while Anna (201) talks to a caller from support; 203 hangs up, then the caller.`,
  expected: { queue: 'support', answeredBy: 201, hungUpBy: 'caller', supervisor: 203 },
  async run(stage) {
    const supervisor = await stage.sip(203);
    const { caller } = await annaTalks(stage);
    const Data = `PJSIP/201,${options}`;
    await stage.action({ Action: 'Originate', Channel: 'PJSIP/203', Application: 'ChanSpy', Data, Async: 'true' });
    const listens = await answers(stage, supervisor, 300);
    await stage.sleep(1_000);
    listens.bye();
    await stage.sleep(500);
    caller.hangup();
    await caller.done;
  },
});

/** Anna and her caller go to a room, 202 is called into it. */
async function conference(stage: Stage) {
  const boris = await stage.sip(202);
  const talk = await annaTalks(stage);
  const { Channel } = await stage.event('QueueCallerJoin');
  const room = { Context: 'allo-conference', Exten: '9001', Priority: '1' };
  await stage.action({
    ...{ Action: 'Redirect', Channel: Channel!, ...room, ExtraChannel: talk.channel },
    ...{ ExtraContext: room.Context, ExtraExten: room.Exten, ExtraPriority: room.Priority },
  });
  await stage.sleep(500);
  await stage.action({ Action: 'Originate', Channel: 'PJSIP/202', ...room, Async: 'true' });
  const second = await answers(stage, boris, 300);
  await stage.sleep(800);
  return { ...talk, second, room };
}

export const servicesScenarios: Record<string, Scenario> = {
  'ivr-then-queue': {
    description: 'A menu asks, the caller presses 1 after a second: support, where Anna (201) answers; the caller hangs up.',
    expected: { ivr: 'main, 1', queue: 'support', answeredBy: 201, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('support', 201, 'Anna');
      const anna = await stage.sip(201);
      await stage.record();
      const caller = stage.call(ivan('7010'));
      const { Channel } = await stage.event('UserEvent', { UserEvent: 'AlloIvr' });
      await stage.sleep(1_000);
      await stage.keys(Channel!, '1');
      await answers(stage, anna, 300);
      await stage.sleep(800);
      caller.hangup();
      await caller.done;
    },
  },
  'ivr-no-choice': {
    description: 'A menu asks, the caller presses nothing for 2 s: sales, where nobody is; the caller hangs up a second later.',
    expected: { ivr: 'main, no choice', queue: 'sales', answeredBy: null, hungUpBy: 'caller' },
    async run(stage) {
      await stage.record();
      const caller = stage.call(ivan('7010'));
      await stage.event('QueueCallerJoin');
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'ivr-abandoned': {
    description: 'A menu asks, the caller hangs up.',
    expected: { ivr: 'main', queue: null, answeredBy: null, hungUpBy: 'caller' },
    async run(stage) {
      await stage.record();
      await stage.call(ivan('7010', 1_500)).done;
    },
  },
  'queue-left-by-key': {
    description: 'A caller waits in a queue without members, presses 0 after a second, and is led out; Asterisk hangs up a second later.',
    expected: { queue: 'keys', answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      await stage.record();
      const caller = stage.call(ivan('7003'));
      const { Channel } = await stage.event('QueueCallerJoin');
      await stage.sleep(1_000);
      await stage.keys(Channel!, '0');
      await caller.done;
    },
  },
  'queue-empty': {
    description:
      'A caller waits while Anna (201) rings; she is paused after a second; when she has rung for 2 s the queue is empty and lets the caller go.',
    expected: { queue: 'away', rang: [201], answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      await stage.member('away', 201, 'Anna');
      await stage.sip(201);
      await stage.record();
      const caller = stage.call(ivan('7004'));
      await stage.event('DialState');
      await stage.sleep(1_000);
      await stage.action({ Action: 'QueuePause', Interface: 'PJSIP/201', Paused: 'true', Reason: 'lunch' });
      await caller.done;
    },
  },
  'queue-time-out': {
    description: 'A caller waits in support, which has no member; the queue gives the caller up after 4 s.',
    expected: { queue: 'support', answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      await stage.record();
      await stage.call(ivan('7002')).done;
    },
  },
  voicemail: {
    description: '201 does not answer within 2 s; the caller leaves a message and hangs up 2 s later.',
    expected: { rang: [201], answeredBy: null, hungUpBy: 'caller' },
    async run(stage) {
      await stage.sip(201);
      await stage.record();
      await stage.call(ivan('7011', 2_000)).done;
    },
  },
  'hold-three-times': {
    description: 'Anna (201) puts the caller on hold three times for half a second and takes the call back; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 'caller', holds: 3, heldForMs: 500 },
    async run(stage) {
      const { caller, dialog } = await annaTalks(stage);
      for (let times = 0; times < 3; times++) {
        await dialog.hold();
        await stage.sleep(500);
        await dialog.resume();
        await stage.sleep(300);
      }
      caller.hangup();
      await caller.done;
    },
  },
  'keys-while-talking': {
    description: 'Anna (201) and the caller press keys while they talk, which lead nowhere; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 'caller' },
    async run(stage) {
      const { caller, channel } = await annaTalks(stage);
      const { Channel } = await stage.event('QueueCallerJoin');
      await stage.keys(channel, '12');
      await stage.keys(Channel!, '34');
      await stage.sleep(700);
      caller.hangup();
      await caller.done;
    },
  },
  'spy-listen': spy('listens', 'q'),
  'spy-whisper': spy('whispers', 'qw'),
  'spy-barge': spy('barges in', 'qB'),
  'conference-three': {
    description: 'Anna (201) and her caller go to a room, 202 is called into it; Anna leaves, the caller hangs up, 202 hangs up.',
    expected: { queue: 'support', answeredBy: 201, together: [201, 202], hungUpBy: 'caller' },
    async run(stage) {
      const { caller, dialog, second } = await conference(stage);
      dialog.bye();
      await stage.sleep(600);
      caller.hangup();
      await caller.done;
      await stage.sleep(300);
      second.bye();
      await stage.sleep(1_500);
    },
  },
  'conference-four': {
    description: 'As conference-three, and a fourth party outside is called into the room; the caller leaves first, then all the others.',
    expected: { queue: 'support', answeredBy: 201, together: [201, 202], outside: CUSTOMER, hungUpBy: 'caller' },
    async run(stage) {
      const outside = await stage.sip('trunk');
      const { caller, dialog, second, room } = await conference(stage);
      await stage.action({ Action: 'Originate', Channel: `PJSIP/${CUSTOMER}@trunk`, ...room, Async: 'true' });
      const third = await answers(stage, outside, 300);
      await stage.sleep(800);
      caller.hangup();
      await caller.done;
      await stage.sleep(300);
      third.bye();
      second.bye();
      dialog.bye();
      await stage.sleep(1_500);
    },
  },
  'one-operator-two-queues': {
    description:
      'Anna (201) is in support and sales; while she talks to a caller of support one of sales waits, and is put through after that.',
    expected: { calls: 2, answeredBy: [201, 201], hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('sales', 201, 'Anna');
      const { caller, anna } = await annaTalks(stage);
      const outside = await stage.sip('trunk', CUSTOMER);
      const next = outside.call('7001');
      await stage.sleep(1_200);
      caller.hangup();
      await caller.done;
      const second = await answers(stage, anna, 300);
      await stage.sleep(600);
      next.bye();
      await second.over;
    },
  },
};
