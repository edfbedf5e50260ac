import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Complaint, ComplaintReply, Status } from '../../server/complaints/contract.ts';
import { ApiError } from '../core/api.ts';
import { moment } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { me } from '../core/session.ts';
import { Select } from '../core/store.ts';
import { Ticking } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-files.ts';
import '../ui/allo-number.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import './allo-complaint-deed.ts';
import type { ComplaintDeed, Deed } from './allo-complaint-deed.ts';
import './allo-complaint-write.ts';
import { whoOf } from './line.ts';
import { severityBadge } from './severity.ts';
import { changes, complaintsApi, fault, loadSetup, setup } from './store.ts';
import { t as common } from './strings.ts';
import { ticketStyles } from './ticket-styles.ts';
import { sidePanels } from './side.ts';
import { conversation, history } from './talk.ts';
import { t } from './ticket-strings.ts';
import { timeLeft } from './time-left.ts';

/** A complaint: what was said and done, how much time is left, and what can be done now. */
@customElement('allo-complaint')
export class ComplaintPage extends AlloElement {
  @property({ type: Number }) complaint = 0;
  /** "?to=resolved": what was wanted on the board. */
  @property() query = '';
  @state() private data: Loading<ComplaintReply> = LOADING;
  @query('allo-complaint-deed') private readonly dialog!: ComplaintDeed;
  private readonly setup = new Select(this, setup, (s) => s);
  private stop = () => {};
  private asked = '';

  static override styles = [...AlloElement.styles, states, ticketStyles];

  constructor() {
    super();
    new Ticking(this, () => this.data.state === 'ready');
  }

  override connectedCallback() {
    super.connectedCallback();
    void loadSetup();
    this.stop = changes.subscribe(({ id }) => {
      if (id === null || id === this.complaint) void this.load();
    });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('complaint')) return;
    this.data = LOADING;
    void this.load();
  }

  private async load() {
    const id = this.complaint;
    try {
      const reply = await complaintsApi.read(id);
      if (id !== this.complaint) return;
      this.data = ready(reply);
      void this.wanted();
    } catch (err) {
      const passing = err instanceof ApiError && ['offline', 'unavailable'].includes(err.code);
      if (id === this.complaint && !(passing && this.data.state === 'ready')) this.data = failed(err);
    }
  }

  /** The board sent us here to do something. */
  private async wanted() {
    const to = new URLSearchParams(this.query).get('to');
    if (to === null || this.asked === `${this.complaint} ${to}`) return;
    this.asked = `${this.complaint} ${to}`;
    await this.updateComplete;
    if (to === 'waiting-department') this.open('handover');
    else if (to === 'resolved' || to === 'closed') this.open(to);
  }

  private get reply(): ComplaintReply | null {
    return this.data.state === 'ready' ? this.data.value : null;
  }

  private open(deed: Deed, of?: number) {
    if (this.reply) void this.dialog.show(deed, this.reply.complaint, me()?.user.id ?? 0, of);
  }

  private async act(what: string, body: Record<string, unknown>) {
    if (!this.reply) return;
    try {
      this.data = ready(await complaintsApi.act(this.complaint, what, { version: this.reply.complaint.version, ...body }));
    } catch (err) {
      toast('danger', fault(err));
      await this.load();
    }
  }

  private async watch(watch: boolean) {
    try {
      await complaintsApi.watch(this.complaint, watch);
    } catch (err) {
      toast('danger', fault(err));
    }
    await this.load();
  }

  private turn(status: Status) {
    if (status === 'resolved' || status === 'closed') this.open(status);
    else if (status === 'waiting-department') this.open('handover');
    else void this.act('status', { status });
  }

  override render() {
    if (this.data.state === 'failed') {
      const missing = this.data.error instanceof ApiError && this.data.error.code === 'not_found';
      const back = html`<a class="button" href="/complaints">${t().back}</a>`;
      return html`<div class="panel">
        ${missing ? empty({ page: true, icon: 'search', title: t().notFound, action: back }) : trouble(this.data.error, () => void this.load(), true)}
      </div>`;
    }
    if (!this.reply || !this.setup.value) return html`<div class="panel">${skeleton(9)}</div>`;
    return this.ticket(this.reply);
  }

  private ticket({ complaint, next, can }: ComplaintReply) {
    const take = (reply: ComplaintReply) => (this.data = ready(reply));
    return html`${this.head(complaint)}
      <div class="page">
        <div>
          <section class="panel" aria-labelledby="conversation">
            <h2 id="conversation">${t().conversation}</h2>
            ${complaint.wish ? html`<p><span class="muted">${common().wish}:</span> ${complaint.wish}</p>` : nothing}
            ${conversation(complaint)}
          </section>
          ${
            can.note
              ? html`<section class="panel" aria-label=${t().write}>
                  <allo-complaint-write
                    .complaint=${complaint}
                    .work=${can.work}
                    @deed-done=${(e: CustomEvent<{ reply: ComplaintReply }>) => take(e.detail.reply)}
                    @reload-wanted=${() => void this.load()}
                  ></allo-complaint-write>
                </section>`
              : nothing
          }
          <section aria-labelledby="files">
            <h2 id="files">${t().files}</h2>
            <allo-files
              kind="complaint"
              ref=${String(complaint.id)}
              .version=${complaint.moves.filter(({ kind }) => kind === 'file').length}
            ></allo-files>
          </section>
          <section class="panel history" aria-labelledby="history">
            <h2 id="history">${t().history}</h2>
            ${history(complaint, this.setup.value!)}
          </section>
        </div>
        <div class="side">
          ${sidePanels({
            complaint,
            next,
            can,
            setup: this.setup.value!,
            me: me()?.user.id ?? 0,
            turn: (status) => this.turn(status),
            open: (deed, of) => this.open(deed, of),
            act: (what, body) => void this.act(what, body),
            watch: (watch) => void this.watch(watch),
          })}
        </div>
      </div>
      <allo-complaint-deed @deed-done=${(e: CustomEvent<{ reply: ComplaintReply }>) => take(e.detail.reply)}></allo-complaint-deed>`;
  }

  private head(one: Complaint) {
    return html`<div class="head">
      <h1 tabindex="-1" dir="auto">${one.subject}</h1>
      <p>
        <strong class="num">${one.number}</strong>
        <allo-badge tone="info">${common().statuses[one.status]}</allo-badge>
        ${one.closedAt === null ? timeLeft(one.dueAt) : html`<span class="muted">${moment(one.closedAt)}</span>`} ${severityBadge(one)}
      </p>
      <p>
        ${one.client ? html`<a href="/clients/${one.client.id}" dir="auto"><strong>${one.client.name}</strong></a>` : html`<strong dir="auto">${whoOf(one)}</strong>`}
        ${one.contactPhone ? html`<allo-number .value=${one.contactPhone}></allo-number>` : nothing}
        ${one.contactEmail ? html`<span dir="auto">${one.contactEmail}</span>` : nothing}
        <span class="muted">${moment(one.registeredAt)}, ${common().channels[one.channel]}</span>
      </p>
      ${one.mergedInto ? html`<p>${t().mergedInto} <a href="/complaints/${one.mergedInto.id}">${one.mergedInto.number}</a></p>` : nothing}
      ${one.repeatOf ? html`<p>${t().repeats} <a href="/complaints/${one.repeatOf.id}">${one.repeatOf.number}</a></p>` : nothing}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint': ComplaintPage;
  }
}
