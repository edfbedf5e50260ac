import { connect } from 'node:net';
import type { CtiLog } from '../facts.ts';
import { createBackoff } from './backoff.ts';
import { createCodec, noBytes } from './codec.ts';
import type { CodecStats } from './codec.ts';
import type { AmiMessage } from './message.ts';
import { createSnapshot, SNAPSHOT_EVENTS } from './snapshot.ts';
import type { SnapshotLists } from './snapshot.ts';
import { AMI_TIMING } from './timing.ts';
import type { AmiPeer, AmiTiming, ConnectionState } from './timing.ts';

export interface EventsOptions {
  readonly peer: AmiPeer;
  readonly log: CtiLog;
  /** Names of the events that onEvent wants. */
  readonly wanted: ReadonlySet<string>;
  /** What is up now, once after every (re)connect; no event is handed on before it, all that came meanwhile follow it. */
  readonly onSnapshot: (lists: SnapshotLists, at: number) => void;
  /** `at`: by Asterisk's clock. */
  readonly onEvent: (event: AmiMessage, at: number) => void;
  readonly onState: (state: ConnectionState) => void;
  /** Asterisk's clock minus ours, ms. */
  readonly onClockOffset: (offsetMs: number) => void;
  readonly timing?: Partial<AmiTiming>;
}

export interface EventConnection {
  /** Over all its connections. */
  stats(): Readonly<CodecStats>;
  stop(): void;
}

const BOOTED = 'FullyBooted';
const LOGIN = 'login';
const PING = 'ping';

/** The event stream of one PBX: logs in, takes the snapshot, hands events on in order, comes back by itself. */
export function createEvents(options: EventsOptions): EventConnection {
  const { peer, log, onEvent, onState, onSnapshot, onClockOffset } = options;
  const timing = { ...AMI_TIMING, ...options.timing };
  const wanted = new Set([...options.wanted, ...SNAPSHOT_EVENTS, BOOTED]);
  const backoff = createBackoff(timing.backoffBaseMs, timing.backoffCapMs);
  const stats = noBytes();
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;
  let drop: (reason: string) => void = () => {};
  let reported = '';

  function open(): void {
    const socket = connect({ host: peer.host, port: peer.port, noDelay: true, keepAlive: true });
    const codec = createCodec({ wanted, stats, onMessage: (message) => !over && receive(message) });
    let over = false;
    let loggedIn = false;
    let lastByteAt = performance.now();
    let pingSentAt = 0;
    let pingTimer: NodeJS.Timeout | undefined;
    let bootTimer: NodeJS.Timeout | undefined;
    let offsetMs: number | null = null;
    /** Events that came while the lists were coming; null when events are handed on at once. */
    let held: { event: AmiMessage; at: number }[] | null = [];
    let snapshot: ReturnType<typeof createSnapshot> | null = null;

    let patience = setTimeout(() => drop('no answer'), timing.connectMs);
    const waitFor = (what: string, ms: number) => {
      clearTimeout(patience);
      patience = setTimeout(() => drop(`no answer to ${what}`), ms);
    };

    drop = (reason) => {
      if (over) return;
      over = true;
      clearTimeout(patience);
      clearTimeout(bootTimer);
      clearInterval(pingTimer);
      socket.destroy();
      if (stopped) return;
      if (reason !== reported) log.warn({ host: peer.host, port: peer.port, reason }, 'ami events: offline');
      reported = reason;
      onState({ connected: false, reason });
      retry = setTimeout(open, backoff.next());
    };

    const send = (action: string, id: string, fields = ''): void => {
      socket.write(`Action: ${action}\r\nActionID: ${id}\r\n${fields}\r\n`);
    };

    socket.on('connect', () => {
      waitFor('the login', timing.connectMs);
      send('Login', LOGIN, `Username: ${peer.user}\r\nSecret: ${peer.secret}\r\nEvents: on\r\n`);
    });
    socket.on('data', (chunk) => {
      lastByteAt = performance.now();
      codec.push(chunk);
    });
    socket.on('error', (err) => drop(err.message));
    socket.on('close', () => drop('connection closed by the PBX'));

    function receive(message: AmiMessage): void {
      if (message.event === '') return receiveResponse(message);
      if (!loggedIn) return;
      if (message.event === BOOTED) {
        if (!snapshot || snapshot.done) takeSnapshot(); // again when it comes late: the modules have come up since
        return;
      }
      const id = message.get('ActionID');
      if (id !== '' && snapshot?.receive(id, message)) return checkSnapshot();
      if (!options.wanted.has(message.event)) return;
      const at = timeOf(message);
      if (held) held.push({ event: message, at });
      else hand(message, at);
    }

    function receiveResponse(message: AmiMessage): void {
      const id = message.get('ActionID');
      const ok = message.get('Response') === 'Success';
      if (id === LOGIN && !loggedIn) {
        if (!ok) {
          backoff.slow();
          return drop(`login refused: ${message.get('Message')}`);
        }
        loggedIn = true;
        ping();
        pingTimer = setInterval(ping, timing.pingMs);
        waitFor('the snapshot', timing.bootMs + timing.snapshotMs);
        bootTimer = setTimeout(takeSnapshot, timing.bootMs);
      } else if (id === PING) {
        const asterisk = Number(message.get('Timestamp')) * 1000;
        if (asterisk > 0) measured(asterisk - (Date.now() - (performance.now() - pingSentAt) / 2));
      } else if (snapshot?.answer(id, message)) {
        if (snapshot.refused) return drop(snapshot.refused);
        checkSnapshot();
      }
    }

    function ping(): void {
      if (performance.now() - lastByteAt > timing.silenceMs) return drop(`silent for ${Math.round(timing.silenceMs / 1000)} s`);
      pingSentAt = performance.now();
      send('Ping', PING);
    }

    function measured(value: number): void {
      offsetMs = Math.round(value) + 0; // never -0
      onClockOffset(offsetMs);
    }

    /** Asterisk's own time of the event (timestampevents=yes), else the moment it came. */
    function timeOf(message: AmiMessage): number {
      const stamp = Number(message.get('Timestamp')) * 1000;
      if (!(stamp > 0)) return Date.now() + (offsetMs ?? 0);
      if (offsetMs === null) measured(stamp - Date.now());
      return Math.round(stamp);
    }

    function takeSnapshot(): void {
      clearTimeout(bootTimer);
      held ??= [];
      waitFor('the snapshot', timing.snapshotMs);
      snapshot = createSnapshot(send);
    }

    function checkSnapshot(): void {
      if (!snapshot?.done) return;
      clearTimeout(patience);
      backoff.reset();
      const later = held ?? [];
      held = null;
      guard('snapshot', () => onSnapshot(snapshot!.lists, Math.round(Date.now() + (offsetMs ?? 0))));
      if (reported !== 'connected') log.info({ host: peer.host, port: peer.port }, 'ami events: connected');
      reported = 'connected';
      onState({ connected: true, reason: null });
      for (const { event, at } of later) hand(event, at);
    }

    function hand(event: AmiMessage, at: number): void {
      guard(event.event, () => onEvent(event, at));
    }

    /** One event that we cannot cope with must not end the bridge for all calls; it is told, never dropped in silence. */
    function guard(what: string, run: () => void): void {
      try {
        run();
      } catch (err) {
        log.error({ err, event: what }, 'ami events: handler failed');
      }
    }
  }

  open();

  return {
    stats: () => stats,
    stop() {
      stopped = true;
      clearTimeout(retry);
      drop('stopped');
    },
  };
}
