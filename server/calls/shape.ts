import type { Call, Segment } from '../../cti/index.ts';
import type { CallRow, LiveCall } from './contract.ts';

/** What the log and the live screens derive from a call as the bridge tells it. Pure. */

export const refOf = (pbx: string, key: string): string => `${pbx}:${key}`;

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** A text as a column of `max` characters can hold it: on one line, no NUL, no half of an emoji. */
export const fit = (text: string, max: number): string => {
  const line = text.slice(0, max * 2).replace(/[\u0000-\u001f\u007f]+/g, ' ');
  return [...line].slice(0, max).join('').replace(LONE_SURROGATE, '\uFFFD').trim();
};

/** The number of the other side, as the PBX has it: the customer's, or of two operators the one who is asked about. */
export const rawNumber = (call: Pick<Call, 'direction' | 'from' | 'to'>, caller = false): string =>
  call.direction === 'out' || (call.direction === 'internal' && caller) ? call.to : call.from;

/** ms covered by the intervals, each moment once; an open one lasts until `now`. */
const covered = (intervals: readonly { from: number; to: number | null }[], now: number): number => {
  let total = 0;
  let until = -Infinity;
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    const end = to ?? now;
    total += Math.max(0, end - Math.max(from, until));
    until = Math.max(until, end);
  }
  return total;
};

/** The largest that an INT column holds: 24 days. */
const MAX_MS = 2 ** 31 - 1;
const duration = (ms: number): number => Math.min(MAX_MS, Math.max(0, Math.round(ms)));

export interface Spans {
  startedAt: number;
  answeredAt: number | null;
  endedAt: number | null;
  segments: readonly { kind: string; from: number; to: number | null }[];
}

/** waitMs: until the first answer, or the end. talkMs: while the customer spoke with any operator; 0 until the talk has ended. */
export const sums = ({ startedAt, answeredAt, endedAt, segments }: Spans): { waitMs: number; talkMs: number } => {
  const talks = segments.filter((s) => s.kind === 'talk' && (s.to !== null || endedAt !== null));
  const waitedUntil = answeredAt ?? endedAt;
  return {
    waitMs: waitedUntil === null ? 0 : duration(waitedUntil - startedAt),
    talkMs: duration(covered(talks, endedAt ?? 0)),
  };
};

/** The most of what somebody did in a call. */
export type Part = 'offered' | 'dialled' | 'talked';
const RANK: Record<Part, number> = { offered: 0, dialled: 1, talked: 2 };
export const morePart = (a: Part, b: Part): Part => (RANK[a] >= RANK[b] ? a : b);

const TALKING: ReadonlySet<string> = new Set(['talk', 'hold', 'consult']);

/** Extension -> part. An offer that another phone took leaves no trace: of a ring-all only those who let it ring are in the log. */
export const partsOf = (call: Pick<Call, 'initiator' | 'segments'>): Map<string, Part> => {
  const parts = new Map<string, Part>();
  const add = (extension: string, part: Part) => parts.set(extension, morePart(parts.get(extension) ?? part, part));
  if (call.initiator !== null) add(call.initiator, 'dialled');
  for (const s of call.segments) {
    if (s.agent === null) continue;
    if (TALKING.has(s.kind)) add(s.agent, 'talked');
    else if (s.kind === 'offer' && s.to !== null && s.endReason !== 'elsewhere' && s.endReason !== 'answered') add(s.agent, 'offered');
  }
  return parts;
};

export interface Place {
  phase: LiveCall['phase'];
  offeredAt: number | null;
  /** When this operator's part in it ended. */
  endedAt: number | null;
}

const latest = (segments: readonly Segment[]): Segment | undefined =>
  segments.reduce<Segment | undefined>((last, s) => (!last || s.from >= last.from ? s : last), undefined);

/** Where this extension stands in the call; null: it has nothing to do with it. */
export const placeOf = (call: Call, extension: string): Place | null => {
  const mine = call.segments.filter((s) => s.agent === extension);
  const dialled = call.initiator === extension;
  if (mine.length === 0 && !dialled) return null;

  const talks = mine.filter((s) => TALKING.has(s.kind));
  const offers = mine.filter((s) => s.kind === 'offer');
  const offer = latest(offers);
  const place = (phase: Place['phase'], endedAt: number | null = null): Place => ({ phase, offeredAt: offer?.from ?? null, endedAt });

  if (call.endedAt === null) {
    if (talks.some((s) => s.to === null)) return place('talking');
    if (offer?.to === null) return place(dialled ? 'dialling' : 'ringing');
  }
  const left = latest(talks);
  if (left && (!offer || offer.from <= left.from)) return place('ended', left.to ?? call.endedAt);
  if (dialled) return call.endedAt === null ? place('dialling') : place('ended', call.endedAt);
  // Between the answer and the bridge there is a moment without a segment.
  if (offer?.endReason === 'answered') return call.endedAt === null ? place('talking') : place('ended', call.endedAt);
  if (!offer) return null;
  return place(offer.endReason === 'elsewhere' ? 'elsewhere' : 'missed', offer.to ?? call.endedAt);
};

/** The other side is really called: of a call out, the phone of whoever dialled was picked up first, where it had to ring. */
export const isPlaced = ({ direction, initiator, answeredAt, segments }: Call): boolean => {
  if (direction !== 'out' || answeredAt !== null) return true;
  const own = segments.filter((s) => s.kind === 'offer' && s.agent === initiator);
  return own.length === 0 || own.some((s) => s.endReason === 'answered');
};

/** What this operator does with the other side: holds it, or asks somebody first while it waits, by Asterisk's transfer. */
export const handOf = (call: Call, extension: string): Pick<LiveCall, 'held' | 'consult'> => {
  const mine = call.segments.filter((s) => s.agent === extension);
  const asked = mine.find((s) => s.kind === 'consult' && s.to === null);
  // a phone that transfers by itself asks on a second channel
  const byAsterisk = asked && mine.some((s) => s.kind === 'talk' && s.channel === asked.channel);
  if (byAsterisk) return { held: false, consult: 'talking' };
  if (call.asking?.includes(extension)) return { held: false, consult: 'ringing' };
  return { held: mine.some((s) => s.kind === 'hold' && s.to === null), consult: null };
};

/** Everybody whom the call concerns, by extension. */
export const extensionsOf = (call: Call): string[] => [
  ...new Set([...(call.initiator === null ? [] : [call.initiator]), ...call.segments.flatMap((s) => (s.agent === null ? [] : [s.agent]))]),
];

/** As the log shows it: E.164 where it could be read. */
export const shownNumber = (e164: string | null, raw: string): CallRow['number'] => e164 ?? raw;
