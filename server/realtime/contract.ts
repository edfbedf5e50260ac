import { z } from 'zod';
import { BreakWatch, Shift } from '../agents/contract.ts';
import { LiveCall, WaitingCall, WrapUp } from '../calls/contract.ts';
import { DispatchKind } from '../dispatch/contract.ts';
import { Message } from '../messages/contract.ts';
import { Notification } from '../notifications/contract.ts';
import { SightKind } from '../oversight/contract.ts';
import { PbxStatus } from '../pbx/contract.ts';
import { UserBrief } from '../users/contract.ts';

/**
 * /live (WebSocket, session cookie, own Origin). The browser connects with ?node=N&after=SEQ of the last message it saw (none the first time).
 * First frame: Hello; reset true: too much was missed or this is another node, load the state over HTTP. Then Push frames, seq rising by one
 * per connection's node; the browser sends nothing.
 * Close codes: 4401 no session (sign in), 4408 too slow (come back with `after`).
 */
export const Hello = z.object({ hello: z.literal(true), node: z.string(), seq: z.number().int(), reset: z.boolean() });

export const LiveMessage = z.discriminatedUnion('topic', [
  z.object({ topic: z.literal('calls'), call: LiveCall }),
  /** The calls that I may take, whole; not kept for a page that was away, which asks for them when it is back. */
  z.object({ topic: z.literal('waiting'), items: z.array(WaitingCall) }),
  /** How many callers are mine to call back; the list has changed. Not kept for a page that was away either. */
  z.object({ topic: z.literal('missed'), open: z.number().int() }),
  /** What is due has changed: load it again. Only for those who give it to people. */
  z.object({ topic: z.literal('dispatch') }),
  /** Somebody has given me something that is due. */
  z.object({ topic: z.literal('given'), kind: DispatchKind, by: UserBrief.nullable() }),
  /** A supervisor says something to me. */
  z.object({ topic: z.literal('messages'), message: Message }),
  /** Somebody has read what I said; or I have, on another page. */
  z.object({ topic: z.literal('message-read'), id: z.number().int(), userId: z.number().int(), at: z.number() }),
  /** For whoever leads the floor, whole; not kept for a page that was away. */
  z.object({ topic: z.literal('break-watch'), watch: BreakWatch }),
  z.object({ topic: z.literal('pbx'), items: z.array(PbxStatus) }),
  /** Mine; null: it is over. */
  z.object({ topic: z.literal('wrap-up'), wrapUp: WrapUp.nullable() }),
  z.object({ topic: z.literal('shift'), shift: Shift }),
  /** A task of mine changed, or came to me or went: load the list again. */
  z.object({ topic: z.literal('tasks'), id: z.number().int() }),
  /** A meeting in which I take part was made, changed, answered or cancelled. */
  z.object({ topic: z.literal('meetings'), id: z.number().int() }),
  /** Something about a complaint changed: whoever shows it loads it again. */
  z.object({ topic: z.literal('complaints'), id: z.number().int(), clientId: z.number().int().nullable() }),
  /** To whom it concerns: time runs out for a complaint (warn), has run out, or a promise was not kept. */
  z.object({ topic: z.literal('complaint-alarm'), id: z.number().int(), number: z.string(), subject: z.string(), clock: z.string(), round: z.number().int(), step: z.enum(['warn', 'breach', 'chief', 'director']) }), // prettier-ignore
  /** A client's card changed (edited, new timeline entry): reload it if it is open. */
  /** A file of mine that is taken in has come further, or is done. */
  z.object({ topic: z.literal('imports'), id: z.number().int() }),
  z.object({ topic: z.literal('clients'), id: z.number().int() }),
  /** Somebody I watch over looks at far more than they usually do. */
  z.object({ topic: z.literal('oversight'), user: UserBrief, kind: SightKind, n: z.number().int() }),
  /** A hand-over that I have begun is done, or undone. */
  z.object({ topic: z.literal('handover'), id: z.number().int() }),
  /** I am told of something; `more`: beside these, so many older ones that came in the same moment. */
  z.object({ topic: z.literal('notifications'), items: z.array(Notification), more: z.number().int() }),
  /** On another page of mine something was read or put off: count anew. */
  z.object({ topic: z.literal('notifications-changed') }),
  /** I stand in for somebody else now, or do not any more; or somebody does for me. */
  z.object({ topic: z.literal('deputies') }),
  /** When somebody works, or is away. */
  z.object({ topic: z.literal('schedules') }),
]);
export type LiveMessage = z.infer<typeof LiveMessage>;

export const Push = z.object({ seq: z.number().int(), message: LiveMessage });
export type Push = z.infer<typeof Push>;
export type Hello = z.infer<typeof Hello>;
