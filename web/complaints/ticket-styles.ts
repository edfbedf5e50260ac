import { css } from 'lit';

export const ticketStyles = css`
  .head {
    margin-bottom: var(--space-4);
  }
  .head > p {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    margin-top: var(--space-2);
  }
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 19rem;
    gap: var(--space-4);
    align-items: start;
  }
  @media (max-width: 1150px) {
    .page {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  .panel {
    padding: var(--space-4);
  }
  .panel + .panel {
    margin-top: var(--space-3);
  }
  .panel h2 {
    margin-bottom: var(--space-2);
    font-size: var(--text-m);
  }
  .entry {
    margin-top: var(--space-3);
    padding: var(--space-3);
    border-radius: var(--radius);
    background: var(--surface-2);
    border-left: 3px solid var(--border-strong);
  }
  .entry.in {
    border-color: var(--warning);
  }
  .entry.out {
    border-color: var(--accent);
    margin-left: var(--space-5);
  }
  .entry.note {
    margin-left: var(--space-5);
    background: var(--info-soft);
    border-color: var(--info);
  }
  .entry .body {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    margin-top: var(--space-1);
  }
  dl > div,
  .side li {
    display: flex;
    justify-content: space-between;
    gap: var(--space-3);
    padding: var(--space-1) 0;
  }
  dd {
    text-align: right;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .side li > span:first-child {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .orders {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
    margin-top: var(--space-2);
  }
  .history li {
    padding: 2px 0;
    overflow-wrap: anywhere;
  }
  .check {
    display: flex;
    align-items: center;
    gap: var(--space-2);
  }
  .check input {
    width: auto;
    min-height: 0;
  }
`;
