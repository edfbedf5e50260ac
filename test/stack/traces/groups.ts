import { ports } from '../paths.ts';
import type { Scenario } from './scenario.ts';
import { annaTalks, answers, ivan } from './talk.ts';

/** Where the second contact of 210 listens. */
const TWIN = ports.phones + 11;

export const groupScenarios: Record<string, Scenario> = {
  'ring-group-local': {
    description: 'Dial of two Local channels: 201 and 202 ring, 202 answers; the caller hangs up.',
    expected: { rang: [201, 202], answeredBy: 202, hungUpBy: 'caller' },
    async run(stage) {
      await stage.sip(201);
      const boris = await stage.sip(202);
      await stage.record();
      const caller = stage.call(ivan('7020', 1_000));
      await answers(stage, boris, 600);
      await caller.done;
    },
  },
  'member-local': {
    description: 'A member of support as FreePBX makes them, Local/201@from-queue; 201 answers; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('support', 201, 'Anna', 'Local/201@from-queue');
      const anna = await stage.sip(201);
      await stage.record();
      const caller = stage.call(ivan('7000', 2_500));
      await answers(stage, anna, 500);
      await caller.done;
    },
  },
  'member-local-n': {
    description: 'The same with Local/201@from-queue/n, which is never optimised away; 201 hangs up.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 201 },
    async run(stage) {
      await stage.member('support', 201, 'Anna', 'Local/201@from-queue/n');
      const anna = await stage.sip(201);
      await stage.record();
      const caller = stage.call(ivan('7000'));
      const dialog = await answers(stage, anna, 500);
      await stage.sleep(1_000);
      dialog.bye();
      await caller.done;
    },
  },
  'member-local-n-no-answer': {
    description: 'Local/201@from-queue/n rings for 3 s without an answer, then Local/202@from-queue/n answers; the caller hangs up.',
    expected: { queue: 'support', rang: [201, 202], answeredBy: 202, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('support', 201, 'Anna', 'Local/201@from-queue/n');
      await stage.member('support', 202, 'Boris', 'Local/202@from-queue/n');
      await stage.sip(201);
      const boris = await stage.sip(202);
      await stage.record();
      const caller = stage.call(ivan('7000'));
      await answers(stage, boris, 300);
      await stage.sleep(800);
      caller.hangup();
      await caller.done;
    },
  },
  'member-local-n-transfer': {
    description: 'Local/201@from-queue/n answers and sends the caller to 202 by REFER; 202 answers; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: 202, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('support', 201, 'Anna', 'Local/201@from-queue/n');
      const [anna, boris] = [await stage.sip(201), await stage.sip(202)];
      await stage.record();
      const caller = stage.call(ivan('7000'));
      const dialog = await answers(stage, anna, 300);
      await stage.sleep(800);
      await Promise.all([dialog.refer('202'), answers(stage, boris, 300)]);
      dialog.bye();
      await stage.sleep(800);
      caller.hangup();
      await caller.done;
    },
  },
  'follow-me': {
    description: '201 rings for a second without an answer, then the mobile of 201 is rung over the trunk, answers; the caller hangs up.',
    expected: { rang: [201], answeredBy: '201, mobile', hungUpBy: 'caller' },
    async run(stage) {
      await stage.sip(201);
      const mobile = await stage.sip('trunk');
      await stage.record();
      const caller = stage.call(ivan('7021'));
      await answers(stage, mobile, 500);
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'forward-302': {
    description: 'A caller dials 203, whose phone forwards to 202 (302 Moved Temporarily); 202 answers; the caller hangs up.',
    expected: { rang: [203, 202], answeredBy: 202, hungUpBy: 'caller' },
    async run(stage) {
      const [boris, vera] = [await stage.sip(202), await stage.sip(203)];
      await stage.record();
      const caller = stage.call(ivan('203'));
      (await vera.invited()).redirect('202');
      await answers(stage, boris, 500);
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'pickup-direct': {
    description: 'A caller rings 201; 202 takes the call by dialling *8201; the caller hangs up.',
    expected: { rang: [201], answeredBy: 202, hungUpBy: 'caller' },
    async run(stage) {
      const [anna, boris] = [await stage.sip(201), await stage.sip(202)];
      await stage.record();
      const caller = stage.call(ivan('201'));
      await anna.invited();
      await stage.sleep(700);
      await boris.call('*8201').answered;
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'pickup-queue': {
    description: 'Anna (201) rings for a caller of support; 202 takes the call by dialling *8201 and hangs up.',
    expected: { queue: 'support', rang: [201], answeredBy: 202, hungUpBy: 202 },
    async run(stage) {
      await stage.member('support', 201, 'Anna');
      const [anna, boris] = [await stage.sip(201), await stage.sip(202)];
      await stage.record();
      const caller = stage.call(ivan('7000'));
      await anna.invited();
      await stage.sleep(700);
      const taken = boris.call('*8201');
      await taken.answered;
      await stage.sleep(1_000);
      taken.bye();
      await caller.done;
    },
  },
  'pickup-nothing': {
    description: '202 dials *8201, where nothing rings; Asterisk hangs up.',
    expected: { answeredBy: null },
    async run(stage) {
      const boris = await stage.sip(202);
      await stage.record();
      await boris.call('*8201').over;
    },
  },
  'park-fetch': {
    description: 'Anna (201) parks the caller by the action Park; 202 fetches the caller by dialling 701 and hangs up.',
    expected: { queue: 'support', answeredBy: [201, 202], hungUpBy: 202 },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller } = await annaTalks(stage);
      const { Channel } = await stage.event('QueueCallerJoin');
      await stage.action({ Action: 'Park', Channel: Channel!, Timeout: '20000' });
      await stage.sleep(1_000);
      const fetched = boris.call('701');
      await fetched.answered;
      await stage.sleep(1_000);
      fetched.bye();
      await caller.done;
    },
  },
  'park-gives-up': {
    description: 'Anna (201) parks the caller by the action Park; the caller hangs up a second later.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 'caller' },
    async run(stage) {
      const { caller } = await annaTalks(stage);
      const { Channel } = await stage.event('QueueCallerJoin');
      await stage.action({ Action: 'Park', Channel: Channel!, Timeout: '20000' });
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'park-comes-back': {
    description:
      'Anna (201) parks the caller by the action Park; after 2 s the caller comes back to her, she answers; the caller hangs up.',
    expected: { queue: 'support', answeredBy: [201, 201], hungUpBy: 'caller' },
    async run(stage) {
      const { caller, anna } = await annaTalks(stage);
      const [{ Channel }, { DestChannel }] = [await stage.event('QueueCallerJoin'), await stage.event('AgentConnect')];
      await stage.action({
        Action: 'Park',
        Channel: Channel!,
        TimeoutChannel: DestChannel!,
        AnnounceChannel: DestChannel!,
        Timeout: '2000',
      });
      await answers(stage, anna, 300);
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'two-contacts': {
    description: '210 is registered twice, both ring, the second answers; the caller hangs up.',
    expected: { rang: [210, 210], answeredBy: 210, hungUpBy: 'caller' },
    async run(stage) {
      await stage.sip(210);
      const second = await stage.sip(210, '210', TWIN);
      await stage.record();
      const caller = stage.call(ivan('210'));
      await answers(stage, second, 500);
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
};
