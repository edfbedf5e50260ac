import { amdOf } from '../calls/amd.ts';
import type { Signal, Touch } from '../calls/signals.ts';
import { kindOf } from '../calls/state.ts';
import { placeOf, say } from './records.ts';
import type { CelRecord, QueueRecord } from './records.ts';

/** What the two journals say of one call, in order of time, and whether Asterisk died in it. */
export interface CallRecords {
  readonly cel: readonly CelRecord[];
  readonly queue: readonly QueueRecord[];
  /** The next start of Asterisk, when it died with the call up. */
  readonly diedBefore: number | null;
}

interface Timed {
  readonly at: number;
  readonly signal: Signal;
}

/** How a caller left the queue without an answer, in the words of QUEUESTATUS. */
const RESULTS: Readonly<Record<string, string>> = { EXITWITHTIMEOUT: 'TIMEOUT', EXITWITHKEY: 'KEY', EXITEMPTY: 'LEAVEEMPTY' };
/** The dialplan's own record (cti/asterisk/extensions.conf): the key asked for a call-back. Some versions write its name as the event, some USER_DEFINED. */
const asksBack = (record: CelRecord): boolean => [record.event, say(record, 'extra')].includes('ALLO_CALL_BACK');
const LEFT = ['CONNECT', 'ABANDON', ...Object.keys(RESULTS)];
const UNPARKED: Readonly<Record<string, 'timeout' | 'gave-up'>> = { ParkedCallTimeOut: 'timeout', ParkedCallGiveUp: 'gave-up' };
const BUSY = 17;
const REJECTED = 21;

/** Everything about one channel. */
interface Leg {
  readonly id: string;
  readonly records: CelRecord[];
  readonly start: CelRecord;
  readonly answeredAt: number | null;
  readonly hangup: CelRecord | null;
}

const touch = (record: CelRecord): Touch => ({ id: record.uniqueid, linkedid: record.linkedid });
const causeOf = (record: CelRecord): number => Number(record.extra['hangupcause']) || 0;
/** A channel that Asterisk itself made has no number dialled: "s". */
const wasDialled = (record: CelRecord) => record.exten === 's' || record.exten === '';
const clean = (name: string) => name.replace(/[\x00-\x1f\x7f]/g, ' ');

function legsOf(cel: readonly CelRecord[]): Leg[] {
  const byId = new Map<string, CelRecord[]>();
  for (const record of cel) {
    const mine = byId.get(record.uniqueid);
    if (mine) mine.push(record);
    else byId.set(record.uniqueid, [record]);
  }
  return [...byId].flatMap(([id, records]) => {
    const start = records.find((r) => r.event === 'CHAN_START');
    if (!start) return [];
    const answeredAt = records.find((r) => r.event === 'ANSWER')?.at ?? null;
    return [{ id, records, start, answeredAt, hangup: records.find((r) => r.event === 'HANGUP' || r.event === 'CHAN_END') ?? null }];
  });
}

/**
 * The signals that the live bridge would have been given, so that the same reducer makes the same call of them. What neither journal tells:
 * holds; whom a dialling rang is taken from the birth of its channel, and its outcome from the hang-ups.
 */
export function signalsOf(records: CallRecords, extensions: RegExp): Signal[] {
  const legs = legsOf(records.cel);
  const byId = new Map(legs.map((leg) => [leg.id, leg]));
  const out: Timed[] = [];
  const add = (at: number, signal: Signal) => out.push({ at, signal });

  const visits = legs.flatMap((leg) => visitsOf(leg, records, byId));
  // of equal times, what stands first here comes first
  for (const leg of legs) begin(leg, records.cel, extensions, add);
  for (const leg of legs) answer(leg, byId, add);
  for (const { leg, waits, queue, from, to, left } of visits) {
    add(from, { kind: 'queue.join', at: from, channel: touch(leg.start), queue });
    if (to === null) continue;
    const channel = touch(waits.start);
    if (left === 'ABANDON') add(to, { kind: 'channel.hangup-requested', at: to, channel });
    add(to, { kind: 'queue.leave', at: to, channel, queue });
    const asked = waits.records.find((r) => asksBack(r) && r.at >= to);
    if (left === 'EXITWITHKEY' && asked) {
      add(to, { kind: 'queue.result', at: to, channel, status: 'CALLBACK', queue, number: asked.number });
      continue;
    }
    const status = RESULTS[left ?? ''];
    if (status !== undefined) add(to, { kind: 'queue.result', at: to, channel, status, queue, number: '' });
  }
  for (const record of records.cel) move(record, add);
  for (const leg of legs) end(leg, visits, byId, add);

  out.sort((a, b) => a.at - b.at);
  const signals = out.map(({ at, signal }) => ({ ...signal, at: Math.round(at) }));
  if (records.diedBefore !== null) signals.push({ kind: 'snapshot', at: Math.round(records.diedBefore), channels: [], entries: [] });
  return signals;
}

type Add = (at: number, signal: Signal) => void;

function begin(leg: Leg, cel: readonly CelRecord[], extensions: RegExp, add: Add): void {
  const { start, id } = leg;
  const origin = id === start.linkedid;
  const kind = kindOf(start.channel, extensions);
  const ours = origin && id.startsWith('allo-') && wasDialled(start) && kind?.agent;
  // the order's caller id is the number to be dialled; the channel takes it after its birth
  const number = ours ? leg.records.find((r) => r.number !== '' && r.number !== start.number)?.number : undefined;
  if (ours && number !== undefined) add(start.at, { kind: 'originate.ordered', at: start.at, id, agent: ours, number });
  add(start.at, {
    kind: 'channel.new',
    at: start.at,
    channel: {
      ...touch(start),
      name: start.channel,
      calling: origin && !wasDialled(start),
      up: false,
      number: start.number,
      callerName: clean(start.callerName),
      exten: start.exten,
    },
  });
  if (leg.records.some((r) => r.application === 'ChanSpy' || r.application === 'ExtenSpy'))
    add(start.at, { kind: 'spy', at: start.at, channel: touch(start) });
  if (kind?.party === 'local' || !wasDialled(start)) return;
  const dialler = cel.find((r) => r.uniqueid === start.linkedid && r.at <= start.at);
  const from = origin || !dialler ? null : touch(dialler);
  const exten = from
    ? (cel.findLast((r) => r.uniqueid === start.linkedid && r.at <= start.at)?.exten ?? '')
    : (leg.records.find((r) => r.number !== '')?.number ?? '');
  add(start.at, { kind: 'dial.begin', at: start.at, from, exten, dest: touch(start) });
}

function answer({ start, answeredAt }: Leg, byId: ReadonlyMap<string, Leg>, add: Add): void {
  if (answeredAt === null) return;
  if (!wasDialled(start)) return add(answeredAt, { kind: 'channel.state', at: answeredAt, up: true, channel: touch(start) });
  add(answeredAt, { kind: 'dial.end', at: answeredAt, from: dialler(start, byId), dest: touch(start), status: 'ANSWER' });
}

const dialler = (start: CelRecord, byId: ReadonlyMap<string, Leg>): Touch | null => {
  const by = start.uniqueid === start.linkedid ? undefined : byId.get(start.linkedid);
  return by ? touch(by.start) : null;
};

interface Visit {
  /** Who entered. */
  readonly leg: Leg;
  /** Who was there at its end: another one, when an operator who waited handed his place over. */
  readonly waits: Leg;
  readonly queue: string;
  readonly from: number;
  readonly to: number | null;
  readonly left: string | null;
  readonly rang: readonly QueueRecord[];
}

/** A caller's stays in queues: which and how they ended from queue_log, when to the millisecond from CEL. */
function visitsOf(leg: Leg, { cel, queue: all }: CallRecords, byId: ReadonlyMap<string, Leg>): Visit[] {
  const handed = cel.find((r) => placeOf(r)?.of === leg.id);
  const waits = (handed && byId.get(placeOf(handed)!.who)) ?? leg;
  // its seconds are whole
  const ofOther = (r: QueueRecord) => handed !== undefined && r.callId === waits.id && r.at + 999 >= handed.at;
  const mine = all.filter((r) => r.callId === leg.id || (ofOther(r) && r.event !== 'ENTERQUEUE'));
  const entered = mine.filter((r) => r.event === 'ENTERQUEUE');
  const apps = leg.records.filter((r) => r.application === 'Queue');
  const starts = apps.filter((r) => r.event === 'APP_START');
  return entered.map((record, i) => {
    const next = mine.indexOf(entered[i + 1]!);
    const during = mine.slice(mine.indexOf(record), next < 0 ? undefined : next).filter((r) => r.queue === record.queue);
    const left = during.find((r) => LEFT.includes(r.event));
    const from = starts.length === entered.length ? starts[i]!.at : Math.max(record.at, leg.answeredAt ?? leg.start.at);
    return {
      leg,
      waits,
      queue: record.queue,
      from,
      to: left ? leaving(left, waits, from, byId) : null,
      left: left?.event ?? null,
      rang: during.filter((r) => r.event === 'RINGNOANSWER'),
    };
  });
}

function leaving(left: QueueRecord, leg: Leg, from: number, byId: ReadonlyMap<string, Leg>): number {
  const other = left.event === 'CONNECT' ? byId.get(left.data[1] ?? '') : undefined;
  // a phone that picked the call up from another one was up before
  const pickedUp = other && other.start.linkedid !== leg.start.linkedid;
  const answered = pickedUp ? other.records.find((r) => r.event === 'BRIDGE_ENTER' && r.at >= from)?.at : other?.answeredAt;
  const over = leg.records.find((r) => r.at >= from && r.event === 'APP_END' && r.application === 'Queue') ?? leg.hangup;
  return Math.max(from, answered ?? (left.event === 'CONNECT' ? null : over?.at) ?? left.at);
}

const bare = (id: string): Touch => ({ id, linkedid: '' });
const placeIn = (record: CelRecord) => {
  const place = placeOf(record);
  return place ? { place: { who: bare(place.who), of: bare(place.of) } } : {};
};

function move(record: CelRecord, add: Add): void {
  const { at } = record;
  const channel = touch(record);
  switch (record.event) {
    case 'BRIDGE_ENTER': {
      const holding = say(record, 'bridge_technology') === 'holding_bridge';
      return add(at, { kind: 'bridge.enter', at, channel, bridge: say(record, 'bridge_id'), holding });
    }
    case 'BRIDGE_EXIT':
      return add(at, { kind: 'bridge.leave', at, channel, bridge: say(record, 'bridge_id') });
    case 'BLINDTRANSFER':
      return add(at, { kind: 'transfer', at, channels: [channel] });
    case 'ATTENDEDTRANSFER':
      return add(at, { kind: 'transfer', at, channels: [channel, bare(say(record, 'channel2_uniqueid'))], ...placeIn(record) });
    case 'PICKUP':
      return add(at, { kind: 'pickup', at, channel: bare(say(record, 'pickup_channel_uniqueid')), target: channel });
    case 'ALLO_AMD': {
      const verdict = amdOf(say(record, 'extra'));
      return verdict ? add(at, { kind: 'amd', at, channel, verdict }) : undefined;
    }
    case 'PARK_START':
      return add(at, { kind: 'parked', at, channel });
    case 'PARK_END':
      return add(at, { kind: 'unparked', at, channel, by: UNPARKED[say(record, 'reason')] ?? 'fetched' });
    default:
      // of a record of another kind only its Linkedid matters, which may be a new one
      if (record.event !== 'CHAN_START') add(at, { kind: 'channel.renamed', at, channel, name: record.channel });
  }
}

function end(leg: Leg, visits: readonly Visit[], byId: ReadonlyMap<string, Leg>, add: Add): void {
  const { start, hangup } = leg;
  if (!hangup) return;
  const { at } = hangup;
  const cause = causeOf(hangup);
  const channel = touch(hangup);
  if (wasDialled(start) && leg.answeredAt === null)
    add(at, { kind: 'dial.end', at, from: dialler(start, byId), dest: channel, status: statusOf(leg, cause, visits, byId) });
  if (say(hangup, 'hangupsource') === hangup.channel) add(at, { kind: 'channel.hangup-requested', at, channel });
  add(at, { kind: 'channel.gone', at, channel, cause });
}

/** How the dialling of a phone that did not answer ended, in the words of DialStatus. */
function statusOf(leg: Leg, cause: number, visits: readonly Visit[], byId: ReadonlyMap<string, Leg>): string {
  const at = leg.hangup!.at;
  if (cause === BUSY || cause === REJECTED) return 'BUSY';
  const forwards = byId.get(leg.start.linkedid)?.records.some((r) => r.event === 'FORWARD' && r.at > leg.start.at && r.at <= at);
  if (forwards) return 'FORWARD';
  const visit = visits.find(
    (v) => [v.leg.id, v.waits.id].includes(leg.start.linkedid) && v.from <= leg.start.at && (v.to ?? Infinity) >= leg.start.at,
  );
  if (visit) return visit.rang.some((r) => Math.abs(r.at + 500 - at) < 1_500) ? 'NOANSWER' : 'CANCEL';
  const by = byId.get(leg.start.linkedid);
  if (by === leg) return 'NOANSWER'; // rung by an Originate
  const status = by?.hangup ? say(by.hangup, 'dialstatus') : '';
  if (status !== '' && status !== 'ANSWER') return status;
  // it tells of a later dialling: given up by Asterisk itself while nobody else answered, this one rang out
  const elsewhere = [...byId.values()].some(({ answeredAt }) => answeredAt !== null && answeredAt > leg.start.at && answeredAt < at + 100);
  return cause === 0 && !elsewhere ? 'NOANSWER' : 'CANCEL';
}
