import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { isActive } from '../calls/desk.ts';
import { desk } from '../calls/store.ts';
import { Select } from '../core/store.ts';
import { takeUpdate, update } from '../core/updates.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { bannerStyles } from '../ui/banner.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

/** Offers the new version; not while there is a call. What is half typed survives the reload. */
@customElement('allo-update-banner')
export class UpdateBanner extends AlloElement {
  private readonly waiting = new Select(this, update, (u) => u !== null);
  private readonly busy = new Select(this, desk, (d) => d.calls.some(isActive));
  static override styles = [...AlloElement.styles, bannerStyles];

  override render() {
    return html`<div role="status">
      ${
        this.waiting.value && !this.busy.value
          ? html`<p class="banner">
              ${icon('info')}<span>${t().newVersion}</span><button class="button" @click=${takeUpdate}>${t().reload}</button>
            </p>`
          : nothing
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-update-banner': UpdateBanner;
  }
}
