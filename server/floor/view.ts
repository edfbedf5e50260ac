import type { Call } from '../../cti/index.ts';
import type { ClientBrief } from '../clients/contract.ts';
import { CALLS_MOST } from './contract.ts';
import type { QueueBriefs } from '../queues/contract.ts';
import { USUAL_TARGET } from '../queues/contract.ts';
import type { Floor, FloorCall, FloorChange, FloorOperator, FloorPerson, FloorQueue } from './contract.ts';
import { figuresOf } from './tally.ts';
import { SHORT_S } from './rules.ts';
import type { RuleOf, Tally } from './tally.ts';

/** From what is known to what the supervisors see, and from one such picture to the changes since another. Pure. */

const AT: Record<string, FloorPerson['at']> = { offer: 'ringing', hold: 'hold', talk: 'talking', consult: 'consult' };
/** The more is said. On hold is who talks too. */
const RANK: readonly FloorPerson['at'][] = ['dialling', 'ringing', 'talking', 'hold', 'consult'];

/** Who is in the call now, by extension. */
export const peopleIn = (call: Call): Map<string, FloorPerson['at']> => {
  const found = new Map<string, FloorPerson['at']>();
  const put = (extension: string, at: FloorPerson['at']) => {
    const have = found.get(extension);
    if (have === undefined || RANK.indexOf(at) > RANK.indexOf(have)) found.set(extension, at);
  };
  if (call.initiator !== null && call.answeredAt === null) put(call.initiator, 'dialling');
  for (const s of call.segments) {
    const at = AT[s.kind];
    if (s.agent !== null && s.to === null && at) put(s.agent, s.kind === 'offer' && s.agent === call.initiator ? 'dialling' : at);
  }
  return found;
};

export interface KnownCall {
  call: Call;
  number: string;
  clients: ClientBrief[] | null;
}

export type KnownOperator = Omit<FloorOperator, 'call'>;

/** Somebody who hung up and keeps a place in a queue; times of the queue by the PBX's clock. */
export interface Place {
  id: number;
  pbx: string;
  /** Of the call in which they asked. */
  linkedid: string;
  queue: string;
  number: string;
  name: string;
  enteredAt: number;
  dialling: boolean;
  attempts: number;
  nextAt: number;
}

export interface KnownPlace extends Place {
  clients: ClientBrief[] | null;
}

export interface Known {
  calls: ReadonlyMap<string, KnownCall>;
  /** By the ref of the call in which they asked, whoever has waited longest first. */
  places: ReadonlyMap<string, KnownPlace>;
  operators: ReadonlyMap<number, KnownOperator>;
  /** Those that Allo knows of. */
  queues: QueueBriefs;
  tally: Pick<Tally, 'counts' | 'queues'>;
  ruleOf: RuleOf;
  /** The PBX's clock minus ours, ms. */
  offsetOf: (pbx: string) => number;
}

export const WINDOW_MINUTES = 30;
const pbxOf = (queue: string): string => queue.slice(0, queue.indexOf(':'));
const fit = (text: string): string => text.slice(0, 100);

const callView = ({ call, number, clients }: KnownCall, ref: string, known: Known, nameOf: Map<string, KnownOperator>): FloorCall => {
  const ours = (at: number) => at - known.offsetOf(call.pbx);
  const waits = call.segments.find((s) => s.kind === 'queue' && s.to === null);
  const queue = waits?.queue ?? call.segments.findLast((s) => s.kind === 'queue')?.queue ?? call.queue;
  return {
    ref,
    direction: call.direction,
    number: fit(number),
    callerName: fit(call.fromName),
    clients,
    queue: queue ? `${call.pbx}:${fit(queue)}` : null,
    startedAt: ours(call.startedAt),
    waitingSince: waits ? ours(waits.from) : null,
    answeredAt: call.answeredAt === null ? null : ours(call.answeredAt),
    people: [...peopleIn(call)].map(([extension, at]) => {
      const operator = nameOf.get(`${call.pbx} ${extension}`);
      return { extension, userId: operator?.userId ?? null, name: operator?.name ?? null, at };
    }),
    callBack: null,
  };
};

const placeView = (place: KnownPlace, ref: string, known: Known): FloorCall => {
  const since = place.enteredAt - known.offsetOf(place.pbx);
  const { id, dialling, attempts, nextAt } = place;
  return {
    ref,
    direction: 'in',
    number: fit(place.number),
    callerName: fit(place.name),
    clients: place.clients,
    queue: `${place.pbx}:${fit(place.queue)}`,
    startedAt: since,
    waitingSince: since,
    answeredAt: null,
    people: [],
    callBack: { id, dialling, attempts, nextAt },
  };
};

/** Whoever asked a moment ago still hears the thanks: that call is up, and shown as such. */
const placesOf = (known: Known): [string, KnownPlace][] => [...known.places].filter(([ref]) => !known.calls.has(ref));

const queueView = (
  ref: string,
  known: Known,
  waits: readonly number[],
  callBacks: number,
  operators: FloorQueue['operators'],
  now: number,
  todaySince: number,
): FloorQueue => {
  const { tally } = known;
  const { target } = known.ruleOf(ref);
  const offset = known.offsetOf(pbxOf(ref));
  const failing = waits.filter((since) => now - since > target * 1000).length;
  return {
    ref,
    label: known.queues.get(ref)?.label || ref.slice(ref.indexOf(':') + 1),
    target,
    goal: known.queues.get(ref)?.target.percent ?? USUAL_TARGET.percent,
    waiting: waits.length,
    callBacks,
    oldest: waits.length > 0 ? Math.min(...waits) : null,
    live: figuresOf(tally.counts(ref, now + offset - WINDOW_MINUTES * 60_000), failing),
    today: figuresOf(tally.counts(ref, todaySince + offset), failing),
    operators,
  };
};

const byAge = (a: Call, b: Call): number => a.startedAt - b.startedAt;
const waits = ({ segments }: Call): boolean => segments.some((s) => s.kind === 'queue' && s.to === null);

/** Those of many calls that are shown. */
const shownOf = (calls: Known['calls']): [string, KnownCall][] => {
  if (calls.size <= CALLS_MOST) return [...calls];
  const all = [...calls].sort(([, a], [, b]) => byAge(a.call, b.call));
  const waiting = all.filter(([, { call }]) => waits(call)).slice(0, CALLS_MOST / 2);
  const others = all.filter(([, { call }]) => !waits(call)).slice(0, CALLS_MOST - waiting.length);
  return [...waiting, ...others];
};

/** By queue: since when each of its callers waits, ms by our clock. */
const waitsOf = (known: Known): Map<string, number[]> => {
  const found = new Map<string, number[]>();
  for (const { call } of known.calls.values())
    for (const s of call.segments) {
      if (s.kind !== 'queue' || s.to !== null || s.queue === null) continue;
      const ref = `${call.pbx}:${fit(s.queue)}`;
      const list = found.get(ref);
      const since = s.from - known.offsetOf(call.pbx);
      if (list) list.push(since);
      else found.set(ref, [since]);
      break;
    }
  return found;
};

/** By queue: of its operators on shift, how many are at what. */
const statesOf = (known: Known): Map<string, FloorQueue['operators']> => {
  const found = new Map<string, FloorQueue['operators']>();
  for (const { queues, state } of known.operators.values())
    for (const ref of queues) {
      const states = found.get(ref) ?? {};
      found.set(ref, states);
      states[state] = (states[state] ?? 0) + 1;
    }
  return found;
};

export const floorView = (known: Known, now: number, todaySince: number): Floor => {
  const nameOf = new Map([...known.operators.values()].map((operator) => [`${operator.pbx} ${operator.extension}`, operator]));
  const places = placesOf(known);
  const calls = [
    ...shownOf(known.calls).map(([ref, call]) => callView(call, ref, known, nameOf)),
    ...places.slice(0, CALLS_MOST / 2).map(([ref, place]) => placeView(place, ref, known)),
  ];
  const kept = (ref: string) => places.filter(([, place]) => `${place.pbx}:${fit(place.queue)}` === ref).length;
  const callOf = new Map<number, string>();
  for (const { ref, people } of calls) for (const { userId, at } of people) if (userId !== null && (at !== 'ringing' || !callOf.has(userId))) callOf.set(userId, ref); // prettier-ignore
  const [waiting, states] = [waitsOf(known), statesOf(known)];
  const refs = new Set([...known.queues.keys(), ...known.tally.queues(), ...waiting.keys(), ...calls.flatMap((call) => call.queue ?? [])]);
  return {
    at: now,
    todaySince,
    windowMinutes: WINDOW_MINUTES,
    short: SHORT_S,
    queues: [...refs].sort().map((ref) => queueView(ref, known, waiting.get(ref) ?? [], kept(ref), states.get(ref) ?? {}, now, todaySince)),
    calls,
    up: known.calls.size,
    operators: [...known.operators.values()].map((operator) => ({ ...operator, call: callOf.get(operator.userId) ?? null })),
  };
};

type Parts = 'queues' | 'calls' | 'operators';

/** What was shown last, item by item; told a new picture it says what changed, null: nothing. */
export const createDifference = (first: Floor) => {
  const items = (floor: Floor) => ({
    queues: new Map(floor.queues.map((q) => [q.ref, q])),
    calls: new Map(floor.calls.map((c) => [c.ref, c])),
    operators: new Map(floor.operators.map((o) => [o.userId, o])),
  });
  const texts = <K, T>(map: Map<K, T>) => new Map([...map].map(([key, item]) => [key, JSON.stringify(item)]));
  const all = (floor: Floor) => {
    const { queues, calls, operators } = items(floor);
    return { queues: texts(queues), calls: texts(calls), operators: texts<number, FloorOperator>(operators) };
  };
  let before = all(first);

  return (floor: Floor): FloorChange | null => {
    const now = all(floor);
    const changed = <K extends string | number, T>(part: Parts, list: readonly T[], keyOf: (item: T) => K): T[] =>
      list.filter((item) => (before[part] as Map<K, string>).get(keyOf(item)) !== (now[part] as Map<K, string>).get(keyOf(item)));
    const gone = <K>(was: Map<K, string>, is: Map<K, string>): K[] => [...was.keys()].filter((key) => !is.has(key));
    const change: FloorChange = {
      at: floor.at,
      up: floor.up,
      queues: changed('queues', floor.queues, (q) => q.ref),
      calls: changed('calls', floor.calls, (c) => c.ref),
      operators: changed('operators', floor.operators, (o) => o.userId),
      gone: {
        queues: gone(before.queues, now.queues),
        calls: gone(before.calls, now.calls),
        operators: gone(before.operators, now.operators),
      },
    };
    before = now;
    const { queues, calls, operators, gone: left } = change;
    return [queues, calls, operators, ...Object.values(left)].some((list) => list.length > 0) ? change : null;
  };
};
