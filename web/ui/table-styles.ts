import { css } from 'lit';

/** A table as wide as its place. */
export const table = css`
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    text-align: left;
  }
`;

/** Its heads say less than what stands below them. */
export const quietHeads = css`
  thead th {
    color: var(--text-muted);
    font-size: var(--text-s);
  }
`;

/** One that is wider than its place, in a frame in which it is moved. */
export const scrollTable = [
  table,
  quietHeads,
  css`
    .scroll {
      overflow-x: auto;
      border: 1px solid var(--border);
      border-radius: var(--radius-l);
      background: var(--surface);
    }
    th,
    td {
      border-bottom: 1px solid var(--border);
      white-space: nowrap;
    }
    thead th,
    tbody tr:hover > * {
      background: var(--surface-2);
    }
  `,
];
