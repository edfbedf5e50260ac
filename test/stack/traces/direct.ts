import type { Scenario, Stage } from './scenario.ts';
import { CLIENT, CUSTOMER } from './scenario.ts';

const ivan = { to: '201', from: CLIENT, name: 'Ivan Petrov' };

/** As Allo asks for it: the operator's phone first; the channel's id is chosen in advance and stands on the operator's INVITE. */
async function clickToCall(stage: Stage, timeoutMs = 10_000): Promise<void> {
  const id = `allo-${Math.floor(Date.now() / 1000)}.1`;
  await stage.action({
    Action: 'Originate',
    Channel: 'PJSIP/201',
    Context: 'allo-originate',
    Exten: CUSTOMER,
    Priority: '1',
    CallerID: `"Pyotr Smirnov" <${CUSTOMER}>`,
    Timeout: String(timeoutMs),
    ChannelId: id,
    Variable: `PJSIP_HEADER(add,X-Allo-Call)=${id}`,
    Async: 'true',
  });
}

export const directScenarios: Record<string, Scenario> = {
  'direct-answered': {
    description: 'A caller from outside dials 201; it rings for 1 s, answers, they talk for 2 s, the caller hangs up.',
    expected: { answeredBy: 201, hungUpBy: 'caller' },
    async run(stage) {
      await stage.phone(201, { does: 'answer', ringMs: 1_000 });
      await stage.record();
      await stage.call({ ...ivan, hangupAfterMs: 2_000 }).done;
    },
  },
  'direct-no-answer': {
    description: 'A caller from outside dials 201, which nobody answers; Asterisk gives up after 3 s.',
    expected: { rang: [201], answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      await stage.phone(201, { does: 'ring' });
      await stage.record();
      await stage.call(ivan).done;
    },
  },
  'direct-caller-gives-up': {
    description: 'A caller from outside dials 201 and gives up after 1.5 s of ringing.',
    expected: { rang: [201], answeredBy: null, hungUpBy: 'caller' },
    async run(stage) {
      await stage.phone(201, { does: 'ring' });
      await stage.record();
      await stage.call({ ...ivan, cancelAfterMs: 1_500 }).done;
    },
  },
  'direct-busy': {
    description: 'A caller from outside dials 201, which refuses with 486.',
    expected: { rang: [201], answeredBy: null, hungUpBy: 'pbx' },
    async run(stage) {
      await stage.phone(201, { does: 'refuse', code: 486, ringMs: 300 });
      await stage.record();
      await stage.call(ivan).done;
    },
  },
  'click-to-call-answered': {
    description:
      'Allo originates: 201 rings and answers after 0.5 s, then the customer outside rings for 1 s, answers, hangs up after 2 s.',
    expected: { answeredBy: 201, customer: CUSTOMER, hungUpBy: 'customer' },
    async run(stage) {
      await stage.phone(201, { does: 'answer', ringMs: 500 });
      await stage.phone('trunk', { does: 'answer', ringMs: 1_000, hangUpAfterMs: 2_000 });
      await stage.record();
      await clickToCall(stage);
      await stage.event('Hangup', { ChannelStateDesc: 'Up' });
    },
  },
  'click-to-call-customer-no-answer': {
    description: 'Allo originates: 201 answers after 0.3 s, the customer rings and does not answer, the operator hangs up 3 s later.',
    expected: { answeredBy: 201, customer: CUSTOMER, customerAnswered: false, hungUpBy: 201 },
    async run(stage) {
      await stage.phone(201, { does: 'answer', ringMs: 300, hangUpAfterMs: 3_000 });
      await stage.phone('trunk', { does: 'ring' });
      await stage.record();
      await clickToCall(stage);
      await stage.event('Hangup', { CallerIDNum: CUSTOMER });
    },
  },
  'click-to-call-customer-busy': {
    description: 'Allo originates: 201 answers after 0.3 s, the customer is busy (486).',
    expected: { answeredBy: 201, customer: CUSTOMER, customerAnswered: false, hungUpBy: 'pbx' },
    async run(stage) {
      await stage.phone(201, { does: 'answer', ringMs: 300 });
      await stage.phone('trunk', { does: 'refuse', code: 486, ringMs: 500 });
      await stage.record();
      await clickToCall(stage);
      await stage.event('Hangup', { ConnectedLineNum: CUSTOMER });
    },
  },
  'click-to-call-operator-no-answer': {
    description: 'Allo originates: 201 rings and does not answer within 3 s; the customer is never called.',
    expected: { rang: [201], answeredBy: null, customer: CUSTOMER, customerAnswered: false },
    async run(stage) {
      await stage.phone(201, { does: 'ring' });
      await stage.record();
      await clickToCall(stage, 3_000);
      await stage.event('OriginateResponse', { Response: 'Failure' });
    },
  },
  'internal-answered': {
    description: '201 dials 202, which answers after 0.5 s; 201 hangs up 1.5 s later.',
    expected: { answeredBy: 202, hungUpBy: 201 },
    async run(stage) {
      await stage.phone(202, { does: 'answer', ringMs: 500 });
      await stage.record();
      await stage.call({ as: 'phone', from: '201', to: '202', hangupAfterMs: 1_500 }).done;
    },
  },
  'outbound-by-phone': {
    description: '201 dials a number outside by itself; the customer answers after 0.7 s and hangs up 1.5 s later.',
    expected: { operator: 201, customer: CUSTOMER, customerAnswered: true, hungUpBy: 'customer' },
    async run(stage) {
      await stage.phone('trunk', { does: 'answer', ringMs: 700, hangUpAfterMs: 1_500 });
      await stage.record();
      await stage.call({ as: 'phone', from: '201', to: CUSTOMER }).done;
    },
  },
  'blind-transfer': {
    description:
      'Anna (201) answers a caller from support and 1 s later sends the caller blindly to 202, who answers; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: 202, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('support', 201, 'Anna');
      await stage.phone(201, { does: 'answer', ringMs: 300 });
      await stage.phone(202, { does: 'answer', ringMs: 700 });
      await stage.record();
      const caller = stage.call({ to: '7000', from: CLIENT, name: 'Ivan Petrov', hangupAfterMs: 4_500 });
      const { DestChannel } = await stage.event('AgentConnect');
      await stage.sleep(1_000);
      await stage.action({ Action: 'BlindTransfer', Channel: DestChannel!, Context: 'from-internal', Exten: '202' });
      await caller.done;
    },
  },
  'attended-transfer': {
    description:
      'Anna (201) answers a caller from support, asks 202 while the caller waits, and hangs up, which joins the two; the caller hangs up.',
    expected: { queue: 'support', answeredBy: 201, transferredTo: 202, hungUpBy: 'caller' },
    async run(stage) {
      await stage.member('support', 201, 'Anna');
      await stage.phone(201, { does: 'answer', ringMs: 300, hangUpAfterMs: 5_000 });
      await stage.phone(202, { does: 'answer', ringMs: 500 });
      await stage.record();
      const caller = stage.call({ to: '7000', from: CLIENT, name: 'Ivan Petrov', hangupAfterMs: 8_000 });
      const { DestChannel } = await stage.event('AgentConnect');
      await stage.sleep(1_000);
      await stage.action({ Action: 'Atxfer', Channel: DestChannel!, Context: 'from-internal', Exten: '202' });
      await caller.done;
    },
  },
};
