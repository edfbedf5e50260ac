import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { errorText } from '../core/error-words.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { bannerStyles } from '../ui/banner.ts';
import { icon } from '../ui/icons.ts';
import { closeAway, known } from './store.ts';
import { t } from './strings.ts';

/** What came while no page of mine was open: it stays until I say so. @fires notifications-wanted */
@customElement('allo-away')
export class Away extends AlloElement {
  private readonly away = new Select(this, known, ({ away }) => away);

  static override styles = [...AlloElement.styles, bannerStyles];

  override render() {
    const n = this.away.value;
    return html`<div role="status">
      ${
        n > 0
          ? html`<p class="banner">
              ${icon('bell')}<span>${t().away(n > 99 ? '99+' : String(n))}</span>
              <button class="button" @click=${() => void this.close(true)}>${t().open}</button>
              <button class="button quiet icon-only" aria-label=${t().close} @click=${() => void this.close(false)}>
                ${icon('close')}
              </button>
            </p>`
          : nothing
      }
    </div>`;
  }

  private async close(show: boolean) {
    if (show) this.emit('notifications-wanted', null);
    try {
      await closeAway();
    } catch (err) {
      toast('danger', errorText(err));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-away': Away;
  }
}
