import { html } from 'lit';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { PhoneStats } from '../phone.ts';
import { qualityIcon } from './icons.ts';
import type { Strings } from './strings.ts';

export type Grade = 'good' | 'fair' | 'poor';

export interface Quality {
  readonly grade: Grade;
  /** Of what should have come since the look before, 0 to 100. */
  readonly lossPercent: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | null;
  /** As in `opus`; null before the first packet. */
  readonly codec: string | null;
}

/** Where speech begins to suffer (after ITU-T G.1028 and G.114), and where it is hard to understand. */
const LIMITS = { lossPercent: [2, 6], jitterMs: [30, 60], roundTripMs: [250, 500] } as const;

/** @param before the statistics of some seconds ago: an old loss is no news. */
export function qualityOf(now: PhoneStats, before: PhoneStats | null): Quality {
  const lost = Math.max(0, now.lost - (before?.lost ?? 0));
  const received = Math.max(0, now.packetsReceived - (before?.packetsReceived ?? 0));
  const lossPercent = lost === 0 ? 0 : (100 * lost) / (lost + received);
  const { jitterMs, roundTripMs } = now;
  const worst = Math.max(
    ...Object.entries({ lossPercent, jitterMs, roundTripMs: roundTripMs ?? 0 }).map(([name, value]) => {
      const [fair, poor] = LIMITS[name as keyof typeof LIMITS];
      return value >= poor ? 2 : value >= fair ? 1 : 0;
    }),
  );
  return {
    grade: (['good', 'fair', 'poor'] as const)[worst as 0 | 1 | 2],
    lossPercent,
    jitterMs,
    roundTripMs,
    codec: now.codec?.replace(/^audio\//, '') ?? null,
  };
}

/** How often the sound is looked at. */
const LOOK_MS = 3_000;

/** Looks at the sound of one call at a time, as long as its host is in the page. */
export class QualityWatch implements ReactiveController {
  value: Quality | null = null;
  private readonly host: ReactiveControllerHost;
  private readonly read: () => Promise<PhoneStats | null>;
  private before: PhoneStats | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private call: string | undefined;

  /** @param read gives nothing while there is no talk. */
  constructor(host: ReactiveControllerHost, read: () => Promise<PhoneStats | null>) {
    this.host = host;
    this.read = read;
    host.addController(this);
  }

  /** @param call its id; what was known of another one is forgotten. */
  watch(call: string | undefined): void {
    this.hostDisconnected();
    this.value = this.before = null;
    this.call = call;
    if (call !== undefined) this.timer = setInterval(() => void this.look(call), LOOK_MS);
  }

  hostDisconnected(): void {
    clearInterval(this.timer);
  }

  private async look(call: string): Promise<void> {
    const stats = await this.read();
    if (!stats || call !== this.call) return;
    this.value = qualityOf(stats, this.before);
    this.before = stats;
    this.host.requestUpdate();
  }
}

export const qualityView = (q: Quality, t: Strings) => html`
  <details class="quality ${q.grade}" part="quality">
    <summary>${qualityIcon(q.grade)}<span>${t.quality[q.grade]}</span></summary>
    <dl>
      <dt>${t.loss}</dt>
      <dd>${q.lossPercent.toFixed(q.lossPercent > 0 && q.lossPercent < 10 ? 1 : 0)} %</dd>
      <dt>${t.jitter}</dt>
      <dd>${Math.round(q.jitterMs)} ${t.ms}</dd>
      <dt>${t.roundTrip}</dt>
      <dd>${q.roundTripMs === null ? '—' : `${Math.round(q.roundTripMs)} ${t.ms}`}</dd>
      <dt>${t.codec}</dt>
      <dd>${q.codec ?? '—'}</dd>
    </dl>
  </details>
`;
