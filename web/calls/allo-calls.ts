import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CallRow } from '../../server/calls/contract.ts';
import { day } from '../core/format.ts';
import { Pages } from '../core/pages.ts';
import { me } from '../core/session.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { rows } from '../ui/styles.ts';
import '../ui/allo-more.ts';
import { callsApi } from './api.ts';
import { byDay, callLine, callRow, stateOf } from './rows.ts';
import { logVersion } from './store.ts';
import { t } from './strings.ts';

type Filter = 'all' | 'answered' | 'missed' | 'outgoing';

const MATCHES: Record<Filter, (c: CallRow, userId: number) => boolean> = {
  all: () => true,
  answered: (c, id) => stateOf(c, id) === 'answered',
  missed: (c, id) => stateOf(c, id) === 'missed',
  outgoing: (c) => c.direction === 'out',
};

/** The operator's own log, newest first. */
@customElement('allo-calls')
export class Calls extends AlloElement {
  @state() private filter: Filter = 'all';
  private readonly pages = new Pages(this, (after) => callsApi.mine(after));
  private stop = () => {};

  static override styles = [
    ...AlloElement.styles,
    states,
    rows,
    callLine,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-3);
        margin-bottom: var(--space-4);
      }
      .filters {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
      }
      .filters button[aria-pressed='true'] {
        background: var(--accent-soft);
        border-color: var(--accent);
        color: var(--accent);
      }
      section + section {
        margin-top: var(--space-4);
      }
      h2 {
        margin: 0 0 var(--space-2) var(--space-1);
        font-size: var(--text-m);
        color: var(--text-muted);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.pages.restart();
    this.stop = logVersion.subscribe(() => void this.pages.restart({ keep: true }));
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  override render() {
    const names: Record<Filter, string> = { all: t().all, answered: t().answered, missed: t().missed, outgoing: t().outgoingFilter };
    return html`<header>
        <h1 tabindex="-1">${t().myCalls}</h1>
        <div class="filters" role="group" aria-label=${t().myCalls}>
          ${(Object.keys(names) as Filter[]).map(
            (f) =>
              html`<button class="button" aria-pressed=${f === this.filter ? 'true' : 'false'} @click=${() => (this.filter = f)}>
                ${names[f]}
              </button>`,
          )}
        </div>
      </header>
      ${this.list()}`;
  }

  private list() {
    const { pages } = this;
    const userId = me()?.user.id ?? 0;
    const shown = pages.items.filter((c) => MATCHES[this.filter](c, userId));
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel list">${skeleton(9)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      return html`<div class="panel">${empty({ icon: 'phone', title: t().noCalls, text: t().noCallsText })}</div>`;
    }
    return html`${byDay(shown, day).map(
      ([name, list]) =>
        html`<section>
          <h2>${name}</h2>
          <ul class="panel list rows">
            ${repeat(
              list,
              (c) => c.ref,
              (c) => callRow(c, userId),
            )}
          </ul>
        </section>`,
    )}
    ${shown.length === 0 ? html`<div class="panel">${empty({ icon: 'phone', title: t().noneOfKind })}</div>` : nothing}
    ${
      pages.state === 'failed'
        ? trouble(pages.error, () => void pages.retry())
        : pages.state === 'end'
          ? nothing
          : html`<allo-more @more-wanted=${() => void pages.more()}></allo-more>`
    }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-calls': Calls;
  }
}
