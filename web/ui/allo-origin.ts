import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { NumberOrigin } from '../../server/clients/contract.ts';
import { locale } from '../core/i18n.ts';
import { Ticking, serverNow } from '../core/time.ts';
import './allo-badge.ts';
import { AlloElement } from './allo-element.ts';
import { icon } from './icons.ts';
import { t } from './strings.ts';

/** The first hour in which one may call, and the first in which one may not any more. */
const MORNING = 9;
const NIGHT = 21;

const formats = new Map<string, Intl.DateTimeFormat>();

/** "07:05" */
const clockIn = (timeZone: string, at: number): string => {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(at);
};

/** Where a number is from and what time it is there; a sign when people there are not to be called now. */
@customElement('allo-origin')
export class AlloOrigin extends AlloElement {
  @property({ attribute: false }) origin: NumberOrigin | null = null;

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        display: inline;
        color: var(--text-muted);
      }
      svg.icon {
        width: 0.9rem;
        height: 0.9rem;
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => Boolean(this.origin?.timeZone));
  }

  override render() {
    if (!this.origin) return nothing;
    const { country, kind, region, timeZone } = this.origin;
    const place = region ? region[locale.get()] : (new Intl.DisplayNames([locale.get()], { type: 'region' }).of(country) ?? country);
    const what = kind === 'mobile' ? `${place}, ${t().mobile}` : place;
    return html`<span>${what}</span>${timeZone ? html` · ${this.time(clockIn(timeZone, serverNow()))}` : nothing}`;
  }

  private time(shown: string) {
    const hour = Number(shown.slice(0, 2));
    if (hour >= MORNING && hour < NIGHT) return html`<span class="num" title=${t().timeThere}>${shown}</span>`;
    return html`<allo-badge tone="warning" title=${t().lateThere}
      >${icon('clock')} <span class="num">${shown}</span><span class="hidden">, ${t().lateThere}</span></allo-badge
    >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-origin': AlloOrigin;
  }
}
