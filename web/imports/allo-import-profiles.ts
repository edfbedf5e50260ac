import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Import, ImportProfile, ProfileDraft, ProfileList } from '../../server/imports/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { p } from './profile-strings.ts';
import { t } from './strings.ts';

type Form = Omit<ProfileDraft, 'everyMinutes'> & { like: number | null; every: string };
const BLANK: Form = { like: null, name: '', source: 'folder', place: '', every: '60' };
const PLACES = { folder: /^[\w-][\w. -]*(\/[\w-][\w. -]*)*$/, http: /^https?:\/\/\S+$/ };

/** For the administrator: imports that repeat by themselves. */
@customElement('allo-import-profiles')
export class ImportProfiles extends AlloElement {
  /** Whose columns and rules a new one may have. */
  @property({ attribute: false }) imports: readonly Import[] = [];
  @state() private data: Loading<ProfileList> = LOADING;
  @state() private form: Form | null = null;
  @state() private fault = '';
  @state() private busy = false;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      :host {
        margin-top: var(--space-4);
      }
      li {
        padding: var(--space-2) 0;
      }
      li + li {
        border-top: 1px solid var(--border);
      }
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr));
        gap: var(--space-3);
        margin-top: var(--space-3);
      }
      .whole {
        grid-column: 1 / -1;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    this.data = await api.get<ProfileList>('/api/imports/profiles').then(ready, failed);
  }

  override render() {
    return html`<section class="panel" aria-label=${p().title}>
      <h2>${p().title}</h2>
      <p class="muted small">${p().lead}</p>
      ${this.content()}
      ${
        this.form
          ? this.adding(this.form)
          : html`<p><button class="button" @click=${() => this.begin()}>${icon('plus')}${p().add}</button></p>`
      }
    </section>`;
  }

  private content() {
    if (this.data.state === 'loading') return skeleton(2);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { items } = this.data.value;
    if (items.length === 0) return html`<p class="muted">${p().none}</p>`;
    return html`<ul>
      ${items.map((one) => this.profile(one))}
    </ul>`;
  }

  private profile(one: ImportProfile) {
    const times = [p().everyMinutes(one.everyMinutes), ...(one.lookedAt === null ? [] : [p().looked(moment(one.lookedAt))]), ...(one.on ? [p().next(moment(one.nextAt))] : [])]; // prettier-ignore
    return html`<li>
      <div class="row wrap">
        <span class="grow"
          ><b dir="auto">${one.name}</b> <allo-badge tone=${one.on ? 'success' : 'neutral'}>${one.on ? p().on : p().off}</allo-badge
          ><br /><span class="muted small"
            >${p().sources[one.source]}: ${one.place} · ${times.join(' · ')}${one.owner ? ` · ${one.owner.name}` : ''}</span
          ></span
        >
        ${one.importId === null ? nothing : html`<a class="button quiet" href="/clients/imports/${one.importId}">${p().last}</a>`}
        ${one.on ? html`<button class="button" ?disabled=${this.busy} @click=${() => void this.send(() => api.post(`/api/imports/profiles/${one.id}/run`))}>${p().now}</button>` : nothing}
        <button
          class="button"
          ?disabled=${this.busy}
          @click=${() => void this.send(() => api.patch(`/api/imports/profiles/${one.id}`, { on: !one.on }))}
        >
          ${one.on ? p().turnOff : p().turnOn}
        </button>
      </div>
      ${one.fault === null ? nothing : html`<p class="fault">${icon('warning')}<span>${one.faultFile === null ? nothing : html`<b dir="auto">${one.faultFile}</b>: `}${p().faults[one.fault] ?? t().faults[one.fault] ?? p().faults.other}</span></p>`}
    </li>`;
  }

  private begin() {
    this.form = BLANK;
    this.fault = '';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('form select')?.focus());
  }

  private adding(form: Form) {
    const type = (change: Partial<Form>) => {
      this.form = { ...form, ...change };
      this.fault = '';
    };
    const done = this.imports.filter(({ state: now }) => now !== 'ready');
    return html`<form novalidate @submit=${this.save} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && (this.form = null)}>
      <label class="field"
        ><span>${p().like}</span
        ><select @change=${(e: Event) => type({ like: Number((e.target as HTMLSelectElement).value) || null })}>
          <option value="" .selected=${live(form.like === null)}>${p().pick}</option>
          ${done.map(({ id, name, createdAt }) => html`<option value=${id} .selected=${live(form.like === id)}>${name} · ${moment(createdAt)}</option>`)}
        </select></label
      >
      ${field({ id: 'profile-name', label: p().name, value: form.name, maxLength: 120, onInput: (name) => type({ name }) })}
      <label class="field"
        ><span>${p().source}</span
        ><select @change=${(e: Event) => type({ source: (e.target as HTMLSelectElement).value as Form['source'] })}>
          ${(['folder', 'http'] as const).map((one) => html`<option value=${one} .selected=${live(form.source === one)}>${p().sources[one]}</option>`)}
        </select></label
      >
      ${field({ id: 'profile-place', label: form.source === 'folder' ? p().folder : p().address, value: form.place, maxLength: 1000, error: this.fault || null, onInput: (place) => type({ place }) })}
      ${field({ id: 'profile-every', label: p().every, value: form.every, maxLength: 5, onInput: (every) => type({ every }) })}
      <div class="row whole">
        <button class="button primary" ?disabled=${this.busy}>${icon('check')}${p().save}</button>
        <button type="button" class="button quiet" @click=${() => (this.form = null)}>${p().cancel}</button>
      </div>
    </form>`;
  }

  private save = async (e: Event) => {
    e.preventDefault();
    if (!this.form) return;
    const { like, every, ...rest } = this.form;
    const draft = { ...rest, name: rest.name.trim(), place: rest.place.trim(), everyMinutes: Number(every) };
    const fits = like !== null && draft.name && PLACES[draft.source].test(draft.place) && Number.isInteger(draft.everyMinutes) && draft.everyMinutes > 0; // prettier-ignore
    if (!fits) {
      this.fault = p().fault;
      return;
    }
    if (await this.send(() => api.post(`/api/imports/${like}/profile`, draft))) {
      this.form = null;
      toast('success', p().saved);
    }
  };

  private async send(run: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    try {
      await run();
      await this.load();
      return true;
    } catch (err) {
      toast('danger', errorText(err));
      return false;
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-import-profiles': ImportProfiles;
  }
}
