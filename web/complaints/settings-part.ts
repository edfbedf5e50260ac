import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import { isConflict, settingsFault } from './settings-api.ts';
import type { SettingsData } from './settings-api.ts';
import { t } from './settings-strings.ts';

interface Choice {
  readonly value: string;
  readonly words: string;
}

/** One part of the complaints' settings: what its form, its saving and its refusals have in common. */
export abstract class SettingsPart extends AlloElement {
  @property({ attribute: false }) data!: SettingsData;
  /** Asks the server again, and hands the answer back as `data`. */
  @property({ attribute: false }) reload!: () => Promise<void>;
  @state() protected fault = '';
  @state() protected busy = false;

  /** The form has gone through. */
  protected abstract done(): void;
  /** Somebody else was faster: what stands there now is what the form replaces, if it is saved once more. */
  protected abstract catchUp(): void;

  protected async send(order: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = '';
    try {
      await order();
      this.done();
      toast('success', t().saved);
      await this.reload();
      await this.updateComplete;
      // what was pressed may be gone from its line
      if (!this.shadowRoot?.activeElement) this.renderRoot.querySelector<HTMLElement>('.top .button')?.focus();
    } catch (err) {
      this.fault = settingsFault(err);
      await this.reload();
      await this.updateComplete;
      if (isConflict(err)) this.catchUp();
    } finally {
      this.busy = false;
    }
  }

  protected trouble(): TemplateResult | typeof nothing {
    return this.fault ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.fault}</span></p>` : nothing;
  }

  protected iconButton(words: string, sign: IconName, run: () => void): TemplateResult {
    // While an order is under way another would be about what no longer stands there: it is seen not to be taken, and keeps the focus.
    return html`<button
      class="button quiet icon-only"
      aria-label=${words}
      title=${words}
      aria-disabled=${this.busy ? 'true' : 'false'}
      @click=${() => !this.busy && run()}
    >
      ${icon(sign)}
    </button>`;
  }

  protected select(label: string, value: string, choices: readonly Choice[], set: (value: string) => void): TemplateResult {
    return html`<label class="field"
      ><span>${label}</span
      ><select @change=${(e: Event) => set((e.target as HTMLSelectElement).value)}>
        ${choices.map((one) => html`<option value=${one.value} ?selected=${one.value === value}>${one.words}</option>`)}
      </select></label
    >`;
  }

  protected formEnd(cancel: () => void): TemplateResult {
    return html`${this.trouble()}
      <div class="row">
        <button class="button primary" ?disabled=${this.busy}>${icon('check')}${t().save}</button>
        <button type="button" class="button quiet" @click=${cancel}>${t().cancel}</button>
      </div>`;
  }

  protected focusField(id: string): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#${id}`)?.focus());
  }
}
