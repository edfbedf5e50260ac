import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CallRow } from '../../server/calls/contract.ts';
import { duration, isToday } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { me } from '../core/session.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { rows } from '../ui/styles.ts';
import { callsApi } from './api.ts';
import { callLine, callRow, lacksOutcome, sumUp } from './rows.ts';
import { logVersion } from './store.ts';
import { t } from './strings.ts';

const MOST_PAGES = 10;
const LAST = 8;

/** The newest calls, as far as today goes. */
const load = async (): Promise<CallRow[]> => {
  const all: CallRow[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next } = await callsApi.mine(after);
    all.push(...items);
    const oldest = items.at(-1);
    if (!next || !oldest || !isToday(oldest.startedAt)) break;
    after = next;
  }
  return all;
};

/** The workspace: today in figures, what is to be finished first, and the last calls. */
@customElement('allo-today')
export class Today extends AlloElement {
  @state() private data: Loading<CallRow[]> = LOADING;
  private stop = () => {};

  static override styles = [
    ...AlloElement.styles,
    states,
    rows,
    callLine,
    css`
      h1 {
        margin-bottom: var(--space-3);
      }
      h2 {
        font-size: var(--text-m);
      }
      .figures {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr));
        gap: var(--space-3);
        margin-bottom: var(--space-5);
      }
      .figures > div {
        display: flex;
        flex-direction: column-reverse;
        justify-content: flex-end;
        padding: var(--space-3) var(--space-4);
      }
      dt {
        color: var(--text-muted);
        font-size: var(--text-s);
      }
      dd {
        font-size: var(--text-xxl);
        font-weight: 650;
        line-height: 1.2;
      }
      .bad {
        color: var(--danger);
      }
      section + section {
        margin-top: var(--space-5);
      }
      .title {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        margin: 0 var(--space-1) var(--space-2);
      }
      .due {
        border-left: 4px solid var(--warning);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
    this.stop = logVersion.subscribe(() => void this.load());
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  private async load() {
    try {
      this.data = ready(await load());
    } catch (err) {
      // What was shown last is better than nothing; the banner says that we are offline.
      if (this.data.state !== 'ready') this.data = failed(err);
    }
  }

  override render() {
    return html`<h1 tabindex="-1">${t().today}</h1>
      <allo-next-person></allo-next-person>
      <allo-tasks></allo-tasks>
      ${
        this.data.state === 'failed'
          ? html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`
          : this.data.state === 'loading'
            ? html`<div class="panel list">${skeleton(10)}</div>`
            : this.content(this.data.value)
      }`;
  }

  private content(list: readonly CallRow[]) {
    const userId = me()?.user.id ?? 0;
    const due = list.filter((c) => lacksOutcome(c, userId));
    const last = list.filter((c) => !due.includes(c)).slice(0, LAST);
    return html`${this.figures(list, userId)}
      ${
        due.length > 0
          ? html`<section>
              <div class="title">
                <h2>${t().pendingTitle}</h2>
                <span class="muted num">${due.length}</span>
              </div>
              ${this.lines(due, userId, 'due')}
            </section>`
          : nothing
      }
      <section>
        <div class="title">
          <h2>${t().lastCalls}</h2>
          ${list.length > 0 ? html`<a href="/calls">${t().allCalls}</a>` : nothing}
        </div>
        ${
          list.length === 0
            ? html`<div class="panel">${empty({ icon: 'phone', title: t().noCalls, text: t().noCallsText })}</div>`
            : this.lines(last, userId)
        }
      </section>`;
  }

  private figures(list: readonly CallRow[], userId: number) {
    const sum = sumUp(
      list.filter((c) => isToday(c.startedAt)),
      userId,
    );
    const figure = (value: string | number, words: string, tone = '') =>
      html`<div class="panel">
        <dt>${words}</dt>
        <dd class="num ${tone}">${value}</dd>
      </div>`;
    return html`<dl class="figures">
      ${figure(sum.answered, t().answeredToday)} ${figure(sum.missed, t().missedToday, sum.missed > 0 ? 'bad' : '')}
      ${figure(sum.outgoing, t().outToday)} ${figure(duration(sum.talkMs), t().talkToday)}
    </dl>`;
  }

  private lines(list: readonly CallRow[], userId: number, tone = '') {
    return html`<ul class="panel list rows ${tone}">
      ${repeat(
        list,
        (c) => c.ref,
        (c) => callRow(c, userId, true),
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-today': Today;
  }
}
