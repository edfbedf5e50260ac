import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Category } from '../../server/complaints/contract.ts';
import '../ui/allo-badge.ts';
import { settings } from '../ui/settings.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { empty, states } from '../ui/states.ts';
import { settingsApi } from './settings-api.ts';
import { SettingsPart } from './settings-part.ts';
import { t } from './settings-strings.ts';
import { labelOf } from './strings.ts';

interface Form {
  /** Null: a new one. */
  before: Category | null;
  label: string;
  parentId: number | null;
}

const seenOf = ({ label, parentId, retired }: Category) => ({ label, parentId, retired });

/** A tree, its lines in order: each one behind the group that it stands in. Pure. */
export const inTree = (all: readonly Category[], parentId: number | null = null, depth = 0): { one: Category; depth: number }[] =>
  all
    .filter((one) => one.parentId === parentId)
    .sort((a, b) => Number(a.retired) - Number(b.retired))
    .flatMap((one) => [{ one, depth }, ...inTree(all, one.id, depth + 1)]);

/** What complaints are about, or what they came from: a tree. */
@customElement('allo-complaint-categories')
export class ComplaintCategories extends SettingsPart {
  @property() kind: Category['kind'] = 'category';
  @state() private form: Form | null = null;
  @state() private error: string | null = null;

  static override styles = [
    ...AlloElement.styles,
    states,
    settings,
    css`
      .depth {
        padding-inline-start: calc(var(--depth) * var(--space-5));
      }
    `,
  ];

  private all(): Category[] {
    return this.data.setup.categories.filter(({ kind }) => kind === this.kind);
  }

  override render() {
    const lines = inTree(this.all());
    return html`<div class="top">
        <h2 class="grow">${this.kind === 'category' ? t().sections.categories : t().sections.causes}</h2>
        <button class="button primary" @click=${() => this.begin(null)}>
          ${icon('plus')}${this.kind === 'category' ? t().newCategory : t().newCause}
        </button>
      </div>
      ${this.form === null ? this.trouble() : nothing}
      <section class="panel list">
        ${this.form?.before === null ? this.editor(this.form) : nothing}
        ${lines.length === 0 ? empty({ icon: 'note', title: t().noCategories }) : nothing}
        <ul>
          ${lines.map(({ one, depth }) => html`<li>${this.line(one, depth)}${this.form?.before?.id === one.id ? this.editor(this.form) : nothing}</li>`)}
        </ul>
      </section>`;
  }

  private line(one: Category, depth: number) {
    const name = labelOf(one);
    const retire = (retired: boolean) => void this.send(() => settingsApi.editCategory(one.id, { retired, seen: seenOf(one) }));
    return html`<div class="line ${one.retired ? 'retired' : ''}">
      <span class="grow depth" style="--depth: ${depth}">
        <span class="name" dir="auto">${name}</span> ${one.retired ? html`<allo-badge>${t().archived}</allo-badge>` : nothing}
      </span>
      ${
        one.retired
          ? html`<button class="button" aria-label=${t().restoreOf(name)} @click=${() => retire(false)}>${t().restore}</button>`
          : html`${this.iconButton(t().edit(name), 'pencil', () => this.begin(one))}
            ${this.iconButton(t().archive(name), 'close', () => retire(true))}`
      }
    </div>`;
  }

  private editor(form: Form) {
    const groups = inTree(this.all().filter(({ retired, id }) => (!retired || id === form.parentId) && id !== form.before?.id)).map(
      ({ one, depth }) => ({ value: String(one.id), words: `${'— '.repeat(depth)}${labelOf(one)}` }),
    );
    return html`<form class="edit" @submit=${this.submit} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && this.done()} novalidate>
      <div class="parts">
        ${field({ id: 'label', label: t().name, value: form.label, maxLength: 200, error: this.error, onInput: (label) => this.type({ label }) })}
        ${this.select(t().group, String(form.parentId ?? ''), [{ value: '', words: t().noGroup }, ...groups], (value) =>
          this.type({ parentId: value === '' ? null : Number(value) }),
        )}
      </div>
      ${this.formEnd(() => this.done())}
    </form>`;
  }

  private begin(before: Category | null) {
    this.form = { before, label: before ? labelOf(before) : '', parentId: before?.parentId ?? null };
    this.error = null;
    this.fault = '';
    this.focusField('label');
  }

  private type(change: Partial<Form>) {
    if (this.form) this.form = { ...this.form, ...change };
    this.error = null;
  }

  private submit(e: Event) {
    e.preventDefault();
    const { form } = this;
    if (!form) return;
    const { before, label, parentId } = form;
    if (!label.trim()) {
      this.error = t().nameNeeded;
      return this.focusField('label');
    }
    // a shipped one that was not renamed keeps its words in both languages
    const named = before && label === labelOf(before) ? {} : { label };
    void this.send(() =>
      before
        ? settingsApi.editCategory(before.id, { ...named, parentId, seen: seenOf(before) })
        : settingsApi.addCategory({ kind: this.kind, label, parentId }),
    );
  }

  protected override done() {
    this.form = null;
    this.fault = '';
  }

  protected override catchUp() {
    const before = this.all().find(({ id }) => id === this.form?.before?.id);
    if (this.form && before) this.form = { ...this.form, before };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-categories': ComplaintCategories;
  }
}
