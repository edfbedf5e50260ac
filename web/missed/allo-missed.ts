import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { MissedItem, MissedList } from '../../server/missed/contract.ts';
import { duration, moment } from '../core/format.ts';
import { onAction } from '../core/keys.ts';
import { Pages } from '../core/pages.ts';
import { me } from '../core/session.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-more.ts';
import '../ui/allo-number.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import './allo-missed-dialog.ts';
import type { MissedDialog } from './allo-missed-dialog.ts';
import { missedStyles } from './styles.ts';
import { fault, missed, missedApi } from './store.ts';
import type { Filters } from './store.ts';
import { t } from './strings.ts';

/**
 * Who called and was not answered; who waits longest is first.
 * @fires dial-wanted - detail: { number: string, clientId?: number }
 */
@customElement('allo-missed')
export class Missed extends AlloElement {
  @state() private filters: Filters = {};
  @state() private can: MissedList['can'] = { act: false, assign: false };
  /** Every queue that was seen in the list. */
  @state() private queues: readonly string[] = [];
  @query('allo-missed-dialog') private readonly dialog!: MissedDialog;
  private readonly pages = new Pages<MissedItem>(this, (after) => this.load(after));
  private stops: (() => void)[] = [];

  static override styles = [...AlloElement.styles, states, missedStyles];

  constructor() {
    super();
    new Ticking(this, () => this.pages.items.length > 0);
  }

  override connectedCallback() {
    super.connectedCallback();
    void this.pages.restart();
    this.stops = [missed.subscribe(() => void this.pages.restart({ keep: true })), onAction({ callBack: () => this.callFirst() })];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stops.forEach((stop) => stop());
  }

  private async load(after: string | undefined): Promise<MissedList> {
    const page = await missedApi.list(this.filters, after);
    this.can = page.can;
    this.queues = [...new Set([...this.queues, ...page.items.flatMap((one) => one.queues)])].sort();
    return page;
  }

  private choose(filters: Filters) {
    this.filters = { ...this.filters, ...filters };
    void this.pages.restart();
  }

  override render() {
    return html`<header>
        <div>
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted small">${t().lead}</p>
        </div>
        <div class="filters">${this.filterFields()}</div>
      </header>
      ${this.list()}
      <allo-missed-dialog @missed-changed=${() => void this.pages.restart({ keep: true })}></allo-missed-dialog>`;
  }

  private filterFields() {
    const select = (label: string, options: readonly [string, string][], chosen: string, choose: (value: string) => void) =>
      html`<label class="field"
        ><span>${label}</span
        ><select @change=${(e: Event) => choose((e.target as HTMLSelectElement).value)}>
          ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
        </select></label
      >`;
    const { queue, minutes, tries } = this.filters;
    return html`${select(t().queue, [['', t().anyQueue], ...this.queues.map((q): [string, string] => [q, q])], queue ?? '', (v) => this.choose({ queue: v || undefined }))}
    ${select(t().age, Object.entries(t().ages), String(minutes ?? 0), (v) => this.choose({ minutes: Number(v) || undefined }))}
    ${select(t().often, Object.entries(t().oftens), String(tries ?? 1), (v) => this.choose({ tries: Number(v) > 1 ? Number(v) : undefined }))}`;
  }

  private list() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel list">${skeleton(8)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      const filtered = Object.values(this.filters).some((value) => value !== undefined);
      return html`<div class="panel">
        ${filtered ? empty({ icon: 'search', title: t().emptyFilter, text: t().emptyFilterText }) : empty({ icon: 'check', title: t().empty, text: t().emptyText })}
      </div>`;
    }
    return html`<ul class="panel list">
        ${repeat(
          pages.items,
          (one) => one.id,
          (one) => this.line(one),
        )}
      </ul>
      ${
        pages.state === 'failed'
          ? trouble(pages.error, () => void pages.retry())
          : pages.state === 'end'
            ? nothing
            : html`<allo-more @more-wanted=${() => void pages.more()}></allo-more>`
      }`;
  }

  private line(one: MissedItem) {
    const name = one.client?.name ?? '';
    const where = [
      one.queues.length > 0 ? t().inQueue(one.queues.join(', ')) : '',
      one.called.length > 0 ? t().calledUser(one.called.map((u) => u.name).join(', ')) : '',
    ];
    const number = html`<allo-number .value=${one.number}></allo-number>`;
    return html`<li>
      <span class="missed" title=${t().kinds[one.kind]}>${icon('phone-missed')}</span>
      <div class="who">
        <p class="cut" dir="auto">
          ${one.client ? html`<a href="/clients/${one.client.id}"><strong>${name}</strong></a> ${one.client.company ? html`<span class="muted small">${one.client.company}</span>` : nothing}` : html`<strong>${number}</strong>`}
        </p>
        <p class="muted small">
          ${one.client ? html`${number} · ` : nothing}${[t().kinds[one.kind], ...where].filter(Boolean).join(' · ')}
        </p>
        ${this.state(one)}
        ${one.attempts > 0 ? html`<p class="muted small">${t().attempts(one.attempts, moment(one.attemptAt ?? one.lastAt))}</p>` : nothing}
      </div>
      <div class="when">
        <p class="num" title=${moment(one.lastAt)}>${t().ago(duration(serverNow() - one.lastAt))}</p>
        <p class="small">${one.tries > 1 ? html`<allo-badge tone="warning">${t().tries(one.tries)}</allo-badge>` : nothing}</p>
      </div>
      <div class="orders">${this.can.act ? this.orders(one, name) : nothing}</div>
    </li>`;
  }

  private state(one: MissedItem) {
    if (this.isTaken(one))
      return html`<allo-badge tone="accent"
        >${one.taken!.by.id === me()?.user.id ? t().takenByMe : t().takenBy(one.taken!.by.name)}</allo-badge
      >`;
    return one.owner ? html`<p class="muted small">${t().ownedBy(one.owner.name)}</p>` : nothing;
  }

  private isTaken = (one: MissedItem): boolean => one.taken !== null && one.taken.until > serverNow();
  private isOthers = (one: MissedItem): boolean => this.isTaken(one) && one.taken!.by.id !== me()?.user.id;

  private orders(one: MissedItem, name: string) {
    const mine = this.isTaken(one) && !this.isOthers(one);
    const first = this.firstFree()?.id === one.id;
    return html`${
        one.number
          ? html`<button
              class="button primary"
              title=${first ? 'Alt+Z' : ''}
              aria-label="${t().callBack}: ${name || one.number}"
              ?disabled=${this.isOthers(one)}
              @click=${() => void this.callBack(one)}
            >
              ${icon('phone-out')}${t().callBack}
            </button>`
          : html`<span class="muted small">${t().withheld}</span>`
      }
      ${mine ? html`<button class="button" @click=${() => void this.run(missedApi.release(one.id))}>${t().release}</button>` : nothing}
      <button class="button" @click=${() => void this.dialog.assign(one, this.can.assign)}>${t().assign}</button>
      <button class="button" @click=${() => void this.dialog.close(one)}>${t().close}</button>`;
  }

  /** Whoever waits longest and can be called now. */
  private firstFree = (): MissedItem | undefined => this.pages.items.find((one) => one.number !== '' && !this.isOthers(one));

  private callFirst(): boolean {
    const first = this.firstFree();
    if (!first || !this.can.act) return false;
    void this.callBack(first);
    return true;
  }

  /** Taken first, so that two do not call one person at once. */
  private async callBack(one: MissedItem) {
    if (!(await this.run(missedApi.take(one.id)))) return;
    this.emit('dial-wanted', { number: one.number, ...(one.client && { clientId: one.client.id }) });
  }

  private async run(order: Promise<unknown>): Promise<boolean> {
    try {
      await order;
      return true;
    } catch (err) {
      toast('danger', fault(err));
      return false;
    } finally {
      void this.pages.restart({ keep: true });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-missed': Missed;
  }
}
