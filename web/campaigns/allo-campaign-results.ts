import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Results } from '../../server/campaigns/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { t } from './strings.ts';

const said = (json: string): string => {
  const value = JSON.parse(json) as unknown;
  return Array.isArray(value) ? value.join(', ') : String(value);
};

/** What a campaign has come to. */
@customElement('allo-campaign-results')
export class CampaignResults extends AlloElement {
  @property({ type: Number }) campaign = 0;
  /** Loads again when it changes. */
  @property({ type: Number }) version = 0;
  @property({ attribute: false }) words: (code: string) => string = (code) => code;
  @state() private results: Results | null = null;
  @state() private error = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      .tables {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr));
        gap: var(--space-4);
        align-items: start;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      caption {
        text-align: left;
        font-weight: 650;
        padding-bottom: var(--space-1);
      }
      th {
        font-weight: 400;
        text-align: left;
        overflow-wrap: anywhere;
      }
      td {
        text-align: right;
        width: 4rem;
      }
      th,
      td {
        padding: var(--space-1) 0;
        border-top: 1px solid var(--border);
      }
    `,
  ];

  override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('campaign') || changed.has('version')) void this.load();
  }

  private async load() {
    try {
      this.results = await api.get<Results>(`/api/campaigns/${this.campaign}/results`);
      this.error = '';
    } catch (err) {
      this.error = errorText(err);
    }
  }

  override render() {
    const { results } = this;
    return html`<section class="panel" aria-label=${t().resultsTitle}>
      <h2>${t().resultsTitle}</h2>
      ${this.error ? html`<p class="fault" role="alert">${this.error}</p>` : nothing}
      ${results === null ? nothing : results.funnel.called === 0 ? html`<p class="muted">${t().nothingYet}</p>` : this.tables(results)}
    </section>`;
  }

  private tables({ funnel, outcomes, results, operators, attempts, answers }: Results) {
    const table = (caption: string, lines: readonly (readonly [string, number])[]) =>
      lines.length === 0
        ? nothing
        : html`<table>
            <caption>
              ${caption}
            </caption>
            <tbody>
              ${lines.map(
                ([words, n]) =>
                  html`<tr>
                    <th scope="row" dir="auto">${words}</th>
                    <td class="num">${n}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`;
    return html`<div class="tables">
      ${table(t().funnel, [
        [t().people2, funnel.contacts],
        [t().called, funnel.called],
        [t().answered, funnel.answered],
        [t().talked, funnel.talked],
      ])}
      ${table(
        t().byResult,
        results.map(({ result, attempts: n }) => [t().results[result] ?? result, n]),
      )}
      ${table(
        t().byOutcome,
        outcomes.map(({ outcome, contacts }) => [this.words(outcome), contacts]),
      )}
      ${table(
        t().byOperator,
        operators.map(({ user, talks }) => [user.name, talks]),
      )}
      ${table(
        t().byAttempt,
        attempts.map(({ n, placed }) => [t().attempt(n), placed]),
      )}
      ${table(
        t().answers,
        answers.map(({ question, value, contacts }) => [`${question}: ${said(value)}`, contacts]),
      )}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-campaign-results': CampaignResults;
  }
}
