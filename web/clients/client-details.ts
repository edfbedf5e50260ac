import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ClientReply } from '../../server/clients/contract.ts';
import type { FieldDef } from '../../server/fields/contract.ts';
import { empty } from '../ui/states.ts';
import { c } from './card-strings.ts';
import { t } from './strings.ts';
import { bySection, fieldsOf, labelOf, valueWords } from './typed.ts';

export const detailStyles = css`
  .details {
    display: grid;
    gap: var(--space-4);
  }
  .details h2 {
    font-size: var(--text-m);
    margin-bottom: var(--space-2);
    color: var(--text-muted);
  }
  .details dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr));
    gap: var(--space-3) var(--space-5);
  }
  .details dt {
    font-size: var(--text-s);
    color: var(--text-muted);
  }
  .details dd {
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .meter {
    height: 0.4rem;
    margin: var(--space-2) 0;
    border-radius: var(--radius);
    background: var(--surface-3);
    overflow: hidden;
  }
  .meter > i {
    display: block;
    height: 100%;
    background: var(--success);
  }
`;

/** The typed fields of a card that hold something, in their sections, and what is missing. Needs detailStyles, states. */
export const clientDetails = ({ client, refs, completeness, can }: ClientReply, defs: readonly FieldDef[]): TemplateResult => {
  const held = bySection(fieldsOf(defs, client.kind).filter(({ key }) => client.custom[key] !== undefined));
  const nameOf = (key: string) => {
    const def = defs.find((each) => each.key === key);
    return def ? labelOf(def).toLowerCase() : (t().fields[key] ?? key);
  };
  return html`<section class="panel details">
    <div>
      <p class="small">${c().completeness(completeness.percent)}</p>
      <div class="meter" aria-hidden="true"><i style="width: ${completeness.percent}%"></i></div>
      <p class="muted small">
        ${completeness.missing.length > 0 ? c().missing(completeness.missing.map(nameOf).join(', ')) : c().allFilled}
      </p>
    </div>
    ${held.length === 0 ? empty({ icon: 'note', title: c().noDetails, text: c().noDetailsText }) : nothing}
    ${held.map(
      ([section, of]) =>
        html`<div>
          <h2>${c().sections[section] ?? section}</h2>
          <dl>
            ${of.map(
              (def) =>
                html`<div>
                  <dt>${labelOf(def)}</dt>
                  <dd dir="auto">${valueWords(def, client.custom[def.key]!, refs)}</dd>
                </div>`,
            )}
          </dl>
        </div>`,
    )}
    ${can.merge ? html`<p><a class="button" href="/clients/merge?one=${client.id}">${c().mergeWith}</a></p>` : nothing}
  </section>`;
};
