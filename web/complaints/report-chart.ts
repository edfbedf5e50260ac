import { css, html, nothing, svg } from 'lit';
import type { TemplateResult } from 'lit';
import type { ReportRow } from '../../server/complaints/contract.ts';
import { shortDay } from '../core/format.ts';
import { chart } from '../ui/report-styles.ts';
import { t } from './report-strings.ts';

/** Complaints week by week, the late ones dark, a jump marked: SVG in per cent of the width, so that text keeps its size. */

export const chartStyles = [
  chart,
  css`
    figcaption i {
      background: var(--accent);
    }
    figcaption i.late {
      background: var(--danger);
    }
    .plot-area {
      height: 200px;
    }
    figure text.mark {
      fill: var(--danger);
      font-weight: 700;
    }
    figure rect {
      fill: var(--accent);
    }
    figure rect.late {
      fill: var(--danger);
    }
  `,
];

const HEIGHT = 150;
const TOP = 24;

export const trendChart = (rows: readonly ReportRow[]): TemplateResult | typeof nothing => {
  const most = Math.max(1, ...rows.map(({ figures }) => figures.all ?? 0));
  const step = 100 / Math.max(1, rows.length);
  const every = Math.ceil(rows.length / 12);
  const heightOf = (value: number) => (value / most) * HEIGHT;
  const bar = (value: number, i: number, kind: string) =>
    svg`<rect class=${kind} x="${i * step + step * 0.15}%" y=${TOP + HEIGHT - heightOf(value)} width="${step * 0.7}%" height=${heightOf(value)}></rect>`; // prettier-ignore
  const middle = (i: number) => `${(i + 0.5) * step}%`;
  return html`<figure class="panel">
    <figcaption>
      <span><i></i>${t().columns.all}</span><span><i class="late"></i>${t().columns.late}</span><span>▲ ${t().jump}</span>
    </figcaption>
    <svg class="plot-area" role="img" aria-label=${t().chart}>
      <line class="grid" x1="0" x2="100%" y1=${TOP + HEIGHT} y2=${TOP + HEIGHT}></line>
      ${rows.map(
        ({ figures, marks, key }, i) =>
          svg`<g>${bar(figures.all ?? 0, i, 'all')}${bar(figures.late ?? 0, i, 'late')}
            ${marks.length > 0 ? svg`<text class="mark" x=${middle(i)} y=${TOP + HEIGHT - heightOf(figures.all ?? 0) - 6} text-anchor="middle">▲</text>` : nothing}
            ${i % every === 0 ? svg`<text x=${middle(i)} y=${TOP + HEIGHT + 18} text-anchor="middle">${shortDay(key.at ?? 0)}</text>` : nothing}</g>`,
      )}
    </svg>
  </figure>`;
};
