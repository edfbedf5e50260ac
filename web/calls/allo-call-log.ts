import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LogKind, LogPage } from '../../server/calls/contract.ts';
import { api, ApiError } from '../core/api.ts';
import { clock, day, duration, shortDay } from '../core/format.ts';
import { Pages } from '../core/pages.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-more.ts';
import '../ui/allo-number.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { rows } from '../ui/styles.ts';
import { logWords as t } from './log-strings.ts';
import { outcomeWords, t as words } from './strings.ts';

type Item = LogPage['items'][number];

const KINDS: readonly LogKind[] = ['visits', 'answered', 'abandoned', 'flowed', 'call-backs', 'waiting', 'repeated', 'offers', 'missed', 'rejected', 'handled', 'transferred']; // prettier-ignore

/** The calls behind a figure of the reports: what it counted of each, newest first. What is asked stands in the address. */
@customElement('allo-call-log')
export class CallLog extends AlloElement {
  /** Of the address, as GET /api/calls/log takes it. */
  @property() query = '';
  private readonly pages = new Pages<Item>(this, (after) => this.page(after));

  static override styles = [
    ...AlloElement.styles,
    states,
    rows,
    css`
      .back {
        margin-bottom: var(--space-2);
      }
      header {
        margin-bottom: var(--space-4);
      }
      header p {
        margin-top: var(--space-1);
      }
      .rows a.line {
        grid-template-columns: 5.75rem minmax(8rem, 1.4fr) minmax(7rem, 9.5rem) minmax(5rem, 1fr) minmax(5rem, 1fr) 4rem minmax(5rem, 8rem);
      }
      .end,
      .ms {
        text-align: right;
      }
      h2 {
        margin: var(--space-4) 0 var(--space-2) var(--space-1);
        font-size: var(--text-m);
        color: var(--text-muted);
      }
      @media (max-width: 900px) {
        .rows a.line {
          grid-template-columns: 4rem 1fr auto;
        }
        .rows a.line > .wide {
          display: none;
        }
      }
    `,
  ];

  protected override willUpdate(changed: Map<string, unknown>) {
    if (changed.has('query')) void this.pages.restart();
  }

  private page(after: string | undefined): Promise<LogPage> {
    const q = new URLSearchParams(this.query);
    if (after !== undefined) q.set('after', after);
    return api.get<LogPage>(`/api/calls/log?${q}`);
  }

  override render() {
    const q = new URLSearchParams(this.query);
    const kind = KINDS.find((k) => k === q.get('kind'));
    return html`<button class="button quiet back" @click=${() => history.back()}>‹ ${t().back}</button>
      <header>
        <h1 tabindex="-1">${kind ? t().kinds[kind] : t().title}</h1>
        <p class="muted">${this.conditions(q).join(' · ')}</p>
      </header>
      ${this.list()}`;
  }

  private conditions(q: URLSearchParams): string[] {
    const [from, until] = [Number(q.get('from')), Number(q.get('until'))];
    const [users, hour, weekday] = [q.getAll('user'), q.get('hour'), q.get('weekday')];
    const name =
      users.length === 1 ? this.pages.items.find(({ counted }) => String(counted.user?.id) === users[0])?.counted.user?.name : null;
    const last = day(until - 1) === day(from) ? '' : ` – ${day(until - 1)}`;
    return [
      `${day(from)}${last}${until - from < 86_400_000 ? `, ${clock(from)} – ${clock(until)}` : ''}`,
      ...(hour === null ? [] : [`${hour.padStart(2, '0')}:00`]),
      ...(weekday === null ? [] : [t().weekdays[Number(weekday) - 1] ?? '']),
      ...q.getAll('queue').map((queue) => words().queue(queue.slice(queue.indexOf(':') + 1))),
      ...(name ? [name] : users.length > 1 ? [t().operators(users.length)] : []),
      ...(q.has('waitedOver') ? [t().over(q.get('waitedOver')!)] : []),
      ...(q.has('waitedUpTo') ? [q.get('waitedUpTo') === 'own' ? t().inTime : t().upTo(q.get('waitedUpTo')!)] : []),
      ...(q.has('outcome') ? [outcomeWords(q.get('outcome')!)] : []),
    ];
  }

  private list() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel list">${skeleton(9)}</div>`;
      if (pages.state === 'failed')
        return pages.error instanceof ApiError && pages.error.code === 'forbidden'
          ? html`<div class="panel">${empty({ icon: 'shield', title: t().forbidden })}</div>`
          : html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      return html`<div class="panel">${empty({ icon: 'phone', title: t().none, text: t().noneText })}</div>`;
    }
    return html`<ul class="panel list rows">
        ${pages.items.map((item) => this.line(item))}
      </ul>
      ${
        pages.state === 'failed'
          ? trouble(pages.error, () => void pages.retry())
          : pages.state === 'end'
            ? nothing
            : html`<allo-more @more-wanted=${() => void pages.more()}></allo-more>`
      }`;
  }

  private line({ call, counted }: Item) {
    const who = counted.user ? [counted.user] : call.operators;
    return html`<li>
      <a class="line" href="/calls/${encodeURIComponent(call.ref)}">
        <span class="num muted">${shortDay(counted.from)} ${clock(counted.from)}</span>
        <span class="cut" dir="auto"><strong>${call.client?.name || call.callerName || words().unknownNumber}</strong></span>
        <span class="num cut wide"><allo-number .value=${call.number}></allo-number></span>
        <span class="cut muted small wide">${counted.queue ?? call.queue ?? nothing}</span>
        <span class="cut small wide" dir="auto">${who.map((u) => u.name).join(', ')}</span>
        <span class="num ms">${counted.ms === null ? nothing : duration(counted.ms)}</span>
        <span class="end cut small muted wide"
          >${call.outcome ? outcomeWords(call.outcome) : (t().ends[counted.endReason ?? ''] ?? counted.endReason ?? '')}</span
        >
      </a>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-call-log': CallLog;
  }
}
