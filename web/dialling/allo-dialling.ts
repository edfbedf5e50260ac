import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Profile } from '../../server/dialling/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import './allo-do-not-call.ts';
import './allo-evidence.ts';
import './allo-profile-edit.ts';
import { profileWords as w } from './profile-strings.ts';
import { t } from './strings.ts';

interface Profiles {
  items: Profile[];
  can: { edit: boolean };
}

/** The rules of countries, numbers not to be called, and the evidence for a number. */
@customElement('allo-dialling')
export class Dialling extends AlloElement {
  @state() private data: Loading<Profiles> = LOADING;
  @state() private editing: string | null = null;
  @state() private another = { code: '', name: '', from: '' };
  @state() private faults: { code?: string; name?: string } = {};

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header,
      .panel,
      allo-do-not-call {
        margin-bottom: var(--space-4);
      }
      .line {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        min-height: 2.75rem;
        border-top: 1px solid var(--border);
      }
      h3 {
        margin: var(--space-4) 0 var(--space-2);
        font-size: var(--text-m);
      }
      .another {
        display: flex;
        flex-wrap: wrap;
        align-items: start;
        gap: var(--space-3);
      }
      .another .button {
        margin-top: 1.6rem;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    try {
      this.data = ready(await api.get<Profiles>('/api/dialling/profiles'));
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    return html`<header>
        <h1 tabindex="-1">${t().title}</h1>
        <p class="muted">${t().lead}</p>
      </header>
      <section class="panel" aria-label=${t().profiles}>
        <h2>${t().profiles}</h2>
        ${this.content()}
      </section>
      <allo-do-not-call></allo-do-not-call>
      <allo-evidence></allo-evidence>`;
  }

  private content() {
    if (this.data.state === 'loading') return skeleton(4);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { items, can } = this.data.value;
    return html`${items.map(
      (profile) =>
        html`<div class="line">
            <strong>${profile.code}</strong><span class="grow" dir="auto">${profile.name}</span>
            <span class="muted small">${t().version(profile.version)}</span>
            <button
              class="button quiet icon-only"
              aria-label=${t().edit(profile.code)}
              title=${t().edit(profile.code)}
              aria-expanded=${this.editing === profile.code ? 'true' : 'false'}
              @click=${() => (this.editing = this.editing === profile.code ? null : profile.code)}
            >
              ${icon('pencil')}
            </button>
          </div>
          ${
            this.editing === profile.code
              ? html`<allo-profile-edit .profile=${profile} .may=${can.edit} @profile-done=${() => void this.edited()}></allo-profile-edit>`
              : nothing
          }`,
    )}
    ${
      can.edit
        ? html`<h3>${w().another}</h3>
            ${this.newProfile(items)}`
        : nothing
    }`;
  }

  /** A profile of one's own begins as one that is there. */
  private newProfile(items: readonly Profile[]) {
    const { code, name, from } = this.another;
    const set = (change: Partial<typeof this.another>) => {
      this.another = { ...this.another, ...change };
      this.faults = {};
    };
    return html`<form class="another" @submit=${(e: Event) => void this.make(e, items)} novalidate>
      ${field({ id: 'code', label: w().code, value: code, maxLength: 20, error: this.faults.code ?? null, onInput: (value) => set({ code: value.toUpperCase() }) })}
      ${field({ id: 'new-name', label: w().name, value: name, maxLength: 100, error: this.faults.name ?? null, onInput: (value) => set({ name: value }) })}
      <label class="field"
        ><span class="label">${w().copyOf}</span
        ><select @change=${(e: Event) => set({ from: (e.target as HTMLSelectElement).value })}>
          ${items.map((one) => html`<option value=${one.code} ?selected=${one.code === from}>${one.code} · ${one.name}</option>`)}
        </select></label
      >
      <button class="button">${icon('plus')}${w().make}</button>
    </form>`;
  }

  private async make(e: Event, items: readonly Profile[]) {
    e.preventDefault();
    const { from } = this.another;
    const [code, name] = [this.another.code.trim(), this.another.name.trim()];
    this.faults = { ...(!/^[A-Z][A-Z0-9-]{1,19}$/.test(code) && { code: w().codeFault }), ...(name === '' && { name: w().nameFault }) };
    if (Object.keys(this.faults).length > 0) return;
    const { rules } = items.find((one) => one.code === from) ?? items[0]!;
    try {
      await api.post('/api/dialling/profiles', { code, name, rules });
      this.another = { code: '', name: '', from: '' };
      await this.load();
      this.editing = code;
    } catch (err) {
      this.faults = { code: err instanceof ApiError && err.data.reason === 'exists' ? w().exists : errorText(err) };
    }
  }

  private async edited() {
    this.editing = null;
    await this.load();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-dialling': Dialling;
  }
}
