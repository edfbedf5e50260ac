import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { serverNow } from '../core/time.ts';
import { Select } from '../core/store.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { c } from './card-strings.ts';
import { BLANK_PHONE, faults } from './form-data.ts';
import type { FormData } from './form-data.ts';
import { t } from './strings.ts';
import { typedInput } from './typed-input.ts';
import { bySection, fieldDefs, fieldsOf, loadFieldDefs, mayWrite, toForm } from './typed.ts';

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
  /** Null: a new card. */
  @property({ attribute: false }) client: number | null = null;
  /** At which the card stands: some fields are required at some stages. */
  @property() stage = 'new';
  private readonly defs = new Select(this, fieldDefs, (d) => d);

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
        grid-template-columns: 1fr 9rem 9rem var(--hit-target);
        gap: var(--space-2);
        align-items: start;
        margin-bottom: var(--space-2);
      }
      .line.email {
        grid-template-columns: 1fr var(--hit-target);
      }
      .line .choice {
        grid-column: 1 / -1;
      }
      .typed {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-3) var(--space-4);
        align-items: start;
      }
      .typed .wide {
        grid-column: 1 / -1;
      }
      .typed-row {
        margin-bottom: var(--space-2);
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-4);
      }
      .choice {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 1.75rem;
        font-size: var(--text-s);
      }
      h2 {
        font-size: var(--text-m);
        padding-top: var(--space-3);
        border-top: 1px solid var(--border);
        color: var(--text-muted);
      }
      .line .button {
        margin-top: 1.45rem;
      }
      @media (max-width: 640px) {
        .pair,
        .typed {
          grid-template-columns: 1fr;
        }
        .line {
          grid-template-columns: 1fr 5rem 5rem var(--hit-target);
        }
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    // Without them the form is still one; the server says what it asks for.
    loadFieldDefs().catch(() => {});
  }

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
      ${this.phones()} ${this.emails()} ${text('note', t().note, true)} ${this.roles()} ${this.typed()}
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
            ${field({
              id: `best-${i}`,
              label: c().bestTime,
              value: p.bestTime,
              maxLength: 60,
              placeholder: c().bestTimePlaceholder,
              onInput: (bestTime) => set(i, { bestTime }),
            })}
            ${this.removeButton(t().removePhone(p.raw), () => this.change({ phones: list.filter((_, at) => at !== i) }))}
            ${
              p.raw.trim()
                ? html`<label class="choice"
                    ><input
                      type="checkbox"
                      .checked=${p.badSince !== null}
                      @change=${(e: Event) => set(i, { badSince: (e.target as HTMLInputElement).checked ? Math.round(serverNow()) : null })}
                    />${c().bad}</label
                  >`
                : nothing
            }
          </div>`,
      )}
      ${this.add(t().addPhone, list.length < 20, () => this.change({ phones: [...list, BLANK_PHONE] }), `phone-${list.length}`)}
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

  private roles() {
    const { roles } = this.value;
    return html`<fieldset>
      <legend class="label">${c().roles}</legend>
      <div class="choices">
        ${(['client', 'supplier', 'partner', 'competitor'] as const).map(
          (role) =>
            html`<label class="choice"
              ><input
                type="checkbox"
                .checked=${roles.includes(role)}
                ?disabled=${roles.length === 1 && roles[0] === role}
                @change=${(e: Event) => this.change({ roles: (e.target as HTMLInputElement).checked ? [...roles, role] : roles.filter((each) => each !== role) })}
              />${c().roleNames[role]}</label
            >`,
        )}
      </div>
    </fieldset>`;
  }

  /** The typed fields of this kind that one may write, in their sections. */
  private typed() {
    const { kind, custom } = this.value;
    return bySection(fieldsOf(this.defs.value, kind).filter(mayWrite)).map(
      ([section, defs]) =>
        html`<h2>${c().sections[section] ?? section}</h2>
          <div class="typed">
            ${defs.map((def) =>
              typedInput({
                def,
                value: custom[def.key] ?? toForm(def, undefined),
                error: this.errors[`custom.${def.key}`] ?? null,
                required: def.required.some((r) => r.kind === kind && (r.stage === null || r.stage === this.stage)),
                client: this.client,
                onChange: (value) => this.change({ custom: { ...custom, [def.key]: value } }),
              }),
            )}
          </div>`,
    );
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
