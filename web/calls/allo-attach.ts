import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClientBrief } from '../../server/clients/contract.ts';
import { errorText } from '../core/error-words.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { attachCall } from './store.ts';
import { t } from './strings.ts';

/** Finds the client that a call belongs to. The picker is the clients' own element. */
@customElement('allo-attach')
export class Attach extends AlloElement {
  @property() ref = '';
  @state() private error: string | null = null;

  override render() {
    return html`<h2>${t().attachTo}</h2>
      <p class="muted small">${t().attachHint}</p>
      <allo-client-picker @client-picked=${this.pick}></allo-client-picker>
      ${this.error ? html`<p class="notice danger" role="alert">${this.error}</p>` : nothing}`;
  }

  private async pick(e: CustomEvent<{ client: ClientBrief }>) {
    const { client } = e.detail;
    try {
      await attachCall(this.ref, client);
      toast('success', t().attached(client.name));
    } catch (err) {
      this.error = errorText(err);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-attach': Attach;
  }
}
