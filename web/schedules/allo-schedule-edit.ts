import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { DayRule } from '../../server/calendars/contract.ts';
import type { Schedule, ScheduleKind } from '../../server/schedules/contract.ts';
import { hoursText, readHours } from '../core/hours-text.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { wallText } from '../core/wall.ts';
import '../ui/allo-dialog.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { faultText, schedulesApi } from './api.ts';
import { t } from './strings.ts';

const KINDS: readonly ScheduleKind[] = ['calendar', 'week', 'cycle'];
const SHIFTS = {
  twoTwo: ['8:00-20:00', '8:00-20:00', '', ''],
  dayNight: ['8:00-20:00', '20:00-8:00', '', ''],
  oneThree: ['8:00-8:00', '', '', ''],
} as const;

/** In either language. */
const said = (what: string, word: 'dayOff' | 'shortDay') => [t.dict.en, t.dict.ru].some((words) => words[word] === what.toLowerCase());

interface Form {
  kind: ScheduleKind;
  zone: string;
  week: string[];
  anchor: string;
  turns: string;
  holidays: boolean;
  days: string;
}

const dayLine = ({ date, kind, intervals }: DayRule) => `${date} ${kind === 'hours' ? hoursText(intervals) : kind === 'short' ? t().shortDay : t().dayOff}`; // prettier-ignore

/**
 * When somebody works, for whoever leads them.
 * @fires schedule-changed
 */
@customElement('allo-schedule-edit')
export class ScheduleEdit extends AlloElement {
  @state() private schedule: Schedule | null = null;
  @state() private form: Form | null = null;
  @state() private fault: string | null = null;
  @state() private busy = false;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-3);
      }
      .two,
      .week {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-2) var(--space-3);
      }
      textarea {
        width: 100%;
        min-height: 6.5rem;
        font-variant-numeric: tabular-nums;
      }
      .end {
        display: flex;
        justify-content: flex-end;
      }
    `,
  ];

  async open(id: number): Promise<void> {
    const { schedule: s } = await schedulesApi.one(id);
    this.schedule = s;
    this.fault = null;
    this.form = {
      kind: s.kind,
      zone: s.timeZone ?? '',
      week: s.week.map(hoursText),
      anchor: s.cycle?.anchor ?? wallText(serverNow()).slice(0, 10),
      turns: (s.cycle?.days.map(hoursText) ?? SHIFTS.twoTwo).join('\n'),
      holidays: s.holidays,
      days: s.days.map(dayLine).join('\n'),
    };
    await this.updateComplete;
    await this.dialog.show();
  }

  private get dialog(): AlloDialog {
    return this.renderRoot.querySelector('allo-dialog')!;
  }

  private set(change: Partial<Form>) {
    this.form = { ...this.form!, ...change };
  }

  override render() {
    return html`<allo-dialog .heading=${t().edit(this.schedule?.user.name ?? '')} style="--width: 42rem">
      ${this.form ? this.fields(this.form) : nothing}
    </allo-dialog>`;
  }

  private fields(f: Form) {
    const zones = Intl.supportedValuesOf('timeZone');
    return html`<form @submit=${this.save}>
      <div class="two">
        <label class="field"
          ><span>${t().plan}</span
          ><select @change=${(e: Event) => this.set({ kind: (e.target as HTMLSelectElement).value as ScheduleKind })}>
            ${KINDS.map((kind) => html`<option value=${kind} .selected=${live(kind === f.kind)}>${t().plans[kind]}</option>`)}
          </select></label
        >
        <label class="field"
          ><span>${t().zone}</span
          ><select @change=${(e: Event) => this.set({ zone: (e.target as HTMLSelectElement).value })}>
            <option value="" .selected=${live(f.zone === '')}>${t().calendarZone}</option>
            ${zones.map((zone) => html`<option value=${zone} .selected=${live(zone === f.zone)}>${zone}</option>`)}
          </select></label
        >
      </div>
      ${f.kind === 'week' ? this.week(f) : nothing} ${f.kind === 'cycle' ? this.cycle(f) : nothing}
      <label
        ><input type="checkbox" .checked=${live(f.holidays)} @change=${(e: Event) => this.set({ holidays: (e.target as HTMLInputElement).checked })} />
        ${t().holidays}</label
      >
      <label class="field"
        ><span>${t().exceptions}</span
        ><textarea .value=${live(f.days)} aria-describedby="days-hint" @input=${(e: Event) => this.set({ days: (e.target as HTMLTextAreaElement).value })}></textarea>
        <span class="muted small" id="days-hint">${t().exceptionsHint}</span></label
      >
      ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}
      <div class="end"><button class="button primary" ?disabled=${this.busy}>${t().save}</button></div>
    </form>`;
  } // prettier-ignore

  private week(f: Form) {
    const typed = (i: number, value: string) => this.set({ week: f.week.map((text, j) => (j === i ? value : text)) });
    return html`<fieldset>
      <legend class="label">${t().week}</legend>
      <div class="week">
        ${t().weekdays.map(
          (day, i) =>
            html`<label class="field"
              ><span>${day}</span
              ><input
                .value=${live(f.week[i] ?? '')}
                maxlength="120"
                @input=${(e: Event) => typed(i, (e.target as HTMLInputElement).value)}
            /></label>`,
        )}
      </div>
      <p class="muted small">${t().weekHint}</p>
    </fieldset>`;
  }

  private cycle(f: Form) {
    const names = Object.keys(SHIFTS) as (keyof typeof SHIFTS)[];
    return html`<div class="row" role="group" aria-label=${t().ready}>
        ${names.map((name) => html`<button type="button" class="button" @click=${() => this.set({ turns: SHIFTS[name].join('\n') })}>${t().shifts[name]}</button>`)}
      </div>
      <div class="two">
        <label class="field"
          ><span>${t().turns}</span
          ><textarea .value=${live(f.turns)} @input=${(e: Event) => this.set({ turns: (e.target as HTMLTextAreaElement).value })}></textarea></label
        >
        <label class="field"
          ><span>${t().anchor}</span
          ><input type="date" required .value=${live(f.anchor)} @input=${(e: Event) => this.set({ anchor: (e.target as HTMLInputElement).value })}
        /></label>
      </div>`;
  } // prettier-ignore

  /** @throws Error in words */
  private get draft() {
    const f = this.form!;
    const hours = (line: string) => {
      const read = readHours(line);
      if (!read) throw new Error(t().wrong(line));
      return read;
    };
    const days = f.days.split('\n').filter((line) => line.trim() !== '').map((line): DayRule => {
      const [, date, what = t().dayOff] = /^\s*(\d{4}-\d\d-\d\d)(?:\s+(.*\S))?\s*$/.exec(line) ?? [];
      if (!date) throw new Error(t().wrong(line));
      if (said(what, 'dayOff')) return { date, kind: 'closed', intervals: [], name: '' };
      if (said(what, 'shortDay')) return { date, kind: 'short', intervals: [], name: '' };
      return { date, kind: 'hours', intervals: hours(what), name: '' };
    }); // prettier-ignore
    return {
      version: this.schedule!.version,
      kind: f.kind,
      timeZone: f.zone || null,
      week: f.kind === 'week' ? f.week.map(hours) : this.schedule!.week,
      cycle: f.kind === 'cycle' ? { anchor: f.anchor, days: f.turns.split('\n').map(hours) } : this.schedule!.cycle,
      holidays: f.holidays,
      days,
    };
  }

  private save = async (e: SubmitEvent) => {
    e.preventDefault();
    this.fault = null;
    let draft: object;
    try {
      ({ draft } = this);
    } catch (err) {
      this.fault = (err as Error).message;
      return;
    }
    this.busy = true;
    try {
      await schedulesApi.put(this.schedule!.user.id, draft);
      this.dialog.close();
      toast('success', t().saved);
      this.emit('schedule-changed');
    } catch (err) {
      this.fault = faultText(err);
    }
    this.busy = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-schedule-edit': ScheduleEdit;
  }
}
