import type { Call, Fact } from '../../cti/index.ts';
import { isCallBack } from '../callbacks/contract.ts';
import type { Deps } from '../deps.ts';
import type { QueueBriefs } from '../queues/contract.ts';
import type { ClientStanding, Floor } from './contract.ts';
import { numberOf, rawNumberOf } from './number.ts';
import { createTally, visitsOf } from './tally.ts';
import { rulesOf } from './rules.ts';
import { floorView, noMemo } from './view.ts';
import type { KnownCall, KnownOperator, KnownPlace, Place } from './view.ts';

/** A call of the log, as far as it is counted. */
export interface LoggedVisits {
  pbx: string;
  linkedid: string;
  endedAt: number | null;
  segments: Parameters<typeof visitsOf>[1];
}

interface Entry extends KnownCall {
  /** By our clock: of the last news. */
  heardAt: number;
}

/** A day of any time zone began within this. */
export const DAY_MS = 26 * 3_600_000;

/** What goes on, in the memory of each api process: calls by the facts, visits of today by facts and the log, operators by their rows. */
export const createFloor = (
  { log, now, clientsByNumber, config }: Pick<Deps, 'log' | 'now' | 'clientsByNumber' | 'config'>,
  { offsetOf, standingOf }: { offsetOf: (pbx: string) => number; standingOf: (clientId: number) => Promise<ClientStanding | null> },
) => {
  const calls = new Map<string, Entry>();
  const short = config.shortAbandonMs / 1_000;
  let rules = rulesOf(new Map(), short);
  const tally = createTally(rules.of);
  let operators: ReadonlyMap<number, KnownOperator> = new Map();
  let places: ReadonlyMap<string, KnownPlace> = new Map();
  let queues: QueueBriefs = new Map();
  const memo = noMemo();
  let dirty = true;

  const lookUp = (entry: Entry, raw: string): void => {
    if (raw === '' || entry.call.direction === 'internal') {
      Object.assign(entry, { clients: [], standing: null });
      return;
    }
    const look = async (): Promise<void> => {
      const clients = await clientsByNumber(raw);
      const standing = clients[0] ? await standingOf(clients[0].id) : null;
      if (rawNumberOf(entry.call) !== raw) return;
      Object.assign(entry, { clients, standing });
      dirty = true;
    };
    look().catch((err: unknown) => log.warn({ err }, 'floor: client not looked up'));
  };

  /** The visit of a call back is that of whoever asked for it, which was counted. */
  const count = (ref: string, linkedid: string, visits: ReturnType<typeof visitsOf>): void => {
    if (!isCallBack(linkedid)) tally.set(ref, visits);
  };

  const lookUpPlace = (place: KnownPlace): void => {
    clientsByNumber(place.number).then(
      (found) => {
        place.clients = found;
        dirty = true;
      },
      (err: unknown) => log.warn({ err }, 'floor: client of a call-back not looked up'),
    );
  };

  const apply = (call: Call): void => {
    const ref = `${call.pbx}:${call.key}`;
    dirty = true;
    count(ref, call.key, visitsOf(call.pbx, call.segments));
    if (call.endedAt !== null) {
      calls.delete(ref);
      return;
    }
    const raw = rawNumberOf(call);
    const known = calls.get(ref);
    const same = known !== undefined && rawNumberOf(known.call) === raw;
    const number = numberOf(call, config.defaultCountry);
    const entry: Entry = known ?? { call, number, clients: null, standing: null, heardAt: now() };
    Object.assign(entry, { call, number, heardAt: now() });
    calls.set(ref, entry);
    if (!same) lookUp(entry, raw);
  };

  /** Ended unseen: how is in the log, once it is known. */
  const lose = (ref: string, { call }: Entry, at: number): void => {
    const end = (s: Call['segments'][number]) => (s.to === null ? { ...s, to: Math.max(s.from, at), endReason: 'lost' as const } : s);
    dirty = true;
    count(ref, call.key, visitsOf(call.pbx, call.segments.map(end)));
    calls.delete(ref);
  };
  const ofPbx = (pbx: string) => [...calls].filter(([, { call }]) => call.pbx === pbx);

  return {
    hear(fact: Fact): void {
      if (fact.kind === 'pbx.synced') {
        const live = new Set(fact.live);
        for (const [ref, entry] of ofPbx(fact.pbx))
          if (!live.has(entry.call.key) && entry.call.startedAt < fact.at) lose(ref, entry, fact.at);
      }
      if (!('call' in fact)) return;
      if (fact.kind === 'call.merged' && fact.merged !== fact.key) {
        const ref = `${fact.pbx}:${fact.merged}`;
        calls.delete(ref);
        tally.set(ref, []);
      }
      apply(fact.call);
    },
    /** What the bridge holds, asked for at `askedAt` (our clock). */
    reconcile(pbx: string, up: readonly Call[], askedAt: number): void {
      const keys = new Set(up.map((call) => call.key));
      for (const [ref, entry] of ofPbx(pbx))
        if (!keys.has(entry.call.key) && entry.heardAt < askedAt) lose(ref, entry, askedAt + offsetOf(pbx));
      for (const call of up) {
        const known = calls.get(`${pbx}:${call.key}`);
        if (!known || known.heardAt < askedAt) apply(call);
      }
    },
    /** What the log says of calls that have ended; it knows better than what was heard. */
    logged(batch: readonly LoggedVisits[]): void {
      for (const { pbx, linkedid, endedAt, segments } of batch)
        if (endedAt !== null && !calls.has(`${pbx}:${linkedid}`)) count(`${pbx}:${linkedid}`, linkedid, visitsOf(pbx, segments));
      dirty = true;
    },
    setOperators(list: readonly KnownOperator[]): void {
      // Read anew all together, they are seldom others than before.
      const same = (operator: KnownOperator) => {
        const was = operators.get(operator.userId);
        return was && JSON.stringify(was) === JSON.stringify(operator) ? was : operator;
      };
      const next = list.map(same);
      if (next.length === operators.size && next.every((operator) => operators.get(operator.userId) === operator)) return;
      operators = new Map(next.map((operator) => [operator.userId, operator]));
      dirty = true;
    },
    setQueues(list: QueueBriefs): void {
      const next = rulesOf(list, short);
      if (!next.same(rules)) tally.setRules(next.of);
      [queues, rules] = [list, next];
      dirty = true;
    },
    setPlaces(list: readonly Place[]): void {
      const before = places;
      places = new Map(list.map((place) => [`${place.pbx}:${place.linkedid}`, { ...place, clients: before.get(`${place.pbx}:${place.linkedid}`)?.clients ?? null }])); // prettier-ignore
      for (const place of places.values()) if (place.clients === null) lookUpPlace(place);
      dirty = true;
    },
    clientChanged(id: number): void {
      for (const place of places.values())
        if (place.clients?.length === 0 || place.clients?.some((client) => client.id === id)) lookUpPlace(place);
      for (const entry of calls.values())
        if (entry.clients?.length === 0 || entry.clients?.some((client) => client.id === id)) lookUp(entry, rawNumberOf(entry.call));
    },
    view: (todaySince: number): Floor =>
      floorView({ calls, places, operators, queues, tally, ruleOf: rules.of, offsetOf }, now(), todaySince, memo),
    callUp: (ref: string): Call | null => calls.get(ref)?.call ?? null,
    /** @returns whether anything came since it was asked last */
    news(): boolean {
      const was = dirty;
      dirty = false;
      return was;
    },
    forget: (): void => tally.forget(now() - DAY_MS),
  };
};
