import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { duration } from '../core/format.ts';
import { onAction } from '../core/keys.ts';
import { Select } from '../core/store.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { callsApi } from './api.ts';
import { wrapUp } from './store.ts';
import { t } from './strings.ts';

/** The time after a call: how much is left of it, "ready", more of it. */
@customElement('allo-wrap-up-clock')
export class WrapUpClock extends AlloElement {
  @state() private error: string | null = null;
  @state() private busy = false;
  private readonly wrap = new Select(this, wrapUp, (w) => w);
  private stopKeys = () => {};

  static override styles = [
    ...AlloElement.styles,
    css`
      section {
        display: grid;
        gap: var(--space-2);
        margin-bottom: var(--below, 0);
        padding: var(--space-3);
        border-left: 4px solid var(--warning);
      }
      section.over {
        border-left-color: var(--danger);
      }
      .left {
        margin-left: auto;
        font-size: var(--text-xl);
        font-weight: 650;
        line-height: 1;
      }
      .over .left {
        color: var(--danger);
      }
      .bar {
        height: 4px;
        border-radius: 2px;
        background: var(--surface-3);
        overflow: hidden;
      }
      .bar i {
        display: block;
        height: 100%;
        background: var(--warning);
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => this.wrap.value !== null);
  }

  override connectedCallback() {
    super.connectedCallback();
    const order = (what: () => Promise<unknown>) => () => {
      if (!this.wrap.value) return false;
      void this.order(what);
      return true;
    };
    this.stopKeys = onAction({ ready: order(callsApi.ready), moreTime: order(callsApi.moreTime) });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stopKeys();
  }

  protected override willUpdate() {
    if (!this.wrap.value) this.error = null;
  }

  override render() {
    const w = this.wrap.value;
    if (!w) return nothing;
    const left = w.until - serverNow();
    const over = left <= 0;
    const part = over ? 0 : Math.min(1, left / Math.max(1, w.until - w.since));
    return html`<section class="panel ${over ? 'over' : ''}" aria-label=${t().wrapUp}>
      <p class="row">
        ${icon('clock')}<strong>${t().wrapUp}</strong>
        <span class="num left" role="timer" aria-label=${over ? t().overtime : t().timeLeft}
          >${over ? '+' : ''}${duration(Math.abs(left))}</span
        >
      </p>
      <div class="bar" aria-hidden="true"><i style="width: ${(part * 100).toFixed(1)}%"></i></div>
      <p class="small muted">${w.required ? t().outcomeDemanded : t().noCallsNow}</p>
      <div class="row">
        <button class="button primary grow" title="Alt+R" ?disabled=${this.busy} @click=${() => void this.order(callsApi.ready)}>
          ${icon('check')}${t().ready}
        </button>
        ${
          w.until < w.latest
            ? html`<button class="button" title="Alt+T" ?disabled=${this.busy} @click=${() => void this.order(callsApi.moreTime)}>
                ${icon('plus')}${t().moreTime}
              </button>`
            : nothing
        }
      </div>
      ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
    </section>`;
  }

  private async order(send: () => Promise<unknown>) {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      await send();
    } catch (err) {
      const reason = err instanceof ApiError ? err.data.reason : null;
      this.error = reason === 'outcome_required' ? t().outcomeFirst : reason === 'no_more_time' ? t().noMoreTime : errorText(err);
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-wrap-up-clock': WrapUpClock;
  }
}
