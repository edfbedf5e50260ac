import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Card, CardReply, MyCampaigns } from '../../server/campaigns/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

interface Rule {
  code: string;
  until: number | null;
}

/** In the workspace: the next person of my campaigns to look at and dial. Not there while none runs. */
@customElement('allo-next-person')
export class NextPerson extends AlloElement {
  @state() private campaigns: MyCampaigns['items'] = [];
  @state() private card: Card | null = null;
  @state() private note = '';
  @state() private busy = false;
  @state() private seconds: number | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    ...AlloElement.styles,
    css`
      .panel {
        margin-bottom: var(--space-4);
      }
      .row {
        margin-top: var(--space-3);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
    this.timer = setInterval(() => this.tick(), 1_000);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private async load() {
    try {
      this.campaigns = (await api.get<MyCampaigns>('/api/campaigns/mine')).items;
    } catch (err) {
      this.note = errorText(err);
    }
  }

  private tick() {
    const until = this.card?.campaign.previewSeconds ? this.card.takenUntil : null;
    this.seconds = until === null ? null : Math.max(0, Math.ceil((until - serverNow()) / 1_000));
    if (this.seconds === 0 && !this.busy) void this.dial();
  }

  override render() {
    if (this.campaigns.length === 0) return nothing;
    return html`<section class="panel" aria-label=${t().nextPerson}>
      ${
        this.card
          ? html`<allo-campaign-card .card=${this.card}></allo-campaign-card>
              <div class="row">
                <button class="button success" ?disabled=${this.busy} @click=${this.dial}>${icon('phone-out')}${t().dial}</button>
                <button class="button" ?disabled=${this.busy} @click=${this.skip}>${t().skip}</button>
                ${this.seconds === null ? nothing : html`<span class="muted num" role="timer">${t().dialsIn(this.seconds)}</span>`}
              </div>`
          : html`<button class="button primary" ?disabled=${this.busy} @click=${this.next}>${icon('person')}${t().nextPerson}</button>
              <span class="muted small" dir="auto"> ${this.campaigns.map(({ name }) => name).join(', ')}</span>`
      }
      <div role="status">${this.note ? html`<p class="muted">${this.note}</p>` : nothing}</div>
    </section>`;
  }

  private next = () =>
    this.run(async () => {
      const [reply] = await Promise.all([api.post<CardReply>('/api/campaigns/next', {}), import('./allo-campaign-card.ts')]);
      this.card = reply.card;
      this.note = reply.card ? '' : `${t().nobody} ${reply.why ? t().stalls[reply.why] : ''}`;
    });

  private skip = () =>
    this.run(async () => {
      await api.post(`/api/campaigns/contacts/${this.card!.contact.id}/skip`, {});
      this.card = null;
      this.note = '';
    });

  private dial = () =>
    this.run(async () => {
      const { contact } = this.card!;
      try {
        await api.post(`/api/campaigns/contacts/${contact.id}/dial`, {});
        this.note = '';
      } catch (err) {
        const rules = err instanceof ApiError && Array.isArray(err.data.rules) ? (err.data.rules as Rule[]) : null;
        if (!rules) throw err;
        const why = rules.map(({ code, until }) => `${t().reasons[code] ?? code}${until === null ? '' : `, ${t().from(moment(until))}`}`);
        this.note = `${t().refusedDial} ${why.join('; ')}.`;
      }
      this.card = null;
    });

  private async run(work: () => Promise<void>) {
    this.busy = true;
    try {
      await work();
    } catch (err) {
      // what could not be dialled by itself is not tried each second
      this.card = null;
      toast('danger', errorText(err));
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-next-person': NextPerson;
  }
}
