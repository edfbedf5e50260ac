import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { TaskCard } from '../../server/tasks/contract.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { tasksApi } from './api.ts';
import { t } from './strings.ts';

const RULES = {
  daily: 'FREQ=DAILY',
  working: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  weekly: 'FREQ=WEEKLY',
  fortnight: 'FREQ=WEEKLY;INTERVAL=2',
  monthly: 'FREQ=MONTHLY',
  lastDay: 'FREQ=MONTHLY;BYMONTHDAY=-1',
  yearly: 'FREQ=YEARLY',
} as const;
type Name = keyof typeof RULES | 'never' | 'own';
const NAMES = ['never', ...(Object.keys(RULES) as (keyof typeof RULES)[]), 'own'] as const;
const nameOf = (rule: string): Name => NAMES.find((name) => name in RULES && RULES[name as keyof typeof RULES] === rule) ?? 'own';

/**
 * By which rule a task comes again, and when next; begun, changed for this one and the following, or ended.
 * @fires task-changed - detail: { id: number }
 */
@customElement('allo-task-repeat')
export class TaskRepeat extends AlloElement {
  @property({ attribute: false }) card: TaskCard | null = null;
  @state() private own: string | null = null;
  @state() private saving = false;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-2);
        margin-top: var(--space-2);
      }
      .row {
        flex-wrap: wrap;
        margin-top: var(--space-2);
      }
    `,
  ];

  override render() {
    if (!this.card) return nothing;
    const { task, series } = this.card;
    const open = task.can.edit && task.doneAt === null && task.parentId === null;
    if (!open && !series) return nothing;
    const chosen = series ? nameOf(series.rule) : 'never';
    const here = this.own !== null ? 'own' : chosen;
    return html`<section class="panel">
      <label class="field"
        ><span>${t().repeats}</span
        ><select ?disabled=${!open || this.saving} @change=${(e: Event) => this.choose((e.target as HTMLSelectElement).value as Name)}>
          ${NAMES.filter((name) => name !== 'never' || !series).map((name) => html`<option value=${name} ?selected=${name === here} .selected=${name === here}>${t().rules[name]}</option>`)}
        </select></label
      >
      ${
        open && (this.own !== null || (chosen === 'own' && series))
          ? html`<form @submit=${(e: Event) => this.submit(e)}>
              ${field({ id: 'rule', label: t().ownRule, value: this.own ?? series?.rule ?? '', maxLength: 250, onInput: (own) => (this.own = own) })}
              <button class="button" ?disabled=${this.saving}>${t().saveAll}</button>
            </form>`
          : nothing
      }
      ${series ? html`<p class="small muted">${series.next.length > 0 ? html`${t().nextOnes}: <span class="num">${series.next.map((at) => moment(at)).join('; ')}</span>` : t().seriesEnded}</p>` : nothing}
      ${
        series && open
          ? html`<div class="row">
              <button class="button" @click=${() => void this.run(() => tasksApi.skip(task.id, t().skipped))}>${t().skip}</button>
              ${series.next.length > 0 ? html`<button class="button" @click=${() => void this.run(() => tasksApi.endSeries(task.id))}>${t().endSeries}</button>` : nothing}
            </div>`
          : nothing
      }
    </section>`;
  }

  private choose(name: Name) {
    if (name === 'never') return;
    if (name === 'own') this.own = this.card?.series?.rule ?? RULES.weekly;
    else void this.save(RULES[name]);
  }

  private submit(e: Event) {
    e.preventDefault();
    void this.save(this.own ?? this.card?.series?.rule ?? '');
  }

  private async save(rule: string) {
    const { task, series } = this.card!;
    const order = () => series ? tasksApi.editSeries(task.id, { version: task.version, scope: 'following', rule }) : tasksApi.repeat(task.id, rule); // prettier-ignore
    if (await this.run(order)) this.own = null;
  }

  private async run(order: () => Promise<unknown>): Promise<boolean> {
    this.saving = true;
    try {
      await order();
      return true;
    } catch (err) {
      toast('danger', errorText(err));
      return false;
    } finally {
      this.saving = false;
      this.emit('task-changed', { id: this.card!.task.id });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-task-repeat': TaskRepeat;
  }
}
