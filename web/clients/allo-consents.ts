import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { ClientConsents, ConsentDraft } from '../../server/dialling/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { date, moment } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { formatNumber } from '../core/numbers.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { momentOfWall, wallText } from '../core/wall.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-number.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { c } from './card-strings.ts';

type Consent = ClientConsents['items'][number]['consents'][number];
const PURPOSES = ['ad', 'service', 'debt', 'survey'] as const;

interface Form {
  number: string;
  purpose: Consent['purpose'];
  source: string;
  channel: string;
  text: string;
  day: string;
  until: string;
}

/** What the numbers of a client have agreed to: seen, recorded, withdrawn; each with its source and date. */
@customElement('allo-consents')
export class Consents extends AlloElement {
  @property({ type: Number }) client = 0;
  @property({ type: Number }) version = 0;
  @state() private data: Loading<ClientConsents> = LOADING;
  @state() private form: Form | null = null;
  @state() private fault = '';
  @state() private saving = false;
  /** About which one is asked before it is withdrawn. */
  @state() private asked = 0;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .panel {
        margin-top: var(--space-3);
      }
      h2 {
        font-size: var(--text-m);
        margin-bottom: var(--space-2);
      }
      h3 {
        margin-top: var(--space-3);
      }
      li {
        padding: var(--space-2) 0;
        overflow-wrap: anywhere;
      }
      li + li {
        border-top: 1px solid var(--border);
      }
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
        gap: var(--space-3);
        margin-top: var(--space-3);
      }
      .whole {
        grid-column: 1 / -1;
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('client')) Object.assign(this, { data: LOADING, form: null, asked: 0 });
    if (changed.has('client') || changed.has('version')) void this.load();
  }

  private async load() {
    const { client } = this;
    const data = await api.get<ClientConsents>('/api/dialling/consents', { clientId: client }).then(ready, failed);
    if (client === this.client) this.data = data;
  }

  override render() {
    return html`<section class="panel" aria-label=${c().consents}>
      <h2>${c().consents}</h2>
      ${this.content()}
    </section>`;
  }

  private content() {
    if (this.data.state === 'loading') return skeleton(2);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { items, can } = this.data.value;
    if (items.length === 0) return html`<p class="muted">${c().noNumbers}</p>`;
    return html`${items.map(
      ({ number, doNotCall, consents }) =>
        html`<h3>
            <allo-number .value=${number}></allo-number>
            ${doNotCall ? html`<allo-badge tone="danger">${c().doNotCall}</allo-badge>` : nothing}
          </h3>
          ${
            consents.length === 0
              ? html`<p class="muted small">${c().noConsents}</p>`
              : html`<ul>
                  ${consents.map((one) => this.consent(one, can.give))}
                </ul>`
          }`,
    )}
    ${can.give ? (this.form ? this.giving(this.form, items) : html`<p><button class="button" @click=${() => this.begin(items[0]!.number)}>${icon('plus')}${c().giveConsent}</button></p>`) : nothing}`;
  }

  private consent(one: Consent, may: boolean) {
    const over =
      one.withdrawnAt !== null
        ? c().withdrawn(moment(one.withdrawnAt))
        : one.until !== null && one.until <= serverNow()
          ? c().ended(date(one.until))
          : null;
    return html`<li>
      <div class="row wrap">
        <span class="grow"
          ><b>${c().purposes[one.purpose]}</b> ${over ? html`<allo-badge>${over}</allo-badge>` : nothing}<br /><span class="muted small"
            >${[c().givenAt(date(one.at)), ...(one.until === null ? [] : [c().holdsUntil(date(one.until))]), one.channel, one.source].join(' · ')}</span
          ></span
        >
        ${may && !over && this.asked !== one.id ? html`<button class="button" @click=${() => (this.asked = one.id)}>${c().withdraw}</button>` : nothing}
      </div>
      <p class="small" dir="auto">“${one.text}”</p>
      ${
        this.asked === one.id
          ? html`<p class="row notice warning" role="alert">
              ${icon('warning')}<span class="grow">${c().withdrawAsk}</span>
              <button class="button danger" ?disabled=${this.saving} @click=${() => void this.withdraw(one.id)}>${c().withdraw}</button>
              <button class="button" @click=${() => (this.asked = 0)}>${c().cancel}</button>
            </p>`
          : nothing
      }
    </li>`;
  }

  private begin(number: string) {
    this.form = { number, purpose: 'ad', source: '', channel: '', text: '', day: wallText(serverNow()).slice(0, 10), until: '' };
    this.fault = '';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('form select')?.focus());
  }

  private giving(form: Form, items: ClientConsents['items']) {
    const type = (change: Partial<Form>) => (this.form = { ...form, ...change });
    return html`<form novalidate @submit=${this.give} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && (this.form = null)}>
      <label class="field"
        ><span>${c().personPhone}</span
        ><select @change=${(e: Event) => type({ number: (e.target as HTMLSelectElement).value })}>
          ${items.map(({ number }) => html`<option value=${number} .selected=${live(form.number === number)}>${formatNumber(number)}</option>`)}
        </select></label
      >
      <label class="field"
        ><span>${c().purpose}</span
        ><select @change=${(e: Event) => type({ purpose: (e.target as HTMLSelectElement).value as Form['purpose'] })}>
          ${PURPOSES.map((one) => html`<option value=${one} .selected=${live(form.purpose === one)}>${c().purposes[one]}</option>`)}
        </select></label
      >
      ${field({ id: 'source', label: c().consentSource, value: form.source, maxLength: 200, onInput: (source) => type({ source }) })}
      ${field({ id: 'channel', label: c().consentChannel, value: form.channel, maxLength: 60, onInput: (channel) => type({ channel }) })}
      ${this.day(c().consentDay, form.day, (day) => type({ day }))} ${this.day(c().consentUntil, form.until, (until) => type({ until }))}
      <div class="whole">
        ${field({ id: 'text', label: c().consentText, value: form.text, lines: true, maxLength: 2000, error: this.fault || null, onInput: (text) => type({ text }) })}
      </div>
      <div class="row whole">
        <button class="button primary" ?disabled=${this.saving}>${icon('check')}${c().giveConsent}</button>
        <button type="button" class="button quiet" @click=${() => (this.form = null)}>${c().cancel}</button>
      </div>
    </form>`;
  }

  private day(label: string, value: string, chosen: (value: string) => void) {
    return html`<label class="field"
      ><span>${label}</span><input type="date" .value=${live(value)} @input=${(e: Event) => chosen((e.target as HTMLInputElement).value)}
    /></label>`;
  }

  private give = async (e: Event) => {
    e.preventDefault();
    if (!this.form || this.saving) return;
    const { number, purpose, source, channel, text, day, until } = this.form;
    const [at, end] = [momentOfWall(`${day}T00:00`), until ? momentOfWall(`${until}T00:00`) : null];
    if (!source.trim() || !channel.trim() || !text.trim() || at === null || (end !== null && end <= at)) {
      this.fault = c().consentFault;
      return;
    }
    const draft: ConsentDraft = { number, purpose, source: source.trim(), channel: channel.trim(), text: text.trim(), at, until: end };
    await this.send(() => api.post('/api/dialling/consents', draft), c().consentSaved);
    if (!this.fault) this.form = null;
  };

  private async withdraw(id: number) {
    await this.send(() => api.post(`/api/dialling/consents/${id}/withdraw`), c().consentOver);
    this.asked = 0;
  }

  private async send(run: () => Promise<unknown>, done: string) {
    this.saving = true;
    this.fault = '';
    try {
      await run();
      toast('success', done);
      await this.load();
    } catch (err) {
      this.fault = errorText(err);
      toast('danger', errorText(err));
    } finally {
      this.saving = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-consents': Consents;
  }
}
