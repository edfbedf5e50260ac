import type { Call } from '../../cti/index.ts';
import { isCallBack } from '../callbacks/contract.ts';
import type { WaitingCall } from './contract.ts';

/** How a call waits for somebody to take it. Agents by extension. */
export interface Wait {
  readonly state: WaitingCall['state'];
  readonly since: number;
  readonly queues: readonly string[];
  readonly ringing: readonly string[];
  readonly space: string | null;
  readonly parkedBy: string | null;
}

/** Who spoke last before the caller was parked. Asterisk names the trunk where the order came from us. */
const parker = (call: Call): string | null => {
  const talks = call.segments.filter((s) => s.kind === 'talk' && s.to !== null && s.agent !== null);
  return talks.reduce((last, s) => (last === null || s.to! >= last.to! ? s : last), null as (typeof talks)[number] | null)?.agent ?? null;
};

/** Null: nobody waits in it. A conversation between colleagues that only rings is theirs. Pure. */
export const waitOf = (call: Call): Wait | null => {
  if (call.endedAt !== null) return null;
  const open = call.segments.filter((s) => s.to === null);
  if (open.some((s) => s.kind === 'talk' || s.kind === 'consult')) return null;
  const none = { queues: [], ringing: [], space: null, parkedBy: null };
  const parked = open.find((s) => s.kind === 'hold' && s.agent === null);
  if (parked) return { ...none, state: 'parked', since: parked.from, space: call.space ?? null, parkedBy: parker(call) };

  const offers = open.filter((s) => s.kind === 'offer');
  const visits = open.filter((s) => s.kind === 'queue');
  const first = visits[0] ?? offers[0];
  const queues = [...new Set([...visits, ...offers].flatMap((s) => s.queue ?? []))];
  // whoever was called for a campaign is the dialler's; whoever asked to be called back waits like the others
  if (!first || (call.direction === 'out' && !isCallBack(call.key)) || (call.direction === 'internal' && queues.length === 0)) return null;
  const ringing = [...new Set(offers.flatMap((s) => s.agent ?? []))];
  return { ...none, state: ringing.length > 0 ? 'ringing' : 'queue', since: first.from, queues, ringing };
};
