import { css, html, nothing } from 'lit';
import { customElement, property, query as find, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { MovesAsked, Task } from '../../server/tasks/contract.ts';
import { TASK_SCOPES, TASK_STATES } from './list-state.ts';
import { addressOf, askOf, readList } from './list-state.ts';
import type { ListState } from './list-state.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { onLive, onReset } from '../core/live.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { Pages } from '../core/pages.ts';
import { navigate } from '../core/router.ts';
import { me } from '../core/session.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-more.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { rows } from '../ui/styles.ts';
import type { TaskActs } from './allo-task-acts.ts';
import './allo-task-acts.ts';
import { tasksApi } from './api.ts';
import { t } from './strings.ts';
import { lineStyles, taskLine } from './task-line.ts';

/** ms without a key after which the search is asked. */
const PAUSE_MS = 250;
const leadsOthers = (): boolean => ['supervisor', 'manager', 'administrator'].includes(me()?.user.role ?? '');

/**
 * Tasks by their due time: mine, those that I gave, watch or am to accept; everybody's and the moves that wait for consent, for whoever leads.
 * @fires task-wanted - somebody wants to make one
 */
@customElement('allo-task-list')
export class TaskList extends AlloElement {
  /** Of the address. */
  @property() query = '';
  @state() private moves: Loading<MovesAsked['items']> = LOADING;
  @find('allo-task-acts') private readonly acts!: TaskActs;
  private asked: ListState = readList('');
  private readonly pages = new Pages<Task>(this, (after) => tasksApi.list({ ...askOf(this.asked), after, limit: 50 }));
  private stops: (() => void)[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    ...AlloElement.styles,
    states,
    rows,
    lineStyles,
    css`
      header,
      .tabs,
      .filters {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-2);
        margin-bottom: var(--space-3);
      }
      .filters > .field {
        flex: 0 1 11rem;
        min-width: 8rem;
      }
      .filters > .field:first-child {
        flex-grow: 1;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.stops = [onLive('tasks', () => this.again()), onLive('deputies', () => this.again()), onReset(() => this.again())];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stops.forEach((stop) => stop());
    clearTimeout(this.timer);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('query')) return;
    this.asked = readList(this.query);
    if (this.asked.scope === 'moves') void this.loadMoves();
    else void this.pages.restart();
  }

  private again() {
    if (this.asked.scope === 'moves') void this.loadMoves();
    else void this.pages.restart({ keep: true });
  }

  private async loadMoves() {
    try {
      this.moves = ready((await tasksApi.moves()).items);
    } catch (err) {
      this.moves = failed(err);
    }
  }

  private change(change: Partial<ListState>) {
    navigate(addressOf({ ...this.asked, ...change }), { focus: false, replace: true });
  }

  private typed(q: string) {
    this.asked = { ...this.asked, q };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.change({ q }), PAUSE_MS);
  }

  override render() {
    const { scope } = this.asked;
    const scopes = TASK_SCOPES.filter((one) => leadsOthers() || (one !== 'all' && one !== 'moves'));
    return html`<header>
        <h1 class="grow" tabindex="-1">${t().all}</h1>
        <a class="button" href="/tasks/unplanned">${t().unplanned}</a>
        ${leadsOthers() ? html`<a class="button" href="/tasks/report">${icon('chart')}${t().report}</a>` : nothing}
        <button class="button primary" title="Ctrl+Space" @click=${() => this.emit('task-wanted', {})}>${icon('plus')}${t().add}</button>
      </header>
      <div class="tabs" role="group" aria-label=${t().views}>
        ${scopes.map((one) => html`<button class="button ${one === scope ? 'primary' : ''}" aria-pressed=${one === scope} @click=${() => this.change({ ...readList(''), scope: one })}>${t().scopes[one]}</button>`)}
      </div>
      ${scope === 'moves' ? this.asking() : html`${this.filters()} ${this.list()}`}
      <allo-task-acts @task-changed=${() => this.again()}></allo-task-acts>`;
  }

  private filters() {
    const { scope, state: chosen, priority, kind, q } = this.asked;
    const select = (label: string, value: string, options: readonly (readonly [string, string])[], choose: (value: string) => void) =>
      html`<label class="field"
        ><span>${label}</span
        ><select @change=${(e: Event) => choose((e.target as HTMLSelectElement).value)}>
          ${options.map(([one, words]) => html`<option value=${one} ?selected=${one === value} .selected=${one === value}>${words}</option>`)}
        </select></label
      >`;
    const any = ['', t().anyOf] as const;
    return html`<div class="filters">
      ${field({ id: 'q', label: t().search, type: 'search', value: q, maxLength: 200, onInput: (value) => this.typed(value) })}
      ${
        scope === 'accept'
          ? nothing
          : select(
              t().state,
              chosen,
              TASK_STATES.map((one) => [one, t().states[one]] as const),
              (value) => this.change({ state: value as ListState['state'] }),
            )
      }
      ${select(t().kind, kind, [any, ['task', t().kinds.task], ['call-back', t().kinds['call-back']]], (value) => this.change({ kind: value as ListState['kind'] }))}
      ${select(
        t().priority,
        priority,
        [any, ...(['high', 'normal', 'low'] as const).map((one) => [one, t().priorities[one]] as const)],
        (value) => this.change({ priority: value as ListState['priority'] }),
      )}
    </div>`;
  }

  private list() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel list">${skeleton(8)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      return html`<div class="panel">${empty({ icon: 'check', title: t().nothing, text: t().nothingText })}</div>`;
    }
    return html`<ul class="panel list tasks" aria-busy=${pages.state === 'loading'}>
        ${repeat(
          pages.items,
          (task) => task.id,
          (task) => taskLine(task, this.orders(task)),
        )}
      </ul>
      ${pages.state === 'failed' ? html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>` : nothing}
      ${pages.state === 'more' ? html`<allo-more @more-wanted=${() => void pages.more()}></allo-more>` : nothing}`;
  }

  private orders(task: Task) {
    const order = (words: string, run: () => unknown, tone = '') =>
      html`<button class="button ${tone}" aria-label="${words}: ${task.text}" @click=${run}>${words}</button>`;
    if (task.can.accept)
      return html`${order(t().accept, () => void this.accept(task), 'success')} ${order(t().giveBack, () => void this.acts.giveBack(task))}`;
    if (task.doneAt !== null || !task.can.edit) return nothing;
    return html`${order(t().finish, () => void this.acts.done(task))} ${order(t().move, () => void this.acts.move(task), 'quiet')}`;
  }

  private async accept(task: Task) {
    try {
      await tasksApi.accept(task.id);
    } catch (err) {
      toast('danger', errorText(err));
    }
    this.again();
  }

  private asking() {
    if (this.moves.state === 'loading') return html`<div class="panel">${skeleton(4)}</div>`;
    if (this.moves.state === 'failed') return html`<div class="panel">${trouble(this.moves.error, () => void this.loadMoves())}</div>`;
    const items = this.moves.value;
    if (items.length === 0) return html`<div class="panel">${empty({ icon: 'check', title: t().noMoves })}</div>`;
    return html`<ul class="panel list tasks">
      ${repeat(
        items,
        ({ move }) => move.id,
        ({ move, task }) =>
          html`<li>
            <div>
              <a class="text" dir="auto" href="/tasks/${task.id}">${task.text}</a>
              <p class="small">
                ${t().asksToMove(move.user?.name ?? '')}: <strong class="num">${moment(move.from)} → ${moment(move.to)}</strong> ·
                ${t().reasons[move.reason]}${move.note ? html` · <span dir="auto">${move.note}</span>` : nothing} · ${t().moved(task.moves)}
              </p>
            </div>
            <div class="row">
              <button class="button success" aria-label="${t().grant}: ${task.text}" @click=${() => void this.grant(move.id)}>
                ${t().grant}
              </button>
              <button class="button" aria-label="${t().refuse}: ${task.text}" @click=${() => void this.acts.refuse(task, move.id)}>
                ${t().refuse}
              </button>
            </div>
          </li>`,
      )}
    </ul>`;
  }

  private async grant(move: number) {
    try {
      await tasksApi.decide(move, true, '');
      toast('success', t().granted);
    } catch (err) {
      toast('danger', errorText(err));
    }
    this.again();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-task-list': TaskList;
  }
}
