import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { LOCALES, locale } from '../core/i18n.ts';
import type { Locale } from '../core/i18n.ts';
import { setLook, theme } from '../core/look.ts';
import type { Theme } from '../core/look.ts';
import { Select } from '../core/store.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { t } from './strings.ts';

const NAMES: Record<Locale, string> = { ru: 'Русский', en: 'English' };
const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

/**
 * Language and colours.
 * @fires look-chosen - detail: { language } or { theme }: to be remembered for the user
 */
@customElement('allo-look')
export class Look extends AlloElement {
  private readonly theme = new Select(this, theme, (x) => x);

  static override styles = [
    ...AlloElement.styles,
    css`
      div.both {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-3);
      }
    `,
  ];

  override render() {
    return html`<div class="both">
      <label class="field"
        ><span>${t().language}</span>
        <select @change=${(e: Event) => this.choose({ language: (e.target as HTMLSelectElement).value as Locale })}>
          ${LOCALES.map((l) => html`<option value=${l} lang=${l} .selected=${l === locale.get()}>${NAMES[l]}</option>`)}
        </select></label
      >
      <label class="field"
        ><span>${t().theme}</span>
        <select @change=${(e: Event) => this.choose({ theme: (e.target as HTMLSelectElement).value as Theme })}>
          ${THEMES.map((x) => html`<option value=${x} .selected=${x === this.theme.value}>${t()[x]}</option>`)}
        </select></label
      >
    </div>`;
  }

  private choose(look: { language?: Locale; theme?: Theme }) {
    setLook(look);
    this.emit('look-chosen', look);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-look': Look;
  }
}
