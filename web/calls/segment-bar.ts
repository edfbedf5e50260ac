import { css, svg, html } from 'lit';
import type { TemplateResult } from 'lit';
import type { CallSegment } from '../../server/calls/contract.ts';
import { clockSeconds, duration } from '../core/format.ts';
import { t } from './strings.ts';

export const barStyles = css`
  svg.bar {
    display: block;
    width: 100%;
    border-radius: 4px;
    background: var(--surface-2);
  }
  .k-ivr,
  .k-transfer {
    fill: var(--border-strong);
  }
  .k-queue {
    fill: var(--warning);
  }
  .k-offer {
    fill: var(--info);
  }
  .k-talk {
    fill: var(--success);
  }
  .k-hold,
  .k-consult {
    fill: var(--border-strong);
  }
  .mark {
    fill: var(--danger);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    margin-top: var(--space-3);
  }
  th,
  td {
    padding: var(--space-1) var(--space-3) var(--space-1) 0;
    text-align: left;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  th {
    font-weight: 550;
    white-space: nowrap;
  }
  td.num:last-child {
    text-align: right;
    padding-right: 0;
  }
  svg.key {
    width: 0.7rem;
    height: 0.7rem;
    margin-right: var(--space-2);
    vertical-align: -0.05em;
  }
`;

/** A stretch that is not a segment of the call, but stands in its course: the recording was paused. */
export interface Mark {
  from: number;
  to: number | null;
  words: string;
}

const LANE = 12;
/** Waiting and menus above, the ringing of phones below it, what was said at the foot: they overlap in time. */
const LANES: Record<CallSegment['kind'], number> = { ivr: 0, queue: 0, transfer: 0, offer: 1, talk: 2, hold: 2, consult: 2 };

/** A call as a bar of its time, with the same as a table below it. */
export const segmentBar = (segments: readonly CallSegment[], from: number, to: number, marks: readonly Mark[] = []): TemplateResult => {
  const span = Math.max(1, to - from);
  const x = (at: number) => (Math.min(Math.max(at - from, 0), span) / span) * 1000;
  return html`<svg class="bar" viewBox="0 0 1000 ${LANE * 3 + 4}" height=${LANE * 3 + 4} preserveAspectRatio="none" aria-hidden="true">
      ${segments.map(
        (s) =>
          svg`<rect class="k-${s.kind}" x=${x(s.from)} y=${LANES[s.kind] * LANE + 3} rx="2"
            width=${Math.max(3, x(s.to ?? to) - x(s.from))} height=${LANE - 2}></rect>`,
      )}
      ${marks.map((m) => svg`<rect class="mark" x=${x(m.from)} y=${LANE * 2 + 3} width=${Math.max(3, x(m.to ?? to) - x(m.from))} height=${LANE - 2}></rect>`)}
    </svg>
    <table>
      <tbody>
        ${segments.map(
          (s) =>
            html`<tr>
              <td class="num muted">${clockSeconds(s.from)}</td>
              <th scope="row">
                <svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class="k-${s.kind}" width="10" height="10" rx="2"></rect></svg
                >${t().segment[s.kind] ?? s.kind}
              </th>
              <td>${s.user?.name ?? s.extension ?? s.queue ?? ''}</td>
              <td class="muted">${s.endReason ? (t().end[s.endReason] ?? s.endReason) : ''}</td>
              <td class="num">${duration((s.to ?? to) - s.from)}</td>
            </tr>`,
        )}
        ${marks.map(
          (m) =>
            html`<tr>
              <td class="num muted">${clockSeconds(m.from)}</td>
              <th scope="row">
                <svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class="mark" width="10" height="10" rx="2"></rect></svg
                >${m.words}
              </th>
              <td></td>
              <td></td>
              <td class="num">${duration((m.to ?? to) - m.from)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
};
