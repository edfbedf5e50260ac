import type { Scenario } from './scenario.ts';
import { CUSTOMER } from './scenario.ts';
import { annaTalks, answers, ivan } from './talk.ts';

/** Callers who wait, and how that ends. */
export const waitingScenarios: Record<string, Scenario> = {
  'queue-abandoned-second-ring': {
    description: 'Anna (201) does not answer within 3 s; Boris (202) rings; the caller hangs up after 6 s in all.',
    expected: { queue: 'support', rang: [201, 202], answeredBy: null, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('support', 201, 'Anna');
      await stage.member('support', 202, 'Boris');
      await stage.phone(201, { does: 'ring' });
      await stage.phone(202, { does: 'ring' });
      await stage.record();
      await stage.call(ivan('7000', 6_000)).done;
    },
  },
  'queue-abandoned-announcement': {
    description: 'Anna (201) answers and hears the announcement of the queue, the caller still waits, and hangs up.',
    expected: { queue: 'announced', rang: [201], answeredBy: null, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('announced', 201, 'Anna');
      const anna = await stage.sip(201);
      await stage.record();
      const caller = stage.call(ivan('7008'));
      const dialog = await answers(stage, anna, 500);
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
      await dialog.over;
    },
  },
  'queue-announcement-hung-up': {
    description: 'Anna (201) answers, hears the announcement of the queue and hangs up in the middle of it; the caller hangs up.',
    expected: { queue: 'announced', rang: [201], answeredBy: null, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('announced', 201, 'Anna');
      const anna = await stage.sip(201);
      await stage.record();
      const caller = stage.call(ivan('7008'));
      const dialog = await answers(stage, anna, 500);
      await stage.sleep(700);
      dialog.bye();
      await stage.sleep(500);
      caller.hangup();
      await caller.done;
    },
  },
  'queue-reject-loop': {
    description: 'Anna (201) is alone in support and rejects (603) whenever she rings, three times; the caller hangs up.',
    expected: { queue: 'support', rang: [201, 201, 201], answeredBy: null, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('support', 201, 'Anna');
      const anna = await stage.sip(201);
      await stage.record();
      const caller = stage.call(ivan('7000'));
      for (let times = 0; times < 3; times++) {
        const offer = await anna.invited();
        await stage.sleep(300);
        offer.refuse(603);
      }
      await stage.sleep(300);
      caller.hangup();
      await caller.done;
    },
  },
  'queue-join-empty': {
    description: 'A queue that lets nobody in while nobody is there turns the caller away; Asterisk hangs up a second later.',
    expected: { queue: null, answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      await stage.record();
      await stage.call(ivan('7006')).done;
    },
  },
  'queue-full': {
    description: 'A queue in which one caller waits turns the second one away; Asterisk hangs up a second later; the first hangs up.',
    expected: { calls: 2, queue: 'narrow', answeredBy: null, hungUpBy: ['caller', 'pbx'] },
    async run(stage) {
      await stage.record();
      const first = stage.call(ivan('7005'));
      await stage.event('QueueCallerJoin');
      await stage.call({ ...ivan('7005'), from: CUSTOMER }).done;
      first.hangup();
      await first.done;
    },
  },
  'queue-left-by-key-ringing': {
    description: 'Anna (201) rings; the caller presses 0 after a second, and is led out; Asterisk hangs up a second later.',
    expected: { queue: 'keys', rang: [201], answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      await stage.member('keys', 201, 'Anna');
      await stage.phone(201, { does: 'ring' });
      await stage.record();
      const caller = stage.call(ivan('7003'));
      await stage.event('DialState');
      const { Channel } = await stage.event('QueueCallerJoin');
      await stage.sleep(1_000);
      await stage.keys(Channel!, '0');
      await caller.done;
    },
  },
  'queue-call-back-asked': {
    description: 'A caller of a queue in which nobody is presses 1 after a second, hears the thanks, and Asterisk hangs up.',
    expected: { queue: 'patient', answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      await stage.record();
      const caller = stage.call(ivan('7009'));
      const { Channel } = await stage.event('QueueCallerJoin');
      await stage.sleep(1_000);
      await stage.keys(Channel!, '1');
      await caller.done;
    },
  },
  'wrap-up-two-queues': {
    description:
      'Anna (201) is in support and sales, paused in both when she takes a call of support; after it a caller of sales waits until she is back, and is put through.',
    expected: { calls: 2, answeredBy: [201, 201], hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('sales', 201, 'Anna');
      const { caller, anna } = await annaTalks(stage);
      const pause = (Paused: string) => stage.action({ Action: 'QueuePause', Interface: 'PJSIP/201', Paused, Reason: 'wrap-up' });
      await pause('true');
      const outside = await stage.sip('trunk', CUSTOMER);
      const next = outside.call('7001');
      await stage.sleep(500);
      caller.hangup();
      await caller.done;
      await stage.sleep(1_200);
      await pause('false');
      const second = await answers(stage, anna, 300);
      await stage.sleep(600);
      next.bye();
      await second.over;
    },
  },
  'member-local-n-busy': {
    description: 'Local/201@from-queue/n refuses with 486, Local/202@from-queue/n answers; the caller hangs up.',
    expected: { queue: 'support', rang: [201, 202], answeredBy: 202, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('support', 201, 'Anna', 'Local/201@from-queue/n');
      await stage.member('support', 202, 'Boris', 'Local/202@from-queue/n');
      const [anna, boris] = [await stage.sip(201), await stage.sip(202)];
      await stage.record();
      const caller = stage.call(ivan('7000'));
      const offer = await anna.invited();
      await stage.sleep(500);
      offer.refuse(486);
      await answers(stage, boris, 300);
      await stage.sleep(800);
      caller.hangup();
      await caller.done;
    },
  },
  'member-local-ring-all': {
    description: 'Two members of sales as FreePBX makes them, Local/NNN@from-queue/n, ring at once; 202 answers; the caller hangs up.',
    expected: { queue: 'sales', rang: [201, 202], answeredBy: 202, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('sales', 201, 'Anna', 'Local/201@from-queue/n');
      await stage.member('sales', 202, 'Boris', 'Local/202@from-queue/n');
      await stage.sip(201);
      const boris = await stage.sip(202);
      await stage.record();
      const caller = stage.call(ivan('7001'));
      await answers(stage, boris, 600);
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
};
