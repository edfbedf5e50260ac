import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { errorText } from '../core/error-words.ts';
import { clock } from '../core/format.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { markRead, unread } from './store.ts';
import { t } from './strings.ts';

/** What supervisors say to me: it stays until I say that I have read it. */
@customElement('allo-messages')
export class Messages extends AlloElement {
  private readonly unread = new Select(this, unread, (all) => all);

  static override styles = [
    ...AlloElement.styles,
    css`
      li {
        display: flex;
        align-items: flex-start;
        gap: var(--space-3);
        padding: var(--space-2) var(--space-4);
        background: var(--accent-soft);
        border-bottom: 1px solid var(--border);
      }
      li > svg {
        margin-top: var(--space-2);
        color: var(--accent);
      }
      p {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        max-height: 7.5rem;
        overflow-y: auto;
      }
    `,
  ];

  override render() {
    return html`<div role="status">
      ${
        this.unread.value.length > 0
          ? html`<ul>
              ${repeat(
                this.unread.value,
                ({ id }) => id,
                ({ id, author, text, at }) =>
                  html`<li>
                    ${icon('mail')}
                    <div class="grow">
                      <div class="small muted">${t().from(author?.name ?? t().somebody)} · <span class="num">${clock(at)}</span></div>
                      <p dir="auto" tabindex="0">${text}</p>
                    </div>
                    <button class="button" @click=${() => void this.read(id)}>${icon('check')}${t().read}</button>
                  </li>`,
              )}
            </ul>`
          : nothing
      }
    </div>`;
  }

  private async read(id: number) {
    try {
      await markRead(id);
    } catch (err) {
      toast('danger', errorText(err));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-messages': Messages;
  }
}
