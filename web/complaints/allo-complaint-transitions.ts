import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Status, Transition } from '../../server/complaints/contract.ts';
import { settings } from '../ui/settings.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { settingsApi } from './settings-api.ts';
import { SettingsPart } from './settings-part.ts';
import { t } from './settings-strings.ts';
import { t as words } from './strings.ts';

const TO: readonly Status[] = ['acknowledged', 'in-work', 'waiting-client', 'waiting-department', 'resolved', 'closed', 'reopened'];
const FROM: readonly Status[] = ['new', ...TO];

interface Form {
  /** What it replaces. */
  before: readonly Transition[];
  items: readonly Transition[];
}

/** From which status a complaint may come into which: a table of boxes. */
@customElement('allo-complaint-transitions')
export class ComplaintTransitions extends SettingsPart {
  @state() private form: Form | null = null;

  static override styles = [
    ...AlloElement.styles,
    settings,
    css`
      .scroll {
        position: relative;
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th {
        padding: var(--space-2);
        font-size: var(--text-s);
        font-weight: 550;
        text-align: start;
        vertical-align: bottom;
      }
      thead th + th {
        text-align: center;
      }
      tbody tr {
        border-top: 1px solid var(--border);
      }
      .panel .row {
        margin-top: var(--space-3);
      }
      td {
        padding: 0;
        text-align: center;
      }
      td label {
        display: grid;
        place-items: center;
        min-height: 2.5rem;
      }
    `,
  ];

  override render() {
    const items = this.form?.items ?? this.data.setup.transitions;
    const has = (from: Status, to: Status) => items.some((one) => one.from === from && one.to === to);
    return html`<div class="top">
        <div class="grow">
          <h2>${t().sections.transitions}</h2>
          <p class="muted small">${t().transitionsLead}</p>
        </div>
      </div>
      <section class="panel">
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">${t().from}</th>
                ${TO.map((to) => html`<th scope="col">${words().statuses[to]}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${FROM.map(
                (from) =>
                  html`<tr>
                    <th scope="row">${words().statuses[from]}</th>
                    ${TO.map((to) => html`<td>${from === to ? nothing : this.box(from, to, has(from, to))}</td>`)}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
        ${this.trouble()}
        <div class="row">
          <button class="button primary" ?disabled=${this.form === null} @click=${this.save}>${icon('check')}${t().save}</button>
          ${this.form ? html`<button class="button quiet" @click=${() => this.done()}>${t().undo}</button><span class="muted">${t().unsaved}</span>` : nothing}
        </div>
      </section>`;
  }

  private box(from: Status, to: Status, on: boolean) {
    const label = t().way(words().statuses[from], words().statuses[to]);
    return html`<label title=${label}
      ><input type="checkbox" aria-label=${label} .checked=${on} @change=${() => this.turn(from, to)}
    /></label>`;
  }

  private turn(from: Status, to: Status) {
    const { before, items } = this.form ?? { before: this.data.setup.transitions, items: this.data.setup.transitions };
    const rest = items.filter((one) => one.from !== from || one.to !== to);
    this.form = { before, items: rest.length < items.length ? rest : [...items, { from, to }] };
  }

  private save() {
    if (!this.form) return;
    const { items, before } = this.form;
    void this.send(() => settingsApi.setTransitions(items, before));
  }

  protected override done() {
    this.form = null;
    this.fault = '';
  }

  /** Of both what each has changed: theirs stands, mine is put on top of it. */
  protected override catchUp() {
    if (!this.form) return;
    const { before, items } = this.form;
    const key = ({ from, to }: Transition) => `${from} ${to}`;
    const [had, mine] = [new Set(before.map(key)), new Set(items.map(key))];
    const theirs = this.data.setup.transitions;
    const kept = theirs.filter((one) => !had.has(key(one)) || mine.has(key(one)));
    const there = new Set(kept.map(key));
    const added = items.filter((one) => !had.has(key(one)) && !there.has(key(one)));
    this.form = { before: theirs, items: [...kept, ...added] };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-transitions': ComplaintTransitions;
  }
}
