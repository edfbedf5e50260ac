import { css } from 'lit';
import { scrollTable } from '../ui/table-styles.ts';

/** Of the page of lists. */
export const segmentStyles = [
  ...scrollTable,
  css`
    header {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-2);
      margin-bottom: var(--space-3);
    }
    header h1 {
      margin-right: auto;
    }
    .saved select {
      max-width: 18rem;
    }
    summary {
      cursor: pointer;
      min-height: var(--hit-target);
      padding: var(--space-2) 0;
      font-weight: 550;
    }
    summary .num {
      margin-left: var(--space-3);
      font-weight: 400;
    }
    .view,
    .bar {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-2) var(--space-3);
      margin: var(--space-2) 0;
    }
    .view select,
    .bar select {
      width: auto;
    }
    .view label {
      display: inline-flex;
      align-items: center;
      gap: var(--space-2);
      color: var(--text-muted);
    }
    .columns[open] {
      flex-basis: 100%;
    }
    .several {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-1) var(--space-4);
      padding: var(--space-2);
      border: 1px solid var(--border);
      border-radius: var(--radius);
    }
    .several label {
      min-height: 1.75rem;
    }
    .bar .export {
      margin-left: auto;
    }
    th,
    td {
      padding: var(--space-2) var(--space-3);
      max-width: 16rem;
    }
    tbody tr:last-child > * {
      border-bottom: 0;
    }
    tbody th {
      font-weight: 600;
    }
    tbody th a {
      display: inline-block;
      max-width: 13rem;
      vertical-align: bottom;
    }
    .tick {
      width: 2.5rem;
    }
  `,
];
