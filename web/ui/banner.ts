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
  .banner.info {
    background: var(--info-soft);
    color: var(--info);
  }
  .banner .button {
    min-height: 1.8rem;
  }
  .banner.warning {
    background: var(--warning-soft);
    color: var(--warning);
  }
`;
