import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CampaignState, CampaignView } from '../../server/campaigns/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment, numberFormat } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import './allo-campaign-form.ts';
import './allo-campaign-people.ts';
import './allo-campaign-quotas.ts';
import './allo-campaign-results.ts';
import './allo-script-edit.ts';
import { TONES } from './tones.ts';
import { t } from './strings.ts';

/** While the page is open. */
const POLL_MS = 2_000;
const MOVES: Readonly<Record<CampaignState, readonly CampaignState[]>> = {
  draft: ['approved'],
  approved: ['running', 'draft', 'finished'],
  running: ['paused', 'finished'],
  paused: ['running', 'approved', 'finished'],
  finished: [],
};

/** One campaign: how it runs, what is missing, its people, script and results. */
@customElement('allo-campaign')
export class CampaignPage extends AlloElement {
  @property({ type: Number }) campaign = 0;
  @property({ attribute: false }) words: (code: string) => string = (code) => code;
  @state() private data: Loading<CampaignView> = LOADING;
  @state() private editing = false;
  @state() private doomed = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        margin-bottom: var(--space-4);
      }
      section {
        margin-bottom: var(--space-4);
      }
      .figures {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr));
        gap: var(--space-3);
        align-items: start;
      }
      .figures > div {
        display: flex;
        flex-direction: column-reverse;
      }
      .figures dd {
        font-size: var(--text-xl);
        font-weight: 650;
      }
      .why {
        margin-top: var(--space-3);
      }
      ul.lacks {
        list-style: disc;
        padding-left: var(--space-5);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
    this.timer = setInterval(() => document.visibilityState === 'visible' && void this.load(), POLL_MS);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private async load() {
    try {
      this.data = ready(await api.get<CampaignView>(`/api/campaigns/${this.campaign}`));
    } catch (err) {
      if (this.data.state !== 'ready') this.data = failed(err);
    }
  }

  override render() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(9)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load(), true)}</div>`;
    const view = this.data.value;
    const { campaign, can, script } = view;
    return html`<header>
        <a class="button quiet icon-only" href="/campaigns" aria-label=${t().back} title=${t().back}>${icon('back')}</a>
        <h1 class="grow" tabindex="-1" dir="auto">${campaign.name}</h1>
        <allo-badge tone=${TONES[campaign.state]}>${t().states[campaign.state]}</allo-badge>
        ${can.edit ? MOVES[campaign.state].map((to) => this.move(to)) : nothing}
      </header>
      ${this.run(view)} ${this.lacks(view)}
      <section class="panel">
        ${
          this.editing
            ? html`<allo-campaign-form
                .campaign=${campaign}
                @campaign-saved=${(e: CustomEvent<{ view: CampaignView }>) => this.saved(e.detail.view)}
                @edit-cancelled=${() => (this.editing = false)}
              ></allo-campaign-form>`
            : html`<div class="row">
                <h2>${t().settings}</h2>
                <span class="muted grow"
                  >${[t().modes[campaign.mode], campaign.queue, campaign.profile, t().purposes[campaign.purpose]].join(' · ')}</span
                >
                ${can.edit && campaign.state !== 'finished' ? html`<button class="button" @click=${() => (this.editing = true)}>${icon('pencil')}${t().settings}</button>` : nothing}
              </div>`
        }
      </section>
      <allo-campaign-people .campaign=${campaign} .editable=${can.edit} @people-changed=${() => void this.load()}></allo-campaign-people>
      <allo-script-edit
        .campaign=${campaign.id}
        .script=${script}
        .editable=${can.edit}
        @script-saved=${() => void this.load()}
      ></allo-script-edit>
      <allo-campaign-quotas
        .campaign=${campaign}
        .script=${script}
        .cells=${view.run.ahead.quotas}
        .editable=${can.edit}
        @campaign-saved=${(e: CustomEvent<{ view: CampaignView }>) => this.saved(e.detail.view)}
      ></allo-campaign-quotas>
      <allo-campaign-results
        .campaign=${campaign.id}
        .script=${script}
        .words=${this.words}
        .exportable=${can.export}
        .version=${campaign.counts.done + campaign.counts.live}
      ></allo-campaign-results>`;
  }

  private move(to: CampaignState) {
    const sure = to !== 'finished' || this.doomed;
    const tone = to === 'running' ? 'success' : to === 'finished' && this.doomed ? 'danger' : to === 'paused' ? 'primary' : '';
    return html`<button
      class="button ${tone}"
      @click=${() => (sure ? void this.send(to) : (this.doomed = true))}
      @blur=${() => (this.doomed = false)}
    >
      ${to === 'running' ? icon('play') : to === 'paused' ? icon('pause') : nothing}
      ${to === 'finished' && this.doomed ? t().confirmFinish : t().move[to]}
    </button>`;
  }

  private run({ run, campaign }: CampaignView) {
    const figure = (words: string, value: number | string) =>
      html`<div>
        <dt class="muted small">${words}</dt>
        <dd class="num">${value}</dd>
      </div>`;
    const { answered, abandoned, most, hours } = run.window;
    const percent = (share: number) => numberFormat({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(share);
    const { counts } = campaign;
    return html`<section class="panel" aria-label=${t().live}>
      <dl class="figures">
        ${figure(t().dialling, run.dialling)} ${figure(t().waiting, run.waiting)} ${figure(t().talking, run.talking)}
        ${figure(t().placed, run.today.placed)} ${figure(t().answered, run.today.answered)} ${figure(t().talked, run.today.talked)}
        ${figure(t().left, counts.ready + counts.live)} ${figure(t().done, counts.done)}
        ${counts.held > 0 ? figure(t().held, counts.held) : nothing}
      </dl>
      <p class="muted small">
        ${t().abandoned}: ${t().budget(percent(answered === 0 ? 0 : abandoned / answered), percent(most), hours)} (${abandoned}/${answered})
      </p>
      ${this.ahead(run)}
      <p class="why" role="status">
        ${run.stall === null ? t().dials : html`<strong>${t().why}:</strong> ${t().stalls[run.stall]}`}
        ${run.nextAt !== null && run.nextAt > run.at ? t().nextAt(moment(run.nextAt)) : nothing}
      </p>
    </section>`;
  }

  private ahead({ ahead: { left, runsOutAt, goal } }: CampaignView['run']) {
    const ends = goal && (goal.have >= goal.wanted ? t().goalDone : goal.expectedAt === null ? '' : t().goalAt(moment(goal.expectedAt)));
    return html`${goal ? html`<p class="small">${t().goalLine(goal.have, goal.wanted, t().goals[goal.of])} ${ends}</p>` : nothing}
    ${left > 0 && runsOutAt !== null ? html`<p class="muted small">${t().runsOut(moment(runsOutAt))}</p>` : nothing}`;
  }

  private lacks({ lacks, campaign }: CampaignView) {
    if (campaign.state === 'finished' || (lacks.length === 0 && campaign.state !== 'draft')) return nothing;
    return html`<section class="panel" aria-label=${t().lacksTitle}>
      <h2>${t().lacksTitle}</h2>
      ${
        lacks.length === 0
          ? html`<p>${t().ready}</p>`
          : html`<ul class="lacks">
              ${lacks.map((lack) => html`<li>${t().lacks[lack]}</li>`)}
            </ul>`
      }
    </section>`;
  }

  private saved(view: CampaignView) {
    this.data = ready(view);
    this.editing = false;
    toast('info', t().saved);
  }

  private async send(to: CampaignState) {
    this.doomed = false;
    try {
      this.data = ready(await api.post<CampaignView>(`/api/campaigns/${this.campaign}/state`, { to }));
    } catch (err) {
      toast('danger', errorText(err));
      await this.load();
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-campaign': CampaignPage;
  }
}
