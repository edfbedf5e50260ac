import { css, html, nothing, svg } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Recording } from '../../server/recordings/contract.ts';
import { duration } from '../core/format.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { downloadOf, recordingsApi, soundOf } from './api.ts';
import { t } from './strings.ts';

const SPEEDS = [1, 1.5, 2] as const;
const STEP_S = 5;
const HEIGHT = 40;

/** One recording: its outline, on which one seeks. Space plays, arrows go 5 s, Home and End to the ends. The sound is fetched on the first play. */
@customElement('allo-player')
export class Player extends AlloElement {
  @property({ attribute: false }) recording: Recording | null = null;
  /** The file may be kept. */
  @property({ type: Boolean }) download = false;
  /** Where it begins to play, ms. */
  @property({ type: Number }) begin = 0;
  @state() private peaks: readonly number[] = [];
  @state() private at = 0;
  @state() private playing = false;
  @state() private speed: (typeof SPEEDS)[number] = 1;
  @state() private broken = false;
  @query('audio') private readonly audio!: HTMLAudioElement;

  static override styles = [
    ...AlloElement.styles,
    css`
      .player {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
      }
      .wave {
        flex: 1 1 8rem;
        height: 40px;
        border-radius: var(--radius);
        background: var(--surface-2);
        cursor: pointer;
        touch-action: none;
      }
      .wave svg {
        display: block;
        width: 100%;
        height: 100%;
      }
      .bars {
        stroke: var(--border-strong);
        stroke-width: 0.7;
      }
      .heard {
        stroke: var(--accent);
      }
      .cut-out {
        fill: var(--warning-soft);
      }
      .time {
        min-width: 6.5rem;
        text-align: right;
      }
      .speed {
        min-width: 3.5rem;
      }
      p {
        flex: 1 0 100%;
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    const before = changed.get('recording') as Recording | null | undefined;
    if (!changed.has('recording') || before?.id === this.recording?.id) return;
    this.at = this.begin / 1000;
    this.peaks = [];
    this.broken = false;
    if (this.recording) void this.load(this.recording.id);
  }

  protected override updated(changed: Map<PropertyKey, unknown>) {
    if (changed.has('recording') && this.recording && this.begin > 0) this.audio.currentTime = this.begin / 1000;
  }

  private async load(id: number) {
    try {
      const { peaks } = await recordingsApi.waveform(id);
      if (this.recording?.id === id) this.peaks = peaks;
    } catch {
      if (this.recording?.id === id) this.broken = true;
    }
  }

  private get whole(): number {
    return (this.recording?.durationMs ?? 0) / 1000;
  }

  override render() {
    const { recording } = this;
    if (!recording) return nothing;
    const share = this.whole > 0 ? Math.min(1, this.at / this.whole) : 0;
    const [at, whole] = [duration(this.at * 1000), duration(this.whole * 1000)];
    return html`<div class="player" role="group" aria-label=${t().recording} @keydown=${(e: KeyboardEvent) => this.key(e)}>
      <button class="button icon-only" aria-label=${this.playing ? t().pause : t().play} @click=${() => this.toggle()}>
        ${icon(this.playing ? 'pause' : 'play')}
      </button>
      <div
        class="wave"
        role="slider"
        tabindex="0"
        aria-label=${t().seek}
        aria-valuemin="0"
        aria-valuemax=${Math.round(this.whole)}
        aria-valuenow=${Math.round(this.at)}
        aria-valuetext=${t().position(at, whole)}
        @pointerdown=${(e: PointerEvent) => this.point(e)}
        @pointermove=${(e: PointerEvent) => e.buttons === 1 && this.point(e)}
      >
        <svg viewBox="0 0 ${Math.max(1, this.peaks.length)} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
          ${this.pauses(recording)}
          <path class="bars" d=${this.outline(0, this.peaks.length)}></path>
          <path class="bars heard" d=${this.outline(0, Math.round(share * this.peaks.length))}></path>
        </svg>
      </div>
      <span class="time num small muted">${at} / ${whole}</span>
      <button class="button speed num" aria-label=${t().speed(`${this.speed}×`)} @click=${() => this.faster()}>${this.speed}×</button>
      ${
        this.download
          ? html`<a class="button icon-only" href=${downloadOf(recording.id)} download aria-label=${t().download} title=${t().download}>
              ${icon('download')}
            </a>`
          : nothing
      }
      ${this.broken ? html`<p class="fault" role="alert">${t().cannotPlay}</p>` : nothing}
      <audio
        preload="none"
        src=${soundOf(recording.id)}
        @timeupdate=${() => (this.at = this.audio.currentTime)}
        @seeked=${() => (this.at = this.audio.currentTime)}
        @play=${() => (this.playing = true)}
        @pause=${() => (this.playing = false)}
        @ended=${() => (this.playing = false)}
        @error=${() => (this.broken = true)}
      ></audio>
    </div>`;
  }

  private outline(from: number, to: number): string {
    return this.peaks
      .slice(from, to)
      .map((peak, i) => {
        const half = Math.max(0.5, (peak / 100) * (HEIGHT / 2 - 2));
        return `M${from + i + 0.5} ${HEIGHT / 2 - half}V${HEIGHT / 2 + half}`;
      })
      .join('');
  }

  private pauses({ pauses, startedAt, durationMs }: Recording) {
    const x = (at: number) => (Math.max(0, at - startedAt) / Math.max(1, durationMs ?? 1)) * this.peaks.length;
    return pauses.map(
      ({ from, to }) => svg`<rect class="cut-out" x=${x(from)} width=${Math.max(1, x(to ?? from) - x(from))} height=${HEIGHT}></rect>`,
    );
  }

  private toggle() {
    if (this.playing) return this.audio.pause();
    this.audio.playbackRate = this.speed;
    this.broken = false;
    // a second press before the sound has come is no fault
    this.audio.play().catch((err: DOMException) => (this.broken = err.name !== 'AbortError'));
  }

  private faster() {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length]!;
    this.audio.playbackRate = this.speed;
  }

  private seek(to: number) {
    this.at = Math.min(this.whole, Math.max(0, to));
    this.audio.currentTime = this.at;
  }

  private point(e: PointerEvent) {
    const wave = e.currentTarget as HTMLElement;
    wave.setPointerCapture(e.pointerId);
    const { left, width } = wave.getBoundingClientRect();
    this.seek(((e.clientX - left) / Math.max(1, width)) * this.whole);
  }

  private key(e: KeyboardEvent) {
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    const moves: Record<string, () => void> = {
      ArrowRight: () => this.seek(this.at + STEP_S),
      ArrowLeft: () => this.seek(this.at - STEP_S),
      Home: () => this.seek(0),
      End: () => this.seek(this.whole),
    };
    // on a button the space bar presses that button
    if (e.key === ' ' && (e.target as HTMLElement).role === 'slider') moves[' '] = () => this.toggle();
    const move = moves[e.key];
    if (!move) return;
    e.preventDefault();
    move();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-player': Player;
  }
}
