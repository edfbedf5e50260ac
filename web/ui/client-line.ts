import { html, nothing } from 'lit';
import type { ClientBrief } from '../../server/clients/contract.ts';
import './allo-number.ts';
import { icon } from './icons.ts';
import type { Line } from './listbox.ts';

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
