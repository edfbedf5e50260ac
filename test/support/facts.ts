import type { Call, CallEnd, Fact, Segment, SegmentEnd, SegmentKind } from '../../cti/index.ts';

/** Tells the story of one call as the bridge does: each step is a fact that carries the whole call. Times are ms after its start. */
export class Story {
  call: Call;
  readonly facts: Fact[] = [];
  private readonly start: number;
  private count = 0;

  constructor(call: Partial<Call> & { key: string }, start = 1_790_000_000_000) {
    this.start = start;
    this.call = {
      pbx: 'main',
      direction: 'in',
      from: '+79161234567',
      fromName: 'Ivan Petrov',
      to: '7000',
      queue: null,
      initiator: null,
      startedAt: start,
      answeredAt: null,
      endedAt: null,
      endReason: null,
      cause: null,
      adopted: false,
      segments: [],
      ...call,
    };
    this.tell(this.call.adopted ? 'call.adopted' : 'call.started', 0);
  }

  private tell(kind: 'call.started' | 'call.adopted' | 'call.changed' | 'call.ended', at: number) {
    this.facts.push({ kind, pbx: this.call.pbx, key: this.call.key, at: this.start + at, call: this.call });
  }

  private change(change: Partial<Call>) {
    this.call = { ...this.call, ...change };
  }

  queued(at: number, queue: string): this {
    this.change({ queue: this.call.queue ?? queue });
    this.facts.push({ kind: 'call.queued', pbx: this.call.pbx, key: this.call.key, at: this.start + at, call: this.call, queue });
    return this.begin(at, 'queue', null, queue);
  }

  begin(at: number, kind: SegmentKind, agent: string | null = null, queue: string | null = null): this {
    const id = `${kind}:${this.call.key}:${++this.count}`;
    const channel = agent === null ? null : `PJSIP/${agent}-0000000${this.count}`;
    const segment: Segment = { id, kind, agent, channel, queue, from: this.start + at, to: null, endReason: null };
    const answers = kind === 'talk' && this.call.answeredAt === null ? { answeredAt: this.start + at } : {};
    this.change({ segments: [...this.call.segments, segment], ...answers });
    this.facts.push({ kind: 'segment.started', pbx: this.call.pbx, key: this.call.key, at: this.start + at, call: this.call, segment });
    return this;
  }

  /** Ends the open segment of this kind (and agent). */
  end(at: number, kind: SegmentKind, endReason: SegmentEnd, agent: string | null = null): this {
    const open = this.call.segments.find((s) => s.kind === kind && s.to === null && (agent === null || s.agent === agent));
    if (!open) throw new Error(`no open ${kind}`);
    const segment = { ...open, to: this.start + at, endReason };
    this.change({ segments: this.call.segments.map((s) => (s === open ? segment : s)) });
    this.facts.push({ kind: 'segment.ended', pbx: this.call.pbx, key: this.call.key, at: this.start + at, call: this.call, segment });
    return this;
  }

  hangup(at: number, endReason: CallEnd, cause: number | null = 16): this {
    this.change({ endedAt: this.start + at, endReason, cause });
    this.tell('call.ended', at);
    return this;
  }

  /** Swallows another call. */
  merge(at: number, merged: Call): this {
    this.change({ segments: [...this.call.segments, ...merged.segments], answeredAt: this.call.answeredAt ?? merged.answeredAt });
    this.facts.push({
      kind: 'call.merged',
      pbx: this.call.pbx,
      key: this.call.key,
      at: this.start + at,
      call: this.call,
      merged: merged.key,
    });
    return this;
  }
}

/** A queue call that Anna (101) answers after 4 s and talks 10 s on. */
export const answered = (key: string, agent = '101', start?: number): Story =>
  new Story({ key }, start)
    .queued(10, 'support')
    .begin(1000, 'offer', agent, 'support')
    .end(4000, 'offer', 'answered', agent)
    .end(4000, 'queue', 'answered')
    .begin(4000, 'talk', agent)
    .end(14_000, 'talk', 'customer')
    .hangup(14_000, 'completed');

export const synced = (at: number, live: string[] = [], pbx = 'main'): Fact => ({ kind: 'pbx.synced', pbx, at, live });
