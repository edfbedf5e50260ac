import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Share } from '../../server/handover/contract.ts';
import { t } from './strings.ts';

export const shareStyles = css`
  table.shares {
    border-collapse: collapse;
    width: 100%;
  }
  .shares th,
  .shares td {
    padding: var(--space-1) var(--space-2) var(--space-1) 0;
    text-align: left;
    vertical-align: top;
  }
  .shares th {
    font-weight: 550;
  }
  .shares tr + tr > * {
    border-top: 1px solid var(--border);
  }
  .shares span + span::before {
    content: ' · ';
  }
`;

/** Of each kind how many become whose; kinds of which there is nothing are left out. */
export const shares = (items: readonly Share[]): TemplateResult | typeof nothing => {
  const filled = items.filter(({ to, kept }) => to.length > 0 || kept > 0);
  if (filled.length === 0) return nothing;
  return html`<table class="shares">
    <tbody>
      ${filled.map(
        ({ kind, to, kept }) =>
          html`<tr>
            <th scope="row">${t().kinds[kind]}</th>
            <td>
              ${to.map(({ user, n }) => html`<span>${user.name}: <b class="num">${n}</b></span>`)}${
                kept > 0 ? html`<span class="muted">${t().kept(kept)}</span>` : nothing
              }
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
};
