import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { CatalogueField, RuleCondition } from '../../../server/clients/contract.ts';
import { inputOf, operatorWords, takesList } from '../../core/condition.ts';
import { locale } from '../../core/i18n.ts';
import { AlloElement } from '../../ui/allo-element.ts';
import { icon } from '../../ui/icons.ts';
import { KINDS, aboutOf, askable, freshAsk, freshCondition, operatorsOf } from './condition.ts';
import type { About, FieldAsk } from './condition.ts';
import { t } from './strings.ts';

const ABOUT: readonly About[] = ['older', 'fresher', 'events', 'field'];

/**
 * One condition of a rule, in native controls. Holds nothing: what is chosen goes up.
 * @fires condition-changed - detail: { condition: RuleCondition | null }, null: taken away
 */
@customElement('allo-rule-condition')
export class RuleConditionLine extends AlloElement {
  @property({ attribute: false }) condition!: RuleCondition;
  @property({ attribute: false }) known: readonly CatalogueField[] = [];
  /** From 1. */
  @property({ type: Number }) n = 1;

  static override styles = [
    ...AlloElement.styles,
    css`
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }
      select,
      input {
        width: 12rem;
      }
      .line > select:first-child {
        width: 16rem;
      }
      input[type='number'] {
        width: 6rem;
      }
      .several {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-3);
        max-height: 8rem;
        overflow: auto;
      }
      .several label {
        display: inline-flex;
        align-items: center;
        gap: var(--space-1);
        min-height: 1.75rem;
      }
      .remove {
        margin-left: auto;
      }
    `,
  ];

  override render() {
    const c = this.condition;
    const removeWords = t().removeCondition(this.n);
    return html`<div class="line" role="group" aria-label=${t().condition(this.n)}>
      ${this.choice(
        t().about,
        ABOUT.map((about) => [about, t().facts[about]!]),
        aboutOf(c),
        (about) => this.set(freshCondition(about as About, this.known) ?? c),
      )}
      ${c.fact === 'field' ? this.field(c) : c.fact === 'events' ? this.events(c) : this.number(t().days, c.days, (days) => this.set({ ...c, days }))}
      ${c.fact === 'field' ? nothing : html`<span>${t().days}</span>`}
      <button
        type="button"
        class="button quiet icon-only remove"
        aria-label=${removeWords}
        title=${removeWords}
        @click=${() => this.set(null)}
      >
        ${icon('close')}
      </button>
    </div>`;
  }

  private set(condition: RuleCondition | null) {
    this.emit('condition-changed', { condition });
  }

  private choice(label: string, options: readonly (readonly [string, string])[], chosen: string, choose: (value: string) => void) {
    return html`<select aria-label=${label} @change=${(e: Event) => choose((e.target as HTMLSelectElement).value)}>
      ${options.map(([value, words]) => html`<option value=${value} .selected=${live(value === chosen)}>${words}</option>`)}
    </select>`;
  }

  private number(label: string, value: number, change: (value: number) => void) {
    return html`<input
      type="number"
      min="0"
      max="10000"
      aria-label=${label}
      .value=${Number.isNaN(value) ? '' : String(value)}
      @input=${(e: Event) => change((e.target as HTMLInputElement).valueAsNumber)}
    />`;
  }

  private events(c: Extract<RuleCondition, { fact: 'events' }>) {
    const kinds = KINDS.includes(c.kind as 'call') ? KINDS : [...KINDS, c.kind];
    return html`${this.choice(
        t().kind,
        kinds.map((kind) => [kind, t().kinds[kind] ?? kind]),
        c.kind,
        (kind) => this.set({ ...c, kind }),
      )}
      <span>${t().atLeast}</span>
      ${this.number(t().atLeast, c.atLeast, (atLeast) => this.set({ ...c, atLeast }))}
      <span>${t().times}</span>
      ${this.number(t().days, c.days, (days) => this.set({ ...c, days }))}`;
  }

  private field(c: FieldAsk) {
    const language = locale.get();
    const field = this.known.find(({ key }) => key === c.key);
    const fields = askable(this.known).map(({ key, label }): [string, string] => [key, label[language]]);
    if (!fields.some(([key]) => key === c.key)) fields.push([c.key, field?.label[language] ?? c.key]);
    const choose = (key: string) => {
      const next = this.known.find((each) => each.key === key);
      if (next) this.set(freshAsk(next));
    };
    const operators = field ? [...new Set([...operatorsOf(field), c.op])] : [c.op];
    return html`${this.choice(t().field, fields, c.key, choose)}
    ${this.choice(
      t().operator,
      operators.map((op) => [op, operatorWords()[op] ?? op]),
      c.op,
      (op) => field && this.set(freshAsk(field, op as FieldAsk['op'])),
    )}
    ${field ? this.value(field, c) : nothing}`;
  }

  private value(field: CatalogueField, c: FieldAsk) {
    const input = inputOf(field, c.op);
    if (input === 'none') return nothing;
    if (takesList(c.op)) return field.options ? this.several(field.options, c) : this.list(c);
    const values: unknown[] = Array.isArray(c.value) ? c.value : [c.value];
    const change = (i: number, text: string) => {
      const value = input === 'number' && text !== '' ? Number(text) : text;
      this.set({ ...c, value: Array.isArray(c.value) ? c.value.map((each: unknown, at) => (at === i ? value : each)) : value });
    };
    return values.map(
      (value, i) =>
        html`<input
          type=${input === 'date' || input === 'number' ? input : 'text'}
          step="any"
          maxlength="200"
          aria-label=${i === 0 ? t().value : t().value2}
          .value=${String(value ?? '')}
          @input=${(e: Event) => change(i, (e.target as HTMLInputElement).value)}
        />`,
    );
  }

  private list(c: FieldAsk) {
    const read = (text: string) => text.split(/[,;]/).map((each) => each.trim()).filter(Boolean); // prettier-ignore
    return html`<input
      aria-label="${t().value} (${t().listHint})"
      placeholder=${t().listHint}
      maxlength="500"
      .value=${Array.isArray(c.value) ? c.value.join(', ') : ''}
      @input=${(e: Event) => this.set({ ...c, value: read((e.target as HTMLInputElement).value) })}
    />`;
  }

  private several(options: NonNullable<CatalogueField['options']>, c: FieldAsk) {
    const chosen: readonly unknown[] = Array.isArray(c.value) ? c.value : [];
    const toggle = (code: string, on: boolean) =>
      this.set({ ...c, value: options.map((each) => each.code).filter((each) => (each === code ? on : chosen.includes(each))) });
    return html`<div class="several" role="group" aria-label=${t().value}>
      ${options.map(
        ({ code, label }) =>
          html`<label
            ><input
              type="checkbox"
              .checked=${live(chosen.includes(code))}
              @change=${(e: Event) => toggle(code, (e.target as HTMLInputElement).checked)}
            />${label[locale.get()]}</label
          >`,
      )}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-rule-condition': RuleConditionLine;
  }
}
