import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { DayReply, Task } from '../../server/tasks/contract.ts';
import { chordOf } from '../core/keys.ts';
import { clock, moment } from '../core/format.ts';
import { onLive, onReset } from '../core/live.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { formatNumber, loadPlans, plans } from '../core/numbers.ts';
import { navigate } from '../core/router.ts';
import { me } from '../core/session.ts';
import { Select } from '../core/store.ts';
import { serverNow } from '../core/time.ts';
import { onDay, wallText } from '../core/wall.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import type { TaskActs } from './allo-task-acts.ts';
import './allo-day-late.ts';
import './allo-task-acts.ts';
import { tasksApi } from './api.ts';
import { t } from './strings.ts';
import { marksOf } from './task-line.ts';

let opened = '';
/** Said once a day: the chief sees who has not looked. */
const openedToday = async (): Promise<void> => {
  const today = `${me()?.user.id} ${wallText(serverNow()).slice(0, 10)}`;
  if (opened === today) return;
  await tasksApi.openDay();
  opened = today;
};

/**
 * What I have to do until tomorrow night: overdue, today, tomorrow, each by value and urgency; and what the days still hold.
 * @fires dial-wanted - detail: { number: string, clientId?: number }
 * @fires task-wanted - somebody wants to make one
 */
@customElement('allo-tasks')
export class Tasks extends AlloElement {
  @state() private data: Loading<DayReply> = LOADING;
  @query('allo-task-acts') private readonly acts!: TaskActs;
  /** In the order of the screen. */
  private shown: readonly Task[] = [];
  /** Where the focus was when a task was ended. */
  private at = -1;
  private stops: (() => void)[] = [];

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      :host {
        margin-bottom: var(--space-5);
      }
      h2 {
        font-size: var(--text-m);
      }
      h3 {
        padding: var(--space-2) var(--space-4) var(--space-1);
        font-size: var(--text-s);
        color: var(--text-muted);
      }
      h3.late {
        color: var(--danger);
      }
      .title {
        justify-content: space-between;
        margin: 0 var(--space-1) var(--space-2);
      }
      .panel {
        padding: 0 0 var(--space-1);
      }
      .state {
        padding: var(--space-4);
      }
      .holds {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
        padding: var(--space-2) var(--space-4) 0;
      }
      .over {
        color: var(--warning);
      }
      li {
        display: grid;
        grid-template-columns: auto minmax(4rem, auto) minmax(0, 1fr) auto;
        align-items: center;
        gap: var(--space-1) var(--space-3);
        padding: var(--space-1) var(--space-4);
      }
      li:hover {
        background: var(--surface-2);
      }
      .text {
        overflow-wrap: anywhere;
      }
      .text a {
        display: inline-block;
        min-height: 1.5rem;
      }
      .more {
        padding: var(--space-2) var(--space-4);
      }
      .button.done svg {
        opacity: 0.35;
      }
      .button.done:hover svg,
      .button.done:focus-visible svg {
        opacity: 1;
      }
      .button.call {
        max-width: 15rem;
      }
    `,
  ];

  constructor() {
    super();
    new Select(this, plans, (p) => p);
  }

  override connectedCallback() {
    super.connectedCallback();
    loadPlans();
    void this.load();
    this.stops = [onLive('tasks', () => void this.load()), onLive('deputies', () => void this.load()), onReset(() => void this.load())];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stops.forEach((stop) => stop());
  }

  private async load() {
    try {
      this.data = ready(await tasksApi.day());
      await openedToday();
    } catch (err) {
      if (this.data.state !== 'ready') this.data = failed(err);
    }
  }

  override render() {
    return html`<section>
      <div class="row title">
        <h2>${t().title}</h2>
        <a class="grow small" href="/tasks">${t().toAll}</a>
        <button class="button" title="Ctrl+Space" @click=${() => this.emit('task-wanted', {})}>${icon('plus')}${t().add}</button>
      </div>
      <allo-day-late></allo-day-late>
      <div class="panel">${this.content()}</div>
      <allo-task-acts @task-changed=${() => void this.changed()}></allo-task-acts>
    </section>`;
  }

  private content() {
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    if (this.data.state === 'loading') return skeleton(3);
    const { more, days } = this.data.value;
    const items = this.data.value.items.map(({ task }) => task);
    if (items.length === 0) return html`${this.capacity(days)}${empty({ icon: 'check', title: t().empty, text: t().emptyText })}`;
    const now = serverNow();
    const night = onDay(now, 1, 0);
    const groups = [
      items.filter((task) => task.dueAt < now),
      items.filter((task) => task.dueAt >= now && task.dueAt < night),
      items.filter((task) => task.dueAt >= night),
    ] as const;
    this.shown = groups.flat();
    return html`${this.capacity(days)} ${this.group(t().overdue, groups[0], true)} ${this.group(t().today, groups[1])}
    ${this.group(t().tomorrow, groups[2])} ${!more ? nothing : html`<p class="more muted small">${t().more}</p>`}`;
  }

  private capacity(days: DayReply['days']) {
    const words = [t().today, t().tomorrow];
    const { span: hours } = t();
    return html`<p class="holds small">
      ${days.map(({ work, meetings, calls, planned, free }, i) => {
        const parts = t().holds(hours(work), hours(meetings), hours(calls), hours(planned));
        if (work === 0 && planned === 0) return html`<span class="muted">${words[i]}: ${t().noWork}</span>`;
        return html`<span class=${free < 0 ? 'over' : 'muted'} title=${parts}
          >${free < 0 ? icon('warning') : nothing} ${words[i]}: ${free < 0 ? t().over(hours(-free)) : t().left(hours(free))}<span
            class="hidden"
          >
            (${parts})</span
          ></span
        >`;
      })}
    </p>`;
  }

  private group(title: string, tasks: readonly Task[], late = false) {
    if (tasks.length === 0) return nothing;
    return html`<h3 class=${late ? 'late' : ''}>${title} · ${tasks.length}</h3>
      <ul @keydown=${this.move}>
        ${repeat(
          tasks,
          (task) => task.id,
          (task) => this.line(task, late),
        )}
      </ul>`;
  }

  private line(task: Task, late: boolean) {
    const who = task.client;
    return html`<li>
      <button
        class="button icon-only done"
        aria-label=${t().done(task.text)}
        title="${t().done(task.text)} (D)"
        aria-keyshortcuts="D M C O"
        @click=${() => this.done(task)}
      >
        ${icon('check')}
      </button>
      <span class="num muted">${late ? moment(task.dueAt) : clock(task.dueAt)}</span>
      <span class="text" dir="auto"
        ><a href="/tasks/${task.id}">${task.text}</a>
        ${marksOf(task)}${who ? html`<br /><a class="small" href="/clients/${who.id}">${who.name}</a>` : nothing}</span
      >
      ${task.kind === 'call-back' && task.phone ? this.callButton(task, task.phone) : nothing}
    </li>`;
  }

  private call(task: Task, number: string) {
    this.emit('dial-wanted', { number, ...(task.client && { clientId: task.client.id }) });
  }

  private callButton(task: Task, number: string) {
    const shown = formatNumber(number);
    const words = task.client ? `${t().call(task.client.name)}, ${shown}` : t().call(shown);
    return html`<button class="button call" aria-label=${words} title=${words} @click=${() => this.call(task, number)}>
      ${icon('phone')}<span class="num cut">${shown}</span>
    </button>`;
  }

  /** On a line: up and down walk along the tasks; D: done, M: move, C: call, O: open. By the place of the key, whatever the layout. */
  private move(e: KeyboardEvent) {
    const all = this.buttons();
    const line = (e.target as HTMLElement).closest('li')?.querySelector<HTMLButtonElement>('button.done');
    const index = line ? all.indexOf(line) : -1;
    const task = this.shown[index];
    if (!task) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    const acts: Record<string, () => void> = {
      KeyD: () => this.done(task),
      KeyM: () => void this.acts.move(task),
      KeyC: () => task.phone && this.call(task, task.phone),
      KeyO: () => navigate(`/tasks/${task.id}`),
    };
    const act = step ? () => all[index + step]?.focus() : e.shiftKey || e.repeat ? undefined : acts[chordOf(e)];
    if (!act) return;
    e.preventDefault();
    act();
  }

  private buttons = (): HTMLButtonElement[] => [...this.renderRoot.querySelectorAll<HTMLButtonElement>('button.done')];

  private done(task: Task) {
    this.at = this.shown.findIndex(({ id }) => id === task.id);
    void this.acts.done(task);
  }

  /** The focus stays among the tasks. */
  private async changed() {
    await this.load();
    await this.updateComplete;
    const left = this.buttons();
    if (this.at >= 0) left[Math.min(this.at, left.length - 1)]?.focus();
    this.at = -1;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-tasks': Tasks;
  }
}
