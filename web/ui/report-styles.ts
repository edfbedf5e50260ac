import { css } from 'lit';
import { scrollTable } from './table-styles.ts';

/** Pages of reports: which one is asked for, and of what. */
export const reportChoice = css`
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
    margin-bottom: var(--space-3);
  }
  .tabs button[aria-pressed='true'] {
    background: var(--accent-soft);
    border-color: var(--accent);
    color: var(--accent);
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--space-2) var(--space-3);
  }
`;

/** A chart: its key above it, `i` before each word of it; what is drawn, in per cent of the width. */
export const chart = css`
  figure {
    margin: 0 0 var(--space-4);
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
    margin-bottom: var(--space-2);
    font-size: var(--text-s);
    color: var(--text-muted);
  }
  figcaption i {
    display: inline-block;
    width: 0.8rem;
    height: 0.8rem;
    margin-right: var(--space-1);
    border-radius: 2px;
    vertical-align: -0.1em;
  }
  .plot-area {
    display: block;
    width: 100%;
    overflow: visible;
  }
  figure text {
    fill: var(--text-muted);
    font-size: var(--text-s);
  }
  .grid {
    stroke: var(--border);
  }
`;

/** Figures below heads that sort them, with their total at the foot. */
export const figureTable = [
  ...scrollTable,
  css`
    th,
    td {
      padding: var(--space-2);
      text-align: right;
      font-variant-numeric: tabular-nums;
    }
    thead th {
      vertical-align: bottom;
      white-space: normal;
    }
    th:first-child {
      text-align: left;
      font-weight: 550;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    thead button {
      min-height: 1.5rem;
      padding: 0;
      border: 0;
      background: none;
      color: inherit;
      font: inherit;
      font-weight: 600;
      text-align: inherit;
      cursor: pointer;
    }
    [aria-sort='ascending'] .sort::after {
      content: ' ▲';
    }
    [aria-sort='descending'] .sort::after {
      content: ' ▼';
    }
    tfoot > tr > * {
      border-top: 1px solid var(--border-strong);
      background: var(--surface-2);
      font-weight: 650;
    }
  `,
];
