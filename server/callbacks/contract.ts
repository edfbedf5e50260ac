import { z } from 'zod';
import { ProfileRules } from '../dialling/contract.ts';

/**
 * Call-back instead of waiting. The key ends the caller's visit as `call-back` (the dialplan tells, or the journal), and the transaction that writes
 * that call writes the row here; the dialler of the PBX leases its turn by a row for each attempt, and the log settles it. Nothing else starts or ends one.
 */

/**
 * waiting: keeps its place. dialling: an attempt is placed. answered: waits on the phone, before all others. reached: talked. failed: among the missed
 * calls now. cancelled: called in, was spoken with, was withdrawn or given to somebody.
 */
export const CallBackState = z.enum(['waiting', 'dialling', 'answered', 'reached', 'failed', 'cancelled']);
export type CallBackState = z.infer<typeof CallBackState>;

/** Of a queue. */
export const CallBackRule = z.object({
  offered: z.boolean(),
  /** By which the caller asks; the queue's context in Asterisk is then allo-press-KEY. */
  key: z.string().regex(/^\d$/),
  attempts: z.number().int().min(1).max(10),
  /** From one attempt to the next. */
  minutes: z.number().int().min(1).max(1440),
  /** In which calls are placed, in minutes of the day where the company's calendar is. */
  hours: ProfileRules.shape.hours,
  /** A sound file of the PBX that offers it, once a minute; '': none. */
  sound: z.string().regex(/^[\w/-]{0,100}$/),
});
export type CallBackRule = z.infer<typeof CallBackRule>;

/** Of a queue in which nobody has set anything. */
export const NO_CALL_BACK: CallBackRule = {
  offered: false,
  key: '1',
  attempts: 3,
  minutes: 5,
  hours: { workdays: { from: 480, to: 1320 }, freeDays: { from: 480, to: 1320 } },
  sound: '',
};

export const CallBackEnd = z.enum(['talked', 'called-in', 'spoken', 'withdrawn', 'given', 'attempts', 'trunk', 'unsettled', 'expired']);
export type CallBackEnd = z.infer<typeof CallBackEnd>;

export const AttemptResult = z.enum(['talked', 'hung-up', 'busy', 'no-answer', 'failed', 'refused']);

/** What became of one, for whoever looks at its call. */
export const CallBackStory = z.object({
  state: CallBackState,
  /** Null: it is still to be called. */
  how: CallBackEnd.nullable(),
  /** Who ended it: the name of a person, null: no person did. */
  by: z.string().nullable(),
  at: z.number().nullable(),
  /** Null as result: it goes on, or nobody saw how it ended. */
  attempts: z.array(z.object({ at: z.number(), result: AttemptResult.nullable() })),
});
export type CallBackStory = z.infer<typeof CallBackStory>;

/** A call that was placed for one of them, by its Linkedid. */
export const isCallBack = (linkedid: string): boolean => linkedid.startsWith('allo-cb');
