import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { ClientBrief } from '../../server/clients/contract.ts';
import { errorText } from '../core/error-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { listbox, listboxStyles } from '../ui/listbox.ts';
import { clientLine } from '../ui/client-line.ts';
import { Finder } from './finder.ts';
import { t } from './strings.ts';

/**
 * A field that finds one client.
 * @fires client-picked - detail: { client: ClientBrief }
 */
@customElement('allo-client-picker')
export class ClientPicker extends AlloElement {
  private readonly finder = new Finder(this);

  static override styles = [
    ...AlloElement.styles,
    listboxStyles,
    css`
      :host {
        margin-top: var(--space-3);
      }
    `,
  ];

  protected override firstUpdated() {
    this.renderRoot.querySelector('input')?.focus();
  }

  override render() {
    const { finder } = this;
    const pick = (client: ClientBrief) => this.emit('client-picked', { client });
    const lines = finder.found.map((client) => clientLine(client, () => pick(client)));
    return html`<input
        type="text"
        role="combobox"
        aria-label=${t().searchLabel}
        aria-expanded=${lines.length > 0 ? 'true' : 'false'}
        aria-controls="found"
        aria-activedescendant=${lines[finder.marked]?.id ?? ''}
        autocomplete="off"
        maxlength="200"
        placeholder=${t().searchPlaceholder}
        .value=${finder.q}
        @input=${(e: Event) => finder.type((e.target as HTMLInputElement).value)}
        @keydown=${(e: KeyboardEvent) => {
          if (e.key === 'ArrowDown' || e.key === 'ArrowUp') finder.mark(e.key === 'ArrowDown' ? 1 : -1, lines.length);
          else if (e.key === 'Enter') finder.enter(pick);
          else return;
          e.preventDefault();
        }}
      />
      ${finder.state === 'done' && lines.length === 0 ? html`<p class="muted" role="status">${t().nothingFound}</p>` : nothing}
      ${finder.state === 'failed' ? html`<p class="fault" role="alert">${errorText(finder.error)}</p>` : nothing}
      ${lines.length > 0 ? listbox(t().results, lines, finder.marked) : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-client-picker': ClientPicker;
  }
}
