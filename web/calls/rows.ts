import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { CallRow } from '../../server/calls/contract.ts';
import { clock, duration, isToday, moment, shortDay } from '../core/format.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import '../ui/allo-badge.ts';
import '../ui/allo-number.ts';
import { outcomeWords, t } from './strings.ts';

export type CallState = 'live' | 'answered' | 'elsewhere' | 'missed' | 'reached' | 'failed';

/** What a call was to this operator. */
export const stateOf = (c: Pick<CallRow, 'direction' | 'answeredAt' | 'endedAt' | 'operators'>, userId: number): CallState => {
  if (c.endedAt === null) return 'live';
  if (c.direction === 'out') return c.answeredAt === null ? 'failed' : 'reached';
  if (c.answeredAt === null) return 'missed';
  return c.operators.length === 0 || c.operators.some((o) => o.id === userId) ? 'answered' : 'elsewhere';
};

const END_WORDS = {
  completed: () => t().completed,
  abandoned: () => t().abandoned,
  'no-answer': () => t().noAnswer,
  busy: () => t().busy,
  failed: () => t().failed,
  lost: () => t().lost,
};

export const endWords = (reason: CallRow['endReason']): string => (reason ? END_WORDS[reason]() : t().inProgress);

export const directionIcon = (c: Pick<CallRow, 'direction' | 'answeredAt' | 'endedAt'>): IconName =>
  c.direction === 'out' ? 'phone-out' : c.answeredAt === null && c.endedAt !== null ? 'phone-missed' : 'phone-in';

export const directionWords = (c: Pick<CallRow, 'direction'>): string =>
  c.direction === 'out' ? t().outgoing : c.direction === 'internal' ? t().internal : t().incoming;

/** Ended with a word said, and nobody has written how. */
export const lacksOutcome = (c: CallRow, userId: number): boolean =>
  c.outcome === null && c.direction !== 'internal' && ['answered', 'reached', 'failed'].includes(stateOf(c, userId));

/** Sum of what an operator did, of rows of one day. */
export const sumUp = (list: readonly CallRow[], userId: number) => ({
  answered: list.filter((c) => stateOf(c, userId) === 'answered').length,
  missed: list.filter((c) => stateOf(c, userId) === 'missed').length,
  outgoing: list.filter((c) => c.direction === 'out').length,
  talkMs: list.reduce((sum, c) => sum + (stateOf(c, userId) === 'elsewhere' ? 0 : c.talkMs), 0),
});

export const callLine = css`
  .rows a.call {
    grid-template-columns: 3.25rem 1.25rem minmax(8rem, 1fr) 10rem minmax(4rem, 7rem) 3.5rem minmax(6rem, 9.5rem);
  }
  .missed {
    color: var(--danger);
  }
  .out {
    color: var(--info);
  }
  .in {
    color: var(--success);
  }
  .who strong {
    font-weight: 600;
  }
  .talk {
    text-align: right;
  }
  .end {
    text-align: right;
    min-width: 0;
  }
  @media (max-width: 760px) {
    .rows a.call {
      grid-template-columns: 3.25rem 1.5rem 1fr auto;
    }
    .rows a.call .via,
    .rows a.call .number,
    .rows a.call .talk {
      display: none;
    }
  }
`;

/** One call as a line of a list. `dated`: no heading says of which day it is. */
export const callRow = (c: CallRow, userId: number, dated = false): TemplateResult => {
  const state = stateOf(c, userId);
  // Of a call that somebody else owes an outcome, who it is counts.
  const others = c.outcomeDue && state === 'elsewhere' ? c.operators.map((o) => o.name).join(', ') : '';
  const first = c.parts[0];
  const asked = first ? t().asked(clock(first.startedAt)) : '';
  const askedWords = first ? t().askedPart(moment(first.startedAt)) : nothing;
  const tone = state === 'missed' ? 'missed' : c.direction === 'out' ? 'out' : 'in';
  return html`<li>
    <a class="line call" href="/calls/${encodeURIComponent(c.ref)}">
      <span class="num muted" title=${moment(c.startedAt)}
        >${dated && !isToday(c.startedAt) ? shortDay(c.startedAt) : clock(c.startedAt)}</span
      >
      <span class=${tone} title=${directionWords(c)}>${icon(directionIcon(c))}<span class="hidden">${directionWords(c)}</span></span>
      <span class="who cut" dir="auto">
        <strong>${c.client?.name || c.callerName || t().unknownNumber}</strong>
        ${c.client?.company ? html`<span class="muted small">&nbsp; ${c.client.company}</span>` : nothing}
      </span>
      <span class="number num cut"><allo-number .value=${c.number}></allo-number></span>
      <span class="via cut muted small" title=${askedWords}>${others || asked || (c.queue ? t().queue(c.queue) : nothing)}</span>
      <span class="talk num">${c.talkMs > 0 ? duration(c.talkMs) : nothing}</span>
      <span class="end">${ending(c, state, userId)}</span>
    </a>
  </li>`;
};

const ending = (c: CallRow, state: CallState, userId: number) => {
  if (state === 'live') return html`<allo-badge tone="accent">${t().inProgress}</allo-badge>`;
  if (c.outcome) return html`<allo-badge>${outcomeWords(c.outcome)}</allo-badge>`;
  if (c.outcomeDue) return html`<allo-badge tone="warning">${t().withoutOutcome}</allo-badge>`;
  if (state === 'elsewhere') return html`<span class="muted small">${t().takenElsewhere}</span>`;
  if (state === 'missed') return html`<span class="missed small">${endWords(c.endReason)}</span>`;
  if (lacksOutcome(c, userId)) return html`<allo-badge tone="warning">${t().withoutOutcome}</allo-badge>`;
  return html`<span class="muted small">${endWords(c.endReason)}</span>`;
};

/** A call without its day is a line without a place: the list in days, each with a heading. */
export const byDay = <T extends { startedAt: number }>(list: readonly T[], dayOf: (at: number) => string): [string, T[]][] => {
  const days = new Map<string, T[]>();
  for (const c of list) days.set(dayOf(c.startedAt), [...(days.get(dayOf(c.startedAt)) ?? []), c]);
  return [...days];
};
