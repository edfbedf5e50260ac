import { html, nothing } from 'lit';
import { devices } from '../devices/devices.ts';
import type { Strings } from './strings.ts';

/** What the operator has to know of their devices without opening anything. */
export function deviceNotices(t: Strings) {
  const { news } = devices();
  return html`
    ${devices()
      .missing()
      .map(({ label }) => html`<p class="notice" part="device-notice" role="alert">${t.deviceMissing(label)}</p>`)}
    <p class="notice fine" part="device-notice" role="status" ?hidden=${!news}>
      ${news ? (news.kind === 'back' ? t.deviceBack(news.label) : t.deviceSwitched(news.label)) : nothing}
    </p>
  `;
}
