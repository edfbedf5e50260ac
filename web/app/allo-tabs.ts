import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { LiveCall } from '../../server/calls/contract.ts';
import { isActive } from '../calls/desk.ts';
import { desk } from '../calls/store.ts';
import { drafts } from '../core/drafts.ts';
import { knownClient } from '../core/known.ts';
import { navigate, place } from '../core/router.ts';
import { Select } from '../core/store.ts';
import { beside, closeTab, isCard, tabs, visitTab } from '../core/tabs.ts';
import type { Tab } from '../core/tabs.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

const nameOf = (path: string): string => {
  const id = /^\/clients\/(\d+)$/.exec(path)?.[1];
  return (id && knownClient(Number(id))?.name) || '';
};

/** @returns whether there was a card to close */
export const closeCard = (path: string = place.get().path): boolean => {
  if (!isCard(path)) return false;
  const next = beside(tabs.get(), path, 1);
  closeTab(path);
  if (path === place.get().path) navigate(next === null || next === path ? '/' : next);
  return true;
};

/** @returns whether there was one to go to */
export const toCardBeside = (step: 1 | -1): boolean => {
  const to = beside(tabs.get(), place.get().path, step);
  if (to !== null) navigate(to);
  return to !== null;
};

/** The cards that are open. The one with a call shows it, the one with something half typed too. */
@customElement('allo-tabs')
export class CardTabs extends AlloElement {
  private readonly tabs = new Select(this, tabs, (list) => list);
  private readonly place = new Select(this, place, (p) => p.path);
  private readonly drafts = new Select(this, drafts, (d) => d);
  private readonly calls = new Select(this, desk, (d) => d.calls);
  private stop = () => {};

  static override styles = [
    ...AlloElement.styles,
    css`
      nav {
        display: flex;
        gap: 2px;
        padding: var(--space-1) var(--space-3) 0;
        border-bottom: 1px solid var(--border);
        background: var(--surface);
      }
      .tab {
        position: relative;
        display: flex;
        flex: 0 1 13rem;
        align-items: center;
        min-width: 3.5rem;
        margin-bottom: -1px;
        border: 1px solid transparent;
        border-radius: var(--radius) var(--radius) 0 0;
        color: var(--text-muted);
      }
      .tab:hover {
        background: var(--surface-3);
      }
      .tab.here {
        flex-shrink: 0.3;
        border-color: var(--border);
        border-bottom-color: var(--surface-2);
        background: var(--surface-2);
        color: var(--text);
        font-weight: 600;
      }
      a {
        display: flex;
        flex: 1;
        align-items: center;
        gap: var(--space-1);
        min-width: 0;
        min-height: 2.125rem;
        padding: 0 var(--space-3);
        color: inherit;
        text-decoration: none;
      }
      .tab :focus-visible {
        outline-offset: -2px;
      }
      .call {
        color: var(--success);
      }
      .ringing {
        color: var(--success);
        background: var(--success-soft);
        font-weight: 600;
      }
      .typed {
        color: var(--warning);
      }
      svg.icon {
        width: 1rem;
        height: 1rem;
      }
      .here a {
        padding-right: 2rem;
      }
      /* Eight names need the room: the cross lies over the end of its own when one points at it. */
      button {
        position: absolute;
        right: 2px;
        display: grid;
        place-items: center;
        width: 1.625rem;
        height: 1.625rem;
        padding: 0;
        border: 0;
        border-radius: var(--radius);
        opacity: 0;
        background: var(--surface-2);
        color: var(--text-muted);
        cursor: pointer;
      }
      .tab:is(.here, :hover, :focus-within) button {
        opacity: 1;
      }
      button:hover {
        background: var(--surface-3);
        color: var(--text);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    const visit = () => {
      const { path, focus } = place.get();
      visitTab(path, focus, nameOf(path));
    };
    this.stop = place.subscribe(visit);
    visit();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  override render() {
    if (this.tabs.value.length === 0) return nothing;
    const typed = new Set(Object.values(this.drafts.value).map((d) => d.path));
    return html`<nav aria-label=${t().cards}>
      ${repeat(
        this.tabs.value,
        (tab) => tab.path,
        (tab) => this.tab(tab, typed.has(tab.path)),
      )}
    </nav>`;
  }

  private tab(tab: Tab, typed: boolean) {
    const here = tab.path === this.place.value;
    const label = tab.label || t().card;
    const call = this.calls.value.find((c) => c.ref === tab.call && isActive(c));
    return html`<span class="tab ${here ? 'here' : ''} ${call?.phase === 'ringing' ? 'ringing' : ''}">
      <a href=${tab.path} aria-current=${here ? 'page' : 'false'} title=${label} @auxclick=${(e: MouseEvent) => this.middle(e, tab.path)}>
        ${this.sign(call, typed)}<span class="cut" dir="auto">${label}</span>
      </a>
      <button
        aria-label=${t().closeCard(label)}
        title="${t().closeCard(label)}${here ? ' (Alt+W)' : ''}"
        @click=${() => closeCard(tab.path)}
      >
        ${icon('close')}
      </button>
    </span>`;
  }

  private sign(call: LiveCall | undefined, typed: boolean) {
    if (call)
      return html`<span class="call"
        >${icon(call.direction === 'out' ? 'phone-out' : 'phone-in')}<span class="hidden">${t().cardCall}</span></span
      >`;
    return typed ? html`<span class="typed">${icon('pencil')}<span class="hidden">${t().draft}</span></span>` : nothing;
  }

  private middle(e: MouseEvent, path: string) {
    if (e.button !== 1) return;
    e.preventDefault();
    closeCard(path);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-tabs': CardTabs;
  }
}
