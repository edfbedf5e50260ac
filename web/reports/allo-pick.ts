import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

export interface Choice {
  value: string;
  words: string;
}

/** More of them than this are searched. */
const MANY = 8;

/**
 * Some of many, or all of them: a button that opens a list with boxes.
 * @fires picked - detail: { values: string[] }
 */
@customElement('allo-pick')
export class Pick extends AlloElement {
  @property() label = '';
  @property({ attribute: false }) choices: readonly Choice[] = [];
  @property({ attribute: false }) values: readonly string[] = [];
  @state() private typed = '';
  @query('[popover]') private readonly list!: HTMLElement;
  @query('button.open') private readonly button!: HTMLElement;

  static override styles = [
    ...AlloElement.styles,
    css`
      .open {
        width: 100%;
        justify-content: space-between;
        font-weight: 400;
      }
      [popover] {
        position: fixed;
        inset: auto;
        width: 18rem;
        max-height: 22rem;
        margin: 0;
        padding: var(--space-2);
        border: 1px solid var(--border-strong);
        border-radius: var(--radius-l);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
        overflow-y: auto;
      }
      li label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 2rem;
        padding: 0 var(--space-2);
        border-radius: var(--radius);
      }
      li label:hover {
        background: var(--surface-2);
      }
    `,
  ];

  override render() {
    const chosen = this.choices.filter(({ value }) => this.values.includes(value));
    const words =
      this.values.length === 0
        ? t().all
        : chosen.length === 1 && this.values.length === 1
          ? chosen[0]!.words
          : t().chosen(this.values.length);
    const wanted = this.typed.trim().toLocaleLowerCase();
    const shown = this.choices.filter((c) => c.words.toLocaleLowerCase().includes(wanted));
    return html`<span class="label" id="label">${this.label}</span>
      <button class="button open" aria-labelledby="label value" aria-haspopup="dialog" @click=${this.open}>
        <span id="value" class="cut">${words}</span>${icon('chevron')}
      </button>
      <div popover role="dialog" aria-labelledby="label">
        ${
          this.choices.length > MANY
            ? html`<input
                type="search"
                aria-label=${t().find}
                placeholder=${t().find}
                .value=${this.typed}
                @input=${(e: Event) => (this.typed = (e.target as HTMLInputElement).value)}
              />`
            : nothing
        }
        ${this.values.length > 0 ? html`<button class="button quiet wide" @click=${() => this.emit('picked', { values: [] })}>${t().clear}</button>` : nothing}
        <ul>
          ${shown.map(
            ({ value, words: name }) =>
              html`<li>
                <label
                  ><input type="checkbox" .checked=${this.values.includes(value)} @change=${() => this.toggle(value)} /><span
                    class="cut"
                    dir="auto"
                    >${name}</span
                  ></label
                >
              </li>`,
          )}
        </ul>
      </div>`;
  }

  private open() {
    this.typed = '';
    this.list.showPopover();
    const at = this.button.getBoundingClientRect();
    this.list.style.top = `${at.bottom + 2}px`;
    this.list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - this.list.offsetWidth - 8))}px`;
    this.list.querySelector('input')?.focus();
  }

  private toggle(value: string) {
    const values = this.values.includes(value) ? this.values.filter((v) => v !== value) : [...this.values, value];
    this.emit('picked', { values });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-pick': Pick;
  }
}
