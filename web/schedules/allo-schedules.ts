import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Absence, MonthReply, PersonMonth, Schedule, ScheduleDay } from '../../server/schedules/contract.ts';
import { calendarDay, moment, numberFormat } from '../core/format.ts';
import { hoursText } from '../core/hours-text.ts';
import { onLive, onReset } from '../core/live.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { me } from '../core/session.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { wallText } from '../core/wall.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import './allo-absence.ts';
import './allo-schedule-edit.ts';
import { faultText, schedulesApi } from './api.ts';
import { t } from './strings.ts';

const monthNow = () => wallText(serverNow()).slice(0, 7);
const stepped = (month: string, by: number): string => {
  const date = new Date(`${month}-01T00:00Z`);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by, 1)).toISOString().slice(0, 7);
};
const short = (date: string) => calendarDay(date, { day: 'numeric', month: 'short' });

/** My schedule, and who of a department works when in a month. */
@customElement('allo-schedules')
export class Schedules extends AlloElement {
  @state() private month = monthNow();
  @state() private department = 0;
  @state() private own: Schedule | null = null;
  @state() private data: Loading<MonthReply> = LOADING;
  private asked = 0;
  private stops: (() => void)[] = [];

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header,
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin-bottom: var(--space-3);
      }
      .bar select {
        width: auto;
        max-width: 16rem;
      }
      .mine {
        margin-bottom: var(--space-4);
      }
      .mine li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }
      .scroll {
        overflow: auto;
        max-height: 70vh;
        padding: 0;
      }
      table {
        border-collapse: separate;
        border-spacing: 0;
        width: 100%;
      }
      th,
      td {
        padding: var(--space-1);
        border-bottom: 1px solid var(--border);
        border-inline-end: 1px solid var(--border);
        text-align: center;
        font-weight: 400;
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
        background: var(--surface);
      }
      thead th {
        position: sticky;
        top: 0;
        z-index: 2;
        color: var(--text-muted);
        line-height: 1.2;
      }
      th:first-child {
        position: sticky;
        inset-inline-start: 0;
        z-index: 1;
        min-width: 9rem;
        max-width: 12rem;
        text-align: start;
        white-space: normal;
        overflow-wrap: anywhere;
      }
      thead th:first-child {
        z-index: 3;
      }
      td.off {
        background: var(--surface-2);
      }
      td.away {
        background: var(--warning-soft, var(--surface-3));
      }
      .today {
        box-shadow: inset 2px 0 0 var(--accent);
      }
      th .button {
        justify-content: flex-start;
        width: 100%;
        padding-inline: 0;
        text-align: start;
        white-space: normal;
      }
      td button {
        width: 100%;
        min-width: 1.75rem;
        min-height: 1.75rem;
        padding: 0 2px;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        cursor: pointer;
      }
      tfoot th,
      tfoot td {
        position: sticky;
        bottom: 0;
        color: var(--text-muted);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
    this.stops = [onLive('schedules', () => void this.load()), onReset(() => void this.load())];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stops.forEach((stop) => stop());
  }

  private load = async () => {
    const asked = ++this.asked;
    try {
      const [{ schedule }, month] = await Promise.all([schedulesApi.mine(), schedulesApi.month(this.month, this.department)]);
      if (asked !== this.asked) return;
      this.own = schedule;
      this.data = ready(month);
    } catch (err) {
      if (asked === this.asked) this.data = failed(err);
    }
  };

  private seen = '';

  /** Today is on the screen when a month is opened. */
  protected override updated() {
    if (this.data.state !== 'ready' || this.seen === this.month) return;
    this.seen = this.month;
    const [scroll, today] = [this.renderRoot.querySelector('.scroll'), this.renderRoot.querySelector<HTMLElement>('thead .today')];
    if (scroll && today) scroll.scrollLeft = today.offsetLeft - scroll.clientWidth / 2;
  }

  private go(change: { month?: string; department?: number }) {
    if (change.month) this.month = change.month;
    if (change.department !== undefined) this.department = change.department;
    void this.load();
  }

  override render() {
    const away = () => void this.renderRoot.querySelector('allo-absence')!.begin(me()!.user.id, null);
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted small">${t().lead}</p>
        </div>
        <button class="button primary" @click=${away}>${icon('plus')}${t().absent}</button>
      </header>
      ${this.own ? this.mine(this.own) : nothing} ${this.bar()} ${this.content()}
      <allo-absence @schedule-changed=${this.load}></allo-absence>
      <allo-schedule-edit @schedule-changed=${this.load}></allo-schedule-edit>`;
  }

  private mine(own: Schedule) {
    const when = own.never ? t().never : own.workingNow ? t().workingNow : t().nextAt(moment(own.nextAt!));
    return html`<section class="panel mine" aria-label=${t().mine}>
      <h2>${t().mine}</h2>
      <p class="muted small">${t().plans[own.kind]} · ${own.zone} · ${when}</p>
      ${own.absences.length > 0 ? html`<ul>${own.absences.map((one) => this.absence(one))}</ul>` : nothing}
    </section>`;
  } // prettier-ignore

  private absence({ id, kind, from, to, deputy, can }: Absence) {
    const days = from === to ? short(from) : `${short(from)} – ${short(to)}`;
    const begun = from < wallText(serverNow()).slice(0, 10);
    const end = async () => {
      try {
        await schedulesApi.end(id);
        toast('success', t().ended);
      } catch (err) {
        toast('danger', faultText(err));
      }
      await this.load();
    };
    return html`<li>
      <allo-badge tone="warning">${kind ? t().kinds[kind] : t().away}</allo-badge>
      <span class="num">${days}</span>
      <span class="muted">${deputy ? t().covers(deputy.name) : t().uncovered}</span>
      ${can.end ? html`<button class="button" aria-label=${t().end(days)} @click=${end}>${begun ? t().back : t().withdraw}</button>` : nothing}
    </li>`;
  }

  private bar() {
    const departments = this.data.state === 'ready' ? this.data.value.departments : [];
    return html`<div class="bar">
      <button class="button" @click=${() => this.go({ month: stepped(this.month, -1) })}>${t().before}</button>
      <button class="button" @click=${() => this.go({ month: monthNow() })}>${t().today}</button>
      <button class="button" @click=${() => this.go({ month: stepped(this.month, 1) })}>${t().after}</button>
      <b role="status">${calendarDay(this.month, { month: 'long', year: 'numeric' })}</b>
      <select aria-label=${t().department} @change=${(e: Event) => this.go({ department: Number((e.target as HTMLSelectElement).value) })}>
        <option value="0">${t().everybody}</option>
        ${departments.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.department}>${name}</option>`)}
      </select>
    </div>`;
  }

  private content() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(8)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const { people, more } = this.data.value;
    if (people.length === 0) return html`<p class="panel state">${t().nobodyHere}</p>`;
    const dates = people[0]!.days.map(({ date }) => date);
    const today = wallText(serverNow()).slice(0, 10);
    const mark = (date: string) => (date === today ? 'today' : '');
    const many = (i: number) => people.filter(({ days }) => days[i]!.intervals.length > 0).length;
    return html`<div class="panel scroll" tabindex="0" role="region" aria-label=${t().title}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t().person}</th>
              ${dates.map((date) => html`<th scope="col" class=${mark(date)}>${calendarDay(date, { weekday: 'short' })}<br />${Number(date.slice(8))}</th>`)}
              <th scope="col">${t().hours}</th>
            </tr>
          </thead>
          <tbody>
            ${repeat(people, ({ user }) => user.id, (person) => this.row(person, mark))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${t().working}</th>
              ${dates.map((date, i) => html`<td class=${mark(date)}>${many(i)}</td>`)}
              <td></td>
            </tr>
          </tfoot>
        </table>
      </div>
      ${more ? html`<p class="muted small">${t().more}</p>` : nothing}`;
  } // prettier-ignore

  private get leads() {
    return ['supervisor', 'manager', 'administrator'].includes(me()?.user.role ?? '');
  }

  private row({ user, days, minutes, timeZone }: PersonMonth, mark: (date: string) => string) {
    const name = this.leads
      ? html`<button class="button quiet" title=${t().edit(user.name)} @click=${() => void this.edit(user.id)}>${user.name}</button>`
      : user.name;
    return html`<tr>
      <th scope="row" title=${timeZone}>${name}</th>
      ${days.map((day) => this.cell(user, day, mark(day.date)))}
      <td>${numberFormat({ maximumFractionDigits: 1 }).format(minutes / 60)}</td>
    </tr>`;
  }

  private cell(user: PersonMonth['user'], { date, intervals, away, absence }: ScheduleDay, mark: string) {
    const hours = hoursText(intervals);
    const words = away ? (absence ? t().kinds[absence] : t().away) : hours || t().off;
    const shown = away ? '×' : intervals.length > 0 ? String(Math.round(intervals.reduce((sum, { from, to }) => sum + to - from, 0) / 6) / 10) : ''; // prettier-ignore
    const label = t().cell(`${user.name}, ${short(date)}`, words);
    const may = !away && (this.leads || user.id === me()?.user.id) && date >= wallText(serverNow()).slice(0, 10);
    const begin = () => void this.renderRoot.querySelector('allo-absence')!.begin(user.id, user.id === me()?.user.id ? null : user.name, date); // prettier-ignore
    return html`<td class="${away ? 'away' : intervals.length > 0 ? '' : 'off'} ${mark}" title=${label}>
      ${may ? html`<button aria-label=${label} @click=${begin}>${shown}</button>` : html`<span aria-label=${label} role="img">${shown}</span>`}
    </td>`;
  }

  private async edit(id: number) {
    try {
      await this.renderRoot.querySelector('allo-schedule-edit')!.open(id);
    } catch (err) {
      toast('danger', faultText(err));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-schedules': Schedules;
  }
}
