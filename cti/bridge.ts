import { AGENT_EVENTS, createAgentStates } from './agents/states.ts';
import { createControl } from './ami/control.ts';
import type { Control } from './ami/control.ts';
import { noBytes } from './ami/codec.ts';
import { createEvents } from './ami/events.ts';
import type { EventConnection } from './ami/events.ts';
import type { AmiMessage } from './ami/message.ts';
import type { AmiTiming, ConnectionState } from './ami/timing.ts';
import { createActions } from './bridge-actions.ts';
import { keepLease } from './bridge-lease.ts';
import { createTracker } from './calls/tracker.ts';
import { CALL_EVENTS } from './calls/translate.ts';
import { createParking, PARKING_EVENTS } from './parking.ts';
import { createQueueMembers, QUEUE_EVENTS } from './queues/members.ts';
import { DEFAULT_EXTENSIONS } from './calls/state.ts';
import type { Cti, CtiOptions, PbxStatus } from './facts.ts';

/** The events that the bridge lives on. */
export const WANTED: ReadonlySet<string> = new Set([...CALL_EVENTS, ...QUEUE_EVENTS, ...AGENT_EVENTS, ...PARKING_EVENTS]);
/** A drift of the clocks below this is not worth telling again. */
const CLOCK_STEP_MS = 1_000;

/** Asterisk tells that an order came to nothing by another thread than the events of its channel, which may come after: seen on a busy 22 with a 404. */
const OVERTAKES_MS = 900;

const DOWN: ConnectionState = { connected: false, reason: 'connecting' };

/** Times for tests; the product uses the defaults. */
export interface BridgeTiming {
  readonly ami?: Partial<AmiTiming>;
  readonly leaseTtlMs?: number;
}

/** One bridge to one PBX: while the lease is ours, two connections and the calls; otherwise nothing. */
export function startBridge({ pbx, onFact, lease, log, owner }: CtiOptions, timing: BridgeTiming = {}): Cti {
  const { name } = pbx;
  let status: PbxStatus = { name, state: 'offline', since: Date.now(), reason: 'starting', clockOffsetMs: null };
  let events: EventConnection | null = null;
  let control: Control | null = null;
  let eventState = DOWN;
  let controlState = DOWN;
  let { tracker, agents, members } = createTrackers();
  let knowsCalls = false;
  const parking = createParking();
  /** Names are ours: only the wanted ones come here. */
  const heard = new Map<string, number>();

  function createTrackers() {
    return {
      tracker: createTracker({ pbx: name, extensions: pbx.extensions, onFact }),
      agents: createAgentStates(name, pbx.extensions, onFact),
      members: createQueueMembers(name, pbx.extensions, onFact),
    };
  }

  /** An order whose channel has come meanwhile is told by the channel's own end. */
  function hearLater(event: AmiMessage, at: number): void {
    const asked = tracker;
    setTimeout(() => {
      if (tracker === asked) tracker.event(event, at);
    }, OVERTAKES_MS).unref();
  }

  /** Epoch ms by Asterisk's clock. */
  const now = () => Math.round(Date.now() + (status.clockOffsetMs ?? 0));

  function setStatus(change: Partial<PbxStatus>): void {
    const next = { ...status, ...change };
    if (next.state === status.state && next.reason === status.reason && next.clockOffsetMs === status.clockOffsetMs) return;
    status = next.state === status.state ? next : { ...next, since: Date.now() };
    onFact({ kind: 'pbx.status', pbx: name, at: now(), status });
  }

  function connectionsChanged(): void {
    const reason = eventState.reason ?? (controlState.reason && `control connection: ${controlState.reason}`);
    setStatus({ state: reason === null ? 'connected' : 'offline', reason });
  }

  function connect(): void {
    ({ tracker, agents, members } = createTrackers());
    knowsCalls = false;
    eventState = controlState = DOWN;
    control = createControl({
      peer: pbx,
      log,
      timing: timing.ami,
      onState(state) {
        controlState = state;
        connectionsChanged();
      },
    });
    events = createEvents({
      peer: pbx,
      log,
      wanted: WANTED,
      timing: timing.ami,
      onState(state) {
        eventState = state;
        connectionsChanged();
      },
      onClockOffset(offsetMs) {
        const known = status.clockOffsetMs;
        if (known === null || Math.abs(offsetMs - known) >= CLOCK_STEP_MS) setStatus({ clockOffsetMs: offsetMs });
      },
      onSnapshot(lists, at) {
        agents.snapshot(lists.devices, at);
        members.snapshot(lists.queues, at);
        tracker.snapshot(lists, at);
        knowsCalls = true;
      },
      onEvent(event, at) {
        heard.set(event.event, (heard.get(event.event) ?? 0) + 1);
        if (event.event === 'OriginateResponse') hearLater(event, at);
        else tracker.event(event, at);
        parking.event(event);
        if (event.event.startsWith('QueueMember')) members.event(event, at);
        else if (event.event === 'DeviceStateChange') agents.event(event, at);
      },
    });
    connectionsChanged();
  }

  function disconnect(): void {
    events?.stop();
    control?.stop();
    events = control = null;
  }

  const keeper = keepLease({
    lease,
    pbx: name,
    owner,
    log,
    ttlMs: timing.leaseTtlMs,
    onGained: connect,
    onLost(state, reason) {
      disconnect();
      // whoever has the PBX now tells its calls
      ({ tracker, agents, members } = createTrackers());
      knowsCalls = false;
      setStatus({ state, reason });
    },
  });

  const { dial, ...actions } = createActions({
    pbx: name,
    extensions: pbx.extensions ?? DEFAULT_EXTENSIONS,
    control: () => control,
    tracker: () => tracker,
    parking,
    members: () => members,
    now,
  });

  return {
    status: () => status,
    stats: () => ({ ...(events?.stats() ?? noBytes()), events: Object.fromEntries(heard), ...tracker.stats() }),
    calls: () => tracker.calls(),
    knowsCalls: () => knowsCalls,
    queues: () => members.queues(),
    actions,
    dial,
    async stop() {
      disconnect();
      await keeper.stop();
    },
  };
}
