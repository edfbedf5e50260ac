import { css } from 'lit';

/** Pages of the settings: the head with its command, a list of lines with theirs, and the form that opens in the place of one. */
export const settings = css`
  header,
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: var(--space-3);
    margin-bottom: var(--space-4);
  }
  .top {
    margin-bottom: var(--space-3);
  }
  .panel.list {
    padding: var(--space-1) 0;
    overflow: hidden;
  }
  .list li + li {
    border-top: 1px solid var(--border);
  }
  .line {
    display: flex;
    align-items: center;
    gap: var(--space-1) var(--space-2);
    min-height: 2.75rem;
    padding: var(--space-1) var(--space-4);
  }
  .line:hover {
    background: var(--surface-2);
  }
  .name {
    overflow-wrap: anywhere;
    font-weight: 550;
  }
  .retired .name {
    color: var(--text-muted);
    text-decoration: line-through;
  }
  .line .button {
    flex: none;
  }
  .up svg {
    transform: rotate(180deg);
  }
  .edit {
    padding: var(--space-3) var(--space-4);
    background: var(--surface-2);
  }
  form {
    display: grid;
    gap: var(--space-3);
  }
  .parts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
    gap: var(--space-3);
    max-width: 44rem;
  }
  .check {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 2.25rem;
  }
`;
