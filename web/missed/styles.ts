import { css } from 'lit';

export const missedStyles = css`
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    justify-content: space-between;
    gap: var(--space-3);
    margin-bottom: var(--space-4);
  }
  header > div:first-child {
    flex: 1 1 20rem;
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  .filters select {
    width: auto;
    min-width: 9rem;
  }
  .list {
    padding: 0;
  }
  li {
    display: grid;
    grid-template-columns: 1.25rem minmax(0, 1fr) auto auto;
    align-items: center;
    gap: var(--space-1) var(--space-4);
    padding: var(--space-3) var(--space-4);
  }
  li + li {
    border-top: 1px solid var(--border);
  }
  .missed {
    color: var(--danger);
  }
  .who {
    min-width: 0;
  }
  .when {
    text-align: right;
  }
  .orders {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: var(--space-2);
  }
  @media (max-width: 1180px) {
    li {
      grid-template-columns: 1.25rem minmax(0, 1fr) auto;
    }
    .orders {
      grid-column: 2 / -1;
      flex-wrap: wrap;
    }
  }
`;
