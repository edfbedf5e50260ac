import type { Doing } from './activity.ts';
import type { AgentStateName } from './contract.ts';

export interface AgentNow {
  state: AgentStateName;
  /** Of a break: its code. */
  reason: string | null;
  /** Of a call and its wrap-up: "PBX:LINKEDID". */
  call: string | null;
}

export interface Circumstances {
  onShift: boolean;
  doing: Doing;
  /** Why they get no calls: reasons with what belongs to them. */
  pauses: readonly { reason: string; detail: string | null }[];
}

/** A call is what they are at, whatever else is so; then what keeps calls away, the gravest first. Pure. */
export const stateOf = ({ onShift, doing, pauses }: Circumstances): AgentNow => {
  if (!onShift) return { state: 'offline', reason: null, call: null };
  if (doing.activity !== null) return { state: doing.activity, reason: null, call: doing.call };
  const held = (reason: string) => pauses.find((pause) => pause.reason === reason);
  if (held('unreachable')) return { state: 'unreachable', reason: null, call: null };
  if (held('wrap-up')) return { state: 'wrap-up', reason: null, call: doing.call };
  const rest = held('break');
  if (rest) return { state: 'break', reason: rest.detail, call: null };
  return { state: 'available', reason: null, call: null };
};
