import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Directory, Slot, SlotList } from '../../server/meetings/contract.ts';
import { calendarDay, clock, moment } from '../core/format.ts';
import { onLive, onReset } from '../core/live.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { me } from '../core/session.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { faultText } from './allo-meeting-edit.ts';
import './allo-meeting-rooms.ts';
import './allo-meetings-inbox.ts';
import { meetingsApi } from './api.ts';
import { dayOf, daysOf, keyOf, midnight, onDay, plusDays, stepped } from './days.ts';
import type { View } from './days.ts';
import { t } from './strings.ts';

const VIEWS: readonly View[] = ['day', 'week', 'month', 'team', 'rooms'];
const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
/** People on one screen. */
const MOST_PEOPLE = 30;
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -DAY_MS, ArrowRight: DAY_MS, ArrowUp: -QUARTER_MS, ArrowDown: QUARTER_MS };

/** My calendar by day, week and month, and the week of a team. `query`: ?at=EPOCH_MS. */
@customElement('allo-meetings')
export class Meetings extends AlloElement {
  @property() query = '';
  @state() private view: View = 'week';
  @state() private day = dayOf(serverNow());
  @state() private directory: Directory | null = null;
  @state() private department = 0;
  @state() private data: Loading<SlotList> = LOADING;
  private asked = 0;
  private dragged: { slot: Slot; day: string; userId: number } | null = null;
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
      .scroll {
        overflow-x: auto;
        padding: 0;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        table-layout: fixed;
      }
      .team th:first-child {
        width: 9rem;
      }
      th,
      td {
        padding: var(--space-1);
        border: 1px solid var(--border);
        text-align: start;
        vertical-align: top;
        font-weight: 400;
        overflow-wrap: anywhere;
      }
      thead th {
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      td {
        height: 2.5rem;
      }
      .month td {
        height: 5rem;
      }
      .day td,
      .week td {
        height: 22rem;
      }
      .today {
        background: var(--accent-soft);
      }
      .other {
        background: var(--surface-2);
      }
      td.over {
        outline: 2px dashed var(--accent);
        outline-offset: -2px;
      }
      .slot {
        display: block;
        width: 100%;
        min-height: 1.5rem;
        margin-bottom: 2px;
        padding: 2px var(--space-1);
        border: 1px solid var(--border);
        border-inline-start: 4px solid var(--tone, var(--border-strong));
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        font: inherit;
        font-size: var(--text-s);
        text-align: start;
        overflow-wrap: anywhere;
      }
      .words {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
        overflow: hidden;
      }
      button.slot {
        cursor: pointer;
      }
      .slot.meeting {
        --tone: var(--accent);
      }
      .slot.visit {
        --tone: var(--success);
      }
      .slot.demo {
        --tone: var(--info);
      }
      .slot.training {
        --tone: var(--warning);
      }
      .slot.busy {
        background: var(--surface-3);
      }
      .slot.declined {
        text-decoration: line-through;
      }
      .slot.asked,
      .slot.tentative {
        border-style: dashed;
        border-inline-start-style: solid;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    const at = Number(new URLSearchParams(this.query).get('at'));
    if (at > 0) this.day = dayOf(at);
    void this.load();
    this.stops = [onLive('meetings', () => void this.load()), onReset(() => void this.load())];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stops.forEach((stop) => stop());
  }

  private get people() {
    if (this.view !== 'team') return [me()!.user];
    return (this.directory?.people ?? []).filter((person) => this.department === 0 || person.departmentId === this.department).slice(0, MOST_PEOPLE); // prettier-ignore
  }

  private async load() {
    const asked = ++this.asked;
    try {
      this.directory ??= await meetingsApi.directory();
      const days = daysOf(this.view, this.day);
      const rooms = this.view === 'rooms';
      const ids = (rooms ? this.directory.resources : this.people).map(({ id }) => id);
      const [from, to] = [midnight(days[0]!), midnight(plusDays(days.at(-1)!, 1))];
      const list = ids.length === 0 ? { items: [] } : await meetingsApi.between(from, to, rooms ? [] : ids, rooms ? ids : []);
      if (asked === this.asked) this.data = ready(list);
    } catch (err) {
      if (asked === this.asked) this.data = failed(err);
    }
  } // prettier-ignore

  private go(change: { view?: View; day?: string; department?: number }) {
    if (change.view) this.view = change.view;
    if (change.day) this.day = change.day;
    if (change.department !== undefined) this.department = change.department;
    void this.load();
  }

  override render() {
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted small">${t().lead}</p>
        </div>
        <a class="button" href="/schedules">${icon('clock')}${t().schedules}</a>
        <button class="button primary" @click=${() => void this.editor.begin(`${this.day}T10:00`)}>${icon('plus')}${t().add}</button>
      </header>
      <allo-meetings-inbox></allo-meetings-inbox>
      ${this.bar()}
      <div class="panel scroll" tabindex="0" role="region" aria-label=${t().title}>${this.content()}</div>
      ${
        this.view === 'rooms' && this.directory?.can.resources
          ? html`<allo-meeting-rooms .rooms=${this.directory.resources} @rooms-changed=${() => void this.again()}></allo-meeting-rooms>`
          : nothing
      }
      <allo-meeting-edit .directory=${this.directory} @meeting-saved=${() => void this.load()}></allo-meeting-edit>`;
  }

  private bar() {
    const days = daysOf(this.view, this.day);
    const words = this.view === 'month' ? calendarDay(this.day.slice(0, 7), { month: 'long', year: 'numeric' }) : days.length === 1 ? this.dayWords(this.day, true) : `${this.dayWords(days[0]!)} – ${this.dayWords(days.at(-1)!)}`; // prettier-ignore
    return html`<div class="bar">
      <div role="group" aria-label=${t().view} class="row">
        ${VIEWS.map((view) => html`<button class="button ${view === this.view ? 'primary' : ''}" aria-pressed=${view === this.view ? 'true' : 'false'} @click=${() => this.go({ view })}>${t().views[view]}</button>`)}
      </div>
      <button class="button" @click=${() => this.go({ day: stepped(this.view, this.day, -1) })}>${t().before}</button>
      <button class="button" @click=${() => this.go({ day: dayOf(serverNow()) })}>${t().today}</button>
      <button class="button" @click=${() => this.go({ day: stepped(this.view, this.day, 1) })}>${t().after}</button>
      <b role="status">${words}</b>
      ${this.view === 'team' ? this.departments() : nothing}
    </div>`;
  }

  private departments() {
    return html`<select aria-label=${t().department} @change=${(e: Event) => this.go({ department: Number((e.target as HTMLSelectElement).value) })}>
      <option value="0">${t().everybody}</option>
      ${(this.directory?.departments ?? []).map(({ id, name }) => html`<option value=${id} ?selected=${id === this.department}>${name}</option>`)}
    </select>`;
  } // prettier-ignore

  private content() {
    if (this.data.state === 'loading') return skeleton(8);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { items } = this.data.value;
    if (this.view === 'rooms') return this.rooms(items);
    return this.view === 'team' ? this.team(items) : this.mine(items);
  }

  private dayWords(day: string, long = false) {
    return calendarDay(day, { weekday: long ? 'long' : 'short', day: 'numeric', month: long ? 'long' : 'short' });
  }

  private mine(items: readonly Slot[]) {
    const days = daysOf(this.view, this.day);
    const weeks = Array.from({ length: Math.ceil(days.length / 7) }, (_, i) => days.slice(i * 7, i * 7 + 7));
    const month = this.view === 'month';
    const { id } = me()!.user;
    return html`<table class=${this.view} aria-label=${t().title}>
      <thead>
        <tr>${weeks[0]!.map((day) => html`<th scope="col">${month ? calendarDay(day, { weekday: 'short' }) : this.dayWords(day, !weeks[0]![1])}</th>`)}</tr>
      </thead>
      <tbody>
        ${weeks.map((week) => html`<tr>${week.map((day) => this.cell(items, id, day, month))}</tr>`)}
      </tbody>
    </table>`;
  } // prettier-ignore

  private async again() {
    this.directory = null;
    await this.load();
  }

  /** Which room has whom. What is in it is moved in the people's calendars. */
  private rooms(items: readonly Slot[]) {
    const days = daysOf('rooms', this.day);
    const rooms = this.directory?.resources ?? [];
    if (rooms.length === 0) return html`<p class="state">${t().noRooms}</p>`;
    return html`<table class="team" aria-label=${t().views.rooms}>
      <thead>
        <tr><th scope="col">${t().room}</th>${days.map((day) => html`<th scope="col">${this.dayWords(day)}</th>`)}</tr>
      </thead>
      <tbody>
        ${repeat(rooms, ({ id }) => id, ({ id, name }) => html`<tr><th scope="row">${name}</th>${days.map((day) => this.cell(items.filter(({ resourceIds }) => resourceIds.includes(id)), 0, day))}</tr>`)}
      </tbody>
    </table>`;
  } // prettier-ignore

  private team(items: readonly Slot[]) {
    const days = daysOf('team', this.day);
    if (this.people.length === 0) return html`<p class="state">${t().nobody}</p>`;
    return html`<table class="team" aria-label=${t().views.team}>
      <thead>
        <tr><th scope="col">${t().people}</th>${days.map((day) => html`<th scope="col">${this.dayWords(day)}</th>`)}</tr>
      </thead>
      <tbody>
        ${repeat(this.people, ({ id }) => id, ({ id, name }) => html`<tr><th scope="row">${name}</th>${days.map((day) => this.cell(items.filter(({ users }) => users.some((user) => user.id === id)), id, day))}</tr>`)}
      </tbody>
    </table>`;
  } // prettier-ignore

  private cell(items: readonly Slot[], userId: number, day: string, numbered = false) {
    const other = numbered && day.slice(0, 7) !== this.day.slice(0, 7);
    const over = (e: DragEvent, on: boolean) => {
      if (!this.dragged) return;
      e.preventDefault();
      (e.currentTarget as HTMLElement).classList.toggle('over', on);
    };
    const drop = (e: DragEvent) => {
      over(e, false);
      const from = this.dragged;
      this.dragged = null;
      if (from && (from.day !== day || from.userId !== userId)) void this.move(from.slot, Date.parse(day) - Date.parse(from.day), { from: from.userId, to: userId }); // prettier-ignore
    };
    return html`<td
      class="${day === dayOf(serverNow()) ? 'today' : ''} ${other ? 'other' : ''}"
      data-day=${day}
      @dragover=${(e: DragEvent) => over(e, true)}
      @dragleave=${(e: DragEvent) => over(e, false)}
      @drop=${drop}
    >
      ${numbered ? html`<span class="muted small">${Number(day.slice(8))}</span>` : nothing}
      ${repeat(onDay(items, day), keyOf, (slot) => this.square(slot, userId, day))}
    </td>`;
  } // prettier-ignore

  private square(slot: Slot, userId: number, day: string) {
    const time = slot.allDay ? t().allDay : `${clock(slot.from)}–${clock(slot.to)}`;
    if (slot.busy || slot.meetingId === null) return html`<span class="slot busy">${time} ${t().busy}</span>`;
    const answer = slot.users.find(({ id }) => id === userId)?.answer ?? 'accepted';
    const { meetingId: id, occurrence } = slot;
    const words = [slot.title, slot.client?.name, slot.place].filter(Boolean).join(' · ');
    return html`<button
      class="slot ${slot.kind ?? ''} ${answer}"
      data-meeting=${id}
      draggable=${slot.can.edit ? 'true' : 'false'}
      title="${t().kinds[slot.kind ?? 'other']}, ${t().answers[answer]}: ${words}"
      @click=${() => void this.open(id, occurrence)}
      @dragstart=${() => (this.dragged = { slot, day, userId })}
      @dragend=${() => (this.dragged = null)}
      @keydown=${(e: KeyboardEvent) => this.key(e, slot)}
    >
      <span class="num">${time}</span> <span class="words">${words}</span>
    </button>`;
  }

  private key(e: KeyboardEvent, slot: Slot) {
    const step = STEPS[e.key];
    if (!e.shiftKey || step === undefined || !slot.can.edit) return;
    e.preventDefault();
    if (slot.allDay && step % DAY_MS !== 0) return;
    void this.move(slot, step);
  }

  private get editor() {
    return this.renderRoot.querySelector('allo-meeting-edit')!;
  }

  private async open(id: number, occurrence: string | null) {
    try {
      await this.editor.open(id, occurrence);
    } catch (err) {
      toast('danger', faultText(err));
    }
  }

  /** By so much on the wall of the meeting's own zone: ten o'clock stays ten o'clock on another day; and into another calendar, where it is one. */
  private async move(slot: Slot, onWall: number, { from, to }: { from: number; to: number } = { from: 0, to: 0 }) {
    try {
      const { meeting } = await meetingsApi.one(slot.meetingId!);
      const before = slot.occurrence ?? meeting.start;
      const shifted = (text: string) => new Date(Date.parse(`${text}Z`) + onWall).toISOString().slice(0, 16);
      const which = { scope: slot.occurrence === null ? 'all' : 'this', occurrence: slot.occurrence };
      const time = (start: string) => (onWall === 0 ? {} : { start });
      const ownerId = meeting.owner?.id ?? 0;
      const userIds = meeting.people.flatMap(({ user }) => (user && user.id !== ownerId ? [user.id] : []));
      const who = from === to ? null : { ownerId, userIds };
      const next = who && { ownerId: from === ownerId ? to : ownerId, userIds: [...userIds.filter((id) => id !== from && id !== to), ...(from === ownerId || to === ownerId ? [] : [to])] }; // prettier-ignore
      const moved = (await meetingsApi.edit(meeting.id, { version: slot.version, ...which, ...time(shifted(before)), ...next })).meeting;
      const back = async () => {
        try {
          await meetingsApi.edit(moved.id, { version: moved.version, ...time(before), ...who });
        } catch (err) {
          toast('danger', faultText(err));
        }
        await this.shown(moved.id);
      };
      const name = this.directory?.people.find(({ id }) => id === to)?.name;
      toast('success', next && name ? t().given(moved.title, name) : t().moved(moved.title, moment(moved.startsAt)), {
        text: t().undo,
        run: () => void back(),
      });
      await this.shown(moved.id);
    } catch (err) {
      toast('danger', faultText(err));
      await this.load();
    }
  }

  /** Loaded anew, with the focus where the meeting is now. */
  private async shown(id: number) {
    await this.load();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-meeting="${id}"]`)?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-meetings': Meetings;
  }
}
