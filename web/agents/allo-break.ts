import { css, html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { BreakReason, Shift } from '../../server/agents/contract.ts';
import { breakWords } from '../core/break-words.ts';
import { errorText } from '../core/error-words.ts';
import { duration } from '../core/format.ts';
import { onAction } from '../core/keys.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { breakReasons, setBreak } from './store.ts';
import { t } from './strings.ts';

const MINUTE_MS = 60_000;
/** Before the limit, the operator is reminded: of a short break nearer to its end. */
const REMIND_MS = 2 * MINUTE_MS;
const remindFrom = (limitMinutes: number): number => limitMinutes * MINUTE_MS - Math.min(REMIND_MS, (limitMinutes * MINUTE_MS) / 5);

/** Begins and ends the operator's break; Alt+B does either. */
@customElement('allo-break')
export class Break extends AlloElement {
  @property({ attribute: false }) now: Shift['break'] = null;
  /** Waits for a yes. */
  @property({ attribute: false }) asked: Shift['asked'] = null;
  @state() private reasons: readonly BreakReason[] | null = null;
  @state() private open = false;
  @state() private busy = false;
  private warnedOf: number | null = null;
  private remindedOf: number | null = null;
  private silence = () => {};

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
      }
      .reasons {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-1);
      }
      .reasons .button {
        min-width: 0;
        padding: var(--space-1);
        overflow-wrap: anywhere;
      }
      .head .button {
        margin-left: auto;
        min-height: 1.9rem;
        white-space: nowrap;
      }
      .going {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-3);
        border-radius: var(--radius);
        background: var(--info-soft);
        color: var(--info);
      }
      .going.over {
        background: var(--warning-soft);
        color: var(--warning);
      }
      .time {
        margin-left: auto;
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => this.now?.since != null || this.asked !== null);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.silence = onAction({
      break: () => {
        if (this.now) void this.set(null);
        else this.toggle();
        return true;
      },
    });
    void this.load();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.silence();
  }

  private async load() {
    try {
      this.reasons = await breakReasons();
    } catch (err) {
      toast('danger', errorText(err));
    }
  }

  protected override willUpdate(changed: PropertyValues) {
    if ((changed.has('now') && this.now) || (changed.has('asked') && this.asked)) this.open = false;
  }

  /** Each is said once for each break. */
  protected override updated(changed: PropertyValues) {
    if (changed.has('open') && this.open) this.renderRoot.querySelector<HTMLElement>('.reasons button')?.focus();
    if (this.now && this.isSoon(this.now) && this.remindedOf !== this.now.since) {
      this.remindedOf = this.now.since;
      toast('info', t().soonToast(this.words(this.now.reason), duration(this.left(this.now))));
    }
    if (!this.now || !this.isOver(this.now) || this.warnedOf === this.now.since) return;
    this.warnedOf = this.now.since;
    toast('info', t().overToast(this.words(this.now.reason), this.now.limitMinutes));
  }

  private isOver({ since, limitMinutes }: NonNullable<Shift['break']>): boolean {
    return since !== null && limitMinutes > 0 && serverNow() - since > limitMinutes * MINUTE_MS;
  }

  private left({ since, limitMinutes }: NonNullable<Shift['break']>): number {
    return (since ?? serverNow()) + limitMinutes * MINUTE_MS - serverNow();
  }

  /** Its limit comes near, and is not there yet. */
  private isSoon(now: NonNullable<Shift['break']>): boolean {
    const { since, limitMinutes } = now;
    return since !== null && limitMinutes > 0 && !this.isOver(now) && serverNow() - since >= remindFrom(limitMinutes);
  }

  private words(code: string): string {
    return breakWords(code, this.reasons?.find((reason) => reason.code === code)?.label ?? null);
  }

  override render() {
    if (this.now) return this.going(this.now);
    return this.asked ? this.waiting(this.asked) : this.choice();
  }

  private waiting({ reason, at }: NonNullable<Shift['asked']>) {
    return html`<div class="going" role="status">
      <div class="row">
        ${icon('clock')}<strong>${t().asked(this.words(reason))}</strong>
        <span class="num time">${duration(serverNow() - at)}</span>
      </div>
      <button class="button wide" ?disabled=${this.busy} @click=${() => void this.set(null)}>${icon('close')}${t().unask}</button>
    </div>`;
  }

  private going(now: NonNullable<Shift['break']>) {
    const { since, limitMinutes } = now;
    const over = this.isOver(now);
    return html`<div class="going ${over || this.isSoon(now) ? 'over' : ''}">
      <div class="row" role=${over ? 'alert' : nothing}>
        ${icon(over ? 'warning' : 'pause')}
        <strong>${since === null ? t().afterCall(this.words(now.reason)) : t().breakNow(this.words(now.reason))}</strong>
        ${since === null ? nothing : html`<strong class="num time">${duration(serverNow() - since)}</strong>`}
      </div>
      ${
        since !== null && limitMinutes > 0
          ? html`<p class="small">
              ${over ? t().over(limitMinutes) : this.isSoon(now) ? t().soon(duration(this.left(now)), limitMinutes) : t().limit(limitMinutes)}
            </p>`
          : nothing
      }
      <button class="button wide" ?disabled=${this.busy} title="Alt+B" @click=${() => void this.set(null)}>
        ${icon(since === null ? 'close' : 'check')}${since === null ? t().stay : t().back}
      </button>
    </div>`;
  }

  private choice() {
    return html`<div class="row head">
        <button
          class="button wide"
          aria-expanded=${this.open ? 'true' : 'false'}
          title="Alt+B"
          ?disabled=${this.busy}
          @click=${() => this.toggle()}
        >
          ${icon('pause')}${t().break}
        </button>
      </div>
      ${
        this.open && this.reasons
          ? html`<p class="small muted">${this.reasons.length > 0 ? t().breakHint : t().noReasons}</p>
              <div class="reasons" @keydown=${this.escape}>
                ${this.reasons.map(
                  ({ code, label, needsApproval }) =>
                    html`<button
                      class="button"
                      title=${needsApproval ? t().needsApproval : ''}
                      ?disabled=${this.busy}
                      @click=${() => void this.set(code)}
                    >
                      ${breakWords(code, label)}${needsApproval ? ' …' : ''}
                    </button>`,
                )}
              </div>`
          : nothing
      }`;
  }

  private toggle() {
    this.open = !this.open;
    if (this.open && !this.reasons) void this.load();
  }

  private escape(e: KeyboardEvent) {
    if (e.key !== 'Escape') return;
    this.open = false;
    this.renderRoot.querySelector<HTMLElement>('.head button')?.focus();
  }

  private async set(reason: string | null) {
    this.busy = true;
    try {
      await setBreak(reason);
      this.open = false;
    } catch (err) {
      toast('danger', errorText(err));
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-break': Break;
  }
}
