import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { MoveReason, Task } from '../../server/tasks/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { onDay } from '../core/wall.ts';
import '../ui/allo-dialog.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-when.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { tasksApi } from './api.ts';
import { t } from './strings.ts';

const REASONS: readonly MoveReason[] = ['client', 'waiting', 'busy', 'absent', 'mistake', 'other'];
const MORNING = 10;

type Act = 'done' | 'move' | 'return' | 'refuse';

/**
 * What is asked before a task ends, moves, or is given back: one question, saved by Enter.
 * @fires task-changed - detail: { id: number }
 */
@customElement('allo-task-acts')
export class TaskActs extends AlloElement {
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  @state() private act: Act = 'done';
  @state() private task: Task | null = null;
  @state() private note = '';
  @state() private cancelled = false;
  @state() private at: number | null = null;
  @state() private reason: MoveReason = 'client';
  @state() private error: string | null = null;
  @state() private saving = false;
  private move_ = 0;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-3);
      }
      .what {
        overflow-wrap: anywhere;
      }
      .quick {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
      }
      .quick .button {
        font-size: var(--text-s);
        font-weight: 400;
      }
    `,
  ];

  done = (task: Task) => this.ask('done', task);
  move = (task: Task) => this.ask('move', task);
  giveBack = (task: Task) => this.ask('return', task);
  /** Of a move that waits for consent. */
  refuse = (task: Task, move: number) => this.ask('refuse', task, move);

  private async ask(act: Act, task: Task, move = 0) {
    this.act = act;
    this.task = task;
    this.move_ = move;
    this.note = '';
    this.cancelled = false;
    this.error = null;
    this.reason = 'client';
    this.at = act === 'move' ? onDay(serverNow(), 1, MORNING) : null;
    await this.dialog.show();
    this.renderRoot.querySelector<HTMLElement>(act === 'move' ? 'select' : '#note')?.focus();
  }

  override render() {
    const titles = { done: t().result, move: t().moveTitle, return: t().giveBackTitle, refuse: t().refuseTitle };
    return html`<allo-dialog .heading=${titles[this.act]}>
      ${this.task ? html`<form @submit=${this.submit}>${this.form(this.task)}</form>` : nothing}
    </allo-dialog>`;
  }

  private form(task: Task) {
    const words = { done: t().finish, move: t().move, return: t().giveBack, refuse: t().refuse };
    return html`<p class="what" dir="auto">${task.text}</p>
      ${this.act === 'move' ? this.moving(task) : nothing}
      ${field({ id: 'note', label: this.act === 'done' ? t().resultHint : t().note, value: this.note, maxLength: this.act === 'done' ? 2000 : 500, onInput: (note) => (this.note = note) })}
      ${
        this.act === 'done'
          ? html`<div class="quick">
                ${t().results[task.kind].map((words) => html`<button type="button" class="button" @click=${() => (this.note = words)}>${words}</button>`)}
              </div>
              <label class="row"
                ><input
                  type="checkbox"
                  .checked=${this.cancelled}
                  @change=${(e: Event) => (this.cancelled = (e.target as HTMLInputElement).checked)}
                />${t().cancelTask}</label
              >`
          : nothing
      }
      ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
      <button class="button primary" ?disabled=${this.saving}>${icon('check')}${words[this.act]}</button>`;
  }

  private moving(task: Task) {
    return html`${task.moves >= 2 ? html`<p class="notice warning">${icon('info')}<span>${t().thirdMove}</span></p>` : nothing}
      <label class="field"
        ><span>${t().why}</span
        ><select @change=${(e: Event) => (this.reason = (e.target as HTMLSelectElement).value as MoveReason)}>
          ${REASONS.map((one) => html`<option value=${one} ?selected=${one === this.reason}>${t().reasons[one]}</option>`)}
        </select></label
      >
      <allo-when
        .label=${t().until}
        .value=${this.at}
        @when-changed=${(e: CustomEvent<{ at: number | null }>) => (this.at = e.detail.at)}
      ></allo-when>`;
  }

  /** What is missing; null: nothing. */
  private missing(task: Task): string | null {
    if (this.act === 'move') {
      if (this.at === null) return t().noTime;
      if (this.at < serverNow() - 60_000) return t().past;
      if (this.at === task.dueAt) return t().sameTime;
      return this.reason === 'other' && !this.note.trim() ? t().noteNeeded : null;
    }
    return this.note.trim() ? null : t().noteNeeded;
  }

  private async submit(e: Event) {
    e.preventDefault();
    const { task } = this;
    if (!task || this.saving) return;
    this.error = this.missing(task);
    if (this.error) return;
    this.saving = true;
    try {
      await this.save(task, this.note.trim());
      this.dialog.close();
      this.emit('task-changed', { id: task.id });
    } catch (err) {
      this.error = this.words(err);
    } finally {
      this.saving = false;
    }
  }

  private words(err: unknown): string {
    if (!(err instanceof ApiError) || err.code !== 'conflict') return errorText(err);
    if (err.data.reason === 'parts_open') return t().partsOpen(Number(err.data.open));
    return err.data.reason === 'asked' ? t().askedAlready : t().conflict;
  }

  private async save(task: Task, note: string) {
    if (this.act === 'refuse') await tasksApi.decide(this.move_, false, note);
    if (this.act === 'return') await tasksApi.giveBack(task.id, note);
    if (this.act === 'done') {
      await tasksApi.done(task.id, note, this.cancelled);
      toast('success', t().doneToast(task.text), { text: t().undo, run: () => void this.undone(task) });
    }
    if (this.act === 'move') {
      const { asked } = await tasksApi.move(task.id, { version: task.version, dueAt: this.at!, reason: this.reason, note });
      toast(asked ? 'info' : 'success', asked ? t().askedChief : t().movedTo(moment(this.at!)));
    }
  }

  private async undone(task: Task) {
    try {
      await tasksApi.undone(task.id);
    } catch (err) {
      toast('danger', errorText(err));
    }
    this.emit('task-changed', { id: task.id });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-task-acts': TaskActs;
  }
}
