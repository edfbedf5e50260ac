import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ClientBrief } from '../../server/clients/contract.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import '../ui/allo-number.ts';

export const finderStyles = css`
  [role='listbox'] {
    max-height: min(26rem, 70vh);
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
  .option-company {
    grid-column: 2;
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

export const clientLine = (c: ClientBrief, run: () => void): Line => ({
  id: `client-${c.id}`,
  run,
  content: html`<span class="muted">${icon(c.kind === 'company' ? 'company' : 'person')}</span>
    <span class="cut"
      ><span class="option-name" dir="auto">${c.name}</span
      >${c.company ? html` <span class="muted small">· ${c.company}</span>` : nothing}</span
    >
    <span class="num muted small">${c.phone ? html`<allo-number .value=${c.phone}></allo-number>` : nothing}</span>`,
});

export const actionLine = (id: string, name: IconName, words: string, run: () => void): Line => ({
  id,
  run,
  content: html`<span>${icon(name)}</span><span class="cut">${words}</span>`,
});

/** The list below a combobox. Pressing does not take the focus from the field. */
export const listbox = (label: string, lines: readonly Line[], marked: number): TemplateResult =>
  html`<div role="listbox" id="found" aria-label=${label} @pointerdown=${(e: Event) => e.preventDefault()}>
    ${lines.map(
      (line, i) =>
        // The keys belong to the field, which has the focus (aria-activedescendant).
        // eslint-disable-next-line lit-a11y/click-events-have-key-events
        html`<div role="option" id=${line.id} aria-selected=${i === marked ? 'true' : 'false'} @click=${line.run}>${line.content}</div>`,
    )}
  </div>`;
