import type { Fact } from '../cti/facts.ts';
import type { Listened } from './calls/contract.ts';
import type { LiveMessage } from './realtime/contract.ts';

/** Every event on the bus. `noun.past-tense`. */
export interface Events {
  /** What a bridge saw, in order for one PBX. */
  'cti.fact': Fact;
  /** The outcome or the client of a call was set. */
  'call.filed': { ref: string };
  /** The list of missed calls: load it again. */
  'missed.changed': object;
  /** A caller asked to be called back instead of waiting, or their call-back has come further. */
  'callback.changed': object;
  /** A wallboard or one of its links was changed. */
  'wallboard.changed': { id: number };
  /** A task was made, changed, or done. */
  'task.changed': { id: number };
  /** A recording of the call began, was paused, went on, or ended (null). */
  'call.recorded': { ref: string; recording: 'recording' | 'paused' | null };
  /** Somebody listens in to, whispers into or joins the talk of `agent` (extension), who is to be shown it. */
  'call.listened': { ref: string; agent: string; listened: Listened };
  /** A complaint was registered or anything about it changed. */
  'complaint.changed': { id: number; clientId: number | null };
  /** A card was created or edited; `history`: it only got, or lost, an entry of its timeline. */
  'client.changed': { id: number; history?: boolean };
  /** The typed fields of the cards were changed, or their order. */
  'fields.changed': object;
  /** A user, their extension or their queues were changed. */
  'user.changed': { id: number };
  /** The rules of a queue ("PBX:NAME"), or what people call it. */
  'queue.changed': { ref: string };
  /** A campaign, or what its dialler does, was changed. */
  'campaign.changed': { id: number };
  /** A working calendar was changed. */
  'calendar.changed': object;
  /** How far roles reach, the tree of departments, or who stands in for whom. */
  'rights.changed': object;
  'shift.changed': { userId: number };
  /** The browser behind a softphone's socket does not answer, or does again. */
  'phone.silent': { userId: number; silent: boolean };
  /** What keeps the queues' calls from an operator came or went. */
  'agent.paused': { userId: number };
  /** A break was asked for, allowed, refused, or is not wanted any more. */
  'break.asked': { userId: number };
  /** An operator is at something else now: another row of agent_states. */
  'agent.changed': { userId: number };
  /** For the live channels of these users, on whichever node they are. */
  'live.push': { userIds: readonly number[] | 'all'; message: LiveMessage };
  /** Sessions ended by sign-out: their live channels and SIP sockets close. */
  'session.ended': { userId: number; sessionIds: string[] | 'all' };
}
