import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Profile } from '../../server/dialling/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import './allo-do-not-call.ts';
import './allo-evidence.ts';
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
  @state() private text = '';
  @state() private error = '';

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
      textarea {
        min-height: 18rem;
        font-family: monospace;
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
    return items.map(
      (profile) =>
        html`<div class="line">
            <strong>${profile.code}</strong><span class="grow" dir="auto">${profile.name}</span>
            <span class="muted small">${t().version(profile.version)}</span>
            <button
              class="button quiet icon-only"
              aria-label=${t().edit(profile.code)}
              title=${t().edit(profile.code)}
              aria-expanded=${this.editing === profile.code ? 'true' : 'false'}
              @click=${() => this.open(profile)}
            >
              ${icon('pencil')}
            </button>
          </div>
          ${this.editing === profile.code ? this.editor(profile, can.edit) : nothing}`,
    );
  }

  private editor(profile: Profile, may: boolean) {
    return html`${field({ id: 'rules', label: t().json, lines: true, value: this.text, error: this.error || null, onInput: (text) => (this.text = text) })}
      <div class="row">
        ${may ? html`<button class="button primary" @click=${() => void this.save(profile)}>${icon('check')}${t().save}</button>` : nothing}
        <button class="button quiet" @click=${() => (this.editing = null)}>${t().cancel}</button>
      </div>`;
  }

  private open(profile: Profile) {
    this.editing = this.editing === profile.code ? null : profile.code;
    this.text = JSON.stringify(profile.rules, null, 2);
    this.error = '';
  }

  private async save({ code, version }: Profile) {
    let rules: unknown;
    try {
      rules = JSON.parse(this.text);
    } catch {
      this.error = t().jsonFault;
      return;
    }
    try {
      await api.patch(`/api/dialling/profiles/${code}`, { version, rules });
      this.editing = null;
      toast('info', t().saved);
      await this.load();
    } catch (err) {
      this.error = errorText(err);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-dialling': Dialling;
  }
}
