import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { BreakReason } from '../../server/agents/contract.ts';
import { api } from '../core/api.ts';
import { breakWords } from '../core/break-words.ts';
import { errorText } from '../core/error-words.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { me } from '../core/session.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { settings } from '../ui/settings.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { breakReasons } from './store.ts';
import { t } from './strings.ts';

/** The reasons of breaks, for the administrator; a supervisor reads them. */
@customElement('allo-break-reasons')
export class BreakReasons extends AlloElement {
  @state() private data: Loading<readonly BreakReason[]> = LOADING;
  @state() private dirty = false;
  @state() private fault = '';

  static override styles = [
    ...AlloElement.styles,
    states,
    settings,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(10rem, 2fr) minmax(9rem, 1fr) auto auto;
        align-items: end;
        gap: var(--space-3);
        padding: var(--space-2) 0;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    try {
      this.data = ready(await breakReasons());
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${t().reasonsTitle}</h1>
          <p class="muted">${t().reasonsLead}</p>
        </div>
      </header>
      <section class="panel">${this.content()}</section>`;
  }

  private content() {
    if (this.data.state === 'loading') return skeleton(6);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const may = me()?.user.role === 'administrator';
    const items = this.data.value;
    const set = (next: readonly BreakReason[]) => {
      this.data = ready(next);
      this.dirty = true;
      this.fault = '';
    };
    return html`<form @submit=${(e: Event) => void this.save(e)}>
      <ul>
        ${items.map((one, i) => this.line(one, may, (change) => set(change ? items.map((each, j) => (j === i ? { ...each, ...change } : each)) : items.filter((_, j) => j !== i))))}
      </ul>
      ${this.fault ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.fault}</span></p>` : nothing}
      ${
        may
          ? html`<div class="row">
              <button class="button primary" ?disabled=${!this.dirty}>${icon('check')}${t().save}</button>
              <button
                class="button"
                type="button"
                @click=${() => set([...items, { code: `own-${Date.now().toString(36)}`, label: '', limitMinutes: 15, needsApproval: false }])}
              >
                ${icon('plus')}${t().addReason}
              </button>
            </div>`
          : nothing
      }
    </form>`;
  }

  /** `change` null: gone. */
  private line(one: BreakReason, may: boolean, change: (change: Partial<BreakReason> | null) => void) {
    const words = breakWords(one.code, one.label);
    const value = (e: Event) => (e.target as HTMLInputElement).value;
    return html`<li>
      <label class="field"
        ><span>${t().reasonName}</span
        ><input ?disabled=${!may} maxlength="200" .value=${words} @input=${(e: Event) => change({ label: value(e) })}
      /></label>
      <label class="field"
        ><span>${t().reasonLimit}</span
        ><input
          type="number"
          min="0"
          max="1440"
          ?disabled=${!may}
          .value=${String(one.limitMinutes)}
          @input=${(e: Event) => change({ limitMinutes: Math.round(Number(value(e))) || 0 })}
      /></label>
      <label class="check"
        ><input
          type="checkbox"
          ?disabled=${!may}
          .checked=${one.needsApproval}
          @change=${(e: Event) => change({ needsApproval: (e.target as HTMLInputElement).checked })}
        />${t().approval}</label
      >
      ${
        may
          ? html`<button
              type="button"
              class="button quiet icon-only"
              aria-label=${t().removeReason(words)}
              title=${t().removeReason(words)}
              @click=${() => change(null)}
            >
              ${icon('close')}
            </button>`
          : nothing
      }
    </li>`;
  }

  private async save(e: Event) {
    e.preventDefault();
    if (this.data.state !== 'ready') return;
    const items = this.data.value.map((one) => ({ ...one, label: one.label?.trim() ?? null }));
    if (items.some(({ label }) => label === '')) {
      this.fault = t().nameNeeded;
      return;
    }
    try {
      this.data = ready((await api.put<{ items: BreakReason[] }>('/api/agents/break-reasons', { items })).items);
      this.dirty = false;
      toast('success', t().saved);
    } catch (err) {
      this.fault = errorText(err);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-break-reasons': BreakReasons;
  }
}
