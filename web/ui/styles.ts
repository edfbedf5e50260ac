import { css } from 'lit';

/** What every element has. */
export const base = css`
  :host {
    display: block;
    font: inherit;
    color: inherit;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  legend,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1 {
    font-size: var(--text-xl);
    line-height: 1.2;
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: var(--text-l);
    font-weight: 650;
    line-height: 1.3;
  }
  h3 {
    font-size: var(--text-m);
    font-weight: 650;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.15em;
    text-decoration-thickness: 1px;
  }
  a:not(:hover) {
    text-decoration-color: transparent;
  }
  :focus-visible {
    outline: 2px solid var(--focus-ring);
    outline-offset: 2px;
    border-radius: var(--radius);
  }
  [tabindex='-1']:focus-visible {
    outline: none;
  }
  .muted {
    color: var(--text-muted);
  }
  .small {
    font-size: var(--text-s);
  }
  .num {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    min-width: 0;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  svg.icon {
    width: 1.125rem;
    height: 1.125rem;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
    vertical-align: -0.2em;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

/** Native controls in our clothes: class `button` (with primary, danger, success, quiet, wide, icon-only), `field`, `panel`. */
export const controls = css`
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-height: var(--hit-target);
    padding: 0 var(--space-3);
    border: 1px solid var(--border-strong);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
    font: inherit;
    font-weight: 550;
    line-height: 1.2;
    text-decoration: none;
    cursor: pointer;
    transition: background-color 0.12s;
  }
  .button:hover {
    background: var(--surface-3);
  }
  .button:disabled,
  .button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: default;
  }
  .button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--accent-text);
  }
  .button.primary:hover:not(:disabled) {
    background: var(--accent-hover);
  }
  .button.success {
    background: var(--success);
    border-color: var(--success);
    color: var(--success-text);
  }
  .button.success:hover:not(:disabled) {
    background: var(--success-hover);
  }
  .button.danger {
    background: var(--danger);
    border-color: var(--danger);
    color: var(--danger-text);
  }
  .button.danger:hover:not(:disabled) {
    background: var(--danger-hover);
  }
  .button.quiet {
    border-color: transparent;
    background: transparent;
  }
  .button.quiet:hover {
    background: var(--surface-3);
  }
  .button.wide {
    width: 100%;
  }
  .button.icon-only {
    width: var(--hit-target);
    padding: 0;
    flex: none;
  }
  .field {
    display: block;
  }
  .field > span,
  .label {
    display: block;
    margin-bottom: var(--space-1);
    font-size: var(--text-s);
    font-weight: 550;
    color: var(--text-muted);
  }
  input,
  textarea,
  select {
    width: 100%;
    min-height: var(--hit-target);
    padding: var(--space-1) var(--space-2);
    border: 1px solid var(--border-strong);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
    font: inherit;
  }
  textarea {
    min-height: 4.5rem;
    padding: var(--space-2);
    resize: vertical;
  }
  ::placeholder {
    color: var(--text-muted);
    opacity: 1;
  }
  input[type='radio'],
  input[type='checkbox'] {
    width: 1.125rem;
    min-height: 1.125rem;
    height: 1.125rem;
    margin: 0;
    accent-color: var(--accent);
    flex: none;
  }
  input[aria-invalid='true'],
  textarea[aria-invalid='true'] {
    border-color: var(--danger);
  }
  .fault {
    display: flex;
    gap: var(--space-2);
    align-items: flex-start;
    margin-top: var(--space-1);
    color: var(--danger);
    font-size: var(--text-s);
  }
  .notice {
    display: flex;
    gap: var(--space-2);
    align-items: flex-start;
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius);
    overflow-wrap: anywhere;
  }
  .notice.danger {
    background: var(--danger-soft);
    color: var(--danger);
  }
  .notice.warning {
    background: var(--warning-soft);
    color: var(--warning);
  }
  .notice.info {
    background: var(--info-soft);
    color: var(--info);
  }
  .panel {
    background: var(--surface);
    border: 1px solid var(--border);
    border-radius: var(--radius-l);
    padding: var(--space-4);
  }
  .row {
    display: flex;
    align-items: center;
    gap: var(--space-2);
  }
  .row.wrap {
    flex-wrap: wrap;
  }
  .grow {
    flex: 1;
    min-width: 0;
  }
  kbd {
    display: inline-block;
    min-width: 1.5em;
    padding: 0 0.35em;
    border: 1px solid var(--border-strong);
    border-radius: 4px;
    background: var(--surface-2);
    color: var(--text-muted);
    font: inherit;
    font-size: var(--text-s);
    text-align: center;
  }
`;

/** A list of rows, each one a link across its whole width. */
export const rows = css`
  .rows > li + li {
    border-top: 1px solid var(--border);
  }
  .rows a.line {
    display: grid;
    align-items: center;
    gap: var(--space-1) var(--space-3);
    padding: var(--space-2) var(--space-4);
    color: inherit;
    text-decoration: none;
    min-height: 2.75rem;
  }
  .rows a.line:hover {
    background: var(--surface-2);
  }
  .rows a.line:focus-visible {
    outline-offset: -2px;
  }
  .list {
    padding: 0;
    overflow: hidden;
  }
`;
