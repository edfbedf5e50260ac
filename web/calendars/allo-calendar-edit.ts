import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Calendar, CalendarList, CalendarReply, DayRule } from '../../server/calendars/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { serverNow } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import './allo-calendar-days.ts';
import './allo-calendar-import.ts';
import { hoursText, readHours } from '../core/hours-text.ts';
import { t } from './strings.ts';

interface Form {
  name: string;
  timeZone: string;
  week: string[];
  days: readonly DayRule[];
  departments: readonly number[];
}

const formOf = ({ name, timeZone, week, days, departments }: Calendar): Form => ({
  name,
  timeZone,
  week: week.map(hoursText),
  days,
  departments,
});

/**
 * One calendar.
 * @fires calendar-changed - detail: { calendar: Calendar }
 */
@customElement('allo-calendar-edit')
export class CalendarEdit extends AlloElement {
  @property({ attribute: false }) calendar!: Calendar;
  @property({ attribute: false }) departments: CalendarList['departments'] = [];
  @property({ type: Boolean }) editable = false;
  @state() private form: Form | null = null;
  @state() private faults: readonly boolean[] = [];
  @state() private error = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      form,
      .main,
      .week {
        display: grid;
        gap: var(--space-3);
      }
      .two {
        display: grid;
        grid-template-columns: 2fr 1fr;
        gap: var(--space-3);
      }
      .week {
        grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr));
      }
      .departments {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr));
      }
      .check {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 1.9rem;
        overflow-wrap: anywhere;
      }
      @media (max-width: 700px) {
        .two {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('calendar')) {
      this.form = null;
      this.faults = [];
    }
  }

  override render() {
    const form = this.form ?? formOf(this.calendar);
    const { id } = this.calendar;
    return html`<div class="main">
      <form @submit=${this.save} novalidate>
        <div class="two">
          ${field({ id: `name-${id}`, label: t().name, value: form.name, maxLength: 100, onInput: (name) => this.type({ name }) })}
          <label class="field"
            ><span>${t().zone}</span
            ><select ?disabled=${!this.editable} @change=${(e: Event) => this.type({ timeZone: (e.target as HTMLSelectElement).value })}>
              ${[...new Set([form.timeZone, ...Intl.supportedValuesOf('timeZone')])].map(
                (zone) => html`<option value=${zone} ?selected=${zone === form.timeZone}>${zone}</option>`,
              )}
            </select></label
          >
        </div>
        <fieldset>
          <legend class="label">${t().week}</legend>
          <div class="week">
            ${t().weekdays.map((day, i) =>
              field({
                id: `day-${id}-${i}`,
                label: day,
                value: form.week[i] ?? '',
                maxLength: 200,
                error: this.faults[i] ? t().hoursWrong : null,
                onInput: (text) => this.type({ week: form.week.map((each, k) => (k === i ? text : each)) }),
              }),
            )}
          </div>
          <p class="muted small">${t().weekHint}</p>
        </fieldset>
        <fieldset>
          <legend class="label">${t().departments}</legend>
          ${this.departments.length === 0 ? html`<p class="muted small">${t().noDepartments}</p>` : nothing}
          <div class="departments">${this.departments.map((department) => this.department(form, department))}</div>
        </fieldset>
      </form>
      <allo-calendar-days
        .days=${form.days}
        .editable=${this.editable}
        .thisYear=${new Date(serverNow()).toISOString().slice(0, 4)}
        @days-changed=${(e: CustomEvent<{ days: DayRule[] }>) => this.type({ days: e.detail.days })}
      ></allo-calendar-days>
      ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
      ${
        this.editable
          ? html`<div>
                <button class="button primary" ?disabled=${this.form === null} @click=${this.save}>${icon('check')}${t().save}</button>
              </div>
              <allo-calendar-import .calendar=${this.calendar}></allo-calendar-import>`
          : nothing
      }
    </div>`;
  }

  private department(form: Form, { id, name }: CalendarList['departments'][number]) {
    const toggle = (e: Event) => {
      const on = (e.target as HTMLInputElement).checked;
      this.type({ departments: on ? [...form.departments, id] : form.departments.filter((each) => each !== id) });
    };
    return html`<label class="check"
      ><input type="checkbox" ?disabled=${!this.editable} .checked=${form.departments.includes(id)} @change=${toggle} />${name}</label
    >`;
  }

  private type(change: Partial<Form>) {
    this.form = { ...(this.form ?? formOf(this.calendar)), ...change };
    this.error = '';
  }

  private async save(e: Event) {
    e.preventDefault();
    if (!this.form || !this.editable) return;
    const { name, timeZone, days, departments } = this.form;
    const week = this.form.week.map(readHours);
    this.faults = week.map((intervals) => intervals === null);
    if (this.faults.includes(true)) return;
    const { id, version } = this.calendar;
    try {
      const body = { version, name, timeZone, week, days, departments };
      const { calendar } = await api.patch<CalendarReply>(`/api/calendars/${id}`, body);
      this.emit('calendar-changed', { calendar });
    } catch (err) {
      this.error = err instanceof ApiError && err.code === 'conflict' ? t().changed : errorText(err);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-calendar-edit': CalendarEdit;
  }
}
