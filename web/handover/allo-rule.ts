import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { PeopleReply } from '../../server/handover/contract.ts';
import { locale } from '../core/i18n.ts';
import { roleWords } from '../core/role-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { emptyRule } from './rule.ts';
import type { RuleForm } from './rule.ts';
import { t } from './strings.ts';

/**
 * How what somebody has is shared out.
 * @fires rule-changed - detail: { rule: RuleForm }
 */
@customElement('allo-rule')
export class Rule extends AlloElement {
  /** Those who work here, but the person themselves. */
  @property({ attribute: false }) people: PeopleReply['items'] = [];
  @property({ attribute: false }) departments: PeopleReply['departments'] = [];
  @property({ attribute: false }) stages: PeopleReply['stages'] = [];
  @property({ attribute: false }) rule: RuleForm = emptyRule();

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      fieldset {
        display: grid;
        gap: var(--space-2);
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
      }
      .choices label {
        min-height: 1.75rem;
      }
      .case {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) auto;
        gap: var(--space-2);
        align-items: end;
      }
      .chosen {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      .chosen li {
        display: flex;
        align-items: center;
        padding-inline-start: var(--space-3);
        border: 1px solid var(--border-strong);
        border-radius: 99px;
      }
    `,
  ];

  override render() {
    const { kind } = this.rule;
    return html`<fieldset>
        <legend class="label">${t().rule}</legend>
        <div class="choices">
          ${(['one', 'evenly', 'by'] as const).map(
            (one) =>
              html`<label class="row"
                ><input
                  type="radio"
                  name="kind"
                  .checked=${live(kind === one)}
                  @change=${() => this.say({ kind: one })}
                />${t().rules[one]}</label
              >`,
          )}
        </div>
      </fieldset>
      ${kind === 'one' ? this.person(t().to, this.rule.one, (one) => this.say({ one })) : kind === 'evenly' ? this.evenly() : this.cases()}`;
  }

  private person(label: string, value: number | null, chosen: (id: number | null) => void, people = this.people) {
    return html`<label class="field"
      ><span>${label}</span
      ><select @change=${(e: Event) => chosen(Number((e.target as HTMLSelectElement).value) || null)}>
        <option value="" .selected=${live(value === null)}>${t().pick}</option>
        ${people.map(({ id, name, role }) => html`<option value=${id} .selected=${live(value === id)}>${name} · ${roleWords()[role]}</option>`)}
      </select></label
    >`;
  }

  private evenly() {
    const { evenly } = this.rule;
    const named = evenly.map((id) => this.people.find((one) => one.id === id)!);
    const add = (id: number | null) => id !== null && this.say({ evenly: [...evenly, id] });
    return html`<p class="muted small">${t().evenlyText}</p>
      ${
        named.length > 0
          ? html`<ul class="chosen" aria-label=${t().to}>
              ${named.map(
                ({ id, name }) =>
                  html`<li>
                    ${name}<button
                      type="button"
                      class="button quiet icon-only"
                      aria-label=${t().remove(name)}
                      title=${t().remove(name)}
                      @click=${() => this.say({ evenly: evenly.filter((one) => one !== id) })}
                    >
                      ${icon('close')}
                    </button>
                  </li>`,
              )}
            </ul>`
          : nothing
      }
      ${this.person(
        t().addPerson,
        null,
        add,
        this.people.filter(({ id }) => !evenly.includes(id)),
      )}`;
  }

  private cases() {
    const { by, cases } = this.rule;
    const set = (at: number, change: object) => this.say({ cases: cases.map((one, i) => (i === at ? { ...one, ...change } : one)) });
    return html`<label class="field"
        ><span>${t().by}</span
        ><select
          @change=${(e: Event) => this.say({ by: (e.target as HTMLSelectElement).value as RuleForm['by'], cases: [{ value: '', to: null }] })}
        >
          ${(['department', 'stage', 'city'] as const).map((one) => html`<option value=${one} .selected=${live(by === one)}>${t().bys[one]}</option>`)}
        </select></label
      >
      ${cases.map(
        ({ value, to }, i) =>
          html`<div class="case">
            <label class="field"><span>${t().value}</span>${this.value(value, (next) => set(i, { value: next }))}</label>
            ${this.person(t().to, to, (next) => set(i, { to: next }))}
            <button
              type="button"
              class="button quiet icon-only"
              aria-label=${t().removeCase(i + 1)}
              title=${t().removeCase(i + 1)}
              ?disabled=${cases.length === 1}
              @click=${() => this.say({ cases: cases.filter((_, at) => at !== i) })}
            >
              ${icon('close')}
            </button>
          </div>`,
      )}
      <div>
        <button type="button" class="button" @click=${() => this.say({ cases: [...cases, { value: '', to: null }] })}>
          ${icon('plus')}${t().addCase}
        </button>
      </div>
      ${this.person(t().otherwise, this.rule.otherwise, (otherwise) => this.say({ otherwise }))}`;
  }

  private value(value: string, chosen: (value: string) => void) {
    const { by } = this.rule;
    const said = (e: Event) => chosen((e.target as HTMLInputElement | HTMLSelectElement).value);
    if (by === 'city') return html`<input maxlength="100" placeholder=${t().cityHint} .value=${live(value)} @input=${said} />`;
    const options =
      by === 'department'
        ? this.departments.map(({ id, name }) => ({ value: String(id), words: name }))
        : this.stages.map(({ code, label }) => ({ value: code, words: label[locale.get()] }));
    return html`<select @change=${said}>
      <option value="" .selected=${live(value === '')}>—</option>
      ${options.map((one) => html`<option value=${one.value} .selected=${live(value === one.value)}>${one.words}</option>`)}
    </select>`;
  }

  private say(change: Partial<RuleForm>) {
    this.rule = { ...this.rule, ...change };
    this.emit('rule-changed', { rule: this.rule });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-rule': Rule;
  }
}
