import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Notification, NotificationQuery } from '../../server/notifications/contract.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { locale } from '../core/i18n.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { placeOf } from './places.ts';
import { changes, known, notificationsApi } from './store.ts';
import { t } from './strings.ts';

type Show = NotificationQuery['show'];
const SHOWS: readonly Show[] = ['all', 'unread', 'snoozed'];
const MINUTES = [5, 15, 60, 180, 1440, 4320, 10080] as const;
/** Beyond it nobody counts. */
const MOST = 99;

/** The bell with how many are unread, and under it the list of what I was told of. */
@customElement('allo-bell')
export class Bell extends AlloElement {
  @state() private open = false;
  @state() private filter: Show = 'all';
  @state() private items: readonly Notification[] | null = null;
  @state() private next: string | null = null;
  @state() private failure: unknown = null;
  private asked = 0;
  private changed = 0;
  private readonly unread = new Select(this, known, (k) => k.unread);
  private readonly changes = new Select(this, changes, (n) => n);
  private readonly locale = new Select(this, locale, (l) => l);

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      :host {
        position: relative;
      }
      .bell {
        position: relative;
      }
      .count {
        position: absolute;
        top: 0;
        right: 0;
        min-width: 1.2rem;
        padding: 0 var(--space-1);
        border-radius: 999px;
        background: var(--danger);
        color: var(--surface);
        font-size: 0.75rem;
        line-height: 1.2rem;
      }
      section {
        position: absolute;
        z-index: 25;
        right: 0;
        top: calc(100% + var(--space-1));
        display: grid;
        grid-template-rows: auto auto 1fr;
        gap: var(--space-2);
        width: min(30rem, 92vw);
        max-height: min(36rem, 80vh);
        padding: var(--space-4);
        border: 1px solid var(--border);
        border-radius: var(--radius-l);
        background: var(--surface);
        box-shadow: var(--shadow);
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }
      .list {
        overflow-y: auto;
      }
      li {
        padding: var(--space-2) 0;
        border-top: 1px solid var(--border);
        overflow-wrap: anywhere;
      }
      select {
        width: auto;
      }
      li.unread a {
        font-weight: 600;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.away);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.away);
  }

  private readonly away = (e: Event) => {
    // what a toast undoes is seen in the list
    const here = e.composedPath().some((n) => n === this || (n instanceof Element && n.localName === 'allo-toasts'));
    if (!here) this.open = false;
  };

  protected override willUpdate() {
    if (this.changes.value === this.changed) return;
    this.changed = this.changes.value;
    if (this.open) void this.load();
  }

  /** Opens it, with the focus in it; or closes it. */
  async toggle(): Promise<void> {
    if (this.open) return this.close();
    await this.show();
  }

  async show(filter: Show = this.filter): Promise<void> {
    this.open = true;
    this.filter = filter;
    void this.load();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  private close() {
    this.open = false;
    this.renderRoot.querySelector<HTMLElement>('.bell')?.focus();
  }

  private async load(after: string | null = null) {
    const turn = ++this.asked;
    this.failure = null;
    try {
      const page = await notificationsApi.list({ show: this.filter, ...(after !== null && { after }) });
      if (turn !== this.asked) return;
      const shown = after === null ? [] : (this.items ?? []);
      this.items = [...shown, ...page.items.filter(({ id }) => !shown.some((one) => one.id === id))];
      this.next = page.next;
    } catch (err) {
      if (turn === this.asked) this.failure = err;
    }
  }

  override render() {
    const n = this.unread.value;
    const count = n === 0 ? '' : n > MOST ? `${MOST}+` : String(n);
    return html`<button
        class="button quiet icon-only bell"
        aria-expanded=${this.open ? 'true' : 'false'}
        aria-label=${t().bell(count)}
        title="${t().title} (Alt+8)"
        @click=${() => void this.toggle()}
      >
        ${icon('bell')}${count === '' ? nothing : html`<b class="count num" aria-hidden="true">${count}</b>`}
      </button>
      ${this.open ? this.panel(n) : nothing}`;
  }

  private panel(unread: number) {
    return html`<section aria-label=${t().list} @keydown=${this.keydown}>
      <div class="bar">
        <h2 class="grow" tabindex="-1">${t().title}</h2>
        <button class="button" ?disabled=${unread === 0} @click=${() => void this.readAll()}>${icon('check')}${t().readAll}</button>
      </div>
      <div class="bar" role="group" aria-label=${t().title}>
        ${SHOWS.map(
          (show) =>
            html`<button
              class="button ${show === this.filter ? 'primary' : ''}"
              aria-pressed=${show === this.filter ? 'true' : 'false'}
              @click=${() => this.choose(show)}
            >
              ${t().show[show]}
            </button>`,
        )}
      </div>
      <div class="list">${this.list()}</div>
    </section>`;
  }

  private list() {
    if (this.failure !== null) return trouble(this.failure, () => void this.load());
    if (this.items === null) return skeleton(4);
    if (this.items.length === 0) return empty({ icon: 'bell', title: t().none[this.filter], text: t().noneText });
    return html`<ul>
        ${repeat(
          this.items,
          ({ id }) => id,
          (one) => this.row(one),
        )}
      </ul>
      ${this.next === null ? nothing : html`<button class="button" @click=${() => void this.load(this.next)}>${t().more}</button>`}`;
  }

  private row(one: Notification) {
    const text = one.text[this.locale.value];
    const read = one.readAt !== null;
    return html`<li class=${read ? '' : 'unread'}>
      <a href=${placeOf(one)} @click=${() => this.follow(one)}>${text}</a>
      <div class="bar">
        <span class="small muted grow num"
          >${moment(one.shownAt)}${one.snoozedUntil === null ? nothing : html` · ${t().until(moment(one.snoozedUntil))}`}</span
        >
        <select aria-label=${t().snooze(text)} @change=${(e: Event) => void this.snooze(one, e.target as HTMLSelectElement)}>
          <option value="">${t().later}</option>
          ${MINUTES.map((m) => html`<option value=${m}>${t().minutes[m]}</option>`)}
        </select>
        <button
          class="button"
          aria-label=${read ? t().markUnread(text) : t().markRead(text)}
          @click=${() => void this.act(() => (read ? notificationsApi.unread(one.id) : notificationsApi.read(one.id)))}
        >
          ${read ? t().unread : t().read}
        </button>
      </div>
    </li>`;
  }

  private choose(show: Show) {
    this.filter = show;
    this.items = null;
    void this.load();
  }

  private follow(one: Notification) {
    this.open = false;
    if (one.readAt === null) void this.act(() => notificationsApi.read(one.id));
  }

  /** The list and the count follow when the server says so. */
  private async act(run: () => Promise<unknown>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (err) {
      toast('danger', errorText(err));
      return false;
    }
  }

  private async snooze(one: Notification, select: HTMLSelectElement) {
    const minutes = Number(select.value);
    select.value = '';
    if (minutes === 0) return;
    await this.act(async () => {
      const { notification } = await notificationsApi.snooze(one.id, minutes);
      const back = { run: () => void this.act(() => notificationsApi.unread(one.id)), text: t().undo };
      toast('success', t().snoozed(moment(notification.snoozedUntil ?? 0)), back);
    });
  }

  private async readAll() {
    await this.act(async () => {
      const { at, count } = await notificationsApi.readAll();
      toast('success', t().readAllDone(count), { run: () => void this.act(() => notificationsApi.unreadAll(at)), text: t().undo });
    });
  }

  private keydown(e: KeyboardEvent) {
    if (e.key === 'Escape') this.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-bell': Bell;
  }
}
