import { css } from 'lit';

/** A line across the page that stays as long as what it says. */
export const bannerStyles = css`
  .banner {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-4);
    font-weight: 550;
    overflow-wrap: anywhere;
  }
  .banner.danger {
    background: var(--danger-soft);
    color: var(--danger);
  }
  .banner.warning {
    background: var(--warning-soft);
    color: var(--warning);
  }
`;
