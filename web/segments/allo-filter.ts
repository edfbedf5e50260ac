import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { FilterCondition, FilterGroup, FilterNode, SegmentField, SegmentFields } from '../../server/segments/contract.ts';
import { inputOf, operatorWords, takesList } from '../core/condition.ts';
import { locale } from '../core/i18n.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { added, isGroup, questionOf, replaced } from './filter.ts';
import type { Path } from './filter.ts';
import { t } from './strings.ts';

/**
 * Questions joined by and/or, in groups, all of it native controls in the order of reading. Holds nothing: what is chosen goes up.
 * @fires filter-changed - detail: { filter: FilterGroup }
 */
@customElement('allo-filter')
export class Filter extends AlloElement {
  @property({ attribute: false }) filter!: FilterGroup;
  @property({ attribute: false }) known!: SegmentFields;

  static override styles = [
    ...AlloElement.styles,
    css`
      .group {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-3);
        border: 1px solid var(--border);
        border-radius: var(--radius);
      }
      .group .group {
        background: var(--surface-2);
      }
      .head,
      .line,
      .orders {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }
      .head select {
        width: auto;
      }
      .head label {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
      }
      .line select,
      .line input:not([type='checkbox']) {
        width: 11rem;
      }
      .line .op {
        width: 9rem;
      }
      .line .short {
        width: 6rem;
      }
      .line .button {
        margin-left: auto;
      }
      .several {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-3);
        max-height: 8rem;
        overflow: auto;
        padding: var(--space-1);
      }
      .several label {
        display: inline-flex;
        align-items: center;
        gap: var(--space-1);
        min-height: 1.75rem;
      }
    `,
  ];

  override render() {
    return this.group(this.filter, []);
  }

  private set(path: Path, node: FilterNode | null) {
    this.emit('filter-changed', { filter: replaced(this.filter, path, node) });
  }

  private group(group: FilterGroup, path: Path): TemplateResult {
    const first = this.known.items.find(({ archived }) => !archived);
    return html`<fieldset class="group">
      <legend class="hidden">${t().filter}</legend>
      <div class="head">
        <select
          aria-label=${t().filter}
          @change=${(e: Event) => this.set(path, { ...group, join: (e.target as HTMLSelectElement).value as 'all' })}
        >
          ${(['all', 'any'] as const).map((join) => html`<option value=${join} ?selected=${group.join === join}>${t()[join]}</option>`)}
        </select>
        <label
          ><input
            type="checkbox"
            .checked=${group.not}
            @change=${(e: Event) => this.set(path, { ...group, not: (e.target as HTMLInputElement).checked })}
          />${t().not}</label
        >
        ${
          path.length > 0
            ? html`<button
                type="button"
                class="button quiet icon-only"
                aria-label=${t().removeGroup}
                title=${t().removeGroup}
                @click=${() => this.set(path, null)}
              >
                ${icon('close')}
              </button>`
            : nothing
        }
      </div>
      ${group.items.map((node, i) => (isGroup(node) ? this.group(node, [...path, i]) : this.question(node, [...path, i])))}
      <div class="orders">
        <button
          type="button"
          class="button quiet"
          ?disabled=${!first}
          @click=${() => first && this.emit('filter-changed', { filter: added(this.filter, path, questionOf(first)) })}
        >
          ${icon('plus')}${t().addQuestion}
        </button>
        ${
          path.length < 4
            ? html`<button
                type="button"
                class="button quiet"
                @click=${() => this.emit('filter-changed', { filter: added(this.filter, path, { join: group.join === 'all' ? 'any' : 'all', not: false, items: first ? [questionOf(first)] : [] }) })}
              >
                ${icon('plus')}${t().addGroup}
              </button>`
            : nothing
        }
      </div>
    </fieldset>`;
  }

  private question(asked: FilterCondition, path: Path) {
    const field = this.known.items.find(({ key }) => key === asked.field);
    const n = (path.at(-1) ?? 0) + 1;
    return html`<div class="line" role="group" aria-label="${t().addQuestion} ${n}">
      <select aria-label=${t().field} @change=${(e: Event) => this.choose(path, (e.target as HTMLSelectElement).value)}>
        ${field ? nothing : html`<option selected value="">${asked.field}</option>`} ${this.fieldOptions(asked.field)}
      </select>
      ${
        field
          ? html`<select
                class="op"
                aria-label=${t().operator}
                @change=${(e: Event) => this.set(path, { ...questionOf(field, (e.target as HTMLSelectElement).value as FilterCondition['op']), args: asked.args })}
              >
                ${field.operators.map((op) => html`<option value=${op} ?selected=${op === asked.op}>${operatorWords()[op]}</option>`)}
              </select>
              ${this.values(field, asked, path)} ${field.args.map((arg) => this.argument(arg, asked, path))}`
          : nothing
      }
      <button
        type="button"
        class="button quiet icon-only"
        aria-label=${t().removeOne(n)}
        title=${t().removeOne(n)}
        @click=${() => this.set(path, null)}
      >
        ${icon('close')}
      </button>
    </div>`;
  }

  private fieldOptions(chosen: string) {
    const part = (label: string, fits: (field: SegmentField) => boolean) => {
      const fields = this.known.items.filter((field) => fits(field) && (!field.archived || field.key === chosen));
      return fields.length === 0
        ? nothing
        : html`<optgroup label=${label}>
            ${fields.map(({ key, label: words }) => html`<option value=${key} ?selected=${key === chosen}>${words[locale.get()]}</option>`)}
          </optgroup>`;
    };
    return html`${part(t().card, ({ own }) => own)}${part(t().own, ({ own, fact }) => !own && !fact)}${part(t().facts, ({ fact }) => fact)}`;
  }

  private choose(path: Path, key: string) {
    const field = this.known.items.find((each) => each.key === key);
    if (field) this.set(path, questionOf(field));
  }

  private values(field: SegmentField, asked: FilterCondition, path: Path) {
    const input = inputOf(field, asked.op);
    if (input === 'none') return nothing;
    if (takesList(asked.op)) return this.several(field, asked, path);
    const values = Array.isArray(asked.value) ? asked.value : [asked.value];
    const change = (i: number, text: string) => {
      const value = input === 'number' ? Number(text) : text;
      this.set(path, { ...asked, value: Array.isArray(asked.value) ? asked.value.map((each, at) => (at === i ? value : each)) : value });
    };
    const type = input === 'date' ? 'date' : input === 'number' ? 'number' : 'text';
    return values.map(
      (value, i) =>
        html`<input
          class=${input === 'number' ? 'short' : ''}
          type=${type}
          aria-label=${i === 0 ? t().value : t().value2}
          maxlength="200"
          .value=${value === null ? '' : String(value)}
          @change=${(e: Event) => change(i, (e.target as HTMLInputElement).value)}
        />`,
    );
  }

  private several(field: SegmentField, asked: FilterCondition, path: Path) {
    const chosen = new Set((Array.isArray(asked.value) ? asked.value : []).map(String));
    const input = inputOf(field, asked.op);
    const options: readonly { code: string | number; words: string }[] =
      input === 'people'
        ? this.known.users.map(({ id, name }) => ({ code: id, words: name }))
        : input === 'departments'
          ? this.known.departments.map(({ id, name }) => ({ code: id, words: name }))
          : (field.options ?? []).map(({ code, label }) => ({ code, words: label[locale.get()] }));
    if (options.length === 0)
      return html`<input
        type="text"
        aria-label=${t().value}
        .value=${[...chosen].join(', ')}
        @change=${(e: Event) =>
          this.set(path, {
            ...asked,
            value: (e.target as HTMLInputElement).value
              .split(/[,;]/)
              .map((each) => each.trim())
              .filter((each) => each !== ''),
          })}
      />`;
    const toggle = (code: string | number, on: boolean) =>
      this.set(path, {
        ...asked,
        value: options.map((each) => each.code).filter((each) => (each === code ? on : chosen.has(String(each)))),
      });
    return html`<div class="several" role="group" aria-label=${t().value}>
      ${options.map(
        ({ code, words }) =>
          html`<label
            ><input
              type="checkbox"
              .checked=${chosen.has(String(code))}
              @change=${(e: Event) => toggle(code, (e.target as HTMLInputElement).checked)}
            />${words}</label
          >`,
      )}
    </div>`;
  }

  private argument({ key, label, options }: SegmentField['args'][number], asked: FilterCondition, path: Path) {
    const words = label[locale.get()];
    const change = (text: string) => {
      const { [key]: _, ...others } = asked.args;
      this.set(path, { ...asked, args: text === '' ? others : { ...others, [key]: options ? text : Number(text) } });
    };
    if (!options)
      return html`<input
        class="short"
        type="number"
        min="1"
        max="3650"
        aria-label=${words}
        title=${words}
        placeholder=${words}
        .value=${String(asked.args[key] ?? '')}
        @change=${(e: Event) => change((e.target as HTMLInputElement).value)}
      />`;
    return html`<select aria-label=${words} @change=${(e: Event) => change((e.target as HTMLSelectElement).value)}>
      <option value="">${words}: ${t().anyValue}</option>
      ${options.map((option) => html`<option value=${option.code} ?selected=${asked.args[key] === option.code}>${words}: ${option.label[locale.get()]}</option>`)}
    </select>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-filter': Filter;
  }
}
