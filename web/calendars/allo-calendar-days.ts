import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DayRule } from '../../server/calendars/contract.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { hoursText, readHours } from '../core/hours-text.ts';
import { t } from './strings.ts';

const KINDS: readonly DayRule['kind'][] = ['closed', 'short', 'hours'];

/**
 * The days of a calendar that differ from its week, a year at a time.
 * @fires days-changed - detail: { days: DayRule[] }
 */
@customElement('allo-calendar-days')
export class CalendarDays extends AlloElement {
  @property({ attribute: false }) days: readonly DayRule[] = [];
  @property({ type: Boolean }) editable = false;
  @property({ attribute: false }) thisYear = '';
  @state() private year = '';
  @state() private kind: DayRule['kind'] = 'closed';
  @state() private fault = false;

  static override styles = [
    ...AlloElement.styles,
    css`
      li {
        display: grid;
        grid-template-columns: 7rem 9rem 1fr auto;
        gap: var(--space-3);
        align-items: center;
        min-height: 2.25rem;
        border-top: 1px solid var(--border);
      }
      form {
        display: grid;
        grid-template-columns: 10rem 10rem 1fr 1fr auto;
        gap: var(--space-2);
        align-items: end;
        padding-top: var(--space-3);
      }
      .years {
        display: flex;
        gap: var(--space-1);
        flex-wrap: wrap;
        margin-bottom: var(--space-2);
      }
      ul {
        max-height: 20rem;
        overflow-y: auto;
      }
      .name {
        overflow-wrap: anywhere;
      }
      @media (max-width: 900px) {
        form {
          grid-template-columns: 1fr 1fr;
        }
      }
    `,
  ];

  override render() {
    const years = [...new Set([this.thisYear, ...this.days.map(({ date }) => date.slice(0, 4))])].sort();
    const year = this.year || this.thisYear;
    const shown = this.days.filter(({ date }) => date.startsWith(year));
    return html`<h3>${t().days}</h3>
      <div class="years" role="group" aria-label=${t().year}>
        ${years.map(
          (each) =>
            html`<button
              type="button"
              class="button ${each === year ? 'primary' : 'quiet'}"
              aria-pressed=${each === year ? 'true' : 'false'}
              @click=${() => (this.year = each)}
            >
              ${each}
            </button>`,
        )}
      </div>
      ${shown.length === 0 ? html`<p class="muted">${t().noDays}</p>` : nothing}
      <ul tabindex=${shown.length > 8 ? '0' : nothing} aria-label=${t().days}>
        ${shown.map((day) => this.line(day))}
      </ul>
      ${this.editable ? this.form() : nothing}`;
  }

  private line(day: DayRule) {
    return html`<li>
      <span class="num">${day.date}</span>
      <span>${day.kind === 'hours' ? hoursText(day.intervals) : t().kinds[day.kind]}</span>
      <span class="name muted" dir="auto">${day.name}</span>
      ${
        this.editable
          ? html`<button
              type="button"
              class="button quiet icon-only"
              aria-label=${t().removeDay(day.date)}
              title=${t().removeDay(day.date)}
              @click=${() => this.tell(this.days.filter((each) => each !== day))}
            >
              ${icon('close')}
            </button>`
          : nothing
      }
    </li>`;
  }

  private form() {
    return html`<form @submit=${this.add} novalidate>
      <label class="field"><span>${t().date}</span><input type="date" name="date" required /></label>
      <label class="field"
        ><span>${t().kind}</span
        ><select name="kind" @change=${(e: Event) => (this.kind = (e.target as HTMLSelectElement).value as DayRule['kind'])}>
          ${KINDS.map((kind) => html`<option value=${kind}>${t().kinds[kind]}</option>`)}
        </select></label
      >
      <label class="field"
        ><span>${t().hours}</span
        ><input name="hours" autocomplete="off" ?disabled=${this.kind !== 'hours'} aria-invalid=${this.fault ? 'true' : 'false'} />
      </label>
      <label class="field"><span>${t().why}</span><input name="name" maxlength="100" autocomplete="off" /></label>
      <button class="button">${icon('plus')}${t().addDay}</button>
    </form>`;
  }

  private add(e: Event) {
    e.preventDefault();
    const form = e.target as HTMLFormElement;
    const { date, name = '', hours = '' } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    const intervals = this.kind === 'hours' ? readHours(hours) : [];
    this.fault = intervals === null || (this.kind === 'hours' && intervals.length === 0);
    if (this.fault || !date || !intervals) return;
    this.year = date.slice(0, 4);
    this.tell([...this.days.filter((each) => each.date !== date), { date, kind: this.kind, intervals, name: name.trim() }]);
    form.reset();
    this.kind = 'closed';
  }

  private tell(days: readonly DayRule[]) {
    this.emit('days-changed', { days: [...days].sort((a, b) => (a.date < b.date ? -1 : 1)) });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-calendar-days': CalendarDays;
  }
}
