import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FreeList } from '../../server/meetings/contract.ts';
import { clock, moment } from '../core/format.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { errorText } from '../core/error-words.ts';
import { meetingsApi } from './api.ts';
import { t } from './strings.ts';

interface Ask {
  users: readonly number[];
  resources: readonly number[];
  minutes: number;
  except: number | null;
}

/**
 * The first times that all of them have free.
 * @fires time-chosen - detail: { from: number }
 */
@customElement('allo-meeting-times')
export class MeetingTimes extends AlloElement {
  @property({ attribute: false, hasChanged: (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b) }) ask: Ask = { users: [], resources: [], minutes: 60, except: null }; // prettier-ignore
  /** Epoch ms, from when. */
  @property({ type: Number }) from = 0;
  @state() private found: FreeList | null = null;
  @state() private looking = false;
  @state() private fault: string | null = null;
  private asked = 0;

  static override styles = [
    ...AlloElement.styles,
    css`
      .row {
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      .row + .row {
        margin-top: var(--space-2);
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('ask')) return;
    // of other people it says nothing
    this.found = null;
    this.fault = null;
    this.asked += 1;
    this.looking = false;
  }

  private find = async () => {
    const asked = ++this.asked;
    this.looking = true;
    this.fault = null;
    try {
      const found = await meetingsApi.free({ ...this.ask, from: this.from });
      if (asked !== this.asked) return;
      this.found = found;
      this.looking = false;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('[data-time]')?.focus();
    } catch (err) {
      if (asked !== this.asked) return;
      this.fault = errorText(err);
      this.looking = false;
    }
  };

  /** Left and right walk along the times. */
  private walk = (e: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    const times = [...this.renderRoot.querySelectorAll<HTMLElement>('[data-time]')];
    const at = times.indexOf(e.target as HTMLElement);
    if (!step || at < 0) return;
    e.preventDefault();
    times[(at + step + times.length) % times.length]!.focus();
  };

  override render() {
    return html`<div class="row">
        <button type="button" class="button" aria-busy=${this.looking ? 'true' : 'false'} @click=${this.find}>${icon('search')}${t().find}</button>
        <span role="status" class="muted small">${this.looking ? t().finding : this.words}</span>
      </div>
      ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}
      ${this.found && this.found.items.length > 0 ? this.times(this.found.items) : nothing}`;
  } // prettier-ignore

  private get words(): string {
    if (!this.found) return '';
    if (this.found.never.length > 0) return t().neverFree(this.found.never.map(({ name }) => name).join(', '));
    return this.found.items.length > 0 ? t().found : t().noneFree;
  }

  private times(items: FreeList['items']) {
    return html`<div class="row" role="group" aria-label=${t().found} @keydown=${this.walk}>
      ${items.map(({ from, to }) => html`<button type="button" class="button" data-time=${from} @click=${() => this.emit('time-chosen', { from })}>${moment(from)}–${clock(to)}</button>`)}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-meeting-times': MeetingTimes;
  }
}
