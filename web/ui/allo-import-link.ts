import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ImportList } from '../../server/imports/contract.ts';
import { api } from '../core/api.ts';
import { AlloElement } from './allo-element.ts';
import { t } from './strings.ts';

/** The way to the imports, for whoever the server lets import. */
@customElement('allo-import-link')
export class ImportLink extends AlloElement {
  @state() private may = false;

  override connectedCallback() {
    super.connectedCallback();
    void this.ask();
  }

  private async ask() {
    try {
      this.may = (await api.get<ImportList>('/api/imports')).can.import;
    } catch {
      this.may = false; // the page around it says what is wrong
    }
  }

  override render() {
    return this.may ? html`<a class="button" href="/clients/imports">${t().importClients}</a>` : nothing;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-import-link': ImportLink;
  }
}
