import type { z } from 'zod';
import type { CallEnd, Direction, SegmentKind } from '../calls/contract.ts';
import { CALL_NOTES } from './names.ts';
import type { DemoPerson } from './people.ts';
import type { Random } from './random.ts';

/**
 * A month of a contact centre: callers come by the hour of the day, wait for whoever has been idle longest, give up when it takes too long, are
 * called back. Pure: nobody talks to two at once, and nothing lies in the future. Times are epoch ms, durations seconds.
 */

export interface DemoSegment {
  readonly kind: z.infer<typeof SegmentKind>;
  /** Login. */
  readonly operator: string | null;
  readonly from: number;
  readonly to: number;
  readonly endReason: string;
}

export interface DemoCall {
  readonly direction: z.infer<typeof Direction>;
  /** As the trunk sent it. */
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  readonly queue: Queue | null;
  /** Login of whoever made it. */
  readonly initiator: string | null;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number;
  readonly endReason: z.infer<typeof CallEnd>;
  readonly segments: readonly DemoSegment[];
  readonly outcome: string | null;
  readonly note: string;
}

/** A number from which people call; digits with the country code. */
export interface Customer {
  readonly number: string;
  readonly name: string;
}

type Queue = 'support' | 'sales';
type Operator = DemoPerson & { readonly extension: string };

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
/** Moscow keeps UTC+3 all year. */
const MOSCOW = 3 * HOUR;

const QUEUES: Record<
  Queue,
  { number: string; weekend: number; perHour: readonly number[]; talk: number; outcomes: [string | null, number][] }
> = {
  support: {
    number: '7000',
    weekend: 0.35,
    perHour: [0.4, 0.3, 0.2, 0.2, 0.2, 0.4, 0.8, 2, 5, 10, 14, 15, 13, 11, 13, 14, 12, 10, 8, 6, 4, 2, 1, 0.6],
    talk: 150,
    outcomes: [['resolved', 68], ['complaint', 8], ['call-back', 10], ['other', 7], ['wrong-number', 3], [null, 4]], // prettier-ignore
  },
  sales: {
    number: '7001',
    weekend: 0.2,
    perHour: [0, 0, 0, 0, 0, 0, 0, 0.2, 1, 4, 7, 8, 7, 5, 6, 7, 6, 5, 3, 2, 1, 0.3, 0, 0],
    talk: 200,
    outcomes: [['resolved', 27], ['sale', 22], ['call-back', 23], ['not-interested', 18], ['other', 4], ['wrong-number', 2], [null, 4]], // prettier-ignore
  },
};

const hourOf = (at: number) => Math.floor(((at + MOSCOW) % DAY) / HOUR);
/** 0 is Monday; 1970 began on a Thursday. */
const weekdayOf = (at: number) => (Math.floor((at + MOSCOW) / DAY) + 3) % 7;

/** Everybody has two days a week off, not the same ones. */
const onDuty = (operator: Operator, at: number): boolean => {
  const [begin, end] = operator.hours;
  const hour = hourOf(at);
  const works = begin < end ? hour >= begin && hour < end : hour >= begin || hour < end;
  const day = weekdayOf(begin < end || hour >= begin ? at : at - DAY);
  const off = Number(operator.extension) % 3;
  return works && day !== (off + 4) % 7 && day !== (off + 5) % 7;
};

type Event = { readonly at: number } & (
  | { readonly kind: 'in'; readonly queue: Queue }
  | { readonly kind: 'out'; readonly operator: Operator | null; readonly number: string | null }
  | { readonly kind: 'direct' | 'internal'; readonly operator: Operator }
);

/** Who calls when, before anybody answers. */
const arrivals = (random: Random, operators: readonly Operator[], from: number, to: number): Event[] => {
  const events: Event[] = [];
  const some = (perHour: number, hour: number, make: (at: number) => Event) => {
    for (let at = hour + random.wait(HOUR / perHour); at < hour + HOUR; at += random.wait(HOUR / perHour))
      events.push(make(Math.round(at)));
  };
  for (let hour = from; hour < to; hour += HOUR) {
    for (const queue of ['support', 'sales'] as const) {
      const { perHour, weekend } = QUEUES[queue];
      const rate = perHour[hourOf(hour)]! * (weekdayOf(hour) >= 5 ? weekend : 1);
      if (rate > 0) some(rate, hour, (at) => ({ kind: 'in', queue, at }));
    }
    for (const operator of operators) {
      if (!onDuty(operator, hour) || hourOf(hour) < 9 || hourOf(hour) > 20) continue;
      some(operator.department === 'sales' ? 2 : 0.5, hour, (at) => ({ kind: 'out', operator, number: null, at }));
      some(0.15, hour, (at) => ({ kind: 'direct', operator, at }));
      some(0.1, hour, (at) => ({ kind: 'internal', operator, at }));
    }
  }
  return events.sort((a, b) => a.at - b.at);
};

export const inventCalls = (
  random: Random,
  people: readonly DemoPerson[],
  customers: readonly Customer[],
  span: { from: number; now: number },
): DemoCall[] => {
  const operators = people.filter((p): p is Operator => p.role === 'operator' && p.extension !== null);
  const freeAt = new Map(operators.map((o) => [o.login, 0]));
  const calls: DemoCall[] = [];
  const events = arrivals(random, operators, span.from, span.now);
  const free = (o: Operator) => freeAt.get(o.login)!;
  const seconds = (from: number, to: number) => random.int(from * SECOND, to * SECOND);
  const talkFor = (median: number) => Math.round(Math.min(1500, Math.max(8, random.spread(median, 0.75))) * SECOND);
  const wrapUp = (o: Operator, at: number) => freeAt.set(o.login, at + seconds(8, 45));

  /** A few call often, most seldom. */
  const customer = () => customers[Math.floor(customers.length * random.next() ** 2)] ?? stranger();
  const stranger = (): Customer => ({
    number: `7${random.pick(['946', '976'])}${String(random.int(0, 9_999_999)).padStart(7, '0')}`,
    name: '',
  });
  const caller = () =>
    random.weighted<() => Customer>([
      [customer, 74],
      [stranger, 23],
      [() => ({ number: '', name: '' }), 3],
    ])();
  const trunk = (number: string) => (number === '' || random.chance(0.7) ? number : `+${number}`);
  const shown = (who: Customer) => (random.chance(0.3) ? who.name : '');
  const ending = (queue: Queue): Pick<DemoCall, 'outcome' | 'note'> => {
    const outcome = random.weighted(QUEUES[queue].outcomes);
    const notes = CALL_NOTES[outcome ?? ''] ?? [];
    return { outcome, note: notes.length > 0 && random.chance(0.4) ? random.pick(notes) : '' };
  };
  const keep = (call: DemoCall) => {
    if (call.endedAt < span.now) calls.push(call);
  };

  const queueCall = (event: Event & { kind: 'in' }) => {
    const who = caller();
    const { queue, at: startedAt } = event;
    const base = {
      direction: 'in',
      from: trunk(who.number),
      fromName: shown(who),
      to: QUEUES[queue].number,
      queue,
      initiator: null,
      startedAt,
    } as const;
    const givesUpAt = startedAt + 15 * SECOND + Math.round(random.wait(140 * SECOND));
    const waiting = (to: number, endReason: string): DemoSegment => ({ kind: 'queue', operator: null, from: startedAt, to, endReason });
    const offers: DemoSegment[] = [];
    const abandon = () => {
      keep({
        ...base,
        answeredAt: null,
        endedAt: givesUpAt,
        endReason: 'abandoned',
        segments: [waiting(givesUpAt, 'abandoned'), ...offers],
        outcome: null,
        note: '',
      });
      if (who.number !== '' && random.chance(0.6)) callBack(givesUpAt + seconds(300, 3000), who.number);
    };
    for (let at = startedAt + SECOND; ;) {
      const team = operators.filter((o) => o.queues.includes(queue) && onDuty(o, at));
      const next = team.sort((a, b) => free(a) - free(b))[0];
      at = Math.max(at, next ? free(next) : givesUpAt);
      if (!next || at >= givesUpAt) return abandon();
      const answers = random.chance(0.94);
      const until = at + (answers ? seconds(2, 11) : 15 * SECOND);
      const offer = { kind: 'offer', operator: next.login, from: at } as const;
      if (until >= givesUpAt) {
        offers.push({ ...offer, to: givesUpAt, endReason: 'cancelled' });
        freeAt.set(next.login, givesUpAt);
        return abandon();
      }
      offers.push({ ...offer, to: until, endReason: answers ? 'answered' : 'no-answer' });
      if (!answers) {
        freeAt.set(next.login, until + seconds(20, 120));
        at = until + SECOND;
        continue;
      }
      const endedAt = until + talkFor(QUEUES[queue].talk);
      const talk: DemoSegment = {
        kind: 'talk',
        operator: next.login,
        from: until,
        to: endedAt,
        endReason: random.chance(0.6) ? 'customer' : 'agent',
      };
      wrapUp(next, endedAt);
      const segments = [waiting(until, 'answered'), ...offers, talk];
      return keep({ ...base, answeredAt: until, endedAt, endReason: 'completed', segments, ...ending(queue) });
    }
  };

  const callBack = (at: number, number: string) => {
    const later = events.findIndex((e) => e.at > at);
    if (later >= 0) events.splice(later, 0, { kind: 'out', operator: null, number, at });
  };

  const outCall = (event: Event & { kind: 'out' }) => {
    const { at: startedAt } = event;
    const idle = (o: Operator) => onDuty(o, startedAt) && free(o) <= startedAt;
    const operator = event.operator ?? operators.find(idle);
    if (!operator || !idle(operator)) return;
    const number = event.number ?? customer().number;
    const base = {
      direction: 'out',
      from: operator.extension,
      fromName: '',
      to: number.replace(/^7/, '8'),
      queue: null,
      initiator: operator.login,
      startedAt,
    } as const;
    const end = random.weighted<DemoCall['endReason']>([['completed', 62], ['no-answer', 27], ['busy', 11]]); // prettier-ignore
    const ringsUntil = startedAt + (end === 'busy' ? seconds(2, 5) : end === 'completed' ? seconds(4, 25) : seconds(25, 45));
    if (end !== 'completed') {
      freeAt.set(operator.login, ringsUntil + seconds(3, 15));
      return keep({
        ...base,
        answeredAt: null,
        endedAt: ringsUntil,
        endReason: end,
        segments: [],
        outcome: random.chance(0.8) ? end : null,
        note: '',
      });
    }
    const endedAt = ringsUntil + talkFor(operator.department === 'sales' ? 180 : 90);
    wrapUp(operator, endedAt);
    const talk: DemoSegment = {
      kind: 'talk',
      operator: operator.login,
      from: ringsUntil,
      to: endedAt,
      endReason: random.chance(0.4) ? 'customer' : 'agent',
    };
    keep({
      ...base,
      answeredAt: ringsUntil,
      endedAt,
      endReason: 'completed',
      segments: [talk],
      ...ending(operator.department === 'sales' ? 'sales' : 'support'),
    });
  };

  /** Somebody dials an operator's own number: a client who kept it, or a colleague. */
  const directCall = (event: Event & { kind: 'direct' | 'internal' }) => {
    const { operator, at: startedAt, kind } = event;
    const colleague =
      kind === 'internal' ? operators.find((o) => o !== operator && onDuty(o, startedAt) && free(o) <= startedAt) : undefined;
    if ((kind === 'internal' && !colleague) || !onDuty(operator, startedAt) || free(operator) > startedAt) return;
    const who = customer();
    const base = colleague
      ? ({ direction: 'internal', from: colleague.extension, fromName: colleague.name, initiator: colleague.login } as const)
      : ({ direction: 'in', from: trunk(who.number), fromName: shown(who), initiator: null } as const);
    const answers = random.chance(0.8);
    const until = startedAt + (answers ? seconds(2, 12) : seconds(15, 30));
    const offer: DemoSegment = {
      kind: 'offer',
      operator: operator.login,
      from: startedAt,
      to: until,
      endReason: answers ? 'answered' : 'no-answer',
    };
    const endedAt = answers ? until + talkFor(kind === 'internal' ? 40 : 120) : until;
    for (const o of colleague ? [operator, colleague] : [operator]) wrapUp(o, endedAt);
    const talk: DemoSegment = { kind: 'talk', operator: operator.login, from: until, to: endedAt, endReason: 'customer' };
    const filed = answers && kind === 'direct' ? ending(operator.queues[0]!) : { outcome: null, note: '' };
    keep({
      ...base,
      to: operator.extension,
      queue: null,
      startedAt,
      answeredAt: answers ? until : null,
      endedAt,
      endReason: answers ? 'completed' : 'no-answer',
      segments: answers ? [offer, talk] : [offer],
      ...filed,
    });
  };

  // Calling back adds events behind the one that is looked at.
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!;
    if (event.kind === 'in') queueCall(event);
    else if (event.kind === 'out') outCall(event);
    else directCall(event);
  }
  return calls.sort((a, b) => a.startedAt - b.startedAt);
};
