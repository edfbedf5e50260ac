import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { faults } from './form-data.ts';
import type { FormData } from './form-data.ts';
import { t } from './strings.ts';

/**
 * The fields of a client. Holds nothing: what is typed goes up, and comes back as `value`.
 * @fires form-changed - detail: { value: FormData }
 * @fires form-sent - the fields are in order and shall be saved
 * @fires form-cancelled
 */
@customElement('allo-client-form')
export class ClientForm extends AlloElement {
  @property({ attribute: false }) value!: FormData;
  /** Words by the id of the input. */
  @property({ attribute: false }) errors: Readonly<Record<string, string>> = {};
  @property({ type: Boolean }) saving = false;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-4);
        max-width: 46rem;
      }
      .pair {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-4);
      }
      .kinds {
        display: flex;
        gap: var(--space-5);
      }
      .kinds label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 1.75rem;
      }
      .line {
        display: grid;
        grid-template-columns: 1fr 10rem var(--hit-target);
        gap: var(--space-2);
        align-items: start;
        margin-bottom: var(--space-2);
      }
      .line.email {
        grid-template-columns: 1fr var(--hit-target);
      }
      .line .button {
        margin-top: 1.45rem;
      }
      @media (max-width: 640px) {
        .pair {
          grid-template-columns: 1fr;
        }
        .line {
          grid-template-columns: 1fr 6rem var(--hit-target);
        }
      }
    `,
  ];

  /** To the first field that is wrong, or the first of all. */
  async focusField(id = Object.keys(this.errors)[0] ?? 'name'): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`#${CSS.escape(id)}`)?.focus();
  }

  override render() {
    const v = this.value;
    const text = (id: 'name' | 'company' | 'position' | 'note', label: string, lines = false) =>
      field({
        id,
        label,
        lines,
        value: v[id],
        required: id === 'name',
        maxLength: id === 'note' ? 10_000 : 200,
        error: this.errors[id] ?? null,
        onInput: (value) => this.change({ [id]: value }),
      });
    return html`<form novalidate @submit=${this.submit} @keydown=${this.keydown}>
      <fieldset>
        <legend class="label">${t().kind}</legend>
        <div class="kinds">
          ${(['person', 'company'] as const).map(
            (kind) =>
              html`<label
                ><input type="radio" name="kind" .checked=${v.kind === kind} @change=${() => this.change({ kind })} />${t()[kind]}</label
              >`,
          )}
        </div>
      </fieldset>
      ${text('name', v.kind === 'company' ? t().companyName : t().personName)}
      ${v.kind === 'person' ? html`<div class="pair">${text('company', t().company)} ${text('position', t().position)}</div>` : nothing}
      ${this.phones()} ${this.emails()} ${text('note', t().note, true)}
      <div class="row">
        <button class="button primary" ?disabled=${this.saving}>${icon('check')}${t().save}</button>
        <button class="button" type="button" @click=${() => this.emit('form-cancelled')}>${t().cancel}</button>
      </div>
    </form>`;
  }

  private phones() {
    const list = this.value.phones;
    const set = (i: number, change: Partial<(typeof list)[number]>) =>
      this.change({ phones: list.map((p, at) => (at === i ? { ...p, ...change } : p)) });
    return html`<div role="group" aria-label=${t().phones}>
      ${list.map(
        (p, i) =>
          html`<div class="line">
            ${field({
              id: `phone-${i}`,
              label: t().phone,
              value: p.raw,
              type: 'tel',
              maxLength: 60,
              error: this.errors[`phone-${i}`] ?? null,
              onInput: (raw) => set(i, { raw }),
            })}
            ${field({
              id: `purpose-${i}`,
              label: t().purpose,
              value: p.purpose,
              maxLength: 60,
              placeholder: t().purposePlaceholder,
              onInput: (purpose) => set(i, { purpose }),
            })}
            ${this.removeButton(t().removePhone(p.raw), () => this.change({ phones: list.filter((_, at) => at !== i) }))}
          </div>`,
      )}
      ${this.add(t().addPhone, list.length < 20, () => this.change({ phones: [...list, { raw: '', purpose: '' }] }), `phone-${list.length}`)}
    </div>`;
  }

  private emails() {
    const list = this.value.emails;
    return html`<div role="group" aria-label=${t().emails}>
      ${list.map(
        (e, i) =>
          html`<div class="line email">
            ${field({
              id: `email-${i}`,
              label: t().email,
              value: e.address,
              type: 'email',
              maxLength: 254,
              error: this.errors[`email-${i}`] ?? null,
              onInput: (address) => this.change({ emails: list.map((x, at) => (at === i ? { address } : x)) }),
            })}
            ${this.removeButton(t().removeEmail(e.address), () => this.change({ emails: list.filter((_, at) => at !== i) }))}
          </div>`,
      )}
      ${this.add(t().addEmail, list.length < 20, () => this.change({ emails: [...list, { address: '' }] }), `email-${list.length}`)}
    </div>`;
  }

  private removeButton(label: string, run: () => void) {
    return html`<button type="button" class="button quiet icon-only" aria-label=${label} title=${label} @click=${run}>
      ${icon('close')}
    </button>`;
  }

  private add(label: string, may: boolean, run: () => void, focus: string) {
    const click = () => {
      run();
      // The new line comes back as `value` first.
      setTimeout(() => void this.focusField(focus));
    };
    return html`<button type="button" class="button quiet" ?disabled=${!may} @click=${click}>${icon('plus')}${label}</button>`;
  }

  private change(change: Partial<FormData>) {
    this.emit('form-changed', { value: { ...this.value, ...change } });
  }

  private keydown(e: KeyboardEvent) {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) this.submit(e);
  }

  private submit(e: Event) {
    e.preventDefault();
    const found = faults(this.value);
    this.errors = found;
    if (Object.keys(found).length > 0) void this.focusField();
    else if (!this.saving) this.emit('form-sent');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-client-form': ClientForm;
  }
}
