import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { Client, ClientBrief, ClientReply } from '../../server/clients/contract.ts';
import { ApiError } from '../core/api.ts';
import { draftOf, dropDraft, keepDraft } from '../core/drafts.ts';
import { knownClient, learn } from '../core/known.ts';
import { onLive, onReset } from '../core/live.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { errorText } from '../core/error-words.ts';
import { newestAsked } from '../core/newest.ts';
import { navigate } from '../core/router.ts';
import { closeTab, nameTab } from '../core/tabs.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-files.ts';
import { empty, states, trouble } from '../ui/states.ts';
import { Select } from '../core/store.ts';
import { clientsApi } from './api.ts';
import './allo-client-edit.ts';
import './allo-consents.ts';
import './allo-dossier.ts';
import './allo-figures.ts';
import './allo-relations.ts';
import './allo-timeline.ts';
import type { Ask } from './allo-timeline.ts';
import { c } from './card-strings.ts';
import { clientDetails, detailStyles } from './client-details.ts';
import { clientHead, headStyles } from './client-head.ts';
import { fromClient } from './form-data.ts';
import type { Editing } from './allo-client-edit.ts';
import { t } from './strings.ts';
import { fieldDefs, loadFieldDefs } from './typed.ts';

const TABS = ['history', 'details', 'people', 'dossier', 'files', 'figures'] as const;
type Tab = (typeof TABS)[number];

/**
 * A client's card: who they are, then what happened. Shows what is known of them at once, and the rest when it is there.
 * @fires task-wanted - detail: { client: ClientBrief }
 * @fires complaint-wanted - detail: { client: ClientBrief }
 * @fires dial-wanted - detail: { number: string, clientId: number }
 */
@customElement('allo-client')
export class ClientCard extends AlloElement {
  @property({ type: Number }) client = 0;
  /** My conversation with them that is going on, or waits for its outcome; null: none. */
  @property() call: string | null = null;
  /** Handed to the timeline. */
  @property({ attribute: false }) outcomeWords: (code: string) => string = (code) => code;

  @state() private data: Loading<ClientReply> = LOADING;
  @state() private brief: ClientBrief | null = null;
  @state() private editing: Editing | null = null;
  @state() private version = 0;
  @state() private tab: Tab = 'history';
  /** With which the history opens. */
  @state() private ask: Ask = {};
  private readonly defs = new Select(this, fieldDefs, (d) => d);
  private readonly asking = newestAsked();
  private stops: (() => void)[] = [];

  static override styles = [
    ...AlloElement.styles,
    states,
    headStyles,
    detailStyles,
    css`
      [role='tablist'] {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        margin: var(--space-4) 0 var(--space-3);
        border-bottom: 1px solid var(--border);
      }
      [role='tab'] {
        min-height: var(--hit-target);
        padding: 0 var(--space-3);
        margin-bottom: -1px;
        border: 0;
        border-bottom: 2px solid transparent;
        border-radius: var(--radius) var(--radius) 0 0;
        background: none;
        color: var(--text-muted);
        font: inherit;
        font-weight: 550;
        cursor: pointer;
      }
      [role='tab']:hover {
        color: var(--text);
        background: var(--surface-3);
      }
      [role='tab'][aria-selected='true'] {
        color: var(--text);
        border-bottom-color: var(--accent);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    loadFieldDefs().catch(() => {}); // the card is one without them; the next one opened asks again
    this.stops = [
      onLive('clients', ({ id }) => {
        if (id === this.client) this.refresh();
      }),
      onReset(() => this.refresh()),
    ];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stops.forEach((stop) => stop());
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('client')) return;
    this.data = LOADING;
    this.brief = knownClient(this.client);
    this.editing = draftOf<Editing>(this.key);
    this.tab = 'history';
    this.ask = {};
    void this.load();
  }

  private get key() {
    return `client:${this.client}`;
  }

  private refresh() {
    this.version++;
    void this.load();
  }

  private async load() {
    const id = this.client;
    const newest = this.asking();
    try {
      const reply = await clientsApi.read(id);
      if (!newest()) return;
      // The card has become a part of another.
      if (reply.client.id !== id) {
        const there = `/clients/${reply.client.id}`;
        if (this.editing) {
          // What is half typed goes along: saving it shows both, field by field.
          keepDraft(`client:${reply.client.id}`, { path: there, label: t().draftEdit(reply.client.name), value: this.editing });
          dropDraft(this.key);
        }
        closeTab(`/clients/${id}`);
        return navigate(there, { replace: true });
      }
      this.take(reply);
    } catch (err) {
      // A card that is shown stays when it cannot be read again for a moment.
      const passing = err instanceof ApiError && ['offline', 'unavailable'].includes(err.code);
      if (newest() && !(passing && this.data.state === 'ready')) this.data = failed(err);
      if (err instanceof ApiError && err.code === 'not_found') closeTab(`/clients/${id}`); // there is nothing to come back to
    }
  }

  /** What was written just now: older than that is every answer that is still on its way. */
  private took(reply: ClientReply) {
    this.asking();
    this.take(reply);
    this.version++;
  }

  private take(reply: ClientReply) {
    this.data = ready(reply);
    const c = reply.client;
    nameTab(`/clients/${c.id}`, c.name);
    learn([{ id: c.id, kind: c.kind, name: c.name, company: c.company, phone: c.phones[0]?.e164 ?? null }]);
  }

  override render() {
    if (this.data.state === 'failed') return this.trouble(this.data.error);
    const client = this.data.state === 'ready' ? this.data.value.client : null;
    if (client && this.editing && this.data.state === 'ready' && this.data.value.can.edit) return this.form(client);
    return html`${clientHead({
        client,
        brief: this.brief,
        can: this.data.state === 'ready' ? this.data.value.can : null,
        origins: this.data.state === 'ready' ? this.data.value.origins : {},
        outcomeWords: this.outcomeWords,
        call: this.call,
        version: this.version,
        onMove: (to, reason) => void this.moveStage(to, reason),
        onEdit: () => this.edit(),
        onComplaint: () => this.emit('complaint-wanted', { client: knownClient(this.client) ?? undefined }),
        onTask: () => this.emit('task-wanted', { client: knownClient(this.client) ?? undefined }),
        onGood: (phone) => void this.goodAgain(phone),
        onDial: (number) => this.emit('dial-wanted', { number, clientId: this.client }),
      })}
      <allo-client-duplicates .client=${this.client} .version=${this.version}></allo-client-duplicates>
      ${this.tabs()}
      <div role="tabpanel" id="panel" aria-labelledby="tab-${this.tab}">${this.panel()}</div>`;
  }

  private tabs() {
    return html`<div role="tablist" aria-label=${c().parts} @keydown=${this.tabKey}>
      ${TABS.map(
        (tab) =>
          html`<button
            role="tab"
            id="tab-${tab}"
            aria-controls="panel"
            aria-selected=${tab === this.tab ? 'true' : 'false'}
            tabindex=${tab === this.tab ? 0 : -1}
            @click=${() => (this.tab = tab)}
          >
            ${c().tabs[tab]}
          </button>`,
      )}
    </div>`;
  }

  private async tabKey(e: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (step === undefined) return;
    e.preventDefault();
    this.tab = TABS[(TABS.indexOf(this.tab) + step + TABS.length) % TABS.length]!;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`#tab-${this.tab}`)?.focus();
  }

  private panel() {
    const reply = this.data.state === 'ready' ? this.data.value : null;
    const edit = reply?.can.edit ?? false;
    switch (this.tab) {
      case 'history':
        return html`<allo-timeline
          .client=${this.client}
          .version=${this.version}
          .mayWrite=${edit}
          .ask=${this.ask}
          .outcomeWords=${this.outcomeWords}
        ></allo-timeline>`;
      case 'details':
        return reply
          ? html`${clientDetails(reply, this.defs.value)}<allo-consents .client=${this.client} .version=${this.version}></allo-consents>`
          : nothing;
      case 'people':
        return html`<allo-relations
          .client=${this.client}
          .version=${this.version}
          .company=${reply?.client.kind === 'company'}
        ></allo-relations>`;
      case 'dossier':
        return html`<allo-dossier .client=${this.client} .version=${this.version}></allo-dossier>`;
      case 'files':
        return html`<allo-files kind="client" ref=${String(this.client)} .version=${this.version}></allo-files>`;
      case 'figures':
        return html`<allo-figures .client=${this.client} .version=${this.version} @history-wanted=${this.openHistory}></allo-figures>`;
    }
  }

  /** The entries behind a figure. */
  private openHistory(e: CustomEvent<{ kind: string; from: number; until: number | null }>) {
    const { kind, from, until } = e.detail;
    this.ask = { kinds: kind, from, ...(until === null ? {} : { until }) };
    this.tab = 'history';
  }

  private async moveStage(to: string, reason: string) {
    if (this.data.state !== 'ready') return;
    const id = this.client;
    try {
      const reply = await clientsApi.move(id, { to, reason, version: this.data.value.client.version });
      if (id === this.client) this.took(reply);
      toast('success', c().moved);
    } catch (err) {
      toast('danger', errorText(err));
      void this.load();
    }
  }

  private async goodAgain(phone: number) {
    if (this.data.state !== 'ready') return;
    const { id, version, phones } = this.data.value.client;
    try {
      const list = phones.map(({ id: one, raw, purpose, bestTime, badSince }) => ({
        raw,
        purpose,
        bestTime,
        badSince: one === phone ? null : badSince,
      }));
      const reply = await clientsApi.edit(id, { version, phones: list });
      if (id === this.client) this.took(reply);
      toast('success', c().wasGood);
    } catch (err) {
      toast('danger', errorText(err));
      void this.load();
    }
  }

  private form(client: Client) {
    // A form of its own for each client: what the server says to one is not shown over another, who was switched to meanwhile.
    return keyed(
      client.id,
      html`<allo-client-edit
        .client=${client}
        .editing=${this.editing!}
        @editing-changed=${(e: CustomEvent<{ editing: Editing }>) => this.keep(e.detail.editing, client)}
        @editing-done=${(e: CustomEvent<{ reply: ClientReply | null }>) => this.done(client.id, e.detail.reply)}
      ></allo-client-edit>`,
    );
  }

  private edit() {
    if (this.data.state !== 'ready') return;
    const { client } = this.data.value;
    const form = fromClient(client, this.defs.value);
    this.editing = { form, before: form, version: client.version };
  }

  private keep(editing: Editing, client: Client) {
    this.editing = editing;
    keepDraft(this.key, { path: `/clients/${this.client}`, label: t().draftEdit(client.name), value: editing });
  }

  private done(id: number, reply: ClientReply | null) {
    dropDraft(`client:${id}`);
    if (id !== this.client) return;
    this.editing = null;
    if (reply) this.took(reply);
    else this.version++;
  }

  private again() {
    this.data = LOADING;
    void this.load();
  }

  private trouble(error: unknown) {
    const code = error instanceof ApiError ? error.code : null;
    const back = html`<a class="button" href="/clients">${t().toClients}</a>`;
    if (code === 'forbidden')
      return html`<div class="panel">
        ${empty({ page: true, icon: 'person', title: t().noPermission, text: t().noPermissionText, action: back })}
      </div>`;
    if (code === 'not_found')
      return html`<div class="panel">${empty({ page: true, icon: 'person', title: t().notFound, action: back })}</div>`;
    // Who it is stays to be seen although the rest could not be had.
    return html`${this.brief ? clientHead({ client: null, brief: this.brief, can: null, onEdit: () => {}, onDial: () => {} }) : nothing}
      <div class="panel">${trouble(error, () => this.again(), this.brief === null)}</div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-client': ClientCard;
  }
}
