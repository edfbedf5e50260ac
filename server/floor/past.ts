import pLimit from 'p-limit';
import { isCallBack } from '../callbacks/contract.ts';
import type { Call } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import type { QueueBriefs } from '../queues/contract.ts';
import { numberOf, rawNumberOf } from './number.ts';
import type { Floor } from './contract.ts';
import { addVisit, noCounts, visitsOf } from './tally.ts';
import type { Counts, RuleOf, Visit } from './tally.ts';
import { rulesOf } from './rules.ts';
import { floorView } from './view.ts';
import type { KnownCall, KnownOperator, KnownPlace, Place } from './view.ts';
import type { LoggedVisits } from './floor.ts';

/** What the floor looked like at a past moment: the same picture, made of the log. */

export interface PastSources {
  callsBetween(from: number, until: number): AsyncIterable<readonly LoggedVisits[]>;
  /** Whole, as they now stand in the log: up at some time of [from, until], ms by the PBX's clock. */
  callsUpIn(from: number, until: number): Promise<Call[]>;
  operatorsAt(at: number): Promise<KnownOperator[]>;
  /** Who kept a place in a queue then. */
  placesAt(at: number): Promise<Place[]>;
  queues(): Promise<QueueBriefs>;
  offsetOf(pbx: string): number;
}

/** No PBX's clock goes more wrong than this without the doctor saying so. */
const CLOCK_MS = 10 * 60_000;
const LOOKUPS = 4;
/** What the log said of a day that goes on is believed for so long. */
const FRESH_MS = 5_000;
const DAYS_KEPT = 3;

/** As it was told at `at`: what came later is not known yet; null: it was not up. */
export const callAt = (call: Call, at: number): Call | null => {
  if (call.startedAt > at || (call.endedAt !== null && call.endedAt <= at)) return null;
  const segments = call.segments
    .filter((s) => s.from <= at)
    .map((s) => (s.to !== null && s.to > at ? { ...s, to: null, endReason: null } : s));
  return {
    ...call,
    queue: segments.find((s) => s.kind === 'queue')?.queue ?? null,
    answeredAt: call.answeredAt !== null && call.answeredAt <= at ? call.answeredAt : null,
    endedAt: null,
    endReason: null,
    cause: null,
    segments,
  };
};

const MINUTE_MS = 60_000;

/** The visits of some time, as they were counted at `at`. */
export const tallyAt = (visits: ReadonlyMap<string, readonly Visit[]>, atOf: (queue: string) => number, ruleOf: RuleOf) => ({
  queues: (): string[] => [...visits].flatMap(([queue, list]) => (list.some(({ from }) => from <= atOf(queue)) ? [queue] : [])),
  counts(queue: string, since: number): Counts {
    const at = atOf(queue);
    const first = Math.floor(since / MINUTE_MS) * MINUTE_MS;
    const counts = noCounts();
    for (const visit of visits.get(queue) ?? [])
      if (visit.from >= first && visit.from <= at)
        addVisit(counts, visit.to !== null && visit.to > at ? { ...visit, to: null, end: null } : visit, 1, ruleOf(queue));
    return counts;
  },
});

interface Day {
  readAt: number;
  until: number;
  visits: Promise<Map<string, Visit[]>>;
}

export const createPast = (deps: Pick<Deps, 'clientsByNumber' | 'config' | 'now'>, sources: PastSources) => {
  const days = new Map<number, Day>();
  const few = pLimit(LOOKUPS);

  const read = async (from: number, until: number): Promise<Map<string, Visit[]>> => {
    const byQueue = new Map<string, Visit[]>();
    for await (const batch of sources.callsBetween(from - CLOCK_MS, until + CLOCK_MS))
      for (const call of batch)
        // the visit of a call back is that of whoever asked for it, which is counted
        for (const visit of isCallBack(call.linkedid) ? [] : visitsOf(call.pbx, call.segments)) {
          const list = byQueue.get(visit.queue) ?? [];
          byQueue.set(visit.queue, list);
          list.push(visit);
        }
    return byQueue;
  };

  /** Of the day that began at `since`, up to `at` at least: whoever moves the slider asks for many moments of one day. */
  const visitsOfDay = (since: number, at: number): Promise<Map<string, Visit[]>> => {
    const known = days.get(since);
    // what began after it was read is not in it, however fresh it is
    const fresh = known && at <= known.readAt && deps.now() - known.readAt < FRESH_MS;
    if (known && (at <= known.until - CLOCK_MS || fresh)) return known.visits;
    const until = Math.min(deps.now(), since + 26 * 3_600_000);
    const visits = read(since, until);
    days.delete(since);
    days.set(since, { readAt: deps.now(), until, visits });
    visits.catch(() => days.delete(since));
    for (const old of [...days.keys()].slice(0, Math.max(0, days.size - DAYS_KEPT))) days.delete(old);
    return visits;
  };

  const clientsOf = async (number: string, withClients: boolean) =>
    withClients && number !== '' ? few(() => deps.clientsByNumber(number)) : [];
  const known = async (call: Call, withClients: boolean): Promise<KnownCall> => {
    const clients = await clientsOf(rawNumberOf(call), withClients && call.direction !== 'internal');
    return { call, number: numberOf(call, deps.config.defaultCountry), clients, standing: null };
  };
  const knownPlace = async (place: Place, withClients: boolean): Promise<KnownPlace> => ({
    ...place,
    clients: await clientsOf(place.number, withClients),
  });

  /** @param at epoch ms by our clock; `todaySince`: midnight of its day, where the asker is */
  return async (at: number, todaySince: number, { clients = true } = {}): Promise<Floor> => {
    const [visits, calls, operators, kept, queues] = await Promise.all([
      visitsOfDay(todaySince, at),
      sources.callsUpIn(at - CLOCK_MS, at + CLOCK_MS),
      sources.operatorsAt(at),
      sources.placesAt(at),
      sources.queues(),
    ]);
    const up = calls.flatMap((call) => callAt(call, at + sources.offsetOf(call.pbx)) ?? []);
    const entries = await Promise.all(up.map((call) => known(call, clients)));
    const places = await Promise.all(kept.map((place) => knownPlace(place, clients)));
    const { of: ruleOf } = rulesOf(queues, deps.config.shortAbandonMs / 1_000);
    const pbxOf = (queue: string) => queue.slice(0, queue.indexOf(':'));
    return floorView(
      {
        calls: new Map(entries.map((entry) => [`${entry.call.pbx}:${entry.call.key}`, entry])),
        places: new Map(places.map((place) => [`${place.pbx}:${place.linkedid}`, place])),
        operators: new Map(operators.map((operator) => [operator.userId, operator])),
        queues,
        tally: tallyAt(visits, (queue) => at + sources.offsetOf(pbxOf(queue)), ruleOf),
        ruleOf,
        offsetOf: sources.offsetOf,
      },
      at,
      todaySince,
    );
  };
};
