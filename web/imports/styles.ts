import { css } from 'lit';

/** Of the pages of imports. */
export const importStyles = css`
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
    margin-bottom: var(--space-4);
  }
  header h1 {
    margin-right: auto;
    min-width: 0;
  }
  .panel + .panel {
    margin-top: var(--space-4);
  }
  .stack {
    display: grid;
    gap: var(--space-4);
  }
  .pair {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-3) var(--space-4);
  }
  .pair .field {
    flex: 0 1 16rem;
  }
  .scroll {
    overflow: auto;
    max-height: 26rem;
    border: 1px solid var(--border);
    border-radius: var(--radius);
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: var(--space-2) var(--space-3);
    border-bottom: 1px solid var(--border);
    text-align: left;
    max-width: 22rem;
    vertical-align: middle;
  }
  td,
  tbody th {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  td.wrap {
    white-space: normal;
    overflow-wrap: anywhere;
  }
  tbody tr:last-child > * {
    border-bottom: 0;
  }
  thead th {
    position: sticky;
    top: 0;
    font-size: var(--text-s);
    color: var(--text-muted);
    background: var(--surface-2);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  tbody th {
    font-weight: 600;
  }
  progress {
    width: 100%;
    height: 0.75rem;
    accent-color: var(--accent);
  }
  .counts {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-3) var(--space-6);
  }
  .counts dt {
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .counts dd {
    font-size: var(--text-xl);
    font-weight: 650;
  }
  .end {
    justify-content: flex-end;
  }
`;
