import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ImportEdit, ImportReply } from '../../server/imports/contract.ts';
import { t } from './strings.ts';

type Reading = Pick<ImportEdit, 'encoding' | 'delimiter'>;

const FORMATS = { csv: 'CSV', xlsx: 'Excel (XLSX)', dbf: 'DBF', vcf: 'vCard', xml: 'XML' } as const;

const chooser = (o: {
  label: string;
  value: string;
  off: boolean;
  choices: Readonly<Record<string, string>>;
  pick: (value: string) => void;
}) =>
  html`<label class="field"
    ><span>${o.label}</span
    ><select .value=${live(o.value)} ?disabled=${o.off} @change=${(e: Event) => o.pick((e.target as HTMLSelectElement).value)}>
      ${Object.entries(o.choices).map(([value, words]) => html`<option value=${value} ?selected=${value === o.value}>${words}</option>`)}
    </select></label
  >`;

/** How the file is read, with its first lines. XML, tables and DBF say themselves what they are written in. */
export const fileStep = ({ import: job, sample }: ImportReply, off: boolean, reread: (as: Reading) => void): TemplateResult => {
  const text = job.format === 'csv' || job.format === 'vcf';
  return html`<p>${t().recognised(FORMATS[job.format])}</p>
    <div class="pair">
      ${text ? chooser({ label: t().encoding, value: job.encoding, off, choices: t().encodings, pick: (encoding) => reread({ encoding } as Reading) }) : nothing}
      ${job.format === 'csv' ? chooser({ label: t().delimiter, value: job.delimiter, off, choices: t().delimiters, pick: (delimiter) => reread({ delimiter } as Reading) }) : nothing}
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label=${t().preview}>
      <table>
        <thead>
          <tr>
            ${job.columns.map((name, i) => html`<th scope="col" dir="auto" title=${name}>${name || t().nameless(i + 1)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${sample.map(
            (cells) =>
              html`<tr>
                ${job.columns.map((_, i) => html`<td dir="auto" title=${cells[i] ?? ''}>${cells[i] ?? ''}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${sample.length === 0 ? html`<p class="notice warning">${t().noLines}</p>` : nothing}`;
};
