import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DryRun } from '../../server/imports/contract.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-badge.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { importsApi } from './api.ts';
import { reasonText } from './faults.ts';
import { importStyles } from './styles.ts';
import { t } from './strings.ts';
import { OUTCOME_TONES } from './tones.ts';

type Outcome = DryRun['lines'][number]['outcome'];
const OUTCOMES: readonly Outcome[] = ['made', 'changed', 'skipped', 'rejected'];

/** What would become of each of the first lines, counted and one by one. */
@customElement('allo-import-check')
export class ImportCheck extends AlloElement {
  /** The id of the import. */
  @property({ type: Number }) job = 0;
  @property({ attribute: false }) targets: ReadonlyMap<string, string> = new Map();
  @state() private data: Loading<DryRun> = LOADING;
  @state() private only: Outcome | null = null;

  static override styles = [...AlloElement.styles, states, importStyles];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    this.data = LOADING;
    try {
      this.data = ready(await importsApi.check(this.job));
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    if (this.data.state === 'loading') return skeleton(8);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { lines, counts, whole } = this.data.value;
    if (lines.length === 0) return html`<p class="notice warning">${t().noLines}</p>`;
    const shown = lines.filter(({ outcome }) => this.only === null || outcome === this.only);
    return html`<div class="stack">
      <div class="row wrap" role="group" aria-label=${t().show}>
        ${this.tab(null, `${t().all}: ${lines.length}`)}
        ${OUTCOMES.map((outcome) => this.tab(outcome, `${t().outcomes[outcome]}: ${counts[outcome] ?? 0}`))}
      </div>
      ${whole ? nothing : html`<p class="muted" role="status">${t().onlyFirst(lines.length)}</p>`}
      ${
        shown.length === 0
          ? html`<p class="muted">${t().noSuch}</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label=${t().leads.check!}>
              <table>
                <thead>
                  <tr>
                    ${[t().line, t().what, t().client, t().reason].map((words) => html`<th scope="col">${words}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${shown.map((line) => this.line(line))}
                </tbody>
              </table>
            </div>`
      }
    </div>`;
  }

  private tab(outcome: Outcome | null, words: string) {
    const on = this.only === outcome;
    return html`<button class="button ${on ? 'primary' : ''}" aria-pressed=${on ? 'true' : 'false'} @click=${() => (this.only = outcome)}>
      ${words}
    </button>`;
  }

  private line({ line, outcome, reason, name, clientId }: DryRun['lines'][number]) {
    return html`<tr>
      <td class="num">${line}</td>
      <td><allo-badge tone=${OUTCOME_TONES[outcome]}>${t().outcome[outcome]}</allo-badge></td>
      <td dir="auto">${clientId === null ? name : html`<a href="/clients/${clientId}" target="_blank">${name}</a>`}</td>
      <td class="wrap muted">${reason === null ? '' : reasonText(reason, this.targets)}</td>
    </tr>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-import-check': ImportCheck;
  }
}
