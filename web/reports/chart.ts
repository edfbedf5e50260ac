import { css, html, nothing, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { chart } from '../ui/report-styles.ts';
import { decimal, nameOf, percent, written } from './columns.ts';
import type { Column, Row } from './columns.ts';
import { t } from './strings.ts';

/** Bars drawn as SVG in per cent of the width, so that text keeps its size: no library, no measuring. The table below says the same in figures. */

export const chartStyles = [
  chart,
  css`
    figcaption {
      margin-bottom: var(--space-3);
    }
    figcaption .answered,
    figcaption .handled {
      background: var(--accent);
    }
    figcaption .abandoned {
      background: var(--danger);
    }
    figcaption .flowed {
      background: var(--border-strong);
    }
    figcaption .line {
      height: 3px;
      background: var(--success);
      vertical-align: 0.25em;
    }
    .plot {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      gap: var(--space-2);
    }
    .axis {
      display: flex;
      flex-direction: column;
      justify-content: space-between;
      height: 190px;
      margin: -0.5em 0;
      font-size: var(--text-s);
      line-height: 1;
      color: var(--text-muted);
      text-align: right;
      font-variant-numeric: tabular-nums;
    }
    .plot-area {
      height: 204px;
    }
    rect.answered,
    rect.handled,
    rect.value {
      fill: var(--accent);
    }
    rect.abandoned {
      fill: var(--danger);
    }
    rect.flowed {
      fill: var(--border-strong);
    }
    line.level {
      stroke: var(--success);
      stroke-width: 2.5;
      stroke-linecap: round;
    }
    circle.level {
      fill: var(--surface);
      stroke: var(--success);
      stroke-width: 2;
    }
    .bars {
      display: grid;
      grid-template-columns: minmax(5rem, 12rem) minmax(0, 1fr) auto;
      align-items: center;
      gap: var(--space-1) var(--space-3);
    }
    .bars svg {
      width: 100%;
      height: 0.9rem;
    }
    .hit {
      fill: transparent;
    }
    g:hover > .hit {
      fill: var(--surface-3);
    }
  `,
];

const HEIGHT = 180;
const TOP = 4;

/** The next round number: 1, 2, 5 times a power of ten. */
export const roundUp = (value: number): number => {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= value)!;
};

export interface TimeChart {
  rows: readonly Row[];
  stack: readonly string[];
  /** A share 0..1, as a line. */
  line: string;
  words: (row: Row) => string;
  /** Below the axis: as short as it can be. */
  tick: (row: Row) => string;
}

export const timeChart = ({ rows, stack, line, words, tick }: TimeChart): TemplateResult => {
  const sum = (row: Row) => stack.reduce((all, name) => all + (row.figures[name] ?? 0), 0);
  const most = roundUp(Math.max(1, ...rows.map(sum)));
  const step = 100 / rows.length;
  const wide = step * 0.72;
  const every = Math.ceil(rows.length / 12);
  const middle = (i: number) => `${(i + 0.5) * step}%`;
  const heightOf = (value: number) => (value / most) * HEIGHT;
  const levelAt = (share: number) => TOP + HEIGHT - share * HEIGHT;
  const column = (row: Row, i: number) => {
    let top = TOP + HEIGHT;
    const said = [...stack.map((name) => `${nameOf(name)}: ${decimal(row.figures[name] ?? 0)}`), `${nameOf(line)}: ${row.figures[line] == null ? t().noData : percent(row.figures[line])}`]; // prettier-ignore
    return svg`<g><title>${words(row)}\n${said.join('\n')}</title>
      <rect class="hit" x="${i * step}%" y=${TOP} width="${step}%" height=${HEIGHT}></rect>
      ${stack.map((name) => {
        const height = heightOf(row.figures[name] ?? 0);
        top -= height;
        return height > 0
          ? svg`<rect class=${name} x="${i * step + (step - wide) / 2}%" y=${top} width="${wide}%" height=${height}></rect>`
          : nothing;
      })}
      ${i % every === 0 ? svg`<text x=${middle(i)} y=${TOP + HEIGHT + 17} text-anchor="middle">${tick(row)}</text>` : nothing}</g>`;
  };
  const known = rows.flatMap((row, i) => (row.figures[line] == null ? [] : [{ i, share: row.figures[line] }]));
  return html`<figure class="panel">
    <figcaption>
      ${stack.map((name) => html`<span><i class=${name}></i>${nameOf(name)}</span>`)}
      <span><i class="line"></i>${nameOf(line)}</span>
    </figcaption>
    <div class="plot">
      <div class="axis" aria-hidden="true"><span>${decimal(most)}</span><span>${decimal(most / 2)}</span><span>0</span></div>
      <svg class="plot-area" role="img" aria-label=${t().chart}>
        ${[0, 0.5, 1].map((at) => svg`<line class="grid" x1="0" x2="100%" y1=${levelAt(at)} y2=${levelAt(at)}></line>`)} ${rows.map(column)}
        ${known
          .slice(1)
          .map(({ i, share }, k) =>
            known[k]!.i === i - 1
              ? svg`<line class="level" x1=${middle(i - 1)} y1=${levelAt(known[k]!.share)} x2=${middle(i)} y2=${levelAt(share)}></line>`
              : nothing,
          )}
        ${rows.length <= 62 ? known.map(({ i, share }) => svg`<circle class="level" cx=${middle(i)} cy=${levelAt(share)} r="3"></circle>`) : nothing}
      </svg>
      <div class="axis" aria-hidden="true"><span>${percent(1)}</span><span>${percent(0.5)}</span><span>${percent(0)}</span></div>
    </div>
  </figure>`;
};

/** The largest of one figure. */
export const rankChart = (rows: readonly Row[], c: Column, words: (row: Row) => string): TemplateResult => {
  const shown = rows.filter((row) => row.figures[c.name] != null).sort((a, b) => b.figures[c.name]! - a.figures[c.name]!).slice(0, 10); // prettier-ignore
  const most = c.kind === 'share' ? 1 : Math.max(1, ...shown.map((row) => row.figures[c.name]!));
  return html`<figure class="panel">
    <figcaption>${nameOf(c.name)}</figcaption>
    <div class="bars" role="img" aria-label=${t().chart}>
      ${shown.map(
        (row) =>
          html`<span class="cut" dir="auto">${words(row)}</span>
            <svg aria-hidden="true">
              <rect class="value" x="0" y="0" height="100%" rx="2" width="${(row.figures[c.name]! / most) * 100}%"></rect>
            </svg>
            <span class="num">${written(c, row.figures[c.name])}</span>`,
      )}
    </div>
  </figure>`;
};
