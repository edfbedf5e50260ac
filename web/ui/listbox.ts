import { css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';

export const listboxStyles = css`
  [role='listbox'] {
    max-height: min(30rem, 70vh);
    overflow-y: auto;
    padding: var(--space-1);
  }
  [role='option'] {
    display: grid;
    grid-template-columns: 1.5rem minmax(0, 1fr) auto;
    align-items: center;
    gap: 0 var(--space-2);
    min-height: 2.5rem;
    padding: var(--space-1) var(--space-2);
    border-radius: var(--radius);
    cursor: pointer;
  }
  [role='option'][aria-selected='true'] {
    background: var(--accent-soft);
  }
  [role='option']:hover {
    background: var(--surface-3);
  }
  .group-name {
    padding: var(--space-2) var(--space-2) 0;
    color: var(--text-muted);
    font-size: var(--text-s);
    font-weight: 600;
  }
  .option-name {
    font-weight: 600;
  }
`;

export interface Line {
  id: string;
  run: () => void;
  content: TemplateResult;
}

export interface LineGroup {
  name: string;
  lines: readonly Line[];
}

export const actionLine = (id: string, name: IconName, words: string, run: () => void, beside: unknown = ''): Line => ({
  id,
  run,
  content: html`<span>${icon(name)}</span><span class="cut" dir="auto">${words}</span><span class="muted small">${beside}</span>`,
});

const option = (line: Line, marked: boolean) =>
  // The keys belong to the field, which has the focus (aria-activedescendant).
  // eslint-disable-next-line lit-a11y/click-events-have-key-events
  html`<div role="option" id=${line.id} aria-selected=${marked ? 'true' : 'false'} @click=${line.run}>${line.content}</div>`;

const keepFocus = (e: Event) => e.preventDefault();

/** The list below a combobox. Pressing does not take the focus from the field. */
export const listbox = (label: string, lines: readonly Line[], marked: number): TemplateResult =>
  html`<div role="listbox" id="found" aria-label=${label} @pointerdown=${keepFocus}>
    ${lines.map((line, i) => option(line, i === marked))}
  </div>`;

/** The same in groups. `marked` counts through all of them. */
export const groupedListbox = (label: string, groups: readonly LineGroup[], marked: number): TemplateResult => {
  let i = 0;
  return html`<div role="listbox" id="found" aria-label=${label} @pointerdown=${keepFocus}>
    ${groups.map(
      (group, n) =>
        html`<div role="group" aria-labelledby="group-${n}">
          <div class="group-name" id="group-${n}" role="presentation">${group.name}</div>
          ${group.lines.map((line) => option(line, i++ === marked))}
        </div>`,
    )}
  </div>`;
};
