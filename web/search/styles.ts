import { css } from 'lit';

export const searchStyles = css`
  :host {
    position: relative;
  }
  .box {
    position: relative;
  }
  .box > svg.icon {
    position: absolute;
    left: var(--space-2);
    top: 50%;
    transform: translateY(-50%);
    color: var(--text-muted);
  }
  input {
    padding-left: 2.1rem;
    padding-right: 4rem;
    background: var(--surface-2);
    border-color: var(--border-strong);
  }
  kbd {
    position: absolute;
    right: var(--space-2);
    top: 50%;
    transform: translateY(-50%);
    pointer-events: none;
  }
  @media (max-width: 900px) {
    kbd {
      display: none;
    }
    input {
      padding-right: var(--space-2);
    }
  }
  .list {
    position: absolute;
    z-index: 25;
    top: calc(100% + var(--space-1));
    left: 0;
    right: 0;
    min-width: min(28rem, 92vw);
    border: 1px solid var(--border);
    border-radius: var(--radius-l);
    background: var(--surface);
    box-shadow: var(--shadow);
  }
  .none {
    padding: var(--space-3) var(--space-3) var(--space-1);
    overflow-wrap: anywhere;
  }
`;
