import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { live } from 'lit/directives/live.js';
import { icon } from './icons.ts';

export interface FieldOptions {
  label: string;
  /** Of the input itself; unique in its element. */
  id: string;
  value: string;
  onInput: (value: string) => void;
  error?: string | null;
  type?: 'text' | 'tel' | 'email' | 'password' | 'search';
  lines?: boolean;
  required?: boolean;
  maxLength?: number;
  autocomplete?: string;
  placeholder?: string;
}

/** A labelled text field in the element's own shadow root, where label and error belong to it. Needs `controls` from styles.ts. */
export const field = (o: FieldOptions): TemplateResult => {
  const onInput = (e: Event) => o.onInput((e.target as HTMLInputElement | HTMLTextAreaElement).value);
  const invalid = o.error ? 'true' : 'false';
  const fault = o.error ? `${o.id}-error` : undefined;
  const input = o.lines
    ? html`<textarea
        id=${o.id}
        .value=${live(o.value)}
        maxlength=${ifDefined(o.maxLength)}
        placeholder=${ifDefined(o.placeholder)}
        aria-invalid=${invalid}
        aria-describedby=${ifDefined(fault)}
        @input=${onInput}
      ></textarea>`
    : html`<input
        id=${o.id}
        name=${o.id}
        type=${o.type ?? 'text'}
        .value=${live(o.value)}
        ?required=${o.required}
        maxlength=${ifDefined(o.maxLength)}
        autocomplete=${(o.autocomplete ?? 'off') as 'off'}
        placeholder=${ifDefined(o.placeholder)}
        aria-invalid=${invalid}
        aria-describedby=${ifDefined(fault)}
        @input=${onInput}
      />`;
  return html`<div class="field">
    <label class="label" for=${o.id}>${o.label}</label>
    ${input} ${o.error ? html`<p class="fault" id=${fault!}>${icon('warning')}<span>${o.error}</span></p>` : nothing}
  </div>`;
};
