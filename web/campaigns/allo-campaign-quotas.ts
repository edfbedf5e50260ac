import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Campaign, CampaignView, Quota, QuotaCell, Script, Step } from '../../server/campaigns/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { choiceWords } from './script.ts';
import { t } from './strings.ts';

/**
 * How many people with which answer a campaign wants, and how many it has.
 * @fires campaign-saved - detail: { view: CampaignView }
 */
@customElement('allo-campaign-quotas')
export class CampaignQuotas extends AlloElement {
  @property({ attribute: false }) campaign!: Campaign;
  @property({ attribute: false }) script: Script | null = null;
  @property({ attribute: false }) cells: readonly QuotaCell[] = [];
  @property({ type: Boolean }) editable = false;
  @state() private form: readonly Quota[] | null = null;
  @state() private error = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      .panel {
        margin-bottom: var(--space-4);
      }
      table {
        width: 100%;
        max-width: 48rem;
        border-collapse: collapse;
      }
      caption {
        text-align: left;
        padding: var(--space-2) 0;
        overflow-wrap: anywhere;
      }
      th,
      td {
        text-align: left;
        font-weight: 400;
        padding: var(--space-1) var(--space-2) var(--space-1) 0;
        border-top: 1px solid var(--border);
        overflow-wrap: anywhere;
      }
      td input {
        width: 100%;
        min-width: 5rem;
      }
    `,
  ];

  private get questions(): Step[] {
    return (this.script?.steps ?? []).filter(({ kind }) => kind === 'single');
  }

  override render() {
    if (this.questions.length === 0 && this.cells.length === 0) return nothing;
    const { form, editable, campaign } = this;
    return html`<section class="panel" aria-label=${t().quotas}>
      <div class="row">
        <h2 class="grow">${t().quotas}</h2>
        ${
          editable && form === null && campaign.state !== 'finished'
            ? html`<button class="button" @click=${() => (this.form = campaign.settings.quotas)}>
                ${icon('pencil')}${t().editQuotas}
              </button>`
            : nothing
        }
      </div>
      <p class="muted small">${t().quotasLead}</p>
      ${form === null ? this.shown() : this.editor(form)}
      ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
    </section>`;
  }

  private shown() {
    if (this.cells.length === 0) return html`<p class="muted">${t().noQuotas}</p>`;
    return html`<table>
      <tbody>
        ${this.cells.map((cell) => {
          const { question, choice } = choiceWords(this.script, cell.question, cell.value);
          return html`<tr>
            <th scope="row" dir="auto">${question}: <strong>${choice}</strong></th>
            <td class="num">${t().quotaLine(cell.have, cell.most)}</td>
            <td class="muted">${cell.have >= cell.most ? t().quotaFull : cell.talking > 0 ? t().quotaTalking(cell.talking) : ''}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  private editor(form: readonly Quota[]) {
    return html`<form @submit=${this.save} novalidate>
      ${this.questions.map(
        (step) =>
          html`<table>
            <caption dir="auto">
              ${step.text}
            </caption>
            <thead>
              <tr>
                <th scope="col">${t().choice}</th>
                <th scope="col">${t().quotaMost}</th>
                <th scope="col">${t().quotaColumn}</th>
                <th scope="col">${t().quotaIs}</th>
              </tr>
            </thead>
            <tbody>
              ${step.options.map(({ value, text }) => this.line(form, step, value, text))}
            </tbody>
          </table>`,
      )}
      <div class="row">
        <button class="button primary">${icon('check')}${t().save}</button>
        <button type="button" class="button quiet" @click=${this.close}>${t().cancel}</button>
      </div>
    </form>`;
  }

  private line(form: readonly Quota[], { id: question }: Step, value: string, words: string) {
    const has = form.find((one) => one.question === question && one.value === value);
    const others = form.filter((one) => one !== has);
    const set = (change: Partial<Quota>) =>
      (this.form = [...others, { question, value, most: 0, column: '', is: '', ...has, ...change }].filter(({ most }) => most > 0));
    const typed = (e: Event) => (e.target as HTMLInputElement).value;
    return html`<tr>
      <th scope="row" dir="auto">${words}</th>
      <td>
        <input
          type="number"
          min="0"
          max="1000000"
          aria-label=${`${words}: ${t().quotaMost}`}
          .value=${has ? String(has.most) : ''}
          @change=${(e: Event) => set({ most: Math.max(0, Math.round(Number(typed(e)) || 0)) })}
        />
      </td>
      <td>
        <input
          maxlength="60"
          ?disabled=${!has}
          aria-label=${`${words}: ${t().quotaColumn}`}
          .value=${has?.column ?? ''}
          @change=${(e: Event) => set({ column: typed(e) })}
        />
      </td>
      <td>
        <input
          maxlength="500"
          ?disabled=${!has}
          aria-label=${`${words}: ${t().quotaIs}`}
          .value=${has?.is ?? ''}
          @change=${(e: Event) => set({ is: typed(e) })}
        />
      </td>
    </tr>`;
  }

  private close = () => {
    this.form = null;
    this.error = '';
  };

  private save = async (e: Event) => {
    e.preventDefault();
    const { id, version } = this.campaign;
    // what the script no longer asks is no quota any more
    const asked = (quota: Quota) => this.questions.some((step) => step.id === quota.question && step.options.some((one) => one.value === quota.value)); // prettier-ignore
    try {
      const view = await api.patch<CampaignView>(`/api/campaigns/${id}`, { version, settings: { quotas: this.form!.filter(asked) } });
      this.close();
      toast('info', t().saved);
      this.emit('campaign-saved', { view });
    } catch (err) {
      this.error = errorText(err);
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-campaign-quotas': CampaignQuotas;
  }
}
