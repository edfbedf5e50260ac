import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Shift } from '../../server/agents/contract.ts';
import { errorText } from '../core/error-words.ts';
import { clock, duration } from '../core/format.ts';
import { Select } from '../core/store.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states } from '../ui/states.ts';
import './allo-break.ts';
import { setShift, shift } from './store.ts';
import { t } from './strings.ts';

/**
 * Start and end of the shift. The click that starts it is the gesture by which a softphone may ring and listen.
 * @fires shift-starting - detail: { mode: 'softphone' | 'desk' }: within the click, before the server is asked
 */
@customElement('allo-shift')
export class ShiftPanel extends AlloElement {
  @state() private chosen: Shift['mode'] | null = null;
  @state() private busy = false;
  @state() private error: string | null = null;
  /** That it began, or ended. */
  @state() private spoken = '';
  private readonly shift = new Select(this, shift, (s) => s);

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .panel {
        margin-bottom: var(--below, 0);
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2);
        padding: var(--space-3);
      }
      .on {
        color: var(--success);
      }
      .modes {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-1);
      }
      .modes label {
        display: flex;
        align-items: center;
        justify-content: center;
        min-height: var(--hit-target);
        padding: var(--space-1);
        border: 1px solid var(--border-strong);
        border-radius: var(--radius);
        text-align: center;
        line-height: 1.2;
        cursor: pointer;
      }
      .modes label:has(:checked) {
        border-color: var(--accent);
        background: var(--accent-soft);
        font-weight: 600;
      }
      .modes label:has(:focus-visible) {
        outline: 2px solid var(--focus-ring);
        outline-offset: 1px;
      }
      .modes input {
        position: absolute;
        opacity: 0;
      }
      .top .button {
        min-height: 1.9rem;
        margin-left: auto;
        white-space: nowrap;
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => this.shift.value?.since != null);
  }

  override render() {
    const s = this.shift.value;
    if (!s) return html`<section class="panel">${skeleton(2)}</section>`;
    if (s.extension === null) return html`<section class="panel"><p class="muted">${t().noExtension}</p></section>`;
    return html`<section class="panel">
      <p class="hidden" role="status">${this.spoken}</p>
      ${s.since === null ? this.off(s) : this.on(s, s.since)}
      ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
    </section>`;
  }

  private on(s: Shift, since: number) {
    return html`<div class="row top">
        <span class="on">${icon('check')}</span>
        <span class="num"><strong>${t().onShift(duration(serverNow() - since))}</strong></span>
        <button class="button" ?disabled=${this.busy} @click=${() => void this.set(false)}>${t().end}</button>
      </div>
      <p class="small muted">
        ${t().extension(s.extension!)} · ${t()[s.mode]} · ${s.queues.length ? `${t().queues}: ${s.queues.join(', ')}` : t().noQueues}
      </p>
      ${
        s.unreachableSince !== null
          ? html`<p class="notice danger small" role="alert">
              ${icon('warning')}<span>${t().unreachable(clock(s.unreachableSince))}</span>
            </p>`
          : nothing
      }
      <allo-break .now=${s.break} .asked=${s.asked}></allo-break>
      ${s.pending.length ? html`<p class="notice warning small">${icon('warning')}<span>${t().pending(s.pending.join(', '))}</span></p>` : nothing}`;
  }

  private off(s: Shift) {
    const mode = this.mode(s);
    return html`<div class="row"><strong>${t().offShift}</strong><span class="muted small">${t().extension(s.extension!)}</span></div>
      <p class="small muted">${t().offHint}</p>
      ${
        s.modes.length > 1
          ? html`<fieldset>
              <legend class="label">${t().mode}</legend>
              <div class="modes">
                ${s.modes.map(
                  (m) =>
                    html`<label
                      ><input type="radio" name="mode" .checked=${m === mode} @change=${() => (this.chosen = m)} />${t()[m]}</label
                    >`,
                )}
              </div>
            </fieldset>`
          : nothing
      }
      <button class="button primary wide" ?disabled=${this.busy} @click=${() => void this.set(true)}>${icon('phone')}${t().start}</button>
      ${mode === 'softphone' ? html`<p class="small muted">${t().softphoneHint}</p>` : nothing}`;
  }

  private mode(s: Shift): Shift['mode'] {
    return this.chosen ?? (s.modes.includes(s.mode) ? s.mode : (s.modes[0] ?? 'desk'));
  }

  /** As the button does. */
  async toggle(): Promise<void> {
    const s = this.shift.value;
    if (s?.extension != null && !this.busy) await this.set(s.since === null);
  }

  private async set(on: boolean) {
    const mode = this.mode(this.shift.value!);
    if (on) this.emit('shift-starting', { mode });
    const here = this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement !== null;
    this.busy = true;
    this.error = null;
    try {
      await setShift(on, on ? mode : undefined);
      this.spoken = on ? t().begun : t().ended;
    } catch (err) {
      this.error = errorText(err);
    } finally {
      this.busy = false;
    }
    // The button that was pressed is gone: the focus goes on at the one in its place.
    if (here) await this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('button')?.focus());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-shift': ShiftPanel;
  }
}
