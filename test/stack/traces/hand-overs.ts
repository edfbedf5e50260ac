import type { Scenario, Stage } from './scenario.ts';
import { CUSTOMER } from './scenario.ts';
import { annaTalks, answers, ivan } from './talk.ts';

const atxfer = (stage: Stage, Channel: string, Exten: string) =>
  stage.action({ Action: 'Atxfer', Channel, Context: 'allo-attended', Exten: `${Exten}#` });

/** Anna (201) has called the customer from her phone, who answered. */
async function annaCalledOut(stage: Stage) {
  const [anna, outside] = [await stage.sip(201), await stage.sip('trunk')];
  await stage.record();
  const dialog = anna.call(CUSTOMER);
  const customer = await answers(stage, outside, 300);
  await dialog.answered;
  await stage.sleep(700);
  return { anna, dialog, customer };
}

/** Calls that are handed over in less common ways: over the trunk, into a queue, before anybody has answered, out of a call to the outside. */
export const handOverScenarios: Record<string, Scenario> = {
  'atxfer-outside': {
    description:
      'Anna (201) asks a number outside by the action Atxfer, who answers; she hangs up, which joins the two; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: CUSTOMER, hungUpBy: 'caller' },
    async run(stage) {
      const outside = await stage.sip('trunk');
      const { caller, dialog, channel } = await annaTalks(stage);
      await atxfer(stage, channel, `A${CUSTOMER}`);
      await answers(stage, outside, 300);
      await stage.sleep(700);
      dialog.bye();
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'atxfer-to-queue': {
    description:
      'Anna (201) asks the queue sales by the action Atxfer, where Boris (202) answers; she hangs up, which joins the two; Boris hangs up.',
    expected: { queues: ['support', 'sales'], answeredBy: [201, 202], hungUpBy: 202 },
    async run(stage) {
      const boris = await stage.sip(202);
      await stage.member('sales', 202, 'Boris');
      const { caller, dialog, channel } = await annaTalks(stage);
      await atxfer(stage, channel, '7001');
      const second = await answers(stage, boris, 400);
      await stage.sleep(700);
      dialog.bye();
      await stage.sleep(1_000);
      second.bye();
      await caller.done;
    },
  },
  'atxfer-blond': {
    description: 'Anna (201) asks 202 by the action Atxfer and hangs up while 202 rings; 202 answers the caller, who hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: 202, hungUpBy: 'caller' },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller, dialog, channel } = await annaTalks(stage);
      await atxfer(stage, channel, '202');
      const asked = await boris.invited();
      await stage.sleep(500);
      dialog.bye();
      await stage.sleep(700);
      await asked.answer();
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'atxfer-caller-hangs-up': {
    description:
      'Anna (201) asks 202 by the action Atxfer; the caller hangs up while the two talk, and they go on for a second; Anna hangs up.',
    expected: { queue: 'support', answeredBy: 201, consulted: 202, hungUpBy: 'caller' },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller, dialog, channel } = await annaTalks(stage);
      await atxfer(stage, channel, '202');
      const asked = await answers(stage, boris, 300);
      await stage.sleep(700);
      caller.hangup();
      await caller.done;
      await stage.sleep(1_000);
      dialog.bye();
      await asked.over;
    },
  },
  'refer-attended-ringing': {
    description:
      'Anna (201) holds, calls 202 on a second line, and joins the two by REFER with Replaces while 202 rings; 202 answers; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: 202, hungUpBy: 'caller' },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller, anna, dialog } = await annaTalks(stage);
      await dialog.hold();
      await stage.sleep(300);
      const consult = anna.call('202');
      const asked = await boris.invited();
      await stage.sleep(500);
      await dialog.refer('202', consult);
      await stage.sleep(500);
      await asked.answer();
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'refer-attended-into-queue': {
    description:
      'Anna (201) holds, dials the queue sales on a second line, and joins the two by REFER while she waits there; Boris (202) answers the caller; Boris hangs up.',
    expected: { queues: ['support', 'sales'], answeredBy: [201, 202], hungUpBy: 202 },
    async run(stage) {
      const boris = await stage.sip(202);
      const { caller, anna, dialog } = await annaTalks(stage);
      await dialog.hold();
      await stage.sleep(300);
      const consult = anna.call('7001');
      await consult.answered;
      await stage.sleep(700);
      await dialog.refer('7001', consult);
      await stage.sleep(700);
      await stage.member('sales', 202, 'Boris');
      const second = await answers(stage, boris, 400);
      await stage.sleep(1_000);
      second.bye();
      await caller.done;
    },
  },
  'refer-attended-from-queue': {
    description:
      'Anna (201) holds, dials the queue sales on a second line, talks to Boris (202) there, joins the two by REFER; the caller hangs up.',
    expected: { queues: ['support', 'sales'], answeredBy: [201, 202], hungUpBy: 'caller' },
    async run(stage) {
      const boris = await stage.sip(202);
      await stage.member('sales', 202, 'Boris');
      const { caller, anna, dialog } = await annaTalks(stage);
      await dialog.hold();
      await stage.sleep(300);
      const consult = anna.call('7001');
      await answers(stage, boris, 400);
      await stage.sleep(700);
      await dialog.refer('7001', consult);
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'outbound-transferred': {
    description: 'Anna (201) calls a number outside, and sends who answers to 202 by REFER; 202 answers; the customer hangs up.',
    expected: { operator: 201, customer: CUSTOMER, transferredTo: 202, hungUpBy: 'customer' },
    async run(stage) {
      const boris = await stage.sip(202);
      const { dialog, customer } = await annaCalledOut(stage);
      const [, second] = await Promise.all([dialog.refer('202'), answers(stage, boris, 400)]);
      dialog.bye();
      await stage.sleep(1_000);
      customer.bye();
      await second.over;
    },
  },
  'outbound-attended': {
    description: 'Anna (201) calls a number outside, holds, asks 202 on a second line, joins the two by REFER; 202 hangs up.',
    expected: { operator: 201, customer: CUSTOMER, transferredTo: 202, hungUpBy: 202 },
    async run(stage) {
      const boris = await stage.sip(202);
      const { anna, dialog, customer } = await annaCalledOut(stage);
      await dialog.hold();
      await stage.sleep(300);
      const consult = anna.call('202');
      const second = await answers(stage, boris, 300);
      await consult.answered;
      await stage.sleep(700);
      await dialog.refer('202', consult);
      await stage.sleep(1_000);
      second.bye();
      await customer.over;
    },
  },
  'outbound-to-queue': {
    description:
      'Anna (201) calls a number outside, and sends who answers to the queue sales by REFER; Boris (202) answers; the customer hangs up.',
    expected: { operator: 201, customer: CUSTOMER, queue: 'sales', transferredTo: 202, hungUpBy: 'customer' },
    async run(stage) {
      const boris = await stage.sip(202);
      await stage.member('sales', 202, 'Boris');
      const { dialog, customer } = await annaCalledOut(stage);
      const answered = answers(stage, boris, 400);
      await dialog.refer('7001');
      dialog.bye();
      const second = await answered;
      await stage.sleep(1_000);
      customer.bye();
      await second.over;
    },
  },
  'forward-302-outside': {
    description: 'A caller dials 203, whose phone forwards to a number outside (302); it answers over the trunk; the caller hangs up.',
    expected: { rang: [203], transferredTo: CUSTOMER, hungUpBy: 'caller' },
    async run(stage) {
      const [outside, vera] = [await stage.sip('trunk'), await stage.sip(203)];
      await stage.record();
      const caller = stage.call(ivan('203'));
      (await vera.invited()).redirect(CUSTOMER);
      await answers(stage, outside, 500);
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
  'forward-302-member': {
    description:
      'A caller waits in support; the phone of Anna (201) forwards to 202 (302 Moved Temporarily), who answers; the caller hangs up.',
    expected: { queue: 'support', rang: [201, 202], answeredBy: 202, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('support', 201, 'Anna');
      const [anna, boris] = [await stage.sip(201), await stage.sip(202)];
      await stage.record();
      const caller = stage.call(ivan('7000'));
      (await anna.invited()).redirect('202');
      await answers(stage, boris, 500);
      await stage.sleep(1_000);
      caller.hangup();
      await caller.done;
    },
  },
};
