import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FieldDef, FieldDraft, FieldReply, FormulaResult } from '../../server/fields/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { settings } from '../ui/settings.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

const TYPES: readonly FieldDraft['type'][] = ['text', 'number', 'money', 'date', 'list', 'multi-list', 'reference', 'phone', 'email', 'address', 'file', 'formula']; // prettier-ignore
const SEARCHABLE = ['text', 'number', 'email', 'address', 'tags', 'inn', 'kpp', 'ogrn', 'accounts', 'messengers'];
const CARD = ['name', 'company', 'position', 'stage', 'kind', 'created_on'];
const BOTH = ['company', 'person'] as const;

interface Form {
  type: FieldDef['type'];
  ru: string;
  en: string;
  hint: string;
  section: string;
  kinds: FieldDef['kinds'];
  required: FieldDef['kinds'];
  searchable: boolean;
  managers: boolean;
  settings: FieldDef['settings'];
  /** Choices as they are typed: the Russian words, a bar, the English ones. */
  options: string;
}

const fromField = (f: FieldDef | null): Form => ({
  type: f?.type ?? 'text',
  ru: f?.label.ru ?? '',
  en: f?.label.en ?? '',
  hint: f?.hint ?? '',
  section: f?.section ?? 'main',
  kinds: f?.kinds ?? [...BOTH],
  required: f?.required.filter(({ stage }) => stage === null).map(({ kind }) => kind) ?? [],
  searchable: f?.searchable ?? false,
  managers: f?.readRoles != null,
  settings: f?.settings ?? {},
  options: (f?.settings.options ?? []).filter((o) => !o.archived).map(({ label: { ru, en } }) => (ru === en ? ru : `${ru} | ${en}`)).join('\n'), // prettier-ignore
});

/** What was a choice stays one, archived where its line is gone; a new line gets a code of its own. */
const readOptions = (text: string, had: FieldDef['settings']['options'] = []) => {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean); // prettier-ignore
  const labels = lines.map((line) => {
    const [ru = '', en = ru] = line.split('|').map((part) => part.trim());
    return { ru, en: en || ru };
  });
  const kept = new Set<string>();
  const now = labels.map((label, i) => {
    const old = had.find((o) => !kept.has(o.code) && (o.label.ru === label.ru || o.label.en === label.en));
    const taken = (code: string) => had.some((o) => o.code === code) || kept.has(code);
    let n = i + 1;
    while (!old && taken(`o${n}`)) n++;
    const code = old?.code ?? `o${n}`;
    kept.add(code);
    return { code, label };
  });
  return [...now, ...had.filter((o) => !kept.has(o.code)).map((o) => ({ ...o, archived: true }))];
};

/**
 * One field: its names, its place, what it asks for; a formula is tried while it is typed.
 * @fires field-saved - detail: { field: FieldDef }
 * @fires edit-cancelled
 */
@customElement('allo-field-edit')
export class FieldEdit extends AlloElement {
  /** Null: a new one. */
  @property({ attribute: false }) field: FieldDef | null = null;
  @property({ attribute: false }) all: readonly FieldDef[] = [];
  @state() private form: Form = fromField(null);
  @state() private trial: Readonly<Record<string, string>> = {};
  @state() private result: FormulaResult | null = null;
  @state() private error: string | null = null;
  @state() private saving = false;
  private typing: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    ...AlloElement.styles,
    settings,
    css`
      .parts {
        max-width: 52rem;
      }
      .checks {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-5);
      }
      code {
        font-size: var(--text-s);
        overflow-wrap: anywhere;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.form = fromField(this.field);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#ru')?.focus());
    if (this.form.type === 'formula') void this.tryIt();
  }

  override render() {
    const { form } = this;
    const sections = [...new Set(['main', 'contacts', 'requisites', ...this.all.map(({ section }) => section)])];
    return html`<form @submit=${this.submit} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && this.emit('edit-cancelled')}>
      ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
      <div class="parts">
        ${field({ id: 'ru', label: t().nameRu, value: form.ru, maxLength: 100, onInput: (ru) => this.type({ ru }) })}
        ${field({ id: 'en', label: t().nameEn, value: form.en, maxLength: 100, onInput: (en) => this.type({ en }) })}
        ${
          this.field
            ? html`<p class="field">
                <span class="label">${t().type}</span>${t().types[form.type]}
                <span class="muted small">· ${t().key}: ${this.field.key}</span>
              </p>`
            : html`<label class="field"
                ><span>${t().type}</span
                ><select @change=${(e: Event) => this.type({ type: (e.target as HTMLSelectElement).value as Form['type'], settings: {} })}>
                  ${TYPES.map((type) => html`<option value=${type} ?selected=${type === form.type}>${t().types[type]}</option>`)}
                </select></label
              >`
        }
        <label class="field"
          ><span>${t().section}</span
          ><input
            list="sections"
            maxlength="60"
            .value=${t().sections[form.section] ?? form.section}
            @input=${(e: Event) => {
              const typed = (e.target as HTMLInputElement).value;
              this.type({ section: sections.find((s) => t().sections[s] === typed) ?? typed });
            }}
          /><datalist id="sections">${sections.map((s) => html`<option value=${t().sections[s] ?? s}></option>`)}</datalist></label
        >
      </div>
      ${this.settings()}
      ${form.type === 'formula' ? nothing : field({ id: 'hint', label: t().hint, value: form.hint, maxLength: 300, onInput: (hint) => this.type({ hint }) })}
      <fieldset>
        <legend class="label">${t().kinds}</legend>
        <div class="checks">
          ${BOTH.map((kind) =>
            this.check(kind === 'company' ? t().companies : t().people, form.kinds.includes(kind), (on) =>
              this.type({ kinds: on ? [...form.kinds, kind] : form.kinds.filter((k) => k !== kind) }),
            ),
          )}
        </div>
      </fieldset>
      <div class="checks">
        ${
          form.type === 'formula'
            ? nothing
            : form.kinds.map((kind) =>
                this.check(`${t().required} ${t().requiredOf[kind]}`, form.required.includes(kind), (on) =>
                  this.type({ required: on ? [...form.required, kind] : form.required.filter((k) => k !== kind) }),
                ),
              )
        }
        ${SEARCHABLE.includes(form.type) ? this.check(t().searchable, form.searchable, (searchable) => this.type({ searchable })) : nothing}
        ${this.check(t().managersOnly, form.managers, (managers) => this.type({ managers }))}
      </div>
      <div class="row">
        <button class="button primary" ?disabled=${this.saving || form.kinds.length === 0}>${icon('check')}${t().save}</button>
        <button type="button" class="button quiet" @click=${() => this.emit('edit-cancelled')}>${t().cancel}</button>
      </div>
    </form>`;
  }

  private settings() {
    const { form } = this;
    const set = (settings: FieldDef['settings']) => this.type({ settings: { ...form.settings, ...settings } });
    switch (form.type) {
      case 'text':
        return this.check(t().lines, form.settings.lines ?? false, (lines) => set({ lines }));
      case 'number':
        return html`<div class="parts">
          ${field({ id: 'decimals', label: t().decimals, value: String(form.settings.decimals ?? ''), maxLength: 1, onInput: (n) => set({ decimals: /^[0-6]$/.test(n) ? Number(n) : undefined }) })}
          ${field({ id: 'unit', label: t().unit, value: form.settings.unit ?? '', maxLength: 20, onInput: (unit) => set({ unit }) })}
        </div>`;
      case 'money':
        return field({ id: 'currency', label: t().currency, value: form.settings.currency ?? 'RUB', maxLength: 3, onInput: (currency) => set({ currency: currency.toUpperCase() }) }); // prettier-ignore
      case 'list':
      case 'multi-list':
        return field({ id: 'options', label: t().options, value: form.options, lines: true, onInput: (options) => this.type({ options }) });
      case 'reference':
        return html`<label class="field"
          ><span>${t().to}</span
          ><select @change=${(e: Event) => set({ to: (e.target as HTMLSelectElement).value as 'client' | 'user' })}>
            ${(['client', 'user'] as const).map((to) => html`<option value=${to} ?selected=${form.settings.to === to}>${t().targets[to]}</option>`)}
          </select></label
        >`;
      case 'formula':
        return this.formula(set);
      default:
        return nothing;
    }
  }

  private formula(set: (settings: FieldDef['settings']) => void) {
    const { result } = this;
    const keys = [...CARD, ...this.all.filter((f) => f.archivedAt === null && f.type !== 'formula').map(({ key }) => key)];
    const fault =
      result?.fault && `${t().formulaFaults[result.fault.code] ?? t().formulaFaults.other!} (${t().faultAt(result.fault.at + 1)})`;
    return html`${field({
        id: 'expression',
        label: t().expression,
        value: this.form.settings.expression ?? '',
        maxLength: 1000,
        placeholder: t().expressionHint,
        error: fault ?? null,
        onInput: (expression) => {
          set({ expression });
          this.soon();
        },
      })}
      <p class="muted small">${t().functions}</p>
      <p class="muted small">${t().names('')} <code>${keys.join(', ')}</code></p>
      ${
        result && result.reads.length > 0
          ? html`<fieldset>
              <legend class="label">${t().trial}</legend>
              <div class="parts">
                ${result.reads.map((key) =>
                  field({
                    id: `trial-${key}`,
                    label: key,
                    value: this.trial[key] ?? '',
                    maxLength: 200,
                    onInput: (value) => {
                      this.trial = { ...this.trial, [key]: value };
                      this.soon();
                    },
                  }),
                )}
              </div>
            </fieldset>`
          : nothing
      }
      ${result && !result.fault ? html`<p role="status">${t().result(result.value === null ? t().nothing : String(result.value))}</p>` : nothing}`;
  }

  private soon() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => void this.tryIt(), 250);
  }

  private async tryIt() {
    const { expression } = this.form.settings;
    if (!expression) {
      this.result = null;
      return;
    }
    const values = Object.fromEntries(Object.entries(this.trial).map(([key, value]) => [key, value === '' ? null : value]));
    try {
      const result = await api.post<FormulaResult>('/api/fields/try', { expression, values });
      if (expression === this.form.settings.expression) this.result = result;
    } catch (err) {
      this.error = errorText(err);
    }
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
    const { form, field: had } = this;
    if (this.saving) return;
    if (!form.ru.trim() || !form.en.trim()) {
      this.error = t().nameNeeded;
      return;
    }
    const lists = form.type === 'list' || form.type === 'multi-list';
    const { unit, ...rest } = form.settings;
    const settings = {
      ...rest,
      ...(unit?.trim() ? { unit } : {}),
      ...(lists ? { options: readOptions(form.options, had?.settings.options) } : {}),
      ...(form.type === 'reference' ? { to: form.settings.to ?? 'client' } : {}),
    };
    const stays = had?.required.filter(({ stage }) => stage !== null) ?? [];
    const body = {
      label: { ru: form.ru.trim(), en: form.en.trim() },
      hint: form.hint.trim(),
      section: form.section.trim() || 'main',
      kinds: form.kinds,
      required: [...stays, ...form.required.filter((kind) => form.kinds.includes(kind)).map((kind) => ({ kind, stage: null }))],
      searchable: form.searchable,
      readRoles: form.managers ? (had?.readRoles ?? ['supervisor', 'manager']) : null,
      settings,
    };
    this.saving = true;
    try {
      const reply = had
        ? await api.patch<FieldReply>(`/api/fields/${had.key}`, body)
        : await api.post<FieldReply>('/api/fields', { ...body, type: form.type });
      this.emit('field-saved', { field: reply.field });
    } catch (err) {
      const code =
        err instanceof ApiError && Array.isArray(err.data.issues) ? (err.data.issues as { code?: string }[])[0]?.code : undefined;
      this.error = (code && t().formulaFaults[code]) || errorText(err);
    } finally {
      this.saving = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-field-edit': FieldEdit;
  }
}
