import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Campaign, CampaignView } from '../../server/campaigns/contract.ts';
import type { Profile } from '../../server/dialling/contract.ts';
import type { QueueList } from '../../server/queues/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

type Form = Pick<Campaign, 'name' | 'pbx' | 'queue' | 'mode' | 'profile' | 'purpose'> & { settings: Partial<Campaign['settings']> };
const PURPOSES: Form['purpose'][] = ['service', 'ad', 'survey', 'debt'];
const MODES: Form['mode'][] = ['preview', 'manual', 'progressive', 'power', 'predictive'];
const BY_HAND: Form['mode'][] = ['manual', 'preview'];
const RECORDS: Campaign['settings']['record'][] = ['queue', 'all', 'none'];
type NumberKey = 'ratio' | 'previewSeconds' | 'maxAttempts' | 'maxLines' | 'callsPerSecond' | 'goal';
const NUMBERS: [NumberKey, number, number, number][] = [['maxAttempts', 1, 20, 1], ['maxLines', 1, 1000, 1], ['callsPerSecond', 0.1, 100, 0.1], ['ratio', 1, 5, 0.1], ['previewSeconds', 0, 600, 1], ['goal', 0, 10_000_000, 1]]; // prettier-ignore

/**
 * A campaign's settings; what the rules forbid cannot be chosen, and it says why.
 * @fires campaign-saved - detail: { view: CampaignView }
 * @fires edit-cancelled
 */
@customElement('allo-campaign-form')
export class CampaignForm extends AlloElement {
  /** Null: a new one. */
  @property({ attribute: false }) campaign: Campaign | null = null;
  @state() private form: Form = { name: '', pbx: '', queue: '', mode: 'preview', profile: 'RU', purpose: 'service', settings: {} };
  @state() private queues: QueueList['items'] = [];
  @state() private profiles: Profile[] = [];
  @state() private error = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      form,
      .parts {
        display: grid;
        gap: var(--space-3);
      }
      .parts {
        grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
        align-items: end;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    if (this.campaign) this.form = { ...this.campaign };
    void this.load();
  }

  private async load() {
    try {
      const [queues, profiles] = await Promise.all([
        api.get<QueueList>('/api/queues'),
        api.get<{ items: Profile[] }>('/api/dialling/profiles'),
      ]);
      this.queues = queues.items;
      this.profiles = profiles.items;
      const [first] = this.queues;
      if (!this.form.queue && first) this.type({ pbx: first.pbx, queue: first.name });
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('#campaign-name')?.focus();
    } catch (err) {
      this.error = errorText(err);
    }
  }

  private get allowed(): Form['mode'][] {
    const rules = this.profiles.find(({ code }) => code === this.form.profile)?.rules;
    return rules?.humanOnlyFor.includes(this.form.purpose) ? BY_HAND : MODES;
  }

  override render() {
    const { form } = this;
    const settings = { ...this.campaign?.settings, ...form.settings };
    return html`<form @submit=${this.save} novalidate>
      ${field({ id: 'campaign-name', label: t().name, value: form.name, maxLength: 200, required: true, onInput: (name) => this.type({ name }) })}
      <div class="parts">
        ${this.choice(
          t().queue,
          `${form.pbx}:${form.queue}`,
          this.queues.map((q) => [`${q.pbx}:${q.name}`, q.label || q.name]),
          (value) => this.type({ pbx: value.split(':', 1)[0]!, queue: value.slice(value.indexOf(':') + 1) }),
        )}
        ${this.choice(
          t().profile,
          form.profile,
          this.profiles.map(({ code, name }) => [code, `${code} · ${name}`]),
          (profile) => this.type({ profile }),
        )}
        ${this.choice(
          t().purpose,
          form.purpose,
          PURPOSES.map((each) => [each, t().purposes[each]]),
          (purpose) => this.type({ purpose: purpose as Form['purpose'] }),
        )}
        ${this.choice(
          t().mode,
          form.mode,
          MODES.map((each) => [each, t().modes[each]]),
          (mode) => this.type({ mode: mode as Form['mode'] }),
          (mode) => !this.allowed.includes(mode as Form['mode']),
        )}
      </div>
      <p class="muted small">${this.allowed.length < MODES.length ? t().modeForbidden : t().modeHint[form.mode]}</p>
      <details ?open=${this.campaign !== null}>
        <summary>${t().limits}</summary>
        <div class="parts">
          ${this.textField('callerId', t().callerId, 21, settings.callerId)} ${this.textField('label', t().label, 32, settings.label)}
          ${this.textField('contract', t().contract, 100, settings.contract)}
          ${this.textField('message', t().message, 100, settings.message)}
          ${this.choice(
            t().goalOf,
            settings.goalOf ?? 'reached',
            [
              ['reached', t().goals.reached],
              ['conversions', t().goals.conversions],
            ],
            (goalOf) => this.set({ goalOf: goalOf as 'reached' | 'conversions' }),
          )}
          ${this.choice(
            t().record,
            settings.record ?? 'queue',
            RECORDS.map((each) => [each, t().records[each]]),
            (record) => this.set({ record: record as Campaign['settings']['record'] }),
          )}
          ${this.flag('callersFirst', settings.callersFirst)} ${this.flag('amd', settings.amd)} ${this.keepDays(settings.keepDays ?? null)}
          ${NUMBERS.map(([key, least, most, step]) => this.number(key, least, most, step, settings[key]))}
        </div>
      </details>
      ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
      <div class="row">
        <button class="button primary">${icon('check')}${t().save}</button>
        <button type="button" class="button quiet" @click=${() => this.emit('edit-cancelled')}>${t().cancel}</button>
      </div>
    </form>`;
  }

  private choice(
    label: string,
    value: string,
    options: readonly (readonly [string, string])[],
    set: (value: string) => void,
    isOff: (value: string) => boolean = () => false,
  ) {
    return html`<label class="field"
      ><span>${label}</span
      ><select @change=${(e: Event) => set((e.target as HTMLSelectElement).value)}>
        ${options.map(([code, words]) => html`<option value=${code} ?selected=${code === value} ?disabled=${isOff(code)}>${words}</option>`)}
      </select></label
    >`;
  }

  private textField(key: 'callerId' | 'label' | 'contract' | 'message', label: string, maxLength: number, value = '') {
    return field({ id: key, label, value, maxLength, onInput: (next) => this.set({ [key]: next }) });
  }

  private flag(key: 'amd' | 'callersFirst', value = false) {
    return html`<label class="row"
      ><input type="checkbox" .checked=${value} @change=${(e: Event) => this.set({ [key]: (e.target as HTMLInputElement).checked })} /><span
        >${t()[key]}</span
      ></label
    >`;
  }

  private keepDays(value: number | null) {
    return html`<label class="field"
      ><span>${t().keepDays}</span
      ><input
        type="number"
        min="0"
        max="36500"
        .value=${value === null ? '' : String(value)}
        @input=${(e: Event) => {
          const { valueAsNumber } = e.target as HTMLInputElement;
          this.set({ keepDays: Number.isFinite(valueAsNumber) ? valueAsNumber : null });
        }}
    /></label>`;
  }

  private number(key: NumberKey, least: number, most: number, step: number, value?: number) {
    return html`<label class="field"
      ><span>${t()[key]}</span
      ><input
        type="number"
        min=${least}
        max=${most}
        step=${step}
        .value=${value === undefined ? '' : String(value)}
        @input=${(e: Event) => {
          const { valueAsNumber } = e.target as HTMLInputElement;
          if (Number.isFinite(valueAsNumber)) this.set({ [key]: valueAsNumber });
        }}
    /></label>`;
  }

  private set(change: Partial<Campaign['settings']>) {
    this.type({ settings: { ...this.form.settings, ...change } });
  }

  private type(change: Partial<Form>) {
    this.form = { ...this.form, ...change };
    if (this.profiles.length > 0 && !this.allowed.includes(this.form.mode)) this.form = { ...this.form, mode: 'preview' };
    this.error = '';
  }

  private async save(e: Event) {
    e.preventDefault();
    const { name, pbx, queue, mode, profile, purpose, settings } = this.form;
    const body = { name: name.trim(), pbx, queue, mode, profile, purpose, settings };
    try {
      const view = this.campaign
        ? await api.patch<CampaignView>(`/api/campaigns/${this.campaign.id}`, { ...body, version: this.campaign.version })
        : await api.post<CampaignView>('/api/campaigns', { ...body, settings: { ...settings } });
      this.emit('campaign-saved', { view });
    } catch (err) {
      this.error = errorText(err);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-campaign-form': CampaignForm;
  }
}
