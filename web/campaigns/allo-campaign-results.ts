import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CampaignExport, Results, Script } from '../../server/campaigns/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { locale } from '../core/i18n.ts';
import { saveFile } from '../core/save-file.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { choiceWords } from './script.ts';
import { t } from './strings.ts';

/** A question and what was answered, in the words of the script. */
const said = (script: Script | null, question: string, json: string): string => {
  const values = [JSON.parse(json) as string | number | string[]].flat();
  const words = values.map((value) => choiceWords(script, question, String(value)));
  return `${words[0]?.question ?? question}: ${words.map(({ choice }) => choice).join(', ')}`;
};

/** What a campaign has come to. */
@customElement('allo-campaign-results')
export class CampaignResults extends AlloElement {
  @property({ type: Number }) campaign = 0;
  /** Loads again when it changes. */
  @property({ type: Number }) version = 0;
  @property({ attribute: false }) words: (code: string) => string = (code) => code;
  @property({ attribute: false }) script: Script | null = null;
  @property({ type: Boolean }) exportable = false;
  @state() private busy = false;
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
      <div class="row">
        <h2 class="grow">${t().resultsTitle}</h2>
        ${
          this.exportable && results !== null && results.funnel.contacts > 0
            ? (['csv', 'xlsx'] as const).map(
                (format) =>
                  html`<button class="button" ?disabled=${this.busy} @click=${() => void this.save(format)}>
                    ${icon('download')}${t().saveAs(format.toUpperCase())}
                  </button>`,
              )
            : nothing
        }
      </div>
      ${this.error ? html`<p class="fault" role="alert">${this.error}</p>` : nothing}
      ${results === null ? nothing : results.funnel.called === 0 ? html`<p class="muted">${t().nothingYet}</p>` : this.tables(results)}
    </section>`;
  }

  private async save(format: CampaignExport['format']) {
    const { reasons, results, personStates, sources, exportColumns } = t();
    const outcomes = Object.fromEntries((this.results?.outcomes ?? []).map(({ outcome }) => [outcome, this.words(outcome)]));
    const codes = { ...outcomes, ...reasons, ...results, ...personStates, ...sources };
    const draft: CampaignExport = { format, language: locale.get(), words: { columns: exportColumns, codes } };
    this.busy = true;
    try {
      saveFile(await api.file(`/api/campaigns/${this.campaign}/export`, draft));
      this.error = '';
    } catch (err) {
      this.error = errorText(err);
    } finally {
      this.busy = false;
    }
  }

  private tables({ funnel, outcomes, results, operators, attempts, answers, hours, lists, amd, quotas, deeds }: Results) {
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
        t().byAmd,
        amd.map(({ verdict, attempts: n, saidMachine }) => [
          t().amdVerdicts[verdict] + (saidMachine > 0 ? t().saidMachine(saidMachine) : ''),
          n,
        ]),
      )}
      ${table(
        t().byHour,
        hours.map(({ hour, placed, talked }) => [t().hour(hour, talked), placed]),
      )}
      ${table(
        t().byList,
        lists.map(({ list, contacts, called, talked, sales }) => [
          `${list === null ? t().beforeLists : `${list.name || (t().sources[list.kind] ?? list.kind)}, ${moment(list.at)}`}: ${t().listFigures(called, talked, sales)}`,
          contacts,
        ]),
      )}
      ${table(
        t().answers,
        answers.map(({ question, value, contacts }) => [said(this.script, question, value), contacts]),
      )}
      ${table(
        t().deedsDone,
        deeds.map(({ state, why, n }) => [`${t().deedStates[state]}${why === null ? '' : `: ${t().deedFaults[why] ?? why}`}`, n]),
      )}
      ${table(
        t().quotas,
        quotas.map(({ question, value, have, most }) => [
          `${said(this.script, question, JSON.stringify(value))}, ${t().quotaOf(most)}`,
          have,
        ]),
      )}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-campaign-results': CampaignResults;
  }
}
