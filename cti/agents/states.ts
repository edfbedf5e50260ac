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
    // "Custom:", "Queue:…" and the like are no phones; Local/… follows the phone behind it
    const agent = device.startsWith('Local/') ? null : agentOfInterface(device, extensions);
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
