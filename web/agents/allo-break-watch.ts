import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { BreakWatch } from '../../server/agents/contract.ts';
import { api } from '../core/api.ts';
import { breakWords } from '../core/break-words.ts';
import { errorText } from '../core/error-words.ts';
import { duration } from '../core/format.ts';
import { Select } from '../core/store.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { bannerStyles } from '../ui/banner.ts';
import { icon } from '../ui/icons.ts';
import { breakWatch } from './store.ts';
import { t } from './strings.ts';

type Watched = BreakWatch['asked'][number];

/** For whoever leads the floor: breaks that wait for a yes, and those beyond their limit. Nothing while there is none. */
@customElement('allo-break-watch')
export class BreakWatchElement extends AlloElement {
  private readonly watch = new Select(this, breakWatch, (w) => w);
  static override styles = [...AlloElement.styles, bannerStyles];

  constructor() {
    super();
    new Ticking(this, () => this.watch.value.asked.length + this.watch.value.late.length > 0);
  }

  override render() {
    const { asked, late } = this.watch.value;
    return html`<div role="status" aria-label=${t().watch}>
      ${asked.map(
        (one) =>
          html`<p class="banner info">
            ${icon('pause')}<span>${t().asks(one.user.name, breakWords(one.reason, one.label))}</span>
            <span class="num">${duration(serverNow() - one.at)}</span>
            <button class="button" @click=${() => void this.answer(one, true)}>${t().allow}</button>
            <button class="button" @click=${() => void this.answer(one, false)}>${t().refuse}</button>
          </p>`,
      )}
      ${late.map(
        (one) =>
          html`<p class="banner warning">
            ${icon('warning')}<span>${t().late(one.user.name, breakWords(one.reason, one.label), one.limitMinutes)}</span>
            <span class="num">${duration(serverNow() - one.at)}</span>
          </p>`,
      )}
    </div>`;
  }

  private async answer({ user, reason }: Watched, allowed: boolean) {
    try {
      await (allowed ? api.post(`/api/agents/${user.id}/break`, { reason }) : api.post(`/api/agents/${user.id}/break/refuse`));
    } catch (err) {
      toast('danger', errorText(err));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-break-watch': BreakWatchElement;
  }
}
