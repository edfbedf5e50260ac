import type { Scenario, Stage } from './scenario.ts';
import { CLIENT } from './scenario.ts';

const ivan = (to = '7000') => ({ to, from: CLIENT, name: 'Ivan Petrov' });
const anna = (stage: Stage, queue = 'support') => stage.member(queue, 201, 'Anna');
const boris = (stage: Stage, queue = 'support') => stage.member(queue, 202, 'Boris');

export const queueScenarios: Record<string, Scenario> = {
  'queue-answered': {
    description: 'A caller waits in support, Anna (201) rings for 1 s and answers, they talk for 2 s, the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 'caller' },
    async run(stage) {
      await anna(stage);
      await stage.phone(201, { does: 'answer', ringMs: 1_000 });
      await stage.record();
      await stage.call({ ...ivan(), hangupAfterMs: 3_000 }).done; // Asterisk answers the caller at once, before the queue
    },
  },
  'queue-answered-agent-hangs-up': {
    description: 'As queue-answered, but Anna (201) hangs up, 2 s after she answered.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 201 },
    async run(stage) {
      await anna(stage);
      await stage.phone(201, { does: 'answer', ringMs: 800, hangUpAfterMs: 2_000 });
      await stage.record();
      await stage.call(ivan()).done;
    },
  },
  'queue-abandoned': {
    description: 'A caller waits in support, which has no member, and hangs up after 2 s.',
    expected: { queue: 'support', answeredBy: null, hungUpBy: 'caller' },
    async run(stage) {
      await stage.record();
      await stage.call({ ...ivan(), hangupAfterMs: 2_000 }).done;
    },
  },
  'queue-abandoned-ringing': {
    description: 'A caller hangs up after 2 s, while Anna (201) rings.',
    expected: { queue: 'support', answeredBy: null, rang: [201], hungUpBy: 'caller' },
    async run(stage) {
      await anna(stage);
      await stage.phone(201, { does: 'ring' });
      await stage.record();
      await stage.call({ ...ivan(), hangupAfterMs: 2_000 }).done;
    },
  },
  'queue-ring-no-answer-then-answered': {
    description: 'Anna (201) does not answer within 3 s; a second later Boris (202) rings, answers, talks for 1.5 s; Boris hangs up.',
    expected: { queue: 'support', rang: [201, 202], answeredBy: 202, hungUpBy: 202 },
    async run(stage) {
      await anna(stage);
      await boris(stage);
      await stage.phone(201, { does: 'ring' });
      await stage.phone(202, { does: 'answer', ringMs: 500, hangUpAfterMs: 1_500 });
      await stage.record();
      await stage.call(ivan()).done;
    },
  },
  'queue-nobody-answers': {
    description: 'Anna (201) does not answer; the queue gives the caller up after 4 s, Asterisk hangs up.',
    expected: { queue: 'support', rang: [201], answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      await anna(stage);
      await stage.phone(201, { does: 'ring' });
      await stage.record();
      await stage.call(ivan('7002')).done;
    },
  },
  'queue-ring-all-one-answers': {
    description:
      'Anna (201), Boris (202), Vera (203) ring together in sales; Boris answers after 1 s, talks for 1.5 s, the caller hangs up.',
    expected: { queue: 'sales', rang: [201, 202, 203], answeredBy: 202, hungUpBy: 'caller' },
    async run(stage) {
      await anna(stage, 'sales');
      await boris(stage, 'sales');
      await stage.member('sales', 203, 'Vera');
      await stage.phone(201, { does: 'ring' });
      await stage.phone(202, { does: 'answer', ringMs: 1_000 });
      await stage.phone(203, { does: 'ring' });
      await stage.record();
      await stage.call({ ...ivan('7001'), hangupAfterMs: 2_500 }).done;
    },
  },
  'queue-member-busy': {
    description: 'Anna (201) refuses with 486 after 0.5 s, Boris (202) rings next and answers; the caller hangs up.',
    expected: { queue: 'support', rang: [201, 202], answeredBy: 202, hungUpBy: 'caller' },
    async run(stage) {
      await anna(stage);
      await boris(stage);
      await stage.phone(201, { does: 'refuse', code: 486, ringMs: 500 });
      await stage.phone(202, { does: 'answer', ringMs: 500 });
      await stage.record();
      await stage.call({ ...ivan(), hangupAfterMs: 4_000 }).done;
    },
  },
  'adopted-queue-talking': {
    description: 'The bridge connects while Anna (201) already talks to a caller from support; the caller hangs up 2 s later.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 'caller', adopted: 'talking' },
    async run(stage) {
      await anna(stage);
      await stage.phone(201, { does: 'answer', ringMs: 500 });
      const caller = stage.call(ivan());
      await stage.event('AgentConnect');
      await stage.sleep(1_500);
      await stage.record();
      await stage.sleep(2_000);
      caller.hangup();
      await caller.done;
    },
  },
  'adopted-queue-ringing': {
    description:
      'The bridge connects while Anna (201) rings for a caller from support; she answers 1 s later, the caller hangs up after 1.5 s.',
    expected: { queue: 'support', rang: [201], answeredBy: 201, hungUpBy: 'caller', adopted: 'ringing' },
    async run(stage) {
      await anna(stage);
      await stage.phone(201, { does: 'answer', ringMs: 2_000 });
      const caller = stage.call(ivan());
      await stage.event('DialBegin');
      await stage.sleep(1_000);
      await stage.record();
      await stage.event('AgentConnect');
      await stage.sleep(1_500);
      caller.hangup();
      await caller.done;
    },
  },
  'adopted-queue-waiting': {
    description: 'The bridge connects while a caller waits in support, which has no member; the caller gives up 1 s later.',
    expected: { queue: 'support', answeredBy: null, hungUpBy: 'caller', adopted: 'waiting' },
    async run(stage) {
      const caller = stage.call(ivan());
      await stage.event('QueueCallerJoin');
      await stage.sleep(1_000);
      await stage.record();
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'hold-resume': {
    description:
      'Anna (201) answers a caller from support, after 1 s puts the caller on hold for 1.5 s, takes the call back; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 'caller', holds: 1, heldForMs: 1_500 },
    async run(stage) {
      await anna(stage);
      await stage.phone(201, { does: 'answer', ringMs: 300, hold: { afterMs: 1_000, forMs: 1_500 } });
      await stage.record();
      await stage.call({ ...ivan(), hangupAfterMs: 4_500 }).done;
    },
  },
  'hostile-caller-name': {
    description: 'The caller is called by markup, quotes, an emoji and 300 letters; nobody is there, the caller hangs up after 1 s.',
    expected: { queue: 'support', answeredBy: null, hungUpBy: 'caller' },
    async run(stage) {
      await stage.record();
      const display = `"<img src=x onerror=alert(1)> \\"quoted\\" 'single' 😀 Пётр; Event: Hangup ${'Ы'.repeat(300)}"`;
      await stage.call({ to: '7000', from: CLIENT, display, hangupAfterMs: 1_000 }).done;
    },
  },
  'agent-shift': {
    description: 'Anna (201) is added to support and sales, paused with a reason, unpaused, removed from both; no call.',
    expected: { queue: ['support', 'sales'] },
    async run(stage) {
      await stage.record();
      const member = { Interface: 'PJSIP/201', StateInterface: 'PJSIP/201' };
      for (const Queue of ['support', 'sales']) await stage.action({ Action: 'QueueAdd', Queue, ...member, MemberName: 'Anna' });
      await stage.action({ Action: 'QueuePause', Interface: 'PJSIP/201', Paused: 'true', Reason: 'lunch' });
      await stage.sleep(300);
      await stage.action({ Action: 'QueuePause', Interface: 'PJSIP/201', Paused: 'false' });
      for (const Queue of ['support', 'sales']) await stage.action({ Action: 'QueueRemove', Queue, Interface: 'PJSIP/201' });
    },
  },
};
