import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { UnopenedReply } from '../../server/tasks/contract.ts';
import { clock } from '../core/format.ts';
import { onReset } from '../core/live.ts';
import { me } from '../core/session.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { tasksApi } from './api.ts';
import { t } from './strings.ts';

const EVERY_MS = 60_000;
const SHOWN = 12;

/** For whoever leads others: who has not looked at the day a quarter of an hour after their shift began. */
@customElement('allo-day-late')
export class DayLate extends AlloElement {
  @state() private late: UnopenedReply['items'] = [];
  private timer: ReturnType<typeof setInterval> | undefined;
  private stop = () => {};

  static override styles = [
    ...AlloElement.styles,
    css`
      p {
        display: flex;
        gap: var(--space-2);
        margin: 0 var(--space-1) var(--space-2);
        overflow-wrap: anywhere;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    if (!['supervisor', 'manager', 'administrator'].includes(me()?.user.role ?? '')) return;
    void this.load();
    this.timer = setInterval(() => void this.load(), EVERY_MS);
    this.stop = onReset(() => void this.load());
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.stop();
  }

  private async load() {
    try {
      this.late = (await tasksApi.unopened()).items;
    } catch {
      // What was shown last is better than nothing; it is asked again in a minute, and the banner says that we are offline.
    }
  }

  override render() {
    if (this.late.length === 0) return nothing;
    const names = this.late.slice(0, SHOWN).map(({ user, startedAt }) => `${user.name} (${t().since(clock(startedAt))})`);
    const rest = this.late.length - names.length;
    return html`<p class="small" role="status">
      ${icon('clock')}<span><strong>${t().unopened}:</strong> ${names.join(', ')}${rest > 0 ? ` +${rest}` : ''}</span>
    </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-day-late': DayLate;
  }
}
