import type { Scenario } from './scenario.ts';
import { CLIENT, CUSTOMER } from './scenario.ts';
import { answers } from './talk.ts';

/** 201 dials the number by itself, the other side refuses with this status. */
const refused = (status: number, meaning: string): Scenario => ({
  description: `201 dials a number outside; the trunk answers ${status}: ${meaning}.`,
  expected: { operator: 201, customer: CUSTOMER, customerAnswered: false },
  async run(stage) {
    const [anna, outside] = [await stage.sip(201), await stage.sip('trunk')];
    await stage.record();
    const call = anna.call(CUSTOMER);
    const asked = await outside.invited();
    await stage.sleep(500);
    asked.refuse(status);
    await call.over;
  },
});

export const outsideScenarios: Record<string, Scenario> = {
  'outbound-busy': refused(486, 'busy'),
  'outbound-congestion': refused(503, 'no line is free'),
  'outbound-no-answer': refused(480, 'nobody answers'),
  'outbound-unassigned': refused(404, 'the number does not exist'),
  'outbound-declined': refused(603, 'the customer declines'),
  'outbound-given-up': {
    description: '201 dials a number outside, which rings; 201 gives up after a second.',
    expected: { operator: 201, customer: CUSTOMER, customerAnswered: false, hungUpBy: 201 },
    async run(stage) {
      const [anna, outside] = [await stage.sip(201), await stage.sip('trunk')];
      await stage.record();
      const call = anna.call(CUSTOMER);
      const rings = await outside.invited();
      await stage.sleep(1_000);
      call.bye();
      await rings.over;
    },
  },
  'outbound-short-number': {
    description: '201 dials 112, which goes out over the trunk and answers; 201 hangs up.',
    expected: { operator: 201, customer: '112', customerAnswered: true, hungUpBy: 201 },
    async run(stage) {
      const [anna, outside] = [await stage.sip(201), await stage.sip('trunk')];
      await stage.record();
      const call = anna.call('112');
      await answers(stage, outside, 300);
      await stage.sleep(700);
      call.bye();
      await stage.event('Hangup', { ChannelStateDesc: 'Up' });
    },
  },
  'one-caller-twice': {
    description: 'One number dials in twice: 201 answers, then 202 too; the caller hangs up the first call, then the second.',
    expected: { calls: 2, answeredBy: [201, 202], hungUpBy: 'caller' },
    async run(stage) {
      const [anna, boris] = [await stage.sip(201), await stage.sip(202)];
      await stage.record();
      const caller = await stage.sip('trunk', CLIENT);
      const first = caller.call('201');
      const toAnna = await answers(stage, anna, 300);
      const second = caller.call('202');
      const toBoris = await answers(stage, boris, 300);
      await stage.sleep(800);
      first.bye();
      await toAnna.over;
      await stage.sleep(300);
      second.bye();
      await toBoris.over;
    },
  },
  'anonymous-caller': {
    description: 'A caller without a number dials 201, who answers; the caller hangs up.',
    expected: { answeredBy: 201, hungUpBy: 'caller' },
    async run(stage) {
      const anna = await stage.sip(201);
      await stage.record();
      const caller = stage.call({ to: '201', from: 'anonymous', name: 'Anonymous', headers: ['Privacy: id'] });
      await answers(stage, anna, 300);
      await stage.sleep(700);
      caller.hangup();
      await caller.done;
    },
  },
  'plus-caller': {
    description: 'A caller whose number begins with "+" dials 201, who answers; the caller hangs up.',
    expected: { answeredBy: 201, hungUpBy: 'caller' },
    async run(stage) {
      const anna = await stage.sip(201);
      await stage.record();
      const caller = stage.call({ to: '201', from: `+${CLIENT}`, name: 'Ivan Petrov' });
      await answers(stage, anna, 300);
      await stage.sleep(700);
      caller.hangup();
      await caller.done;
    },
  },
};
