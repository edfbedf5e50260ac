import type { Scenario, Stage } from './scenario.ts';
import { CUSTOMER } from './scenario.ts';
import { annaTalks, answers } from './talk.ts';

/** As `annaTalks`; then she asks 202, who answers: from the phone, while the caller is on hold. */
async function annaConsults(stage: Stage) {
  const boris = await stage.sip(202);
  const talk = await annaTalks(stage);
  await talk.dialog.hold();
  await stage.sleep(300);
  const consult = talk.anna.call('202');
  return { ...talk, boris, consult };
}

const atxfer = (stage: Stage, Channel: string, Exten = '202') =>
  stage.action({ Action: 'Atxfer', Channel, Context: 'from-internal', Exten });

export const transferScenarios: Record<string, Scenario> = {
  'refer-blind': {
    description: 'Anna (201) sends the caller to 202 by REFER from her phone; 202 answers; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: 202, hungUpBy: 'caller' },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller, dialog } = await annaTalks(stage);
      await Promise.all([dialog.refer('202'), answers(stage, boris, 400)]);
      dialog.bye();
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'refer-blind-no-answer': {
    description: 'Anna (201) sends the caller to 202 by REFER; 202 rings for 3 s and does not answer; Asterisk hangs up.',
    expected: { queue: 'support', answeredBy: 201, rang: [201, 202], hungUpBy: 'pbx' },
    async run(stage) {
      await stage.sip(202);
      const { caller, dialog } = await annaTalks(stage);
      await dialog.refer('202');
      dialog.bye();
      await caller.done;
    },
  },
  'refer-blind-to-queue': {
    description: 'Anna (201) sends the caller to the queue sales by REFER; Boris (202) answers there and hangs up.',
    expected: { queues: ['support', 'sales'], answeredBy: [201, 202], hungUpBy: 202 },
    async run(stage) {
      const boris = await stage.sip(202);
      await stage.member('sales', 202, 'Boris');
      const { caller, dialog } = await annaTalks(stage);
      const answered = answers(stage, boris, 400);
      await dialog.refer('7001');
      dialog.bye();
      const second = await answered;
      await stage.sleep(1_000);
      second.bye();
      await caller.done;
    },
  },
  'refer-blind-outside': {
    description: 'Anna (201) sends the caller to a number outside by REFER; it answers over the trunk; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: CUSTOMER, hungUpBy: 'caller' },
    async run(stage) {
      const outside = await stage.sip('trunk');
      const { caller, dialog } = await annaTalks(stage);
      await Promise.all([dialog.refer(CUSTOMER), answers(stage, outside, 400)]);
      dialog.bye();
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'refer-attended': {
    description: 'Anna (201) holds, asks 202 on a second line, and joins the two by REFER with Replaces; 202 hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: 202, hungUpBy: 202 },
    async run(stage) {
      const { caller, dialog, boris, consult } = await annaConsults(stage);
      const second = await answers(stage, boris, 300);
      await consult.answered;
      await stage.sleep(700);
      await dialog.refer('202', consult);
      await stage.sleep(1_000);
      second.bye();
      await caller.done;
    },
  },
  'refer-attended-outside': {
    description: 'Anna (201) holds, asks a number outside on a second line, joins the two by REFER with Replaces; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: CUSTOMER, hungUpBy: 'caller' },
    async run(stage) {
      const outside = await stage.sip('trunk');
      const { caller, anna, dialog } = await annaTalks(stage);
      await dialog.hold();
      const consult = anna.call(CUSTOMER);
      await answers(stage, outside, 300);
      await consult.answered;
      await stage.sleep(700);
      await dialog.refer(CUSTOMER, consult);
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'refer-attended-refused': {
    description: 'Anna (201) holds, asks 202, who refuses with 486; she takes the caller back; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 'caller' },
    async run(stage) {
      const { caller, dialog, boris, consult } = await annaConsults(stage);
      (await boris.invited()).refuse(486);
      await consult.over;
      await dialog.resume();
      await stage.sleep(700);
      caller.hangup();
      await caller.done;
    },
  },
  'refer-attended-no-answer': {
    description: 'Anna (201) holds, asks 202, who does not answer in 3 s; she takes the caller back; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, rang: [201, 202], hungUpBy: 'caller' },
    async run(stage) {
      const { caller, dialog, consult } = await annaConsults(stage);
      await consult.over;
      await dialog.resume();
      await stage.sleep(700);
      caller.hangup();
      await caller.done;
    },
  },
  'consult-then-back': {
    description: 'Anna (201) holds, talks to 202 on a second line, ends that, takes the caller back; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, consulted: 202, hungUpBy: 'caller' },
    async run(stage) {
      const { caller, dialog, boris, consult } = await annaConsults(stage);
      await answers(stage, boris, 300);
      await consult.answered;
      await stage.sleep(700);
      consult.bye();
      await stage.sleep(200);
      await dialog.resume();
      await stage.sleep(700);
      caller.hangup();
      await caller.done;
    },
  },
  'transfer-of-a-transfer': {
    description: 'Anna (201) joins the caller with 202 by REFER with Replaces, 202 sends the caller to 203 by REFER; 203 hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: [202, 203], hungUpBy: 203 },
    async run(stage) {
      const vera = await stage.sip(203);
      const { caller, dialog, boris, consult } = await annaConsults(stage);
      const second = await answers(stage, boris, 300);
      await consult.answered;
      await stage.sleep(500);
      await dialog.refer('202', consult);
      await stage.sleep(800);
      const [, third] = await Promise.all([second.refer('203'), answers(stage, vera, 300)]);
      second.bye();
      await stage.sleep(800);
      third.bye();
      await caller.done;
    },
  },
  'keys-blind': {
    description: 'Anna (201) presses #1 and 202: the caller goes to 202, who answers; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: 202, hungUpBy: 'caller' },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller, channel } = await annaTalks(stage);
      await stage.keys(channel, '#1');
      await stage.sleep(300);
      await stage.keys(channel, '202');
      await answers(stage, boris, 300);
      await stage.sleep(800);
      caller.hangup();
      await caller.done;
    },
  },
  'keys-attended': {
    description: 'Anna (201) presses *2 and 202, talks to 202, presses *2 again, which joins the two; 202 hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: 202, hungUpBy: 202 },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller, channel } = await annaTalks(stage);
      await stage.keys(channel, '*2');
      await stage.sleep(300);
      await stage.keys(channel, '202');
      const second = await answers(stage, boris, 300);
      await stage.sleep(700);
      await stage.keys(channel, '*2');
      await stage.sleep(1_000);
      second.bye();
      await caller.done;
    },
  },
  'atxfer-cancelled': {
    description: 'Anna (201) asks 202 by the action Atxfer, talks, presses *1: back to the caller, who hangs up.',
    expected: { queue: 'support', answeredBy: 201, consulted: 202, hungUpBy: 'caller' },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller, channel } = await annaTalks(stage);
      await atxfer(stage, channel);
      await answers(stage, boris, 300);
      await stage.sleep(700);
      await stage.keys(channel, '*1');
      await stage.sleep(800);
      caller.hangup();
      await caller.done;
    },
  },
  'atxfer-refused': {
    description: 'Anna (201) asks 202 by the action Atxfer; 202 refuses with 486; Anna is back with the caller, who hangs up.',
    expected: { queue: 'support', answeredBy: 201, hungUpBy: 'caller' },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller, channel } = await annaTalks(stage);
      await atxfer(stage, channel);
      const asked = await boris.invited();
      await stage.sleep(300);
      asked.refuse(486);
      await stage.sleep(1_500);
      caller.hangup();
      await caller.done;
    },
  },
  'atxfer-no-answer-returned': {
    description: 'Anna (201) asks 202 by the action Atxfer and hangs up while 202 rings; 202 does not answer, Anna is rung again, answers.',
    expected: { queue: 'support', answeredBy: [201, 201], rang: [201, 202, 201], hungUpBy: 'caller' },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller, anna, dialog, channel } = await annaTalks(stage);
      await atxfer(stage, channel);
      await boris.invited();
      await stage.sleep(500);
      dialog.bye();
      await answers(stage, anna, 400);
      await stage.sleep(800);
      caller.hangup();
      await caller.done;
    },
  },
  'atxfer-three-way': {
    description: 'Anna (201) asks 202 by the action Atxfer, presses *3: all three talk; Anna hangs up, then the caller.',
    expected: { queue: 'support', answeredBy: 201, together: [201, 202], hungUpBy: 'caller' },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller, dialog, channel } = await annaTalks(stage);
      await atxfer(stage, channel);
      await answers(stage, boris, 300);
      await stage.sleep(500);
      await stage.keys(channel, '*3');
      await stage.sleep(1_000);
      dialog.bye();
      await stage.sleep(700);
      caller.hangup();
      await caller.done;
    },
  },
};
