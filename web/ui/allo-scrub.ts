import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { clockSeconds } from '../core/format.ts';
import { momentOfWall, onDay, wallText } from '../core/wall.ts';
import { AlloElement } from './allo-element.ts';
import { icon } from './icons.ts';
import { t } from './strings.ts';

const STEP_MS = 10_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SETTLE_MS = 120;
const STEPS: Record<string, number> = { ArrowLeft: -MINUTE_MS, ArrowRight: MINUTE_MS, PageDown: -10 * MINUTE_MS, PageUp: 10 * MINUTE_MS, ArrowDown: -STEP_MS, ArrowUp: STEP_MS }; // prettier-ignore

/**
 * Walks through the moments of a day. Arrows: a minute, up and down ten seconds, PgUp and PgDn ten minutes.
 * @fires scrubbed - detail.at: epoch ms; null: back to now
 */
@customElement('allo-scrub')
export class Scrub extends AlloElement {
  @property({ type: Number }) at = 0;
  @property({ type: Number }) now = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-3);
      }
      input[type='range'] {
        flex: 1 1 16rem;
        accent-color: var(--accent);
        border: 0;
        padding: 0;
      }
      input[type='date'] {
        width: auto;
      }
      output {
        font-size: var(--text-l);
        font-weight: 650;
      }
    `,
  ];

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  override render() {
    const from = onDay(this.at, 0, 0);
    const to = Math.min(this.now, from + DAY_MS - 1);
    return html`<input
        type="date"
        aria-label=${t().day}
        .value=${wallText(this.at).slice(0, 10)}
        max=${wallText(this.now).slice(0, 10)}
        @change=${(e: Event) => this.toDay((e.target as HTMLInputElement).value)}
      />
      <input
        type="range"
        aria-label=${t().moment}
        aria-valuetext=${clockSeconds(this.at)}
        min=${from}
        max=${to}
        step=${STEP_MS}
        .value=${String(this.at)}
        @input=${(e: Event) => this.go(Number((e.target as HTMLInputElement).value))}
        @keydown=${this.key}
      />
      <output class="num">${clockSeconds(this.at)}</output>
      <button class="button" @click=${() => this.emit('scrubbed', { at: null })}>${icon('play')}${t().toNow}</button>`;
  }

  private key(e: KeyboardEvent) {
    const step = STEPS[e.key];
    if (step === undefined || e.altKey || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    this.go(this.at + step);
  }

  private toDay(date: string) {
    const moment = momentOfWall(`${date}T${wallText(this.at).slice(11)}`);
    if (moment !== null) this.go(moment);
  }

  /** The slider moves at once; what it shows is asked for when it rests. */
  private go(at: number) {
    this.at = Math.max(1, Math.min(at, this.now));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.emit('scrubbed', { at: this.at }), SETTLE_MS);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-scrub': Scrub;
  }
}
