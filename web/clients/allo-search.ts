import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { errorText } from '../core/error-words.ts';
import { onKey } from '../core/keys.ts';
import { looksDiallable } from '../core/numbers.ts';
import { navigate } from '../core/router.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { newFrom } from './allo-clients.ts';
import { Finder } from './finder.ts';
import { actionLine, clientLine, finderStyles, listbox } from './finder-view.ts';
import type { Line } from './finder-view.ts';
import { t } from './strings.ts';

/**
 * The search of every page: Ctrl+K, arrows, Enter.
 * @fires dial-wanted - detail: { number: string }
 */
@customElement('allo-search')
export class Search extends AlloElement {
  @state() private open = false;
  @query('input') private readonly input!: HTMLInputElement;
  private readonly finder = new Finder(this);
  private stopKeys = () => {};

  static override styles = [
    ...AlloElement.styles,
    finderStyles,
    css`
      :host {
        position: relative;
      }
      .box {
        position: relative;
      }
      .box > svg.icon {
        position: absolute;
        left: var(--space-2);
        top: 50%;
        transform: translateY(-50%);
        color: var(--text-muted);
      }
      input {
        padding-left: 2.1rem;
        padding-right: 4rem;
        background: var(--surface-2);
        border-color: var(--border-strong);
      }
      kbd {
        position: absolute;
        right: var(--space-2);
        top: 50%;
        transform: translateY(-50%);
        pointer-events: none;
      }
      @media (max-width: 900px) {
        kbd {
          display: none;
        }
        input {
          padding-right: var(--space-2);
        }
      }
      .list {
        position: absolute;
        z-index: 25;
        top: calc(100% + var(--space-1));
        left: 0;
        right: 0;
        min-width: 22rem;
        border: 1px solid var(--border);
        border-radius: var(--radius-l);
        background: var(--surface);
        box-shadow: var(--shadow);
      }
      .none {
        padding: var(--space-3) var(--space-3) var(--space-1);
        overflow-wrap: anywhere;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.stopKeys = onKey((chord) => {
      if (chord !== 'Ctrl+KeyK') return false;
      this.input.focus();
      this.input.select();
      return true;
    });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stopKeys();
  }

  override render() {
    const lines = this.lines();
    const shown = this.open && this.finder.q.trim() !== '';
    return html`<div class="box">
        ${icon('search')}
        <input
          type="text"
          role="combobox"
          aria-label=${t().searchLabel}
          aria-expanded=${shown ? 'true' : 'false'}
          aria-controls="found"
          aria-autocomplete="list"
          aria-activedescendant=${shown ? (lines[this.finder.marked]?.id ?? '') : ''}
          autocomplete="off"
          spellcheck="false"
          maxlength="200"
          placeholder=${t().searchPlaceholder}
          .value=${this.finder.q}
          @input=${(e: Event) => this.type((e.target as HTMLInputElement).value)}
          @focus=${() => (this.open = true)}
          @blur=${() => (this.open = false)}
          @keydown=${this.keydown}
        />
        <kbd aria-hidden="true">Ctrl K</kbd>
      </div>
      ${
        shown
          ? html`<div class="list">
              ${
                this.finder.state === 'done' && this.finder.found.length === 0
                  ? html`<p class="none muted" role="status">${t().nothingFound}</p>`
                  : nothing
              }
              ${this.finder.state === 'failed' ? html`<p class="none fault" role="alert">${errorText(this.finder.error)}</p>` : nothing}
              ${listbox(t().results, lines, this.finder.marked)}
            </div>`
          : nothing
      }`;
  }

  private lines(): Line[] {
    const { finder } = this;
    const q = finder.q.trim();
    const lines = finder.found.map((c) => clientLine(c, () => this.go(`/clients/${c.id}`)));
    if (looksDiallable(q))
      lines.push(
        actionLine('dial', 'phone-out', t().callNumber(q), () => {
          this.close();
          this.emit('dial-wanted', { number: q });
        }),
      );
    if (finder.state === 'done') lines.push(actionLine('create', 'plus', t().create(q), () => this.go(`/clients/new?${newFrom(q)}`)));
    return lines;
  }

  private type(q: string) {
    this.open = true;
    this.finder.type(q);
  }

  private keydown(e: KeyboardEvent) {
    const lines = this.lines();
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') this.finder.mark(e.key === 'ArrowDown' ? 1 : -1, lines.length);
    else if (e.key === 'Enter') lines[this.finder.marked]?.run();
    else if (e.key === 'Escape') this.close();
    else return;
    e.preventDefault();
  }

  private go(path: string) {
    this.close();
    navigate(path);
  }

  private close() {
    this.finder.type('');
    this.open = false;
    this.input.blur();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-search': Search;
  }
}
