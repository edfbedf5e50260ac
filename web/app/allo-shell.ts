import { html, nothing } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import type { ClientBrief } from '../../server/clients/contract.ts';
import '../agents/allo-break-watch.ts';
import { shift } from '../agents/store.ts';
import '../auth/allo-user-menu.ts';
import '../calls/allo-call.ts';
import '../calls/allo-call-alert.ts';
import '../calls/allo-calls.ts';
import '../calls/allo-incoming.ts';
import '../calls/allo-today.ts';
import '../campaigns/allo-campaign-talk.ts';
import '../campaigns/allo-next-person.ts';
import { attachCall, callerWords, command, desk } from '../calls/store.ts';
import '../clients/allo-client.ts';
import '../clients/allo-client-new.ts';
import '../clients/allo-client-picker.ts';
import '../clients/allo-clients.ts';
import '../complaints/allo-client-complaints.ts';
import '../duplicates/allo-client-duplicates.ts';
import '../duplicates/allo-likely.ts';
import '../complaints/allo-complaint-new.ts';
import type { Occasion } from '../complaints/allo-complaint-new.ts';
import { drafts } from '../core/drafts.ts';
import { knownClient } from '../core/known.ts';
import { focusedElement } from '../core/focus.ts';
import { clock } from '../core/format.ts';
import { liveLostSince } from '../core/live.ts';
import { setLook } from '../core/look.ts';
import { place } from '../core/router.ts';
import { Select } from '../core/store.ts';
import { tabs } from '../core/tabs.ts';
import '../dispatch/allo-dispatch.ts';
import '../messages/allo-message-dialog.ts';
import '../messages/allo-messages.ts';
import '../missed/allo-missed.ts';
import '../notifications/allo-away.ts';
import '../notifications/allo-bell.ts';
import { missed } from '../missed/store.ts';
import '../pbx/allo-pbx-banner.ts';
import type { Command } from '../search/command.ts';
import '../search/allo-search.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { bannerStyles } from '../ui/banner.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import { empty, states } from '../ui/states.ts';
import '../floor/allo-floor.ts';
import '../handover/allo-standing.ts';
import '../interests/allo-interests.ts';
import '../recordings/allo-recordings.ts';
import '../outcomes/allo-outcomes.ts';
import '../queues/allo-queues.ts';
import '../tasks/allo-promised.ts';
import '../tasks/allo-task-entry.ts';
import '../tasks/allo-tasks.ts';
import '../ui/allo-toasts.ts';
import './allo-help.ts';
import './allo-more-pages.ts';
import './allo-phone-panel.ts';
import './allo-tabs.ts';
import './allo-update-banner.ts';
import type { PhonePanel } from './allo-phone-panel.ts';
import { lazyPages } from './lazy.ts';
import { pageAt } from './routes.ts';
import { shellStyles } from './shell-styles.ts';
import { commandsOf } from './commands.ts';
import { mayAdminister, maySet, mayWatch, shellKeys } from './keys.ts';
import { t } from './strings.ts';

/** Beyond it nobody counts. */
const MOST = 99;

/** What stands around every page: navigation, search, banners, the phone. */
@customElement('allo-shell')
export class Shell extends AlloElement {
  @query('allo-phone-panel') private readonly phone!: PhonePanel;
  @query('main') private readonly main!: HTMLElement;
  private readonly place = new Select(this, place, (p) => p);
  private readonly lazy = new Select(this, lazyPages, (n) => n);
  private readonly lost = new Select(this, liveLostSince, (l) => l);
  private readonly drafts = new Select(this, drafts, (d) => d);
  private readonly tabs = new Select(this, tabs, (list) => list);
  private readonly desk = new Select(this, desk, (d) => d.calls);
  private readonly shift = new Select(this, shift, (s) => s);
  private readonly missed = new Select(this, missed, (m) => m.open);
  private stopKeys = () => {};
  private lastStep = 0;

  static override styles = [...AlloElement.styles, states, bannerStyles, shellStyles];

  override connectedCallback() {
    super.connectedCallback();
    this.stopKeys = shellKeys({
      search: () => this.renderRoot.querySelector('allo-search')?.focus(),
      phone: () => this.phone,
      task: () => void this.newTask(),
      complain: () => void this.newComplaint({}),
      notifications: () => void this.renderRoot.querySelector('allo-bell')?.toggle(),
      help: () => void this.renderRoot.querySelector('allo-help')?.show(),
    });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stopKeys();
    document.title = 'Allo';
  }

  protected override updated() {
    const ringing = this.desk.value.find((c) => c.phase === 'ringing');
    document.title = ringing ? t().title.ringing(callerWords(ringing)) : 'Allo';
    const { step, focus } = this.place.value;
    if (step === this.lastStep) return;
    this.lastStep = step;
    this.main.scrollTop = 0;
    if (focus) void this.focusPage();
  }

  /** What had the focus is gone with the form: it goes on at the page. */
  private async keepFocus() {
    await new Promise(requestAnimationFrame);
    if (focusedElement() === null) await this.focusPage();
  }

  /** To the page's heading; a form has put the focus into its field itself. */
  private async focusPage() {
    const page = this.main.lastElementChild as AlloElement | null;
    await page?.updateComplete;
    if (!page?.shadowRoot?.activeElement)
      (page?.shadowRoot?.querySelector<HTMLElement>('h1[tabindex]') ?? this.main).focus({ preventScroll: true });
  }

  override render() {
    return html`<header>
        <button class="button skip" @click=${() => this.main.focus()}>${t().skip}</button>
        <a class="brand" href="/" aria-label="Allo"><img src="/icon.svg" alt="" /><span>Allo</span></a>
        <nav class="pages" aria-label=${t().navigation}>
          ${this.link('/', 'home', t().workspace)} ${this.link('/tasks', 'check', t().tasks)} ${maySet() ? nothing : this.meetings()}
          ${this.link('/clients', 'people', t().clients)} ${maySet() ? nothing : this.myCalls()}
          ${this.link('/missed', 'phone-missed', t().missed, this.missed.value)} ${this.link('/complaints', 'warning', t().complaints)}
          ${mayWatch() ? this.link('/floor', 'ear', t().floor) : nothing}
          ${maySet() ? html`${this.link('/reports', 'chart', t().reports)} ${this.more()}` : nothing}
        </nav>
        <allo-search
          .commands=${this.commands()}
          @dial-wanted=${this.dial}
          @task-wanted=${(e: CustomEvent<{ line: string }>) => void this.newTask(null, e.detail.line)}
        ></allo-search>
        ${this.unfinished()}
        <allo-bell></allo-bell>
        <button
          class="button quiet icon-only"
          aria-label=${t().help}
          title="${t().help} (?)"
          @click=${() => void this.renderRoot.querySelector('allo-help')?.show()}
        >
          ?
        </button>
        <allo-user-menu ?compact=${maySet()}></allo-user-menu>
      </header>
      <div role="status">
        ${
          this.lost.value !== null
            ? html`<p class="banner warning">${icon('offline')}<span>${t().lostLive(clock(this.lost.value))}</span></p>`
            : nothing
        }
      </div>
      <allo-update-banner></allo-update-banner>
      <allo-pbx-banner></allo-pbx-banner>
      ${mayWatch() ? html`<allo-break-watch></allo-break-watch>` : nothing}
      <allo-standing></allo-standing>
      <allo-messages></allo-messages>
      <allo-away @notifications-wanted=${() => void this.renderRoot.querySelector('allo-bell')?.show('unread')}></allo-away>
      <div
        class="body"
        @dial-wanted=${this.dial}
        @task-wanted=${(e: CustomEvent<{ client?: ClientBrief }>) => void this.newTask(e.detail.client)}
        @complaint-wanted=${(e: CustomEvent<Occasion>) => void this.newComplaint(e.detail)}
        @client-created=${this.clientCreated}
      >
        <div class="column">
          <allo-tabs></allo-tabs>
          <allo-campaign-talk .ref=${this.outsideCall()}></allo-campaign-talk>
          <main id="main" tabindex="-1">${this.settings()}${pageAt(this.place.value) ?? this.noPage()}</main>
        </div>
        <aside aria-label=${t().phone} @outcome-saved=${() => void this.keepFocus()}><allo-phone-panel></allo-phone-panel></aside>
      </div>
      <allo-call-alert .polite=${this.shift.value?.since != null && this.shift.value.mode === 'softphone'}></allo-call-alert>
      <allo-toasts></allo-toasts>
      <allo-task-entry></allo-task-entry>
      <allo-complaint-new></allo-complaint-new>
      <allo-help></allo-help>`;
  }

  private meetings() {
    return this.link('/meetings', 'clock', t().meetings);
  }

  private myCalls() {
    return this.link('/calls', 'phone', t().calls);
  }

  /** Whoever leads has eleven pages: those that are not looked at all day stand under one button, and the search keeps its room. */
  private more() {
    const pages = { '/meetings': t().meetings, '/calls': t().calls, '/campaigns': t().campaigns, '/settings': t().settings };
    const here = Object.entries(pages).find(([href]) => this.isHere(href))?.[1] ?? '';
    return html`<allo-more-pages .here=${here}
      >${this.meetings()} ${this.myCalls()} ${this.link('/campaigns', 'phone-out', t().campaigns)}
      ${this.link('/settings', 'shield', t().settings)}</allo-more-pages
    >`;
  }

  private isHere(href: string): boolean {
    const { path } = this.place.value;
    // The calls behind a figure belong to the reports.
    const at = path === '/calls/log' ? '/reports' : path;
    return href === '/' ? at === '/' : at === href || at.startsWith(`${href}/`);
  }

  /** `count`: of what waits there. */
  private link(href: string, name: IconName, words: string, count = 0) {
    const here = this.isHere(href);
    return html`<a href=${href} aria-current=${here ? 'page' : 'false'} title=${words}
      >${icon(name)}<span>${words}</span>${count > 0 ? html`<b class="count num">${count > MOST ? `${MOST}+` : count}</b>` : nothing}</a
    >`;
  }

  /** My call with somebody outside, until its outcome is said: what a campaign knows of them stands above the page. */
  private outsideCall(): string {
    const mine = this.desk.value.filter((c) => c.direction !== 'internal' && c.phase !== 'missed' && c.phase !== 'elsewhere');
    return (mine.find((c) => c.phase !== 'ended') ?? mine.at(-1))?.ref ?? '';
  }

  /** The pages of the settings, side by side. */
  private settings() {
    const { path } = this.place.value;
    if (!path.startsWith('/settings')) return nothing;
    const tab = (href: string, words: string) =>
      html`<a class="button ${path === href ? 'primary' : ''}" href=${href} aria-current=${path === href ? 'page' : 'false'}>${words}</a>`;
    return html`<nav class="settings" aria-label=${t().settings}>
      ${tab('/settings', t().queues)} ${tab('/settings/outcomes', t().outcomes)} ${tab('/settings/breaks', t().breaks)}
      ${tab('/settings/interests', t().interests)}
      ${mayAdminister() ? [tab('/settings/complaints', t().complaints), tab('/settings/mail', t().mail), tab('/settings/rights', t().rights)] : nothing}
      ${tab('/settings/calendars', t().calendars)} ${tab('/settings/dialling', t().dialling)} ${tab('/settings/fields', t().fields)}
      ${tab('/settings/stages', t().stages)} ${tab('/settings/people', t().people)} ${tab('/settings/oversight', t().oversight)}
    </nav>`;
  }

  /** What was left half typed on another page, offered again. */
  private unfinished() {
    const left = Object.values(this.drafts.value).filter(
      (d) => d.path && d.path !== this.place.value.path && !this.tabs.value.some((tab) => tab.path === d.path),
    );
    if (left.length === 0) return nothing;
    return html`<span class="unfinished"
      >${left.map((d) => html`<a class="button" href=${d.path} title="${t().draft}: ${d.label}">${icon('pencil')}<span class="cut">${d.label}</span></a>`)}</span
    >`;
  }

  private noPage() {
    return html`<div class="panel">
      ${empty({ page: true, icon: 'search', title: t().noPage, action: html`<a class="button" href="/">${t().toWorkspace}</a>` })}
    </div>`;
  }

  private dial(e: CustomEvent<{ number: string; clientId?: number }>) {
    void this.phone.dial(e.detail.number, e.detail.clientId);
  }

  private newTask(client: ClientBrief | null = null, line = '') {
    return this.renderRoot.querySelector('allo-task-entry')?.show(client, line);
  }

  /** Of the talk that is up, or of the card that is looked at. */
  private newComplaint(occasion: Occasion) {
    const call = this.desk.value.find((c) => ['talking', 'ended'].includes(c.phase));
    const card = /^\/clients\/(\d+)$/.exec(this.place.value.path)?.[1];
    const client =
      occasion.client ?? (call ? (call.clients?.length === 1 ? call.clients[0]! : null) : card ? knownClient(Number(card)) : null);
    // a complaint from another client's card is not about the call that happens to be up
    const same = call && (!occasion.client || call.clients?.some(({ id }) => id === occasion.client!.id));
    const of = same ? { callRef: call.ref, number: call.number } : {};
    return this.renderRoot.querySelector('allo-complaint-new')?.show({ ...of, ...occasion, client });
  }

  private commands(): Command[] {
    return commandsOf({
      phone: () => this.phone,
      onShift: this.shift.value === null ? null : this.shift.value.since !== null,
      task: () => void this.newTask(),
      complain: () => void this.newComplaint({}),
      help: () => void this.renderRoot.querySelector('allo-help')?.show(),
      look: (look) => {
        setLook(look);
        this.emit('look-chosen', look);
      },
      signOut: () => this.emit('sign-out-wanted', { everywhere: false }),
    });
  }

  private clientCreated(e: CustomEvent<{ client: ClientBrief; call: string }>) {
    void command(attachCall(e.detail.call, e.detail.client));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-shell': Shell;
  }
}
