import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { FieldDef } from '../../server/fields/contract.ts';
import { locale } from '../core/i18n.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import './allo-file-field.ts';
import { c } from './card-strings.ts';
import { labelOf } from './typed.ts';
import type { FormValue } from './typed.ts';

interface Input {
  def: FieldDef;
  value: FormValue;
  error: string | null;
  required: boolean;
  onChange: (value: FormValue) => void;
  /** Whose files may be named; null: the card is not there yet. */
  client: number | null;
}

const MESSENGERS = ['telegram', 'whatsapp', 'viber', 'vk', 'max', 'skype', 'other'];
type Rows = readonly Readonly<Record<string, string>>[];

/** The field of a form for one typed field of the card. Needs `controls`, and `.line` from the form. */
export const typedInput = (input: Input): TemplateResult => {
  const { def, value, required, error, onChange } = input;
  const label = labelOf(def) + (required ? ` (${c().required})` : '');
  const id = `custom.${def.key}`;
  const options = (def.settings.options ?? []).filter(
    (o) => !o.archived || value === o.code || (Array.isArray(value) && value.includes(o.code as never)),
  );
  const fault = error ? html`<p class="fault" id="${id}-error">${icon('warning')}<span>${error}</span></p>` : nothing;
  if (def.type === 'list')
    return html`<div class="field">
      <label class="label" for=${id}>${label}</label>
      <select
        id=${id}
        aria-invalid=${error ? 'true' : 'false'}
        aria-describedby=${error ? `${id}-error` : ''}
        @change=${(e: Event) => onChange((e.target as HTMLSelectElement).value)}
      >
        <option value="" ?selected=${value === ''}>${c().none}</option>
        ${options.map((o) => html`<option value=${o.code} ?selected=${o.code === value}>${o.label[locale.get()]}</option>`)}
      </select>
      ${fault}
    </div>`;
  if (def.type === 'multi-list') {
    const chosen = Array.isArray(value) ? (value as string[]) : [];
    const toggle = (code: string, on: boolean) => onChange(on ? [...chosen, code] : chosen.filter((each) => each !== code));
    return html`<fieldset class="field">
      <legend class="label">${label}</legend>
      <div class="choices">
        ${options.map(
          (o) =>
            html`<label class="choice"
              ><input
                type="checkbox"
                .checked=${live(chosen.includes(o.code))}
                @change=${(e: Event) => toggle(o.code, (e.target as HTMLInputElement).checked)}
              />${o.label[locale.get()]}</label
            >`,
        )}
      </div>
      ${fault}
    </fieldset>`;
  }
  if (def.type === 'accounts') return rows(input, label, fault, ['account', 'bik', 'bank'], c().addAccount);
  if (def.type === 'messengers') return rows(input, label, fault, ['kind', 'handle'], c().addMessenger);
  if (def.type === 'file')
    return html`<div class="field">
      <span class="label">${label}</span>
      ${
        input.client === null
          ? html`<p class="muted small">${c().fileHint}</p>`
          : html`<allo-file-field
              .client=${input.client}
              .label=${label}
              .value=${(Array.isArray(value) ? value : []).map(Number)}
              @files-changed=${(e: CustomEvent<{ ids: number[] }>) => onChange(e.detail.ids.map(String))}
            ></allo-file-field>`
      }
      ${fault}
    </div>`;
  const hints: Partial<Record<FieldDef['type'], string>> = { tags: c().several, money: c().money, reference: c().refHint };
  if (def.type === 'date')
    return html`<div class="field">
      <label class="label" for=${id}>${label}</label>
      <input
        id=${id}
        type="date"
        .value=${live(String(value))}
        aria-invalid=${error ? 'true' : 'false'}
        @input=${(e: Event) => onChange((e.target as HTMLInputElement).value)}
      />
      ${fault}
    </div>`;
  const placeholder = def.hint || hints[def.type];
  return field({
    id,
    label,
    value: String(value),
    error,
    lines: def.type === 'text' && def.settings.lines === true,
    maxLength: def.type === 'text' && def.settings.lines ? 4000 : 500,
    ...(def.type === 'email' && { type: 'email' as const }),
    ...(def.type === 'phone' && { type: 'tel' as const }),
    ...(placeholder && { placeholder }),
    onInput: onChange,
  });
};

const rows = (
  { def, value, onChange }: Input,
  label: string,
  fault: TemplateResult | typeof nothing,
  parts: readonly ('account' | 'bik' | 'bank' | 'kind' | 'handle')[],
  addWords: string,
): TemplateResult => {
  const list = (Array.isArray(value) ? value : []) as Rows;
  const words = { account: c().account, bik: c().bik, bank: c().bank, kind: c().messenger, handle: c().handle };
  const set = (i: number, part: string, text: string) => onChange(list.map((row, at) => (at === i ? { ...row, [part]: text } : row)));
  const blank = Object.fromEntries(parts.map((part) => [part, part === 'kind' ? MESSENGERS[0]! : '']));
  return html`<div class="field wide" role="group" aria-label=${label}>
    <span class="label">${label}</span>
    ${list.map(
      (row, i) =>
        html`<div class="row typed-row">
          ${parts.map((part) =>
            part === 'kind'
              ? html`<select aria-label=${words[part]} @change=${(e: Event) => set(i, part, (e.target as HTMLSelectElement).value)}>
                  ${MESSENGERS.map((kind) => html`<option ?selected=${kind === row.kind}>${kind}</option>`)}
                </select>`
              : html`<input
                  aria-label=${words[part]}
                  placeholder=${words[part]}
                  maxlength="200"
                  .value=${live(row[part] ?? '')}
                  @input=${(e: Event) => set(i, part, (e.target as HTMLInputElement).value)}
                />`,
          )}
          <button
            type="button"
            class="button quiet icon-only"
            aria-label=${c().remove(`${label} ${i + 1}`)}
            title=${c().remove(`${label} ${i + 1}`)}
            @click=${() => onChange(list.filter((_, at) => at !== i))}
          >
            ${icon('close')}
          </button>
        </div>`,
    )}
    ${fault}
    <button type="button" class="button quiet" data-add=${def.key} @click=${() => onChange([...list, blank] as Rows)}>
      ${icon('plus')}${addWords}
    </button>
  </div>`;
};
