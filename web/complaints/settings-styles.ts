import { css } from 'lit';

/** Of the parts of the complaints' settings: lines with commands, and the form that opens under one. */
export const settingsStyles = css`
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: var(--space-3);
    margin-bottom: var(--space-3);
  }
  .panel.list {
    padding: var(--space-1) 0;
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
  .depth1 {
    padding-inline-start: var(--space-5);
  }
  .depth2 {
    padding-inline-start: calc(2 * var(--space-5));
  }
  .depth3 {
    padding-inline-start: calc(3 * var(--space-5));
  }
  .line .more {
    display: block;
  }
  .line .button {
    flex: none;
  }
  form {
    display: grid;
    gap: var(--space-3);
    padding: var(--space-3) var(--space-4);
    background: var(--surface-2);
  }
  .parts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(14.5rem, 1fr));
    align-items: start;
    gap: var(--space-3);
    max-width: 60rem;
  }
  .parts.stack {
    grid-template-columns: 1fr;
    max-width: 34rem;
  }
  .check {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 2.25rem;
  }
`;
