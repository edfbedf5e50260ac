import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Task, TaskPage } from '../../server/tasks/contract.ts';
import { errorText } from '../core/error-words.ts';
import { clock, moment } from '../core/format.ts';
import { onLive, onReset } from '../core/live.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { formatNumber, loadPlans, plans } from '../core/numbers.ts';
import { Select } from '../core/store.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { onDay } from '../core/wall.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { tasksApi } from './api.ts';
import { t } from './strings.ts';

/**
 * What I have to do until tomorrow night: overdue, today, tomorrow.
 * @fires dial-wanted - detail: { number: string, clientId?: number }
 * @fires task-wanted - somebody wants to make one
 */
@customElement('allo-tasks')
export class Tasks extends AlloElement {
  @state() private data: Loading<TaskPage> = LOADING;
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
      this.data = ready(await tasksApi.mine(onDay(serverNow(), 2, 0)));
    } catch (err) {
      if (this.data.state !== 'ready') this.data = failed(err);
    }
  }

  override render() {
    return html`<section>
      <div class="row title">
        <h2>${t().title}</h2>
        <button class="button" title="Ctrl+Space" @click=${() => this.emit('task-wanted', {})}>${icon('plus')}${t().add}</button>
      </div>
      <div class="panel">${this.content()}</div>
    </section>`;
  }

  private content() {
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    if (this.data.state === 'loading') return skeleton(3);
    const { items, next } = this.data.value;
    if (items.length === 0) return empty({ icon: 'check', title: t().empty, text: t().emptyText });
    const now = serverNow();
    const night = onDay(now, 1, 0);
    return html`${this.group(
      t().overdue,
      items.filter((task) => task.dueAt < now),
      true,
    )}
    ${this.group(
      t().today,
      items.filter((task) => task.dueAt >= now && task.dueAt < night),
    )}
    ${this.group(
      t().tomorrow,
      items.filter((task) => task.dueAt >= night),
    )}
    ${next === null ? nothing : html`<p class="more muted small">${t().more}</p>`}`;
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
        title=${t().done(task.text)}
        @click=${() => void this.done(task)}
      >
        ${icon('check')}
      </button>
      <span class="num muted">${late ? moment(task.dueAt) : clock(task.dueAt)}</span>
      <span class="text" dir="auto"
        >${task.text}${who ? html`<br /><a class="small" href="/clients/${who.id}">${who.name}</a>` : nothing}</span
      >
      ${task.kind === 'call-back' && task.phone ? this.callButton(task, task.phone) : nothing}
    </li>`;
  }

  private callButton(task: Task, number: string) {
    const shown = formatNumber(number);
    const words = task.client ? `${t().call(task.client.name)}, ${shown}` : t().call(shown);
    return html`<button
      class="button call"
      aria-label=${words}
      title=${words}
      @click=${() => this.emit('dial-wanted', { number, ...(task.client && { clientId: task.client.id }) })}
    >
      ${icon('phone')}<span class="num cut">${shown}</span>
    </button>`;
  }

  /** Up and down walk along the tasks; Space on one is "done". */
  private move(e: KeyboardEvent) {
    if (!['ArrowDown', 'ArrowUp'].includes(e.key)) return;
    const all = [...this.renderRoot.querySelectorAll<HTMLButtonElement>('button.done')];
    const line = (e.target as HTMLElement).closest('li')?.querySelector<HTMLButtonElement>('button.done');
    const next = line && all[all.indexOf(line) + (e.key === 'ArrowDown' ? 1 : -1)];
    if (!next) return;
    e.preventDefault();
    next.focus();
  }

  private async done(task: Task) {
    const all = [...this.renderRoot.querySelectorAll<HTMLButtonElement>('button.done')];
    const index = all.findIndex((button) => button.matches(':focus'));
    try {
      await tasksApi.done(task.id);
      toast('success', t().doneToast(task.text), { text: t().undo, run: () => void this.undone(task) });
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.load();
    await this.updateComplete;
    // The focus stays among the tasks.
    const left = [...this.renderRoot.querySelectorAll<HTMLButtonElement>('button.done')];
    if (index >= 0) left[Math.min(index, left.length - 1)]?.focus();
  }

  private async undone(task: Task) {
    try {
      await tasksApi.undone(task.id);
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.load();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-tasks': Tasks;
  }
}
