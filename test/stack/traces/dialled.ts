import type { Dialog, SipPhone } from '../../support/sip-phone.ts';
import type { Scenario, Stage } from './scenario.ts';
import { CUSTOMER } from './scenario.ts';
import { answers } from './talk.ts';

const WORD_HZ = 440;
const CNG_HZ = 1_100;

/** The customer's phone first, as a dialler does; who answers is judged by AMD, and goes into the queue support. */
const dial = (stage: Stage, ringMs = 10_000) =>
  stage.action({
    Action: 'Originate',
    Channel: `PJSIP/${CUSTOMER}@trunk`,
    Context: 'dialled',
    Exten: 's',
    Priority: '1',
    CallerID: `"Allo" <${CUSTOMER}>`,
    Timeout: String(ringMs),
    Async: 'true',
  });

const refused = (status: number, meaning: string): Scenario => ({
  description: `A dialler calls a number outside; the trunk answers ${status}: ${meaning}.`,
  expected: { customer: CUSTOMER, customerAnswered: false },
  async run(stage) {
    const outside = await stage.sip('trunk');
    await stage.record();
    await dial(stage);
    const asked = await outside.invited();
    await stage.sleep(500);
    asked.refuse(status);
    await stage.event('OriginateResponse');
  },
});

/** Says a short word and listens: AMD takes it for a person. */
async function lifts(stage: Stage, outside: SipPhone): Promise<Dialog> {
  const customer = await answers(stage, outside, 300);
  await customer.tone(WORD_HZ, 300);
  await customer.tone(0, 1_200);
  return customer;
}

/** Calls that machines make or hear: a dialler's, and those of a fax. */
export const dialledScenarios: Record<string, Scenario> = {
  'dialled-operator-free': {
    description: 'A dialler calls a number outside, a person answers, Anna (201) of support answers after 0.3 s; the customer hangs up.',
    expected: { customer: CUSTOMER, customerAnswered: true, queue: 'support', answeredBy: 201, hungUpBy: 'customer' },
    async run(stage) {
      await stage.member('support', 201, 'Anna');
      const [anna, outside] = [await stage.sip(201), await stage.sip('trunk')];
      await stage.record();
      await dial(stage);
      const [customer, operator] = await Promise.all([lifts(stage, outside), answers(stage, anna, 300)]);
      await stage.sleep(1_000);
      customer.bye();
      await operator.over;
    },
  },
  'dialled-operator-late': {
    description: 'As dialled-operator-free, but Anna (201) comes to the queue only after 2 s, and answers after 0.3 s.',
    expected: { customer: CUSTOMER, customerAnswered: true, queue: 'support', answeredBy: 201, hungUpBy: 'customer' },
    async run(stage) {
      const [anna, outside] = [await stage.sip(201), await stage.sip('trunk')];
      await stage.record();
      await dial(stage);
      const customer = await lifts(stage, outside);
      await stage.event('QueueCallerJoin');
      await stage.sleep(2_000);
      await stage.member('support', 201, 'Anna');
      const operator = await answers(stage, anna, 300);
      await stage.sleep(1_000);
      customer.bye();
      await operator.over;
    },
  },
  'dialled-nobody-free': {
    description: 'A dialler calls a number outside, a person answers, nobody is free for 4 s; a message is played, and Asterisk hangs up.',
    expected: { customer: CUSTOMER, customerAnswered: true, queue: 'support', answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      const outside = await stage.sip('trunk');
      await stage.record();
      await dial(stage);
      await (
        await lifts(stage, outside)
      ).over;
    },
  },
  'dialled-machine': {
    description: 'A dialler calls a number outside, a machine answers with a long greeting, which AMD finds out; Asterisk hangs up.',
    expected: { customer: CUSTOMER, customerAnswered: true, amd: 'MACHINE', answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      const outside = await stage.sip('trunk');
      await stage.record();
      await dial(stage);
      const machine = await answers(stage, outside, 300);
      await machine.tone(WORD_HZ, 3_000);
      await machine.over;
    },
  },
  'dialled-busy': refused(486, 'busy'),
  'dialled-unassigned': refused(404, 'the number does not exist'),
  'dialled-no-answer': {
    description: 'A dialler calls a number outside, which rings and does not answer in 3 s; the dialler gives up.',
    expected: { customer: CUSTOMER, customerAnswered: false },
    async run(stage) {
      await stage.sip('trunk');
      await stage.record();
      await dial(stage, 3_000);
      await stage.event('OriginateResponse');
    },
  },
  'fax-to-operator': {
    description: 'A fax dials 201, who answers; Asterisk hears its tone and takes the call to ReceiveFAX; the fax hangs up.',
    expected: { answeredBy: 201, fax: true, hungUpBy: 'caller' },
    async run(stage) {
      for (const Module of ['res_fax.so', 'res_fax_spandsp.so']) await stage.action({ Action: 'ModuleLoad', Module, LoadType: 'load' });
      const [anna, fax] = [await stage.sip(201), await stage.sip('fax', CUSTOMER)];
      await stage.record();
      const call = fax.call('201');
      const operator = await answers(stage, anna, 300);
      await call.answered;
      await call.tone(0, 500);
      await call.tone(CNG_HZ, 700);
      await operator.over;
      await stage.sleep(1_000);
      call.bye();
      await stage.event('Hangup', { Context: 'from-trunk' });
    },
  },
};
