import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CallReply } from '../../server/calls/contract.ts';
import type { Recording } from '../../server/recordings/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import '../ui/allo-badge.ts';
import './allo-player.ts';
import { t } from './strings.ts';

/** The recordings of a call: handed over as `reply`, or fetched for `ref` when somebody wants to listen. */
@customElement('allo-recordings')
export class Recordings extends AlloElement {
  @property({ attribute: false }) reply: CallReply | null = null;
  @property() ref = '';
  @state() private fetched: CallReply | null = null;
  @state() private fault = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      li + li {
        margin-top: var(--space-3);
      }
    `,
  ];

  private async load() {
    try {
      this.fault = '';
      this.fetched = await api.get<CallReply>(`/api/calls/${encodeURIComponent(this.ref)}`);
    } catch (err) {
      this.fault = errorText(err);
    }
  }

  override render() {
    const reply = this.reply ?? this.fetched;
    if (!reply)
      return html`<button class="button quiet small" @click=${() => void this.load()}>${icon('play')}${t().listen}</button>
        ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}`;
    const { recordings } = reply.call;
    if (recordings.length === 0) return html`<p class="muted small">${t().none}</p>`;
    return html`<ul>
      ${recordings.map((one) => html`<li>${this.one(one, reply.can)}</li>`)}
    </ul>`;
  }

  private one(recording: Recording, can: CallReply['can']) {
    switch (recording.state) {
      case 'ready':
        return can.hear
          ? html`<allo-player .recording=${recording} .download=${can.download}></allo-player>`
          : html`<p class="muted">${t().notYours}</p>`;
      case 'recording':
        return html`<allo-badge tone="danger">${t().going}</allo-badge>`;
      case 'paused':
        return html`<allo-badge tone="warning">${t().paused}</allo-badge>`;
      default:
        return html`<p class="muted">${t()[recording.state]}</p>`;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-recordings': Recordings;
  }
}
