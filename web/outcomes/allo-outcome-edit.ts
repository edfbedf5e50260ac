import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { OutcomeNode, OutcomeReply } from '../../server/outcomes/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { settings } from '../ui/settings.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

type Form = Pick<OutcomeNode, 'parent' | 'needsNote' | 'nextStep' | 'offered' | 'flags'> & { label: string };

const FLAGS: OutcomeNode['flags'] = ['human', 'machine', 'reached', 'completed', 'sale', 'call-back', 'not-interested', 'do-not-call', 'unworkable']; // prettier-ignore
const OFFERED: OutcomeNode['offered'][] = ['always', 'answered', 'unanswered'];
const STEPS: OutcomeNode['nextStep'][] = ['none', 'offered', 'required'];

/**
 * One outcome: its name, its group, what it asks for and what it means.
 * @fires outcome-saved - detail: { reply: OutcomeReply }
 * @fires edit-cancelled
 */
@customElement('allo-outcome-edit')
export class OutcomeEdit extends AlloElement {
  /** Null: a new one. */
  @property({ attribute: false }) outcome: OutcomeNode | null = null;
  /** The group in which a new one is to stand. */
  @property({ attribute: false }) parent: string | null = null;
  @property({ attribute: false }) tree: readonly OutcomeNode[] = [];
  @property({ attribute: false }) words: (code: string) => string = (code) => code;
  @state() private form: Form = { label: '', parent: null, needsNote: false, nextStep: 'none', offered: 'always', flags: ['human'] };
  @state() private error: string | null = null;
  @state() private saving = false;

  static override styles = [
    ...AlloElement.styles,
    settings,
    css`
      .flags {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    const o = this.outcome;
    this.form = o ? { ...o, label: o.label ?? '' } : { ...this.form, parent: this.parent };
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#label')?.focus());
  }

  private get shipped(): boolean {
    return this.outcome !== null && !this.outcome.code.startsWith('own-');
  }

  override render() {
    const { form } = this;
    return html`<form @submit=${this.submit} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && this.emit('edit-cancelled')}>
      ${field({
        id: 'label',
        label: t().name,
        value: form.label,
        maxLength: 200,
        error: this.error,
        ...(this.shipped && { placeholder: t().nameHint(this.words(this.outcome!.code)) }),
        onInput: (label) => this.type({ label }),
      })}
      <div class="parts">
        ${this.groups()} ${this.choice(t().offered, OFFERED, form.offered, t().after, (offered) => this.type({ offered }))}
        ${this.choice(t().nextStep, STEPS, form.nextStep, t().next, (nextStep) => this.type({ nextStep }))}
      </div>
      ${this.check(t().needsNote, form.needsNote, (needsNote) => this.type({ needsNote }))}
      <fieldset>
        <legend class="label">${t().flags}</legend>
        <div class="flags">
          ${FLAGS.map((flag) =>
            this.check(t().flagWords[flag] ?? flag, form.flags.includes(flag), (on) =>
              this.type({ flags: on ? [...form.flags, flag] : form.flags.filter((f) => f !== flag) }),
            ),
          )}
        </div>
      </fieldset>
      <div class="row">
        <button class="button primary" ?disabled=${this.saving}>${icon('check')}${t().save}</button>
        <button type="button" class="button quiet" @click=${() => this.emit('edit-cancelled')}>${t().cancel}</button>
      </div>
    </form>`;
  }

  private groups() {
    const others = this.tree.filter((o) => o.retiredAt === null && o.code !== this.outcome?.code);
    return html`<label class="field"
      ><span>${t().parent}</span
      ><select @change=${(e: Event) => this.type({ parent: (e.target as HTMLSelectElement).value || null })}>
        <option value="" ?selected=${this.form.parent === null}>${t().top}</option>
        ${others.map(
          (o) => html`<option value=${o.code} ?selected=${o.code === this.form.parent}>${o.label ?? this.words(o.code)}</option>`,
        )}
      </select></label
    >`;
  }

  private choice<T extends string>(label: string, all: readonly T[], now: T, words: Record<T, string>, set: (value: T) => void) {
    return html`<label class="field"
      ><span>${label}</span
      ><select @change=${(e: Event) => set((e.target as HTMLSelectElement).value as T)}>
        ${all.map((each) => html`<option value=${each} ?selected=${each === now}>${words[each]}</option>`)}
      </select></label
    >`;
  }

  private check(words: string, on: boolean, set: (on: boolean) => void) {
    return html`<label class="check"
      ><input type="checkbox" .checked=${on} @change=${(e: Event) => set((e.target as HTMLInputElement).checked)} />${words}</label
    >`;
  }

  private type(change: Partial<Form>) {
    this.form = { ...this.form, ...change };
    this.error = null;
  }

  private async submit(e: Event) {
    e.preventDefault();
    const { label, parent, needsNote, nextStep, offered, flags } = this.form;
    if (this.saving) return;
    if (!label.trim() && !this.shipped) {
      this.error = t().nameNeeded;
      return;
    }
    this.saving = true;
    const body = { label: label.trim() || null, parent, needsNote, nextStep, offered, flags };
    try {
      const reply = this.outcome
        ? await api.patch<OutcomeReply>(`/api/outcomes/${encodeURIComponent(this.outcome.code)}`, body)
        : await api.post<OutcomeReply>('/api/outcomes', body);
      this.emit('outcome-saved', { reply });
    } catch (err) {
      this.error = errorText(err);
    } finally {
      this.saving = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-outcome-edit': OutcomeEdit;
  }
}
