import { css } from 'lit';

/** Type grows with the tile: whoever makes it larger reads it from farther away. */
export const tileStyles = css`
  .grid {
    display: grid;
    grid-template: repeat(12, minmax(0, 1fr)) / repeat(12, minmax(0, 1fr));
    gap: 0.6vmin;
    height: 100%;
  }
  .tile {
    container-type: size;
    position: relative;
    min-width: 0;
    min-height: 0;
    overflow: hidden;
    background: var(--surface);
    border: 1px solid var(--border);
    border-radius: var(--radius-l);
  }
  .face {
    display: flex;
    flex-direction: column;
    height: 100%;
    padding: 3cqh 3cqw;
  }
  .face h2 {
    font-size: clamp(0.6rem, min(14cqh, 9cqw), 4rem);
    font-weight: 600;
    color: var(--text-muted);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    flex: none;
  }
  .value {
    flex: 1;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 4cqw;
    font-size: min(66cqh, 36cqw);
    line-height: 1;
    font-weight: 700;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .value.long {
    font-size: min(60cqh, 26cqw);
  }
  .value.words {
    font-size: min(24cqh, 14cqw);
    color: var(--text-muted);
    font-weight: 500;
  }
  .value svg.icon {
    width: 0.5em;
    height: 0.5em;
    stroke-width: 2.2;
  }
  .tile.warn {
    background: var(--warning-soft);
    border-color: var(--warning);
    color: var(--warning);
  }
  .tile.alarm {
    background: var(--danger);
    border-color: var(--danger);
    color: var(--danger-text);
  }
  .tile.warn h2,
  .tile.alarm h2 {
    color: inherit;
  }
  table {
    width: 100%;
    height: 100%;
    table-layout: fixed;
    border-collapse: collapse;
    font-size: min(calc(64cqh / (var(--lines) + 1)), 5cqw);
    line-height: 1.1;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0 1cqw;
    text-align: right;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    width: 20%;
  }
  th:first-child,
  td:first-child {
    text-align: left;
    width: 40%;
  }
  thead th {
    color: var(--text-muted);
    font-weight: 500;
    font-size: 0.6em;
    white-space: normal;
  }
  tbody tr {
    border-top: 1px solid var(--border);
  }
  td.num {
    font-weight: 700;
  }
  tr.warn td {
    color: var(--warning);
  }
  tr.alarm td {
    background: var(--danger);
    color: var(--danger-text);
  }
  .people {
    flex: 1;
    min-height: 0;
    display: grid;
    grid-template-rows: repeat(var(--lines), minmax(0, 1fr));
    font-size: min(calc(58cqh / var(--lines)), 8cqw);
    line-height: 1.1;
  }
  .people li {
    display: grid;
    grid-template-columns: 1.2em minmax(0, 1fr) auto;
    align-items: center;
    gap: 2cqw;
  }
  .people b {
    font-variant-numeric: tabular-nums;
  }
  .people svg.icon {
    width: 1em;
    height: 1em;
  }
  .success {
    color: var(--success);
  }
  .accent {
    color: var(--accent);
  }
  .warning {
    color: var(--warning);
  }
  .danger {
    color: var(--danger);
  }
  .say {
    flex: 1;
    display: flex;
    align-items: center;
    justify-content: center;
    text-align: center;
    overflow-wrap: anywhere;
    font-weight: 600;
    font-size: min(26cqh, 9cqw);
    line-height: 1.15;
  }
`;
