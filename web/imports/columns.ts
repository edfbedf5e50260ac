import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ImportReply } from '../../server/imports/contract.ts';
import { t } from './strings.ts';

type Targets = (string | null)[];

/** Whoever is brought in has to be called something. */
export const hasName = (mapping: readonly (string | null)[]): boolean =>
  mapping.some((target) => target?.startsWith('name') || target === 'company');

/** Of these a card has one; of everything else several columns are put together. */
const SINGLE: readonly string[] = ['name', 'name.last', 'name.first', 'name.middle', 'company', 'position', 'kind'];
const twice = (mapping: Targets): string[] => SINGLE.filter((key) => mapping.filter((target) => target === key).length > 1);

/** What each column becomes. */
export const columnsStep = ({ import: job, sample }: ImportReply, mapping: Targets, targets: ReadonlyMap<string, string>, change: (mapping: Targets) => void): TemplateResult => {
  const nameOf = (i: number) => job.columns[i] || t().nameless(i + 1);
  const pick = (i: number) => (e: Event) => change(mapping.with(i, (e.target as HTMLSelectElement).value || null));
  const chooser = (i: number) => html`<select aria-label=${t().targetOf(nameOf(i))} @change=${pick(i)}>
    <option value="" ?selected=${mapping[i] === null}>${t().notTaken}</option>
    ${[...targets].map(([key, words]) => html`<option value=${key} ?selected=${mapping[i] === key}>${words}</option>`)}
  </select>`;
  return html`${hasName(mapping) ? nothing : html`<p class="notice warning" role="alert">${t().nameNeeded}</p>`}
    ${twice(mapping).map((key) => html`<p class="notice warning" role="status">${t().twiceMapped(targets.get(key) ?? key)}</p>`)}
    <div class="scroll" tabindex="0" role="region" aria-label=${t().steps.columns}>
      <table>
        <thead>
          <tr>
            ${[t().column, t().example, t().target].map((words) => html`<th scope="col">${words}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${job.columns.map(
            (_, i) =>
              html`<tr>
                <th scope="row" dir="auto" title=${nameOf(i)}>${nameOf(i)}</th>
                <td class="muted" dir="auto">${sample.find((cells) => (cells[i] ?? '').trim() !== '')?.[i] ?? ''}</td>
                <td>${chooser(i)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}; // prettier-ignore
