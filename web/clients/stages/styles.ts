import { css } from 'lit';

/** Lists of lines with their orders, and the forms that stand in a line's place. */
export const stageStyles = css`
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: var(--space-3);
    margin-bottom: var(--space-4);
  }
  .panel.list {
    padding: var(--space-1) 0;
    overflow: hidden;
  }
  li + li {
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
  .line .button {
    flex: none;
  }
  form.edit {
    display: grid;
    gap: var(--space-3);
    padding: var(--space-3) var(--space-4);
    background: var(--surface-2);
  }
  .parts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
    gap: var(--space-3);
  }
  .ask {
    display: grid;
    gap: var(--space-4);
  }
`;
