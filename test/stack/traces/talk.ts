import type { Dialog, SipPhone } from '../../support/sip-phone.ts';
import type { Stage } from './scenario.ts';
import { CLIENT } from './scenario.ts';

export const ivan = (to: string, hangupAfterMs?: number) => ({
  to,
  from: CLIENT,
  name: 'Ivan Petrov',
  ...(hangupAfterMs === undefined ? {} : { hangupAfterMs }),
});

/** Answers the next call at this phone. */
export async function answers(stage: Stage, phone: SipPhone, ringMs: number): Promise<Dialog> {
  const dialog = await phone.invited();
  await stage.sleep(ringMs);
  await dialog.answer();
  return dialog;
}

/** A caller from outside who talks to Anna (201), out of the queue support, and whose call goes on until `caller.hangup()`. */
export async function annaTalks(stage: Stage) {
  await stage.member('support', 201, 'Anna');
  const anna = await stage.sip(201);
  await stage.record();
  const caller = stage.call(ivan('7000'));
  const dialog = await answers(stage, anna, 300);
  const { DestChannel } = await stage.event('AgentConnect');
  await stage.sleep(800);
  return { caller, anna, dialog, channel: DestChannel! };
}
