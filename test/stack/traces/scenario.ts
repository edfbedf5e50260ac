import type { CallIn, Caller, Phone } from '../../support/sipp.ts';
import type { PhoneScenario } from '../../support/sipp-scenario.ts';
import type { SipParty, SipPhone } from '../../support/sip-phone.ts';
import type { Fields } from '../ami-session.ts';

/** Fictional: no number +7 900 000-00-NN belongs to anybody. */
export const CLIENT = '79000000001';
export const CUSTOMER = '79000000002';

/** What a scenario may do; all it starts is ended afterwards. */
export type Stage = {
  /** A member of the queue from before the recording until after it. */
  member(queue: string, phone: number, name: string, as?: string): Promise<void>;
  phone(who: number | 'trunk', does: PhoneScenario): Promise<Phone>;
  call(call: CallIn): Caller;
  /** A phone told step by step; a trunk with a number of its own calls as that number. */
  sip(who: SipParty, number?: string, port?: number): Promise<SipPhone>;
  /** Presses keys at that channel's phone: Asterisk takes them for received. */
  keys(channel: string, digits: string): Promise<void>;
  /** An action on a connection of its own, as Allo's control connection sends it. */
  action(fields: Fields): Promise<unknown>;
  /** Starts the recording; before any call unless the scenario is about a bridge that comes late. */
  record(): Promise<void>;
  /** Until an event of this kind, with these fields, has come on the control connection. */
  event(name: string, fields?: Fields): Promise<Fields>;
  sleep(ms: number): Promise<unknown>;
};

export type Scenario = {
  description: string;
  /** What a listener at both ends would have said, as far as the notes of sipp do not tell. */
  expected: Record<string, unknown>;
  run(stage: Stage): Promise<void>;
};
