import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Colleague } from '../../server/users/contract.ts';
import { errorText } from '../core/error-words.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { callsApi } from './api.ts';
import { controlWords as t } from './control-strings.ts';

/**
 * To whom a call is handed over: a number, or a colleague by name.
 * @fires transfer-wanted - {to, attended}
 */
@customElement('allo-transfer')
export class Transfer extends AlloElement {
  @state() private colleagues: readonly Colleague[] = [];
  @state() private number = '';
  @state() private userId = 0;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-2);
      }
      .row .button {
        flex: 1 1 auto;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    callsApi.colleagues().then(
      ({ items }) => (this.colleagues = items),
      (err: unknown) => toast('danger', errorText(err)),
    );
  }

  override focus() {
    this.renderRoot.querySelector<HTMLElement>('select, input, button')?.focus();
  }

  override render() {
    const nobody = this.userId === 0 && this.number.trim() === '';
    return html`<form
      @submit=${(e: SubmitEvent) => {
        e.preventDefault();
        this.want((e.submitter as HTMLButtonElement).value === 'attended');
      }}
    >
      <label class="field">
        <span>${t().colleague}</span>
        <select @change=${(e: Event) => (this.userId = Number((e.target as HTMLSelectElement).value))}>
          <option value="0">—</option>
          ${this.colleagues.map((c) => html`<option value=${c.id}>${c.name} · ${c.extension}</option>`)}
        </select>
      </label>
      ${
        this.userId === 0
          ? field({
              id: 'number',
              label: t().number,
              value: this.number,
              onInput: (value) => (this.number = value),
              type: 'tel',
              maxLength: 60,
              autocomplete: 'off',
            })
          : nothing
      }
      <div class="row wrap">
        <button class="button primary" value="blind" ?disabled=${nobody}>${t().transferNow}</button>
        <button class="button" value="attended" ?disabled=${nobody}>${t().askFirst}</button>
      </div>
    </form>`;
  }

  private want(attended: boolean) {
    const number = this.number.trim();
    if (this.userId === 0 && number === '') return;
    this.emit('transfer-wanted', { to: this.userId === 0 ? { number } : { userId: this.userId }, attended });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-transfer': Transfer;
  }
}
