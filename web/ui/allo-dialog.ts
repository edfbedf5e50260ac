import { css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { AlloElement } from './allo-element.ts';
import { icon } from './icons.ts';
import { t } from './strings.ts';

/**
 * A native modal dialog with a heading and a close button.
 * @slot - its content
 * @cssprop --width
 * @fires dialog-closed
 */
@customElement('allo-dialog')
export class AlloDialog extends AlloElement {
  @property() heading = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  static override styles = [
    ...AlloElement.styles,
    css`
      dialog {
        width: min(var(--width, 34rem), calc(100vw - 2rem));
        max-height: calc(100vh - 4rem);
        padding: 0;
        border: 1px solid var(--border);
        border-radius: var(--radius-l);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: var(--backdrop);
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding: var(--space-3) var(--space-3) var(--space-2) var(--space-5);
      }
      .body {
        padding: 0 var(--space-5) var(--space-5);
      }
    `,
  ];

  async show(): Promise<void> {
    await this.updateComplete;
    this.dialog.showModal();
  }

  close(): void {
    this.dialog.close();
  }

  override render() {
    return html`<dialog aria-labelledby="heading" @close=${() => this.emit('dialog-closed')}>
      <div class="head">
        <h2 id="heading">${this.heading}</h2>
        <button class="button quiet icon-only" aria-label=${t().close} @click=${() => this.close()}>${icon('close')}</button>
      </div>
      <div class="body"><slot></slot></div>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-dialog': AlloDialog;
  }
}
