import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { moment } from '../core/format.ts';
import { Select } from '../core/store.ts';
import { serverNow } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { bannerStyles } from '../ui/banner.ts';
import { icon } from '../ui/icons.ts';
import { standing } from './store.ts';
import { t } from './strings.ts';

/** Above every page: for whom I stand in, and who does for me. */
@customElement('allo-standing')
export class Standing extends AlloElement {
  private readonly mine = new Select(this, standing, (s) => s);

  static override styles = [...AlloElement.styles, bannerStyles];

  override render() {
    const now = serverNow();
    const running = <T extends { startsAt: number; endsAt: number }>(list: readonly T[]) =>
      list.filter((one) => one.startsAt <= now && now < one.endsAt);
    const [byMe, forMe] = [running(this.mine.value.byMe), running(this.mine.value.forMe)];
    if (byMe.length + forMe.length === 0) return nothing;
    const until = Math.min(...byMe.map(({ endsAt }) => endsAt));
    return html`<div role="status">
      ${byMe.length > 0 ? html`<p class="banner info">${icon('people')}<span>${t().standIn(byMe.map(({ user }) => user.name).join(', '), moment(until))}</span></p>` : nothing}
      ${forMe.map(({ deputy, endsAt }) => html`<p class="banner info">${icon('people')}<span>${t().standInForMe(deputy.name, moment(endsAt))}</span></p>`)}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-standing': Standing;
  }
}
