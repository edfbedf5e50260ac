import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Answer, AnswersReply, Card } from '../../server/campaigns/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { formatNumber } from '../core/numbers.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import './allo-script-run.ts';
import { named, t } from './strings.ts';

/** A person of a campaign with its script: before the call, in it and after it. Answers are kept as they are given. */
@customElement('allo-campaign-card')
export class CampaignCard extends AlloElement {
  @property({ attribute: false }) card!: Card;
  @state() private answers: Readonly<Record<string, Answer>> = {};
  @state() private full: Card['full'] = [];

  static override styles = [
    ...AlloElement.styles,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-3);
        align-items: baseline;
        margin-bottom: var(--space-2);
      }
      h2 {
        font-size: var(--text-m);
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: var(--space-1) var(--space-3);
        margin-bottom: var(--space-3);
      }
      dt {
        color: var(--text-muted);
      }
      dd {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('card')) return;
    this.answers = this.card.answers;
    this.full = this.card.full;
  }

  override render() {
    const { contact, client, campaign, script } = this.card;
    const name = client?.name || contact.name;
    const fields = { ...contact.data, ...named(name) };
    const data = Object.entries(contact.data);
    return html`<header>
        <h2 dir="auto">${client ? html`<a href="/clients/${client.id}">${name}</a>` : name || t().unknown}</h2>
        <span class="num">${formatNumber(contact.numbers[0] ?? '')}</span>
        <span class="muted small grow" dir="auto">${campaign.name}</span>
      </header>
      ${
        data.length > 0
          ? html`<dl aria-label=${t().fields}>
              ${data.map(
                ([key, value]) =>
                  html`<dt>${key}</dt>
                    <dd dir="auto">${value}</dd>`,
              )}
            </dl>`
          : nothing
      }
      ${
        script
          ? html`<allo-script-run
              .script=${script}
              .answers=${this.answers}
              .full=${this.full}
              .fields=${fields}
              @answered=${this.answered}
            ></allo-script-run>`
          : nothing
      }`;
  }

  private answered = async (e: CustomEvent<{ question: string; value: Answer }>) => {
    const { question, value } = e.detail;
    const before = this.answers;
    this.answers = { ...before, [question]: value };
    try {
      const { contact, scriptVersion } = this.card;
      const draft = { version: scriptVersion, answers: { [question]: value } };
      const { full } = await api.put<AnswersReply>(`/api/campaigns/contacts/${contact.id}/answers`, draft);
      if (contact.id === this.card.contact.id) this.full = full;
    } catch (err) {
      this.answers = before;
      toast('danger', errorText(err));
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-campaign-card': CampaignCard;
  }
}
