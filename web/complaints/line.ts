import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ComplaintBrief } from '../../server/complaints/contract.ts';
import { moment } from '../core/format.ts';
import '../ui/allo-badge.ts';
import { severityBadge } from './severity.ts';
import { setup } from './store.ts';
import { labelOf, t } from './strings.ts';
import { timeLeft } from './time-left.ts';

export const lineStyles = css`
  .line {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--space-1) var(--space-4);
    align-items: center;
    padding: var(--space-3) var(--space-4);
    color: inherit;
    text-decoration: none;
  }
  .line:hover {
    background: var(--surface-2);
  }
  li + li .line {
    border-top: 1px solid var(--border);
  }
  .marks {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: var(--space-1);
  }
`;

export const whoOf = (one: Pick<ComplaintBrief, 'client' | 'contactName'>): string =>
  one.client?.name || one.contactName || t().unknownClient;

/** One complaint as lists show it; `ofCard`: on the card of its client, where the name need not be said. */
export const complaintLine = (one: ComplaintBrief, ofCard = false): TemplateResult => {
  const category = setup.get()?.categories.find(({ id }) => id === one.categoryId);
  const closed = one.closedAt !== null;
  return html`<a class="line" href="/complaints/${one.id}">
    <div>
      <p class="cut" dir="auto"><strong>${one.subject}</strong></p>
      <p class="muted small cut" dir="auto">
        <span class="num">${one.number}</span>${ofCard ? nothing : html` · ${whoOf(one)}`} · ${labelOf(category)} · ${t().owner}:
        ${one.owner?.name ?? t().noOwner}
      </p>
    </div>
    <div class="marks">
      ${severityBadge(one)}<allo-badge tone="info">${t().statuses[one.status]}</allo-badge>${
        closed ? html`<span class="muted small num">${moment(one.closedAt!)}</span>` : timeLeft(one.dueAt)
      }
    </div>
  </a>`;
};
