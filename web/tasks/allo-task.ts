import { css, html, nothing } from 'lit';
import { customElement, property, query as find, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { TaskCard, TaskEdit, TaskPriority } from '../../server/tasks/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { onLive, onReset } from '../core/live.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { formatNumber, loadPlans, plans } from '../core/numbers.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-files.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { rows } from '../ui/styles.ts';
import type { TaskActs } from './allo-task-acts.ts';
import './allo-task-acts.ts';
import './allo-task-repeat.ts';
import { tasksApi } from './api.ts';
import { historyWords } from './history.ts';
import { t } from './strings.ts';
import { endOf, lineStyles, marksOf, taskLine } from './task-line.ts';

/**
 * One task: what it is, whose, by when; its checklist, parts, comments, files and history.
 * @fires dial-wanted - detail: { number: string, clientId?: number }
 */
@customElement('allo-task')
export class TaskPage extends AlloElement {
  @property({ type: Number }) task = 0;
  @state() private data: Loading<TaskCard> = LOADING;
  @state() private editing: string | null = null;
  /** Of a series: which ones an edit of the text is for. */
  @state() private scope: 'this' | 'following' | 'all' = 'this';
  @state() private line = '';
  @state() private said = '';
  @state() private mentions: readonly number[] = [];
  @state() private files = 0;
  @find('allo-task-acts') private readonly acts!: TaskActs;
  private stops: (() => void)[] = [];

  static override styles = [
    ...AlloElement.styles,
    states,
    rows,
    lineStyles,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin: var(--space-2) 0 var(--space-3);
      }
      .place {
        display: grid;
        grid-template-columns: minmax(0, 3fr) minmax(15rem, 2fr);
        gap: var(--space-4);
        align-items: start;
      }
      .place > div {
        display: grid;
        gap: var(--space-4);
      }
      @media (max-width: 1100px) {
        .place {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      h2 {
        margin-bottom: var(--space-2);
        font-size: var(--text-m);
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--space-2) var(--space-3);
        align-items: center;
      }
      dt {
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      dd,
      .text {
        overflow-wrap: anywhere;
      }
      .items li {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }
      .items .over {
        text-decoration: line-through;
        color: var(--text-muted);
      }
      .said {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .comments li + li,
      .history li + li {
        margin-top: var(--space-2);
      }
      form.one {
        display: flex;
        align-items: end;
        gap: var(--space-2);
        margin-top: var(--space-2);
      }
      form.one .field {
        flex: 1;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        padding-left: 0.6rem;
        border-radius: 99px;
        background: var(--surface-3);
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        margin-bottom: var(--space-2);
      }
      input[type='number'] {
        width: 6rem;
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
    this.stops = [
      onLive('tasks', ({ id }) => {
        if (id === this.task) this.again();
      }),
      onReset(() => this.again()),
    ];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stops.forEach((stop) => stop());
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('task')) return;
    this.data = LOADING;
    this.editing = null;
    this.said = this.line = '';
    this.mentions = [];
    void this.load();
  }

  private again() {
    this.files++;
    void this.load();
  }

  private async load() {
    const id = this.task;
    try {
      const card = await tasksApi.card(id);
      if (id === this.task) this.data = ready(card);
    } catch (err) {
      if (id === this.task && this.data.state !== 'ready') this.data = failed(err);
    }
  }

  /** Runs what was ordered, says what went wrong, and shows the task as it then is. */
  private async run(order: () => Promise<unknown>): Promise<boolean> {
    try {
      await order();
      return true;
    } catch (err) {
      toast('danger', err instanceof ApiError && err.code === 'conflict' ? t().conflict : errorText(err));
      return false;
    } finally {
      await this.load();
    }
  }

  override render() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(9)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load(), true)}</div>`;
    const card = this.data.value;
    const { task, parent } = card;
    return html`<p class="small">
        <a href="/tasks">${t().toAll}</a
        >${parent ? html` · ${t().partOf} <a href="/tasks/${parent.id}" dir="auto">${parent.text}</a>` : nothing}
      </p>
      ${this.editing === null ? html`<h1 tabindex="-1" dir="auto">${task.text}</h1>` : this.editForm(card, this.editing)}
      <div class="head">${this.standing(card)} ${this.orders(card)}</div>
      <div class="place">
        <div>${this.checklist(card)} ${this.parts(card)} ${this.comments(card)}</div>
        <div>
          ${this.facts(card)}
          <allo-task-repeat .card=${card} @task-changed=${() => void this.load()}></allo-task-repeat>
          <section>
            <h2>${t().files}</h2>
            <allo-files kind="task" ref=${String(task.id)} .version=${this.files}></allo-files>
          </section>
          ${this.history(card)}
        </div>
      </div>
      <allo-task-acts @task-changed=${() => void this.load()}></allo-task-acts>`;
  }

  private editForm({ task }: TaskCard, text: string) {
    const save = async (e: Event) => {
      e.preventDefault();
      const edit = { version: task.version, text: this.editing ?? text };
      const { scope } = this;
      const order = () => (scope === 'this' ? tasksApi.edit(task.id, edit) : tasksApi.editSeries(task.id, { ...edit, scope }));
      if (await this.run(order)) this.editing = null;
    };
    return html`<form class="one" @submit=${(e: Event) => void save(e)}>
      ${field({ id: 'text', label: t().what, value: text, maxLength: 500, required: true, onInput: (value) => (this.editing = value) })}
      ${
        task.seriesId === null
          ? nothing
          : html`<label class="field"
              ><span>${t().whichOnes}</span
              ><select @change=${(e: Event) => (this.scope = (e.target as HTMLSelectElement).value as 'this')}>
                ${(['this', 'following', 'all'] as const).map((one) => html`<option value=${one} ?selected=${one === this.scope}>${t().scopesOfSeries[one]}</option>`)}
              </select></label
            >`
      }
      <button class="button primary">${t().saveAll}</button>
      <button type="button" class="button quiet" @click=${() => (this.editing = null)}>${t().cancel}</button>
    </form>`;
  }

  private standing({ task }: TaskCard) {
    const asked = this.data.state === 'ready' ? this.data.value.moves.find(({ state: at }) => at === 'asked') : undefined;
    return html`${marksOf(task)}
    ${endOf(task) ? html`<span class="row">${icon('check')}<strong>${endOf(task)}</strong><span dir="auto" class="said">${task.doneNote}</span></span>` : nothing}
    ${task.acceptedAt !== null ? html`<span class="muted">${t().accepted(moment(task.acceptedAt))}</span>` : nothing}
    ${
      asked
        ? html`<p class="notice warning">
            ${icon('clock')}<span
              >${t().asksToMove(asked.user?.name ?? '')}: ${moment(asked.from)} → ${moment(asked.to)} · ${t().reasons[asked.reason]}
              <span dir="auto">${asked.note}</span></span
            >
            ${
              asked.can.decide
                ? html`<button class="button success" @click=${() => void this.run(() => tasksApi.decide(asked.id, true, ''))}>
                      ${t().grant}
                    </button>
                    <button class="button" @click=${() => void this.acts.refuse(task, asked.id)}>${t().refuse}</button>`
                : nothing
            }
          </p>`
        : nothing
    }`;
  }

  private orders({ task }: TaskCard) {
    if (task.can.accept)
      return html`<button class="button success" @click=${() => void this.run(() => tasksApi.accept(task.id))}>
          ${icon('check')}${t().accept}
        </button>
        <button class="button" @click=${() => void this.acts.giveBack(task)}>${t().giveBack}</button>`;
    if (!task.can.edit) return nothing;
    if (task.doneAt !== null)
      return html`<button class="button" @click=${() => void this.run(() => tasksApi.undone(task.id))}>${t().reopen}</button>`;
    return html`<button class="button primary" @click=${() => void this.acts.done(task)}>${icon('check')}${t().finish}</button>
      <button class="button" @click=${() => void this.acts.move(task)}>${icon('clock')}${t().move}</button>
      ${
        task.phone
          ? html`<button
              class="button"
              aria-label="${task.client ? `${t().call(task.client.name)}, ${formatNumber(task.phone)}` : t().call(formatNumber(task.phone))}"
              @click=${() => this.emit('dial-wanted', { number: task.phone, ...(task.client && { clientId: task.client.id }) })}
            >
              ${icon('phone')}<span class="num">${formatNumber(task.phone)}</span>
            </button>`
          : nothing
      }
      <button class="button quiet" @click=${() => void this.edit(task.text)}>${icon('pencil')}${t().edit}</button>`;
  }

  private async edit(text: string) {
    this.editing = text;
    this.scope = 'this';
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('#text')?.focus();
  }

  private facts({ task, watchers, people }: TaskCard) {
    const open = task.can.edit && task.doneAt === null;
    const set = (edit: Omit<TaskEdit, 'version'>) => void this.run(() => tasksApi.edit(task.id, { version: task.version, ...edit }));
    const watching = watchers.map(({ id }) => id);
    return html`<section class="panel">
      <dl>
        <dt>${t().due}</dt>
        <dd>
          <strong class="num">${moment(task.dueAt)}</strong>
          ${task.firstDueAt !== null && task.firstDueAt !== task.dueAt ? html`<span class="small muted">${t().firstDue(moment(task.firstDueAt))}</span>` : nothing}
        </dd>
        <dt>${t().owner}</dt>
        <dd>
          ${
            open && task.can.assign
              ? html`<select
                  aria-label=${t().owner}
                  @change=${(e: Event) => set({ ownerId: Number((e.target as HTMLSelectElement).value) })}
                >
                  ${people.map(({ id, name }) => html`<option value=${id} ?selected=${id === task.owner?.id} .selected=${id === task.owner?.id}>${name}</option>`)}
                </select>`
              : (task.owner?.name ?? '—')
          }
        </dd>
        <dt>${t().author}</dt>
        <dd>${task.author?.name ?? '—'}</dd>
        ${
          task.client
            ? html`<dt>${t().client}</dt>
                <dd><a href="/clients/${task.client.id}" dir="auto">${task.client.name}</a></dd>`
            : nothing
        }
        ${
          task.about
            ? html`<dt>${t().about}</dt>
                <dd>
                  <a href=${this.aboutHref(task.about)}
                    >${t().abouts[task.about.kind]} ${task.about.kind === 'call' ? '' : task.about.ref}</a
                  >
                </dd>`
            : nothing
        }
        <dt>${t().priority}</dt>
        <dd>
          ${
            open
              ? html`<select
                  aria-label=${t().priority}
                  @change=${(e: Event) => set({ priority: (e.target as HTMLSelectElement).value as TaskPriority })}
                >
                  ${(['high', 'normal', 'low'] as const).map((one) => html`<option value=${one} ?selected=${one === task.priority} .selected=${one === task.priority}>${t().priorities[one]}</option>`)}
                </select>`
              : t().priorities[task.priority]
          }
        </dd>
        <dt>${t().estimate}</dt>
        <dd>
          ${
            open
              ? html`<input
                  type="number"
                  min="1"
                  max="10080"
                  aria-label=${t().estimate}
                  .value=${task.estimate === null ? '' : String(task.estimate)}
                  @change=${(e: Event) => set({ estimate: Number((e.target as HTMLInputElement).value) || null })}
                />`
              : (task.estimate ?? '—')
          }
        </dd>
        <dt>${t().watchers}</dt>
        <dd>
          <div class="chips">
            ${watchers.map(
              ({ id, name }) =>
                html`<span class="chip"
                  >${name}${
                    task.can.edit
                      ? html`<button
                          class="button quiet icon-only"
                          aria-label=${t().unwatch(name)}
                          @click=${() =>
                            void this.run(() =>
                              tasksApi.watch(
                                task.id,
                                watching.filter((one) => one !== id),
                              ),
                            )}
                        >
                          ${icon('close')}
                        </button>`
                      : nothing
                  }</span
                >`,
            )}
          </div>
          ${
            task.can.edit
              ? this.choose(t().addWatcher, people.filter(({ id }) => !watching.includes(id)), (id) => void this.run(() => tasksApi.watch(task.id, [...watching, id]))) // prettier-ignore
              : nothing
          }
        </dd>
      </dl>
      ${
        open
          ? html`<label class="row"
              ><input
                type="checkbox"
                .checked=${task.accept}
                @change=${(e: Event) => set({ accept: (e.target as HTMLInputElement).checked })}
              />${t().accepts}</label
            >`
          : nothing
      }
    </section>`;
  }

  private aboutHref({ kind, ref }: { kind: string; ref: string }): string {
    if (kind === 'call') return `/calls/${encodeURIComponent(ref)}`;
    return kind === 'complaint' ? `/complaints/${ref}` : `/campaigns/${ref}`;
  }

  /** One of these people, added at once. */
  private choose(words: string, people: readonly { id: number; name: string }[], chosen: (id: number) => void) {
    return html`<select
      aria-label=${words}
      @change=${(e: Event) => {
        const select = e.target as HTMLSelectElement;
        const id = Number(select.value);
        select.value = '';
        if (id > 0) chosen(id);
      }}
    >
      <option value="">${words}</option>
      ${people.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
    </select>`;
  }

  private checklist({ task, items }: TaskCard) {
    const open = task.can.edit && task.doneAt === null;
    if (items.length === 0 && !open) return nothing;
    const add = async (e: Event) => {
      e.preventDefault();
      const text = this.line.trim();
      if (text && (await this.run(() => tasksApi.addItem(task.id, text)))) this.line = '';
    };
    return html`<section class="panel">
      <h2>
        ${t().checklist}
        ${items.length > 0 ? html`<span class="muted num">${items.filter((one) => one.doneAt !== null).length}/${items.length}</span>` : nothing}
      </h2>
      <ul class="items">
        ${repeat(
          items,
          ({ id }) => id,
          (item) =>
            html`<li>
              <label class="row grow"
                ><input
                  type="checkbox"
                  ?disabled=${!open}
                  .checked=${item.doneAt !== null}
                  @change=${(e: Event) => void this.run(() => tasksApi.tick(task.id, item.id, (e.target as HTMLInputElement).checked))}
                /><span class="text ${item.doneAt === null ? '' : 'over'}" dir="auto">${item.text}</span></label
              >
              ${item.doneBy ? html`<span class="small muted">${item.doneBy.name}</span>` : nothing}
              ${
                open
                  ? html`<button
                      class="button quiet icon-only"
                      aria-label=${t().dropLine(item.text)}
                      @click=${() => void this.run(() => tasksApi.dropItem(task.id, item.id))}
                    >
                      ${icon('close')}
                    </button>`
                  : nothing
              }
            </li>`,
        )}
      </ul>
      ${
        open
          ? html`<form class="one" @submit=${(e: Event) => void add(e)}>
              ${field({ id: 'item', label: t().addLine, value: this.line, maxLength: 300, onInput: (line) => (this.line = line) })}
              <button class="button icon-only" aria-label=${t().addLine}>${icon('plus')}</button>
            </form>`
          : nothing
      }
    </section>`;
  }

  private parts({ task, subtasks }: TaskCard) {
    const open = task.can.edit && task.doneAt === null && task.parentId === null;
    if (subtasks.length === 0 && !open) return nothing;
    const add = async (e: Event) => {
      e.preventDefault();
      const input = (e.target as HTMLFormElement).elements.namedItem('part') as HTMLInputElement;
      const text = input.value.trim();
      if (text && (await this.run(() => tasksApi.create({ text, dueAt: task.dueAt, parentId: task.id, clientId: task.client?.id ?? null })))) input.value = ''; // prettier-ignore
    };
    return html`<section class="panel">
      <h2>${t().parts}</h2>
      <ul class="tasks">
        ${repeat(
          subtasks,
          ({ id }) => id,
          (part) => taskLine(part),
        )}
      </ul>
      ${
        open
          ? html`<form class="one" @submit=${(e: Event) => void add(e)}>
              <label class="field"><span>${t().addPart}</span><input name="part" maxlength="500" autocomplete="off" /></label>
              <button class="button icon-only" aria-label=${t().addPart}>${icon('plus')}</button>
            </form>`
          : nothing
      }
    </section>`;
  }

  private comments({ task, comments, people }: TaskCard) {
    const send = async (e: Event) => {
      e.preventDefault();
      const text = this.said.trim();
      if (!text || !(await this.run(() => tasksApi.comment(task.id, text, [...this.mentions])))) return;
      this.said = '';
      this.mentions = [];
    };
    const nameOf = (id: number) => people.find((one) => one.id === id)?.name ?? '';
    return html`<section class="panel">
      <h2>${t().comments}</h2>
      <ul class="comments">
        ${repeat(
          comments,
          ({ id }) => id,
          ({ user, at, text, mentions }) =>
            html`<li>
              <p class="small muted">
                ${user?.name ?? '—'} · <span class="num">${moment(at)}</span>${mentions.map(({ name }) => html` · @${name}`)}
              </p>
              <p class="said" dir="auto">${text}</p>
            </li>`,
        )}
      </ul>
      <form @submit=${(e: Event) => void send(e)}>
        ${field({ id: 'comment', label: t().comment, value: this.said, lines: true, maxLength: 4000, onInput: (said) => (this.said = said) })}
        <div class="chips">
          ${this.mentions.map((id) => html`<span class="chip">@${nameOf(id)}<button type="button" class="button quiet icon-only" aria-label="${t().cancel}: ${nameOf(id)}" @click=${() => (this.mentions = this.mentions.filter((one) => one !== id))}>${icon('close')}</button></span>`)}
        </div>
        <div class="row wrap">
          ${this.choose(
            t().mention,
            people.filter(({ id }) => !this.mentions.includes(id)),
            (id) => (this.mentions = [...this.mentions, id]),
          )}
          <button class="button primary">${t().send}</button>
        </div>
      </form>
    </section>`;
  }

  private history({ events, people }: TaskCard) {
    return html`<details class="panel">
      <summary>${t().history} <span class="muted num">${events.length}</span></summary>
      <ol class="history small">
        ${events.map(
          (event) =>
            html`<li>
              <span class="num muted">${moment(event.at)}</span> ${event.user?.name ?? ''}: ${t().events[event.kind] ?? event.kind}
              <span class="text" dir="auto">${historyWords(event, people)}</span>
            </li>`,
        )}
      </ol>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-task': TaskPage;
  }
}
