import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClientFigures } from '../../server/clients/contract.ts';
import { calendarDay, duration, moment } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { clientsApi } from './api.ts';
import { c } from './card-strings.ts';

/**
 * What the card counts over twelve months. Each figure opens the entries behind it.
 * @fires history-wanted - detail: { kind: string, from: number, until: number | null }
 */
@customElement('allo-figures')
export class Figures extends AlloElement {
  @property({ type: Number }) client = 0;
  @property({ type: Number }) version = 0;
  @state() private data: Loading<ClientFigures> = LOADING;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .facts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
        gap: var(--space-4);
        margin-bottom: var(--space-5);
      }
      dt {
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      dd {
        font-size: var(--text-xl);
        font-variant-numeric: tabular-nums;
      }
      dd.words {
        font-size: var(--text-l);
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: var(--space-1) var(--space-2);
        text-align: right;
        font-variant-numeric: tabular-nums;
        border-bottom: 1px solid var(--border);
      }
      th {
        font-weight: 550;
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      th:first-child {
        text-align: left;
      }
      .link {
        min-height: 1.5rem;
        padding: 0 var(--space-1);
        border: 0;
        background: none;
        color: var(--accent);
        font: inherit;
        cursor: pointer;
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('client')) this.data = LOADING;
    if (changed.has('client') || changed.has('version')) void this.load();
  }

  private async load() {
    const id = this.client;
    try {
      const reply = await clientsApi.figures(id);
      if (id === this.client) this.data = ready(reply);
    } catch (err) {
      if (id === this.client) this.data = failed(err);
    }
  }

  override render() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(8)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const f = this.data.value;
    const kinds = Object.keys(f.totals);
    return html`<div class="panel">
      <dl class="facts">
        <div>
          <dt>${c().lastContact}</dt>
          <dd class="words">${f.lastContactAt === null ? '—' : moment(f.lastContactAt)}</dd>
        </div>
        <div>
          <dt>${c().meanAnswer}</dt>
          <dd>${f.meanAnswerMs === null ? '—' : duration(f.meanAnswerMs)}</dd>
        </div>
        <div>
          <dt>${c().missedCalls}</dt>
          <dd>${f.missed}</dd>
        </div>
        ${kinds.map(
          (kind) =>
            html`<div>
              <dt>${c().kinds[kind] ?? kind}</dt>
              <dd>${this.opens(kind, f.totals[kind]!, f.from, null)}</dd>
            </div>`,
        )}
      </dl>
      ${kinds.length === 0 ? nothing : this.months(f, kinds)}
    </div>`;
  }

  private months(f: ClientFigures, kinds: readonly string[]) {
    const name = (month: string) => calendarDay(month, { month: 'long', year: 'numeric' });
    const next = (i: number) => f.months[i + 1]?.from ?? null;
    return html`<table>
      <caption class="hidden">
        ${c().contacts}
      </caption>
      <tr>
        <th scope="col">${c().month}</th>
        ${kinds.map((kind) => html`<th scope="col">${c().kinds[kind] ?? kind}</th>`)}
      </tr>
      ${f.months
        .map(
          ({ month, from, counts }, i) =>
            html`<tr>
              <th scope="row">${name(month)}</th>
              ${kinds.map((kind) => html`<td>${counts[kind] ? this.opens(kind, counts[kind], from, next(i)) : html`<span class="muted">·</span>`}</td>`)}
            </tr>`,
        )
        .reverse()}
    </table>`;
  }

  private opens(kind: string, n: number, from: number, until: number | null) {
    return html`<button class="link" @click=${() => this.emit('history-wanted', { kind, from, until })}>${n}</button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-figures': Figures;
  }
}
