import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Campaign, CampaignList, CampaignView } from '../../server/campaigns/contract.ts';
import { api } from '../core/api.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { navigate } from '../core/router.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { rows } from '../ui/styles.ts';
import './allo-campaign-form.ts';
import { TONES } from './tones.ts';
import { t } from './strings.ts';

/** The list of campaigns. */
@customElement('allo-campaigns')
export class Campaigns extends AlloElement {
  @state() private data: Loading<CampaignList> = LOADING;
  @state() private adding = false;

  static override styles = [
    ...AlloElement.styles,
    states,
    rows,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        gap: var(--space-3);
        margin-bottom: var(--space-4);
      }
      .rows a.line {
        grid-template-columns: minmax(10rem, 1fr) 8rem 9rem 9rem;
      }
      .name {
        font-weight: 550;
        overflow-wrap: anywhere;
      }
      .bar {
        display: block;
        height: 0.4rem;
        border-radius: 99px;
        background: var(--surface-3);
        overflow: hidden;
      }
      .bar i {
        display: block;
        height: 100%;
        background: var(--accent);
      }
      .panel.form {
        margin-bottom: var(--space-4);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    try {
      this.data = ready(await api.get<CampaignList>('/api/campaigns'));
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    const may = this.data.state === 'ready' && this.data.value.can.edit;
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted">${t().lead}</p>
        </div>
        ${may && !this.adding ? html`<button class="button primary" @click=${() => (this.adding = true)}>${icon('plus')}${t().add}</button>` : nothing}
      </header>
      ${
        this.adding
          ? html`<section class="panel form" aria-label=${t().add}>
              <allo-campaign-form
                @campaign-saved=${(e: CustomEvent<{ view: CampaignView }>) => navigate(`/campaigns/${e.detail.view.campaign.id}`)}
                @edit-cancelled=${() => (this.adding = false)}
              ></allo-campaign-form>
            </section>`
          : nothing
      }
      <section class="panel list">${this.content()}</section>`;
  }

  private content() {
    if (this.data.state === 'loading') return skeleton(6);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { items } = this.data.value;
    if (items.length === 0) return empty({ icon: 'phone-out', title: t().none, text: t().noneText });
    return html`<ul class="rows">
      ${repeat(
        items,
        ({ id }) => id,
        (campaign) => html`<li>${this.line(campaign)}</li>`,
      )}
    </ul>`;
  }

  private line({ id, name, state: at, mode, queue, counts }: Campaign) {
    const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
    const over = total === 0 ? 0 : Math.round(((counts.done + counts.stopped) / total) * 100);
    return html`<a class="line" href="/campaigns/${id}">
      <span><span class="name" dir="auto">${name}</span> <span class="muted small">${queue}</span></span>
      <span><allo-badge tone=${TONES[at]}>${t().states[at]}</allo-badge></span>
      <span class="muted">${t().modes[mode]}</span>
      <span
        ><span class="small num">${t().people(total)}</span><span class="bar" aria-hidden="true"><i style="width: ${over}%"></i></span
      ></span>
    </a>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-campaigns': Campaigns;
  }
}
