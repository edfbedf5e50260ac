import { randomUUID } from 'node:crypto';
import AsteriskManager from 'asterisk-manager';
import type { Manager, Response } from 'asterisk-manager';
import { ActionError } from '../facts.ts';
import type { CtiLog } from '../facts.ts';
import { createBackoff } from './backoff.ts';
import { AMI_TIMING } from './timing.ts';
import type { AmiPeer, AmiTiming, ConnectionState } from './timing.ts';

/** What may be asked here: orders that one short response answers. Lists and long outputs are for the event connection. */
export type ControlAction =
  | 'Originate'
  | 'Hangup'
  | 'PJSIPNotify'
  | 'QueueAdd'
  | 'QueueRemove'
  | 'QueuePause'
  | 'QueuePenalty'
  | 'QueueReload'
  | 'BlindTransfer'
  | 'Redirect'
  | 'Atxfer'
  | 'CancelAtxfer'
  | 'Park'
  | 'PlayDTMF'
  | 'MixMonitor'
  | 'MixMonitorMute'
  | 'StopMixMonitor';

/** Fields of an action; an ActionID of one's own comes back in later events. An object is a repeated key: {Variable: {A: '1', B: '2'}}. Undefined fields are left out. */
export type ActionFields = Readonly<Record<string, string | number | undefined | Readonly<Record<string, string>>>>;

export interface ControlOptions {
  readonly peer: AmiPeer;
  readonly log: CtiLog;
  readonly onState: (state: ConnectionState) => void;
  readonly timing?: Partial<AmiTiming>;
}

export interface Control {
  /** @returns Asterisk's message. @throws ActionError invalid, offline, timeout (the order may have been carried out), refused */
  send(action: ControlAction, fields: ActionFields): Promise<string>;
  stop(): void;
}

const FIELD = /^[A-Za-z][A-Za-z0-9]*$/;
const UNCLEAN = /[\r\n\0]/;

/**
 * asterisk-manager, made safe: it puts CR and LF on the wire as they come, never fails what waits on a lost connection, has no time-outs,
 * keeps half a message across a reconnect and talks to the console when it reconnects by itself. So: clean values, one instance a
 * connection, a reconnect of our own, a ping.
 */
export function createControl({ peer, log, onState, timing: own }: ControlOptions): Control {
  const timing = { ...AMI_TIMING, ...own };
  const backoff = createBackoff(timing.backoffBaseMs, timing.backoffCapMs);
  /** Rejects what waits for an answer. */
  const pending = new Set<(err: ActionError) => void>();
  let manager: Manager | null = null;
  let ready = false;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;
  let drop: (reason: string) => void = () => {};

  function open(): void {
    const abort = new AbortController();
    // no port here: it would log in by itself, and its own keep-alive stays off
    const current = new AsteriskManager(undefined, peer.host, peer.user, peer.secret, false);
    let ping: NodeJS.Timeout | undefined;
    let over = false;
    let lastError = 'connection closed';
    manager = current;

    drop = (reason) => {
      if (over) return;
      over = true;
      ready = false;
      clearTimeout(patience);
      clearInterval(ping);
      abort.abort(); // the only way to its socket: disconnect() waits for a peer that may be frozen
      for (const reject of pending) reject(new ActionError('offline', `the PBX went away: ${reason}`));
      pending.clear();
      if (stopped) return;
      onState({ connected: false, reason });
      retry = setTimeout(open, backoff.next());
    };
    const patience = setTimeout(() => drop('no answer to the login'), timing.connectMs);

    current.on('error', (err) => (lastError = err.message));
    current.on('close', () => drop(lastError));
    current.connect({ host: peer.host, port: peer.port, signal: abort.signal }, undefined, () =>
      current.login((refused) => {
        if (over) return;
        clearTimeout(patience);
        if (refused) {
          backoff.slow();
          drop(`login refused: ${text(refused.message)}`);
          return;
        }
        start().catch((err: unknown) => drop(`could not begin: ${(err as Error).message}`));
      }),
    );

    async function start(): Promise<void> {
      // its own option `events: false` does nothing
      await request(current, 'Events', { EventMask: 'off' });
      if (over) return;
      ready = true;
      backoff.reset();
      log.info({ host: peer.host }, 'ami control: connected');
      onState({ connected: true, reason: null });
      ping = setInterval(() => {
        request(current, 'Ping', {}).catch((err: ActionError) => drop(`ping: ${err.message}`));
      }, timing.pingMs);
    }
  }

  function request(to: Manager, action: string, fields: ActionFields): Promise<string> {
    return new Promise((resolve, reject) => {
      const { ActionID = `allo-${randomUUID()}`, ...rest } = fields;
      const actionid = String(ActionID);
      const settle = () => {
        clearTimeout(timer);
        pending.delete(fail);
        to.removeListener(actionid, done);
      };
      const fail = (err: ActionError) => {
        settle();
        reject(err);
      };
      const done = (err: Response | undefined, response?: Response) => {
        settle();
        if (err) reject(new ActionError('refused', text(err.message)));
        else resolve(text(response?.message));
      };
      const timer = setTimeout(() => fail(new ActionError('timeout', `${action}: no answer in ${timing.actionMs} ms`)), timing.actionMs);
      pending.add(fail);
      to.action({ ...rest, action, actionid }, done);
    });
  }

  function send(action: ControlAction, fields: ActionFields): Promise<string> {
    try {
      checkFields(fields);
    } catch (err) {
      return Promise.reject(err as ActionError);
    }
    if (!ready || !manager) return Promise.reject(new ActionError('offline', 'no connection to the PBX'));
    return request(manager, action, fields);
  }

  open();

  return {
    send,
    stop() {
      stopped = true;
      clearTimeout(retry);
      drop('stopped');
    },
  };
}

/** A response's field; arrays when a hostile peer repeats it. */
const text = (value: unknown): string => (value === undefined ? '' : String(value));

/** @throws ActionError invalid: a line break in a value would begin a field, or an action, of the value's author. */
function checkFields(fields: ActionFields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (!FIELD.test(name)) throw new ActionError('invalid', `not the name of a field: ${JSON.stringify(name)}`);
    const values = typeof value === 'object' ? Object.entries(value).flat() : [String(value ?? '')];
    if (values.some((v) => UNCLEAN.test(v))) throw new ActionError('invalid', `${name}: line break or NUL`);
  }
}
