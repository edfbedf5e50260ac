import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Task } from '../../server/tasks/contract.ts';
import { moment } from '../core/format.ts';
import { serverNow } from '../core/time.ts';
import '../ui/allo-badge.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

/** A task in a list of them. */
export const lineStyles = css`
  .tasks > li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: var(--space-1) var(--space-3);
    padding: var(--space-2) var(--space-4);
  }
  .tasks > li + li {
    border-top: 1px solid var(--border);
  }
  .tasks > li:hover {
    background: var(--surface-2);
  }
  .tasks .text {
    overflow-wrap: anywhere;
  }
  .late {
    color: var(--danger);
  }
`;

/** What else is to be said of it at a glance. */
export const marksOf = (task: Task): TemplateResult => html`
  ${task.priority === 'high' ? html`<allo-badge tone="danger">${t().priorities.high}</allo-badge>` : nothing}
  ${task.moves > 0 ? html`<allo-badge tone="warning">${t().moved(task.moves)}</allo-badge>` : nothing}
  ${task.accept && task.doneAt !== null && task.acceptedAt === null && !task.cancelled ? html`<allo-badge tone="info">${t().waitsAccept}</allo-badge>` : nothing}
`;

export const endOf = (task: Task): string | null => {
  if (task.doneAt === null) return null;
  return task.cancelled ? t().cancelledOn(moment(task.doneAt)) : t().doneOn(moment(task.doneAt));
};

export const taskLine = (task: Task, acts: TemplateResult | typeof nothing = nothing): TemplateResult => {
  const late = task.doneAt === null && task.dueAt < serverNow();
  return html`<li>
    <div>
      <a class="text" dir="auto" href="/tasks/${task.id}">${task.text}</a> ${marksOf(task)}
      <p class="small muted">
        <span class="num ${late ? 'late' : ''}">${late ? icon('warning') : nothing} ${endOf(task) ?? moment(task.dueAt)}</span>
        ${task.owner ? html` · ${task.owner.name}` : nothing}
        ${task.client ? html` · <a href="/clients/${task.client.id}" dir="auto">${task.client.name}</a>` : nothing}
        ${task.doneNote ? html` · <span dir="auto">${task.doneNote}</span>` : nothing}
      </p>
    </div>
    <div class="row">${acts}</div>
  </li>`;
};
