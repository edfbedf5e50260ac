import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ClientBrief } from '../../server/clients/contract.ts';
import type { DuplicatePage, DuplicatePair, MergeList } from '../../server/duplicates/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { Pages } from '../core/pages.ts';
import { navigate } from '../core/router.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-more.ts';
import '../ui/allo-number.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { duplicatesApi } from './api.ts';
import { mergePath, reasonBadges } from './reasons.ts';
import { t } from './strings.ts';

type Merge = MergeList['items'][number];
const FROM = [0, 60, 80];
const LOOK_MS = 3_000;

const keyOf = ({ low, high }: DuplicatePair) => `${low.id}-${high.id}`;

/** Pairs of cards that may be one client, to be decided one by one; and what was merged, to be undone. */
@customElement('allo-duplicates')
export class Duplicates extends AlloElement {
  /** "show=merges", "min=60". */
  @property() query = '';
  @state() private scan: DuplicatePage['scan'] | null = null;
  @state() private mayScan = false;
  private min = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly pairs = new Pages<DuplicatePair>(this, (after) => this.read(after));
  private readonly merges = new Pages<Merge>(this, (before) => duplicatesApi.merges(before));

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header,
      nav,
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin-bottom: var(--space-4);
      }
      .tools label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }
      .tools select {
        width: auto;
      }
      .list {
        padding: 0;
      }
      .list > li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 14rem) auto;
        align-items: center;
        gap: var(--space-1) var(--space-4);
        padding: var(--space-3) var(--space-4);
      }
      .list > li + li {
        border-top: 1px solid var(--border);
      }
      .list.merges > li {
        grid-template-columns: minmax(0, 1fr) auto;
      }
      .why {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
      }
      .orders {
        display: flex;
        justify-content: flex-end;
        gap: var(--space-2);
      }
      @media (max-width: 1180px) {
        .list > li {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => {
      if (this.scan && this.scan.left > 0 && this.pairs.items.length < 31) void this.pairs.restart({ keep: true });
    }, LOOK_MS);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private get showsMerges() {
    return new URLSearchParams(this.query).get('show') === 'merges';
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('query')) return;
    this.min = Number(new URLSearchParams(this.query).get('min') ?? 0) || 0;
    void (this.showsMerges ? this.merges : this.pairs).restart();
  }

  private async read(after: string | undefined) {
    const page = await duplicatesApi.list(this.min, after);
    this.scan = page.scan;
    this.mayScan = page.can.scan;
    return page;
  }

  override render() {
    const merges = this.showsMerges;
    const tab = (href: string, words: string, here: boolean) =>
      html`<a class="button ${here ? 'primary' : ''}" href=${href} aria-current=${here ? 'page' : 'false'}>${words}</a>`;
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted small">${t().lead}</p>
        </div>
        <a class="button" href="/clients">${t().toClients}</a>
      </header>
      <nav aria-label=${t().views}>
        ${tab('/clients/duplicates', t().pairs, !merges)} ${tab('/clients/duplicates?show=merges', t().merges, merges)}
      </nav>
      ${merges ? this.merged() : html`${this.tools()} ${this.open()}`}`;
  }

  private tools() {
    const { scan } = this;
    return html`<div class="tools">
      <label
        >${t().likely}<select @change=${this.narrow}>
          ${FROM.map((min) => html`<option value=${min} ?selected=${min === this.min}>${min === 0 ? t().any : t().from(min)}</option>`)}
        </select></label
      >
      <span class="muted small grow" role="status"
        >${scan === null ? nothing : scan.left > 0 ? t().looking(scan.left) : scan.caughtUpAt === null ? nothing : t().caughtUp(moment(scan.caughtUpAt))}</span
      >
      ${this.mayScan ? html`<button class="button" @click=${() => void this.again()}>${t().again}</button>` : nothing}
    </div>`;
  }

  private narrow(e: Event) {
    const min = (e.target as HTMLSelectElement).value;
    navigate(min === '0' ? '/clients/duplicates' : `/clients/duplicates?min=${min}`, { replace: true, focus: false });
  }

  private pageOf<T>(pages: Pages<T>, none: { title: string; text: string }, list: () => unknown) {
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel list">${skeleton(8)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${this.trouble(pages)}</div>`;
      if (pages.state === 'end') return html`<div class="panel">${empty({ icon: 'check', ...none })}</div>`;
    }
    return html`${list()}
    ${
      pages.state === 'failed'
        ? this.trouble(pages)
        : pages.state === 'end'
          ? nothing
          : html`<allo-more @more-wanted=${() => void pages.more()}></allo-more>`
    }`;
  }

  private trouble<T>(pages: Pages<T>) {
    if (pages.error instanceof ApiError && pages.error.code === 'forbidden')
      return empty({ icon: 'shield', title: t().mayNot, text: t().mayNotText });
    return trouble(pages.error, () => void pages.retry());
  }

  private open() {
    return this.pageOf(
      this.pairs,
      { title: t().none, text: t().noneText },
      () =>
        html`<ul class="panel list" @keydown=${this.step}>
          ${repeat(this.pairs.items, keyOf, (pair) => this.line(pair))}
        </ul>`,
    );
  }

  private side(client: ClientBrief) {
    return html`<div>
      <p class="row">
        <span class="muted">${icon(client.kind === 'company' ? 'company' : 'person')}</span>
        <a class="cut" dir="auto" href="/clients/${client.id}"><strong>${client.name}</strong></a>
      </p>
      <p class="muted small cut">
        ${client.phone ? html`<allo-number .value=${client.phone}></allo-number>` : nothing} <span dir="auto">${client.company}</span>
      </p>
    </div>`;
  }

  private line(pair: DuplicatePair) {
    const { low, high, score, reasons } = pair;
    return html`<li>
      ${this.side(low)} ${this.side(high)}
      <p class="small why">
        <span class="num muted" title=${t().score(score)}>${score} %</span>
        ${reasonBadges(reasons)}
      </p>
      <div class="orders">
        <a class="button primary compare" href=${mergePath(low.id, high.id)} aria-label="${t().compare}: ${low.name}">${t().compare}</a>
        <button class="button" aria-label="${t().notSame}: ${low.name}" @click=${() => void this.dismiss(pair)}>${t().notSame}</button>
      </div>
    </li>`;
  }

  /** Up and down through the pairs; Delete: these are two. */
  private step(e: KeyboardEvent) {
    const lines = [...this.renderRoot.querySelectorAll<HTMLElement>('.compare')];
    const at = lines.findIndex((line) => line.closest('li')?.contains(this.shadowRoot?.activeElement ?? null));
    const move = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (move !== undefined) lines[Math.max(0, Math.min(lines.length - 1, at + move))]?.focus();
    else if (e.key === 'Delete' && this.pairs.items[at]) void this.dismiss(this.pairs.items[at]);
    else return;
    e.preventDefault();
  }

  private async dismiss(pair: DuplicatePair) {
    const at = this.pairs.items.indexOf(pair);
    try {
      await duplicatesApi.dismiss(pair.low.id, pair.high.id, true);
    } catch (err) {
      return toast('danger', errorText(err));
    }
    this.pairs.items = this.pairs.items.filter((each) => each !== pair);
    this.requestUpdate();
    toast('success', t().dismissed, { text: t().undo, run: () => void this.reopen(pair) });
    await this.updateComplete;
    const lines = this.renderRoot.querySelectorAll<HTMLElement>('.compare');
    lines[Math.min(at, lines.length - 1)]?.focus();
  }

  private async reopen({ low, high }: DuplicatePair) {
    try {
      await duplicatesApi.dismiss(low.id, high.id, false);
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.pairs.restart({ keep: true });
  }

  private async again() {
    try {
      await duplicatesApi.scan();
      toast('success', t().started);
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.pairs.restart({ keep: true });
  }

  private merged() {
    return this.pageOf(
      this.merges,
      { title: t().noMerges, text: t().noMergesText },
      () =>
        html`<ul class="panel list merges">
          ${repeat(
            this.merges.items,
            ({ id }) => id,
            (item) => this.mergedLine(item),
          )}
        </ul>`,
    );
  }

  private mergedLine(item: Merge) {
    const { survivor, merged, at, actor, undoneAt, can } = item;
    return html`<li>
      <div>
        <p>
          <span dir="auto">${merged.name}</span> <span class="muted">${t().became}</span>
          <a href="/clients/${survivor.id}" dir="auto"><strong>${survivor.name}</strong></a>
        </p>
        <p class="muted small">
          ${moment(at)} · ${actor?.name ?? '—'} ${undoneAt === null ? nothing : html`<allo-badge tone="warning">${t().undone}</allo-badge>`}
        </p>
      </div>
      ${
        can.undo
          ? html`<button class="button" aria-label="${t().part}: ${merged.name}" @click=${() => void this.undo(item)}>${t().part}</button>`
          : nothing
      }
    </li>`;
  }

  private async undo({ id }: Merge) {
    try {
      const { kept } = await duplicatesApi.undo(id);
      toast('success', kept.length > 0 ? t().partedKept(kept.join(', ')) : t().parted);
    } catch (err) {
      const reason = err instanceof ApiError ? t().refusals[String(err.data.reason)] : undefined;
      toast('danger', reason ?? errorText(err));
    }
    await this.merges.restart({ keep: true });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-duplicates': Duplicates;
  }
}
