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
import '../ui/allo-badge.ts';
import '../ui/allo-more.ts';
import { callsApi } from './api.ts';
import { byDay, callLine, callRow, stateOf } from './rows.ts';
import { logVersion } from './store.ts';
import { t } from './strings.ts';

type Filter = 'all' | 'answered' | 'missed' | 'outgoing' | 'missing';

const MATCHES: Record<Filter, (c: CallRow, userId: number) => boolean> = {
  all: () => true,
  answered: (c, id) => stateOf(c, id) === 'answered',
  missed: (c, id) => stateOf(c, id) === 'missed',
  outgoing: (c) => c.direction === 'out',
  missing: () => true, // asked of the server: of everybody
};

/** Whoever is above the operators. */
const seesAll = (): boolean => (me()?.user.role ?? 'operator') !== 'operator';
const countWords = (n: number): string => (n >= MOST ? `${MOST}+` : String(n));
/** As far as the server counts. */
const MOST = 1000;

/** The operator's own log, newest first; for those above them also what lacks its outcome. */
@customElement('allo-calls')
export class Calls extends AlloElement {
  @state() private filter: Filter = 'all';
  /** Of everybody, for those who may fill them in; null: not theirs to see, or not known yet. */
  @state() private missing: number | null = null;
  private readonly pages = new Pages(this, (after) => (this.filter === 'missing' ? this.loadMissing(after) : callsApi.mine(after)));
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
    void this.count();
    this.stop = logVersion.subscribe(() => {
      void this.pages.restart({ keep: true });
      void this.count();
    });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  override render() {
    const names: Record<Filter, string> = {
      all: t().all,
      answered: t().answered,
      missed: t().missed,
      outgoing: t().outgoingFilter,
      missing: t().missing,
    };
    const filters = (Object.keys(names) as Filter[]).filter((f) => f !== 'missing' || seesAll());
    return html`<header>
        <h1 tabindex="-1">${t().myCalls}</h1>
        <div class="filters" role="group" aria-label=${t().myCalls}>
          ${filters.map(
            (f) =>
              html`<button class="button" aria-pressed=${f === this.filter ? 'true' : 'false'} @click=${() => this.choose(f)}>
                ${names[f]}${f === 'missing' ? html` <allo-badge tone=${this.missing ? 'warning' : 'neutral'}>${countWords(this.missing ?? 0)}</allo-badge>` : nothing}
              </button>`,
          )}
        </div>
      </header>
      ${this.list()}`;
  }

  private choose(filter: Filter) {
    const other = (filter === 'missing') !== (this.filter === 'missing');
    this.filter = filter;
    if (other) void this.pages.restart();
  }

  private async loadMissing(after: string | undefined) {
    const page = await callsApi.missing(after);
    this.missing = page.total;
    return page;
  }

  private async count() {
    if (!seesAll()) return;
    try {
      this.missing = (await callsApi.missing()).total;
    } catch {
      this.missing = null; // the list itself says what is wrong
    }
  }

  private list() {
    const { pages } = this;
    const userId = me()?.user.id ?? 0;
    const shown = pages.items.filter((c) => MATCHES[this.filter](c, userId));
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel list">${skeleton(9)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      if (this.filter === 'missing')
        return html`<div class="panel">${empty({ icon: 'check', title: t().missingNone, text: t().missingText })}</div>`;
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
