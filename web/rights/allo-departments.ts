import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Department } from '../../server/rights/contract.ts';
import { errorText } from '../core/error-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { settings } from '../ui/settings.ts';
import { empty, states } from '../ui/states.ts';
import { departmentFault, rightsApi } from './api.ts';
import { t } from './strings.ts';
import { treeOf } from './tree.ts';
import type { Branch } from './tree.ts';

interface Form {
  /** Null: a new one. */
  id: number | null;
  name: string;
  parentId: number | null;
}

/**
 * The tree of departments: new ones, other names, other places.
 * @fires departments-changed
 */
@customElement('allo-departments')
export class Departments extends AlloElement {
  @property({ attribute: false }) departments: readonly Department[] = [];
  @property({ type: Boolean }) mayEdit = false;
  @state() private form: Form | null = null;
  @state() private faults: { name?: string; parentId?: string } = {};
  @state() private saving = false;

  static override styles = [
    ...AlloElement.styles,
    states,
    settings,
    css`
      ul ul {
        margin-inline-start: var(--space-5);
        border-inline-start: 1px solid var(--border);
      }
    `,
  ];

  override render() {
    return html`<div class="top">
        <div class="grow">
          <h2>${t().departments}</h2>
          <p class="muted small">${t().departmentsLead}</p>
        </div>
        ${
          this.mayEdit
            ? html`<button class="button" @click=${() => this.begin({ id: null, name: '', parentId: null })}>
                ${icon('plus')}${t().create}
              </button>`
            : nothing
        }
      </div>
      <div class="panel list">
        ${this.form?.id === null ? this.editor(this.form) : nothing}
        ${this.departments.length > 0 ? this.branches(treeOf(this.departments)) : empty({ icon: 'company', title: t().empty, text: t().emptyText })}
      </div>`;
  }

  private branches(list: readonly Branch[]): TemplateResult {
    return html`<ul>
      ${repeat(
        list,
        ({ department }) => department.id,
        ({ department, below }) =>
          html`<li>
            ${this.form?.id === department.id ? this.editor(this.form) : this.line(department)}
            ${below.length > 0 ? this.branches(below) : nothing}
          </li>`,
      )}
    </ul>`;
  }

  private line(department: Department) {
    const { id, name } = department;
    return html`<div class="line">
      <span class="name grow" dir="auto">${name}</span>
      ${
        this.mayEdit
          ? html`<button
                class="button quiet icon-only"
                aria-label=${t().below(name)}
                title=${t().below(name)}
                @click=${() => this.begin({ id: null, name: '', parentId: id })}
              >
                ${icon('plus')}
              </button>
              <button
                class="button quiet icon-only"
                data-edit=${id}
                aria-label=${t().edit(name)}
                title=${t().edit(name)}
                @click=${() => this.begin(department)}
              >
                ${icon('pencil')}
              </button>`
          : nothing
      }
    </div>`;
  }

  private editor(form: Form) {
    const { parentId: misplaced } = this.faults;
    const others = this.departments.filter(({ id }) => id !== form.id);
    return html`<form
      class="edit"
      @submit=${(e: Event) => void this.submit(e)}
      @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && void this.end(form.id)}
    >
      <div class="parts">
        ${field({
          id: 'name',
          label: t().name,
          value: form.name,
          maxLength: 100,
          error: this.faults.name ?? null,
          onInput: (name) => this.type({ name }),
        })}
        <div class="field">
          <label class="label" for="parent">${t().parent}</label>
          <select
            id="parent"
            aria-invalid=${misplaced ? 'true' : 'false'}
            aria-describedby=${misplaced ? 'parent-error' : nothing}
            @change=${(e: Event) => this.type({ parentId: Number((e.target as HTMLSelectElement).value) || null })}
          >
            <option value="" .selected=${live(form.parentId === null)}>${t().top}</option>
            ${others.map(({ id, name }) => html`<option value=${id} .selected=${live(form.parentId === id)}>${name}</option>`)}
          </select>
          ${misplaced ? html`<p class="fault" id="parent-error" role="alert">${icon('warning')}<span>${misplaced}</span></p>` : nothing}
        </div>
      </div>
      <div class="row">
        <button class="button primary" ?disabled=${this.saving}>${icon('check')}${t().save}</button>
        <button type="button" class="button quiet" @click=${() => void this.end(form.id)}>${t().cancel}</button>
      </div>
    </form>`;
  }

  private begin({ id, name, parentId }: Form) {
    this.form = { id, name, parentId };
    this.faults = {};
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#name')?.focus());
  }

  private type(change: Partial<Form>) {
    if (this.form) this.form = { ...this.form, ...change };
    this.faults = {};
  }

  /** The focus goes on where the editing began. */
  private async end(id: number | null) {
    this.form = null;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(id === null ? '.head .button' : `[data-edit="${id}"]`)?.focus();
  }

  private async submit(e: Event) {
    e.preventDefault();
    if (this.saving || !this.form) return;
    const { id, name, parentId } = this.form;
    if (!name.trim()) {
      this.faults = { name: t().faults.name! };
      return;
    }
    this.saving = true;
    try {
      await (id === null ? rightsApi.create({ name, parentId }) : rightsApi.edit(id, { name, parentId }));
      this.emit('departments-changed');
      await this.end(id);
    } catch (err) {
      const fault = departmentFault(err);
      this.faults = fault ? { [fault.at]: t().faults[fault.code] ?? errorText(err) } : { name: errorText(err) };
    } finally {
      this.saving = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-departments': Departments;
  }
}
