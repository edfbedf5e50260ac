import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { FieldDef } from '../../server/fields/contract.ts';
import type { Topic } from '../../server/interests/contract.ts';
import { locale } from '../core/i18n.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { fresh } from './script-text.ts';
import type { DeedForm } from './script-text.ts';
import { t } from './strings.ts';

/** Fields that an answer can be written into. */
export const isWritable = ({ type, archivedAt }: Pick<FieldDef, 'type' | 'archivedAt'>): boolean =>
  archivedAt === null && type !== 'formula' && type !== 'file';

/**
 * What follows from the answer to one question: a field of the card, an interest, a task.
 * @fires deeds-changed - detail: { deeds: DeedForm[] }
 */
@customElement('allo-script-deeds')
export class ScriptDeeds extends AlloElement {
  @property({ attribute: false }) deeds: readonly DeedForm[] = [];
  /** The choices in their words; none: the question is open. */
  @property({ attribute: false }) choices: readonly string[] = [];
  @property({ attribute: false }) fields: readonly FieldDef[] = [];
  @property({ attribute: false }) topics: readonly Topic[] = [];

  static override styles = [
    ...AlloElement.styles,
    css`
      .rule {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr));
        gap: var(--space-2);
        align-items: end;
        padding: var(--space-2) 0 var(--space-2) var(--space-3);
        border-left: 3px solid var(--border);
        margin-bottom: var(--space-2);
      }
    `,
  ];

  override render() {
    return html`${this.deeds.map((deed, i) => this.rule(deed, i))}
      <button type="button" class="button quiet" @click=${this.add}>${icon('plus')}${t().addDeed}</button>`;
  }

  private rule(deed: DeedForm, i: number) {
    const set = (change: Partial<DeedForm>) => this.changed(this.deeds.map((each, k) => (k === i ? ({ ...each, ...change } as DeedForm) : each))); // prettier-ignore
    // a choice that is no longer among them shows as such
    const choices = deed.when === '' || this.choices.includes(deed.when) ? this.choices : [...this.choices, deed.when];
    return html`<div class="rule" role="group" aria-label=${t().deed(i + 1)}>
      ${
        choices.length > 0
          ? this.choice(t().deedWhen, deed.when, [['', t().anyAnswer], ...choices.map((each) => [each, each] as const)], (when) =>
              set({ when }),
            )
          : nothing
      }
      ${this.choice(t().deedDo, deed.do, Object.entries(t().deedKinds), (kind) => this.changed(this.deeds.map((each, k) => (k === i ? blank(each.id, each.when, kind as DeedForm['do']) : each))))}
      ${
        deed.do === 'field'
          ? html`${this.choice(t().deedField, deed.field, [['', '…'], ...this.fields.filter(isWritable).map(({ key, label }) => [key, label[locale.get()]] as const)], (field) => set({ field }))}
            ${this.input(t().deedValue, deed.value, 500, (value) => set({ value }))}`
          : nothing
      }
      ${
        deed.do === 'interest'
          ? html`${this.choice(t().deedTopic, String(deed.topic), [['0', '…'], ...this.topics.filter((one) => one.retiredAt === null).map(({ id, label }) => [String(id), label] as const)], (topic) => set({ topic: Number(topic) }))}
            ${this.choice(
              t().deedStrength,
              String(deed.strength),
              t().strengths.map((words, k) => [String(k), words] as const),
              (strength) => set({ strength: Number(strength) }),
            )}`
          : nothing
      }
      ${
        deed.do === 'task'
          ? html`${this.input(t().deedText, deed.text, 300, (text) => set({ text }))}
              <label class="field"
                ><span>${t().deedDays}</span
                ><input
                  type="number"
                  min="0"
                  max="365"
                  .value=${String(deed.days)}
                  @change=${(e: Event) => set({ days: Math.min(365, Math.max(0, Math.round(Number((e.target as HTMLInputElement).value) || 0))) })}
              /></label>`
          : nothing
      }
      <button
        type="button"
        class="button quiet"
        aria-label=${t().removeDeed(i + 1)}
        title=${t().removeDeed(i + 1)}
        @click=${() => this.changed(this.deeds.filter((_, k) => k !== i))}
      >
        ${icon('close')}
      </button>
    </div>`;
  }

  private choice(label: string, value: string, options: readonly (readonly [string, string])[], set: (value: string) => void) {
    return html`<label class="field"
      ><span>${label}</span
      ><select @change=${(e: Event) => set((e.target as HTMLSelectElement).value)}>
        ${options.map(([code, words]) => html`<option value=${code} ?selected=${code === value}>${words}</option>`)}
      </select></label
    >`;
  }

  private input(label: string, value: string, maxLength: number, set: (value: string) => void) {
    return html`<label class="field"
      ><span>${label}</span><input maxlength=${maxLength} .value=${value} @input=${(e: Event) => set((e.target as HTMLInputElement).value)}
    /></label>`;
  }

  private add = () => this.changed([...this.deeds, blank(fresh('d', new Set(this.deeds.map(({ id }) => id))), '', 'field')]);

  private changed(deeds: readonly DeedForm[]) {
    this.emit('deeds-changed', { deeds });
  }
}

const blank = (id: string, when: string, kind: DeedForm['do']): DeedForm =>
  kind === 'field'
    ? { id, when, do: kind, field: '', value: '' }
    : kind === 'interest'
      ? { id, when, do: kind, topic: 0, strength: 2 }
      : { id, when, do: kind, text: '', days: 1 };

declare global {
  interface HTMLElementTagNameMap {
    'allo-script-deeds': ScriptDeeds;
  }
}
