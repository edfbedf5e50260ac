import type { Call } from '../../cti/index.ts';
import type { ClientBrief } from '../clients/contract.ts';
import { CALLS_MOST } from './contract.ts';
import type { QueueBriefs } from '../queues/contract.ts';
import { USUAL_TARGET } from '../queues/contract.ts';
import type { ClientStanding, Floor, FloorCall, FloorChange, FloorOperator, FloorPerson, FloorQueue } from './contract.ts';
import { figuresOf } from './tally.ts';
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
  standing: ClientStanding | null;
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

const callView = (
  { call, number, clients, standing }: KnownCall,
  ref: string,
  known: Known,
  nameOf: Map<string, KnownOperator>,
): FloorCall => {
  const ours = (at: number) => at - known.offsetOf(call.pbx);
  const waits = call.segments.find((s) => s.kind === 'queue' && s.to === null);
  const queue = waits?.queue ?? call.segments.findLast((s) => s.kind === 'queue')?.queue ?? call.queue;
  return {
    ref,
    direction: call.direction,
    number: fit(number),
    callerName: fit(call.fromName),
    clients,
    standing,
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
    standing: null,
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

/** What was made of calls and operators that have not changed since is taken as it was: four times a second, for hundreds of them. */
export interface Memo {
  calls: Map<string, { of: readonly unknown[]; view: FloorCall }>;
  operators: Map<number, { of: readonly unknown[]; view: FloorOperator }>;
}
export const noMemo = (): Memo => ({ calls: new Map(), operators: new Map() });

const same = (a: readonly unknown[], b: readonly unknown[]): boolean => a.every((one, i) => one === b[i]);
const remembered = <K, V>(memo: Map<K, { of: readonly unknown[]; view: V }>, key: K, of: readonly unknown[], make: () => V): V => {
  const known = memo.get(key);
  if (known && same(known.of, of)) return known.view;
  const view = make();
  memo.set(key, { of, view });
  return view;
};
const forgetOthers = <K>(memo: Map<K, unknown>, size: number, isThere: (key: K) => boolean): void => {
  if (memo.size > size) for (const key of memo.keys()) if (!isThere(key)) memo.delete(key);
};

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

export const floorView = (known: Known, now: number, todaySince: number, memo: Memo = noMemo()): Floor => {
  const nameOf = new Map([...known.operators.values()].map((operator) => [`${operator.pbx} ${operator.extension}`, operator]));
  const places = placesOf(known);
  const up = shownOf(known.calls).map(([ref, one]) =>
    remembered(memo.calls, ref, [one.call, one.number, one.clients, one.standing, known.operators, known.offsetOf(one.call.pbx)], () =>
      callView(one, ref, known, nameOf),
    ),
  );
  forgetOthers(memo.calls, 2 * CALLS_MOST, (ref) => known.calls.has(ref));
  const calls = [...up, ...places.slice(0, CALLS_MOST / 2).map(([ref, place]) => placeView(place, ref, known))];
  const kept = (ref: string) => places.filter(([, place]) => `${place.pbx}:${fit(place.queue)}` === ref).length;
  const callOf = new Map<number, string>();
  for (const { ref, people } of calls) for (const { userId, at } of people) if (userId !== null && (at !== 'ringing' || !callOf.has(userId))) callOf.set(userId, ref); // prettier-ignore
  const operators = [...known.operators.values()].map((operator) => {
    const call = callOf.get(operator.userId) ?? null;
    return remembered(memo.operators, operator.userId, [operator, call], () => ({ ...operator, call }));
  });
  forgetOthers(memo.operators, operators.length, (userId) => known.operators.has(userId));
  const [waiting, states] = [waitsOf(known), statesOf(known)];
  const refs = new Set([...known.queues.keys(), ...known.tally.queues(), ...waiting.keys(), ...calls.flatMap((call) => call.queue ?? [])]);
  return {
    at: now,
    todaySince,
    windowMinutes: WINDOW_MINUTES,
    short: known.ruleOf('').short,
    queues: [...refs].sort().map((ref) => queueView(ref, known, waiting.get(ref) ?? [], kept(ref), states.get(ref) ?? {}, now, todaySince)),
    calls,
    up: known.calls.size,
    operators,
  };
};

/** Told what is shown now: what of it is another than before, and what is no more. An item that is the same object has not changed. */
const createPart = <K, T>(keyOf: (item: T) => K, first: readonly T[]) => {
  let before = new Map(first.map((item) => [keyOf(item), item]));
  return (list: readonly T[]): { changed: T[]; gone: K[] } => {
    const now = new Map(list.map((item) => [keyOf(item), item]));
    const differs = (item: T) => {
      const was = before.get(keyOf(item));
      return was !== item && (was === undefined || JSON.stringify(was) !== JSON.stringify(item));
    };
    const news = { changed: list.filter(differs), gone: [...before.keys()].filter((key) => !now.has(key)) };
    before = now;
    return news;
  };
};

/** What was shown last, item by item; told a new picture it says what changed, null: nothing. */
export const createDifference = (first: Floor) => {
  const queues = createPart((queue: FloorQueue) => queue.ref, first.queues);
  const calls = createPart((call: FloorCall) => call.ref, first.calls);
  const operators = createPart((operator: FloorOperator) => operator.userId, first.operators);

  return (floor: Floor): FloorChange | null => {
    const news = { queues: queues(floor.queues), calls: calls(floor.calls), operators: operators(floor.operators) };
    if (Object.values(news).every(({ changed, gone }) => changed.length === 0 && gone.length === 0)) return null;
    return {
      at: floor.at,
      up: floor.up,
      queues: news.queues.changed,
      calls: news.calls.changed,
      operators: news.operators.changed,
      gone: { queues: news.queues.gone, calls: news.calls.gone, operators: news.operators.gone },
    };
  };
};
