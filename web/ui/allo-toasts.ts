import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { Select } from '../core/store.ts';
import { dismissToast, toasts } from '../core/toasts.ts';
import { AlloElement } from './allo-element.ts';
import { icon } from './icons.ts';
import { t } from './strings.ts';

/** Short news in a line at the page's foot: it takes its place from the page and covers nothing. */
@customElement('allo-toasts')
export class AlloToasts extends AlloElement {
  private readonly list = new Select(this, toasts, (l) => l);

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        position: sticky;
        bottom: 0;
        z-index: 10;
      }
      div.toast {
        display: flex;
        align-items: flex-start;
        gap: var(--space-2);
        padding: 0 var(--space-4) 0 var(--space-3);
        border-top: 1px solid var(--border);
        border-left: 4px solid var(--info);
        background: var(--surface);
        overflow-wrap: anywhere;
      }
      .success {
        border-left-color: var(--success) !important;
      }
      .danger {
        border-left-color: var(--danger) !important;
      }
      .words {
        flex: 1;
        padding: 0.45rem 0;
      }
      .words svg {
        margin-right: var(--space-2);
      }
    `,
  ];

  override render() {
    return html`<section aria-live="polite" aria-label=${t().notifications}>
      ${repeat(
        this.list.value,
        (x) => x.id,
        (x) =>
          html`<div class="toast ${x.tone}">
            <span class="words"
              >${icon(x.tone === 'danger' ? 'warning' : x.tone === 'success' ? 'check' : 'info')}${x.text}
              ${x.link && 'href' in x.link ? html`<a href=${x.link.href}>${x.link.text}</a>` : nothing}</span
            >
            ${x.link && 'run' in x.link ? this.action(x.id, x.link) : nothing}
            <button class="button quiet icon-only" aria-label=${t().close} @click=${() => dismissToast(x.id)}>${icon('close')}</button>
          </div>`,
      )}
    </section>`;
  }

  private action(id: number, { run, text }: { run: () => void; text: string }) {
    const press = () => {
      dismissToast(id);
      run();
    };
    return html`<button class="button" @click=${press}>${text}</button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-toasts': AlloToasts;
  }
}
