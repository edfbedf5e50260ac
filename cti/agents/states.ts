import type { AmiMessage } from '../ami/message.ts';
import { agentOfInterface } from '../calls/state.ts';
import type { DeviceState, Fact } from '../facts.ts';

export const AGENT_EVENTS: readonly string[] = ['DeviceStateChange'];

const STATES: Readonly<Record<string, DeviceState>> = {
  NOT_INUSE: 'idle',
  INUSE: 'busy',
  BUSY: 'busy',
  ONHOLD: 'busy',
  RINGING: 'ringing',
  RINGINUSE: 'busy',
  UNAVAILABLE: 'unavailable',
  INVALID: 'unavailable',
};

/**
 * A scheme and a colon: no phone, whatever follows. app_queue has the device "Queue:support_pause_PJSIP/101", which is INUSE while the member is
 * paused; taken for the phone itself it would bring one that is lost back at the moment of its pause. Local/… follows the phone behind it.
 */
const NO_PHONE = /^(?:Local\/|[^/]*:)/;

export interface AgentStates {
  event(message: AmiMessage, at: number): void;
  /** All devices as they are now: events DeviceStateChange. */
  snapshot(devices: readonly AmiMessage[], at: number): void;
}

/** What the operators' phones do, as Asterisk sees the devices. A device of another technology with the same extension overwrites. */
export function createAgentStates(pbx: string, extensions: RegExp | undefined, onFact: (fact: Fact) => void): AgentStates {
  const states = new Map<string, DeviceState>();

  function event(message: AmiMessage, at: number): void {
    const device = message.get('Device');
    const agent = NO_PHONE.test(device) ? null : agentOfInterface(device, extensions);
    if (agent === null) return;
    const state = STATES[message.get('State')] ?? 'unknown';
    if (states.get(agent) === state) return;
    states.set(agent, state);
    onFact({ kind: 'agent.state', pbx, at, agent, state });
  }

  return {
    event,
    snapshot: (devices, at) => devices.forEach((device) => event(device, at)),
  };
}
