import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Migrations, Stage } from '../../../server/clients/contract.ts';
import { locale } from '../../core/i18n.ts';
import { LOADING, failed, ready } from '../../core/loading.ts';
import type { Loading } from '../../core/loading.ts';
import { serverNow } from '../../core/time.ts';
import { momentOfWall, onDay, wallText } from '../../core/wall.ts';
import { AlloElement } from '../../ui/allo-element.ts';
import { icon } from '../../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../../ui/states.ts';
import { stagesApi } from './api.ts';
import { t } from './strings.ts';

/** Days, both included, by the wall of the user's time zone, as [from, until) in ms; null: it ends before it begins. */
const bounds = (since: string, until: string): [number, number] | null => {
  const from = momentOfWall(`${since}T00:00`);
  const last = momentOfWall(`${until}T00:00`);
  return from === null || last === null || last < from ? null : [from, onDay(last, 1, 0)];
};

/** How many clients went from where to where in a period, and why some were lost. */
@customElement('allo-moves')
export class Moves extends AlloElement {
  @property({ attribute: false }) stages: readonly Stage[] = [];
  @state() private since = wallText(onDay(serverNow(), -29, 0)).slice(0, 10);
  @state() private until = wallText(serverNow()).slice(0, 10);
  @state() private data: Loading<Migrations> = LOADING;
  private question = 0;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .period {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        margin: var(--space-3) 0;
      }
      .period input {
        width: auto;
      }
      .panel {
        padding: var(--space-2);
        overflow-x: auto;
      }
      h2 {
        margin: var(--space-5) 0 var(--space-2);
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: var(--space-2);
        text-align: left;
        font-weight: inherit;
        overflow-wrap: anywhere;
      }
      thead th {
        color: var(--text-muted);
        font-size: var(--text-s);
        font-weight: 550;
      }
      .num {
        text-align: right;
      }
      tbody tr > * {
        border-top: 1px solid var(--border);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    const period = bounds(this.since, this.until);
    const question = ++this.question; // the answer to an older one is dropped
    if (!period) return;
    this.data = LOADING;
    const data = await stagesApi.migrations(...period).then(ready, failed);
    if (question === this.question) this.data = data;
  }

  override render() {
    const day = (label: string, value: string, change: (value: string) => void) =>
      html`<label class="field"
        ><span>${label}</span
        ><input
          type="date"
          .value=${live(value)}
          @change=${(e: Event) => {
            change((e.target as HTMLInputElement).value);
            void this.load();
          }}
      /></label>`;
    return html`<p class="muted small">${t().movesLead}</p>
      <div class="period">
        ${day(t().since, this.since, (value) => (this.since = value))} ${day(t().until, this.until, (value) => (this.until = value))}
      </div>
      ${bounds(this.since, this.until) ? this.content() : html`<p class="fault" role="alert">${icon('warning')}<span>${t().periodWrong}</span></p>`}`;
  }

  private content() {
    const { data } = this;
    if (data.state === 'loading') return html`<div class="panel">${skeleton(6)}</div>`;
    if (data.state === 'failed') return html`<div class="panel">${trouble(data.error, () => void this.load())}</div>`;
    const { items, reasons } = data.value;
    if (items.length === 0) return html`<div class="panel">${empty({ icon: 'transfer', title: t().movesEmpty })}</div>`;
    const stage = (code: string) => this.stages.find((s) => s.code === code)?.label[locale.get()] ?? code;
    const total = (move: Migrations['items'][number]) => move.byHand + move.byRule;
    const figure = (n: number) => html`<td class="num">${n.toLocaleString(locale.get())}</td>`;
    return html`<div class="panel">
        <table aria-label=${t().moves}>
          <thead>
            <tr>
              <th scope="col">${t().moveFrom}</th>
              <th scope="col">${t().moveTo}</th>
              ${[t().byHand, t().byRule, t().total].map((words) => html`<th scope="col" class="num">${words}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${[...items]
              .sort((a, b) => total(b) - total(a))
              .map(
                (move) =>
                  html`<tr>
                    <th scope="row">${stage(move.from)}</th>
                    <td>${stage(move.to)}</td>
                    ${[move.byHand, move.byRule, total(move)].map(figure)}
                  </tr>`,
              )}
          </tbody>
        </table>
      </div>
      <h2>${t().reasons}</h2>
      ${reasons.length === 0 ? html`<p class="muted">${t().noReasons}</p>` : this.reasons(reasons)}`;
  }

  private reasons(reasons: Migrations['reasons']) {
    return html`<div class="panel">
      <table aria-label=${t().reasons}>
        <thead>
          <tr>
            <th scope="col">${t().reason}</th>
            <th scope="col" class="num">${t().count}</th>
          </tr>
        </thead>
        <tbody>
          ${reasons.map(
            ({ reason, count }) =>
              html`<tr>
                <th scope="row" dir="auto">${reason}</th>
                <td class="num">${count.toLocaleString(locale.get())}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-moves': Moves;
  }
}
