import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { clock, isToday, moment } from '../core/format.ts';
import { Select } from '../core/store.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { bannerStyles } from '../ui/banner.ts';
import { icon } from '../ui/icons.ts';
import { pbxs } from './store.ts';
import { t } from './strings.ts';

/** Says which telephone system is away, and since when. */
@customElement('allo-pbx-banner')
export class PbxBanner extends AlloElement {
  private readonly list = new Select(this, pbxs, (p) => p);
  static override styles = [...AlloElement.styles, bannerStyles];

  override render() {
    const all = this.list.value;
    const away = all.filter((p) => p.state !== 'connected');
    return html`<div role="status">
      ${away.map((p) => {
        const name = all.length > 1 ? p.name : '';
        const since = isToday(p.since) ? clock(p.since) : moment(p.since);
        const words = p.state === 'offline' ? t().offline(name, since) : t().standby(name);
        return html`<p class="banner ${p.state === 'offline' ? 'danger' : 'warning'}">
          ${icon('warning')}<span>${words}${p.reason ? html` (${p.reason})` : nothing}</span>
        </p>`;
      })}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-pbx-banner': PbxBanner;
  }
}
