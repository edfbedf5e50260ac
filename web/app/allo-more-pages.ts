import { css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

/**
 * Pages that are opened less often, under one button of the menu. The links are its children: whoever puts them there says how they look. Escape and
 * a press elsewhere close it, as the browser does for popovers.
 */
@customElement('allo-more-pages')
export class MorePages extends AlloElement {
  /** The name of the page under it that is open; '': another is. */
  @property() here = '';
  @state() private open = false;
  @query('button') private readonly button!: HTMLButtonElement;
  @query('[popover]') private readonly list!: HTMLElement;

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        display: flex;
      }
      button {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: 2px var(--space-3) 0;
        border: 0;
        border-bottom: 2px solid transparent;
        background: none;
        color: var(--text-muted);
        font: inherit;
        font-weight: 550;
        white-space: nowrap;
        cursor: pointer;
      }
      button:hover,
      button[aria-expanded='true'] {
        color: var(--text);
      }
      button.here {
        border-bottom-color: var(--accent);
        color: var(--accent);
      }
      button:focus-visible {
        outline-offset: -3px;
      }
      [popover] {
        position: fixed;
        inset: auto;
        min-width: 13rem;
        margin: 0;
        padding: var(--space-2);
        border: 1px solid var(--border);
        border-radius: var(--radius-l);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      /* Over the page, also where the menu scrolls. */
      [popover]:popover-open {
        display: grid;
        gap: 2px;
      }
      @media (max-width: 1500px) {
        button {
          flex-direction: column;
          justify-content: center;
          gap: 1px;
          padding: 2px 0.4rem 0;
          font-size: 0.7rem;
          line-height: 1.2;
        }
      }
      @media (max-width: 900px) {
        button span {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
    `,
  ];

  constructor() {
    super();
    // also by Enter on a link
    this.addEventListener('click', (e) => {
      if (e.composedPath().some((node) => node instanceof HTMLAnchorElement)) this.list.hidePopover();
    });
  }

  override render() {
    return html`<button
        popovertarget="list"
        class=${this.here ? 'here' : ''}
        aria-expanded=${this.open ? 'true' : 'false'}
        title=${this.here || t().more}
      >
        ${icon('more')}<span>${t().more}</span>
      </button>
      <div id="list" popover @beforetoggle=${this.toggled}><slot></slot></div>`;
  }

  private toggled(e: ToggleEvent) {
    this.open = e.newState === 'open';
    if (!this.open) return;
    const { left, bottom } = this.button.getBoundingClientRect();
    // the width that it has at least, so that it stays in the window
    const most = innerWidth - 16 * 14;
    Object.assign(this.list.style, { left: `${Math.max(8, Math.min(left, most))}px`, top: `${bottom + 4}px` });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-more-pages': MorePages;
  }
}
