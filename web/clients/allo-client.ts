import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Client, ClientBrief, ClientReply } from '../../server/clients/contract.ts';
import { ApiError } from '../core/api.ts';
import { draftOf, dropDraft, keepDraft } from '../core/drafts.ts';
import { knownClient, learn } from '../core/known.ts';
import { onLive, onReset } from '../core/live.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { closeTab, nameTab } from '../core/tabs.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { empty, states, trouble } from '../ui/states.ts';
import { clientsApi } from './api.ts';
import './allo-client-edit.ts';
import './allo-timeline.ts';
import { clientHead, headStyles } from './client-head.ts';
import { fromClient } from './form-data.ts';
import type { Editing } from './allo-client-edit.ts';
import { t } from './strings.ts';

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
  private stops: (() => void)[] = [];

  static override styles = [
    ...AlloElement.styles,
    states,
    headStyles,
    css`
      h2 {
        margin: var(--space-5) 0 var(--space-2) var(--space-1);
        font-size: var(--text-m);
        color: var(--text-muted);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
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
    try {
      const reply = await clientsApi.read(id);
      if (id === this.client) this.take(reply);
    } catch (err) {
      // A card that is shown stays when it cannot be read again for a moment.
      const passing = err instanceof ApiError && ['offline', 'unavailable'].includes(err.code);
      if (id === this.client && !(passing && this.data.state === 'ready')) this.data = failed(err);
      if (err instanceof ApiError && err.code === 'not_found') closeTab(`/clients/${id}`); // there is nothing to come back to
    }
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
        onEdit: () => this.edit(),
        onComplaint: () => this.emit('complaint-wanted', { client: knownClient(this.client) ?? undefined }),
        onTask: () => this.emit('task-wanted', { client: knownClient(this.client) ?? undefined }),
        onDial: (number) => this.emit('dial-wanted', { number, clientId: this.client }),
      })}
      <allo-client-complaints .client=${this.client}></allo-client-complaints>
      <h2>${t().timeline}</h2>
      <allo-timeline .client=${this.client} .version=${this.version} .outcomeWords=${this.outcomeWords}></allo-timeline>`;
  }

  private form(client: Client) {
    return html`<allo-client-edit
      .client=${client}
      .editing=${this.editing!}
      @editing-changed=${(e: CustomEvent<{ editing: Editing }>) => this.keep(e.detail.editing, client)}
      @editing-done=${(e: CustomEvent<{ reply: ClientReply | null }>) => this.done(e.detail.reply)}
    ></allo-client-edit>`;
  }

  private edit() {
    if (this.data.state !== 'ready') return;
    const { client } = this.data.value;
    this.editing = { form: fromClient(client), version: client.version };
  }

  private keep(editing: Editing, client: Client) {
    this.editing = editing;
    keepDraft(this.key, { path: `/clients/${this.client}`, label: t().draftEdit(client.name), value: editing });
  }

  private done(reply: ClientReply | null) {
    dropDraft(this.key);
    this.editing = null;
    if (reply) this.take(reply);
    this.version++;
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
