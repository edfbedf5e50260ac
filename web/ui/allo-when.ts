import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { serverNow } from '../core/time.ts';
import { momentOfWall, onDay, wallText } from '../core/wall.ts';
import { AlloElement } from './allo-element.ts';
import { t } from './strings.ts';

const HOUR_MS = 3_600_000;
const EVENING = 18;
const MORNING = 10;

/**
 * A day and an hour in the user's time zone, with the choices that are made most.
 * @fires when-changed - detail: { at: number | null }, epoch ms; null: nothing that is a time
 */
@customElement('allo-when')
export class AlloWhen extends AlloElement {
  @property({ type: Number }) value: number | null = null;
  @property() label = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      .quick {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        margin-top: var(--space-1);
      }
      .quick .button {
        font-weight: 400;
        font-size: var(--text-s);
        padding: 0 var(--space-2);
        min-height: 1.75rem;
      }
    `,
  ];

  override render() {
    const now = serverNow();
    const quick: [string, () => number][] = [
      [t().inAnHour, () => Math.ceil((serverNow() + HOUR_MS) / 60_000) * 60_000],
      [t().tomorrowMorning, () => onDay(serverNow(), 1, MORNING)],
    ];
    if (onDay(now, 0, EVENING) > now) quick.splice(1, 0, [t().thisEvening, () => onDay(serverNow(), 0, EVENING)]);
    return html`<label class="field"
        ><span>${this.label}</span
        ><input
          type="datetime-local"
          .value=${live(this.value === null ? '' : wallText(this.value))}
          @input=${(e: Event) => this.choose(momentOfWall((e.target as HTMLInputElement).value))}
      /></label>
      <div class="quick">
        ${quick.map(([words, at]) => html`<button type="button" class="button" @click=${() => this.choose(at())}>${words}</button>`)}
      </div>`;
  }

  private choose(at: number | null) {
    // A field that is half filled in says nothing; what was typed of it stays.
    if (at !== null) this.value = at;
    this.emit('when-changed', { at });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-when': AlloWhen;
  }
}
