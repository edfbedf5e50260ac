import { css } from 'lit';

export const floorStyles = css`
  header {
    margin-bottom: var(--space-3);
  }
  .check {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: var(--hit-target);
  }
  .old {
    opacity: 0.55;
    filter: grayscale(1);
  }
  .notice {
    margin-bottom: var(--space-3);
  }
  .table {
    padding: 0;
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 0 var(--space-2);
    text-align: left;
    white-space: nowrap;
    height: 2.5rem;
  }
  th:first-child {
    padding-left: var(--space-4);
  }
  thead th {
    white-space: normal;
    line-height: 1.2;
    height: 2.4rem;
    color: var(--text-muted);
    font-size: var(--text-s);
    font-weight: 550;
  }
  tbody tr {
    border-top: 1px solid var(--border);
  }
  tbody th {
    max-width: 14rem;
    font-weight: 600;
  }
  .total {
    background: var(--surface-2);
  }
  .n {
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
  .big {
    font-size: var(--text-l);
    font-weight: 650;
  }
  .big .small {
    font-weight: 400;
  }
  tr.warned {
    box-shadow: inset 3px 0 var(--danger);
  }
  .danger {
    color: var(--danger);
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
  .notice.warning {
    color: var(--warning);
  }
  .at {
    white-space: normal;
    min-width: 6rem;
  }
  .at > span {
    white-space: nowrap;
    margin-right: var(--space-2);
    font-variant-numeric: tabular-nums;
  }
  .formula {
    margin: var(--space-2) 0 var(--space-4);
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    gap: var(--space-4);
    align-items: start;
  }
  .side {
    display: grid;
    gap: var(--space-4);
    min-width: 0;
  }
  .past {
    display: grid;
    gap: var(--space-2);
    margin-bottom: var(--space-3);
  }
  .form {
    display: grid;
    gap: var(--space-3);
  }
  @media (max-width: 1500px) {
    tbody th {
      max-width: 10rem;
    }
  }
  @media (max-width: 1100px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
