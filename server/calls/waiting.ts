import { performance } from 'node:perf_hooks';
import type { Call } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import type { ClientBrief } from '../clients/contract.ts';
import { parsePhone } from '../core/phone.ts';
import { WAITING_MOST } from './contract.ts';
import type { WaitingCall } from './contract.ts';
import type { LiveCalls } from './live.ts';
import { orderPolicy } from './policy.ts';
import { fit, rawNumber, shownNumber } from './shape.ts';
import { waitOf } from './waits.ts';
import type { Wait } from './waits.ts';

type WaitingDeps = Pick<Deps, 'bus' | 'config' | 'directory' | 'log' | 'mayReadClient' | 'now' | 'queuesServed' | 'showHere' | 'watching'>;

/** From one push of the list to the next, at least. */
const PUSH_MS = 250;
const RETRY_MS = 2_000;
/** How long it is believed which queues somebody serves, although no `user.changed` came: the bus may lose it. */
const STALE_MS = 60_000;

interface Waiting {
  readonly ref: string;
  readonly call: Call;
  readonly wait: Wait;
  /** May read the client, by whoever asks: what the clients' policy says of somebody whom no call grants the card. */
  readonly readable: Map<string, Promise<boolean>>;
}

interface Person {
  readonly actor: Omit<Actor, 'sessionId'>;
  readonly phone: { pbx: string; extension: string };
  /** "PBX:NAME" */
  readonly queues: ReadonlySet<string>;
}

/** The callers who wait, and who may take them; each page of this node is told when its list has changed. */
export const createWaiting = (deps: WaitingDeps, live: LiveCalls) => {
  const { directory, log, now } = deps;
  const waiting = new Map<string, Waiting>();
  const people = new Map<number, { at: number; person: Promise<Person | null> }>();
  const told = new Map<number, string>();
  let timer: NodeJS.Timeout | null = null;
  let notBefore = 0;
  let due = false;
  let telling = false;
  let stopped = false;

  const readPerson = async (userId: number): Promise<Person | null> => {
    const [actor, phone] = await Promise.all([directory.actorOf(userId), directory.extensionOf(userId)]);
    if (!actor || !phone) return null;
    return { actor, phone, queues: new Set((await deps.queuesServed(userId)).map(({ pbx, name }) => `${pbx}:${name}`)) };
  };

  const personOf = (userId: number): Promise<Person | null> => {
    const known = people.get(userId);
    if (known && now() - known.at < STALE_MS) return known.person;
    const person = readPerson(userId);
    people.set(userId, { at: now(), person });
    person.catch(() => people.delete(userId));
    return person;
  };

  /** Only at the PBX of one's own phone, which is what will ring; what rings there already is answered, not picked up. */
  const mayTake = ({ actor, phone, queues }: Person, { call, wait }: Waiting): boolean => {
    if (call.pbx !== phone.pbx || wait.ringing.includes(phone.extension)) return false;
    if (wait.state === 'parked') return true;
    return orderPolicy.pickup({ ...actor, sessionId: '' }, wait.queues.some((name) => queues.has(`${call.pbx}:${name}`))); // prettier-ignore
  };

  const mayRead = ({ actor }: Person, { readable }: Waiting, clientId: number): Promise<boolean> => {
    const key = `${clientId} ${actor.id}`;
    const known = readable.get(key) ?? deps.mayReadClient({ ...actor, sessionId: '' }, clientId);
    readable.set(key, known);
    known.catch(() => readable.delete(key));
    return known;
  };

  const clientFor = async (person: Person, one: Waiting): Promise<ClientBrief | null> => {
    for (const client of live.clients(one.ref)) if (await mayRead(person, one, client.id)) return client;
    return null;
  };

  const shown = async (person: Person, one: Waiting): Promise<WaitingCall> => {
    const { call, wait, ref } = one;
    const raw = fit(rawNumber(call), 100);
    const user = (extension: string) => directory.userByExtension(call.pbx, extension);
    const ringing = await Promise.all(wait.ringing.map(user));
    return {
      ref,
      state: wait.state,
      number: shownNumber(call.direction === 'internal' ? null : parsePhone(raw, deps.config.defaultCountry).e164, raw),
      callerName: call.direction === 'out' ? '' : fit(call.fromName, 200),
      client: await clientFor(person, one),
      queue: wait.queues[0] === undefined ? null : fit(wait.queues[0], 100),
      since: wait.since,
      ringing: ringing.flatMap((brief) => brief ?? []),
      space: wait.space,
      parkedBy: wait.parkedBy === null ? null : await user(wait.parkedBy),
    };
  };

  const listFor = async (userId: number): Promise<WaitingCall[]> => {
    const person = waiting.size === 0 ? null : await personOf(userId);
    if (!person) return [];
    const mine = [...waiting.values()].filter((one) => mayTake(person, one));
    const first = mine.sort((a, b) => a.wait.since - b.wait.since).slice(0, WAITING_MOST);
    return Promise.all(first.map((one) => shown(person, one)));
  };

  const tellUser = async (userId: number) => {
    const items = await listFor(userId);
    const text = JSON.stringify(items);
    if ((told.get(userId) ?? '[]') === text) return;
    told.set(userId, text);
    deps.showHere([userId], { topic: 'waiting', items });
  };

  const tell = async () => {
    const here = new Set(deps.watching());
    for (const userId of told.keys()) if (!here.has(userId)) told.delete(userId);
    for (const userId of here) await tellUser(userId);
  };

  const turn = async () => {
    telling = true;
    due = false;
    notBefore = performance.now() + PUSH_MS;
    try {
      await tell();
    } catch (err) {
      log.warn({ err }, 'waiting calls: not told, trying again');
      due = true;
      notBefore = performance.now() + RETRY_MS;
    }
    telling = false;
    if (due) changed();
  };

  const changed = () => {
    due = true;
    if (telling || timer || stopped) return;
    timer = setTimeout(() => {
      timer = null;
      void turn();
    }, Math.max(0, notBefore - performance.now())); // prettier-ignore
  };

  const hear = (ref: string) => {
    const call = live.call(ref);
    const wait = call && waitOf(call);
    if (call && wait) waiting.set(ref, { ref, call, wait, readable: waiting.get(ref)?.readable ?? new Map<string, Promise<boolean>>() });
    else if (!waiting.delete(ref)) return;
    changed();
  };

  return {
    listFor,
    /** @returns stop */
    start(): () => void {
      const stops = [
        live.watch(hear),
        deps.bus.on('user.changed', () => {
          people.clear();
          for (const { readable } of waiting.values()) readable.clear();
          changed();
        }),
      ];
      return () => {
        stopped = true;
        stops.forEach((stop) => stop());
        if (timer) clearTimeout(timer);
      };
    },
  };
};

export type WaitingCalls = ReturnType<typeof createWaiting>;
