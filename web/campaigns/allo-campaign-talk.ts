import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Card, CardReply } from '../../server/campaigns/contract.ts';
import { api } from '../core/api.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { t } from './strings.ts';

/** Above the page while a campaign's call rings and goes on, and until its outcome is said: the person and the script. Nothing for any other call. */
@customElement('allo-campaign-talk')
export class CampaignTalk extends AlloElement {
  /** Of my call; '': none. */
  @property() ref = '';
  @state() private card: Card | null = null;

  override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('ref')) return;
    this.card = null;
    if (this.ref) void this.load(this.ref);
  }

  private async load(ref: string) {
    const { card } = await api.get<CardReply>('/api/campaigns/card', { ref }).catch(() => ({ card: null }));
    if (!card || ref !== this.ref) return;
    await import('./allo-campaign-card.ts');
    if (ref === this.ref) this.card = card;
  }

  override render() {
    if (!this.card) return nothing;
    return html`<section class="panel" aria-label=${t().script}><allo-campaign-card .card=${this.card}></allo-campaign-card></section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-campaign-talk': CampaignTalk;
  }
}
