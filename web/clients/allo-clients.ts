import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ClientBrief } from '../../server/clients/contract.ts';
import { Pages } from '../core/pages.ts';
import { navigate } from '../core/router.ts';
import { me } from '../core/session.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { rows } from '../ui/styles.ts';
import '../ui/allo-import-link.ts';
import '../ui/allo-more.ts';
import '../ui/allo-number.ts';
import { clientsApi } from './api.ts';
import { t } from './strings.ts';

const TYPING_MS = 200;

/** All clients that the user may see, and those of them that are looked for. The search stands in the address. */
@customElement('allo-clients')
export class Clients extends AlloElement {
  @property() query = '';
  private asked = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly pages = new Pages(this, (after) => clientsApi.search(this.asked, { after }));

  static override styles = [
    ...AlloElement.styles,
    states,
    rows,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-3) var(--space-2);
        margin-bottom: var(--space-4);
      }
      h1 {
        flex: 1;
      }
      .rows a.line {
        grid-template-columns: 1.5rem minmax(8rem, 1.4fr) minmax(6rem, 1fr) 11rem;
      }
      strong {
        font-weight: 600;
      }
      .phone {
        text-align: right;
      }
      @media (max-width: 760px) {
        .rows a.line {
          grid-template-columns: 1.5rem 1fr auto;
        }
        .rows .company {
          display: none;
        }
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('query')) return;
    this.asked = new URLSearchParams(this.query).get('q') ?? '';
    void this.pages.restart({ keep: this.pages.items.length > 0 });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  override render() {
    return html`<header>
        <h1 tabindex="-1">${t().clients}</h1>
        <allo-import-link></allo-import-link>
        ${me()?.user.role === 'operator' ? nothing : html`<a class="button" href="/clients/duplicates">${t().duplicates}</a>`}
        <a class="button" href="/clients/untouched">${t().untouched}</a>
        <a class="button" href="/clients/lists">${t().lists}</a>
        <a class="button primary" href="/clients/new">${icon('plus')}${t().newClient}</a>
        <input
          type="search"
          aria-label=${t().searchLabel}
          placeholder=${t().searchPlaceholder}
          maxlength="200"
          .value=${this.asked}
          @input=${this.typed}
        />
      </header>
      ${this.list()}`;
  }

  private list() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel list">${skeleton(9)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      return html`<div class="panel">${this.nobody()}</div>`;
    }
    return html`<ul class="panel list rows">
        ${repeat(
          pages.items,
          (c) => c.id,
          (c) => this.line(c),
        )}
      </ul>
      ${
        pages.state === 'failed'
          ? trouble(pages.error, () => void pages.retry())
          : pages.state === 'end'
            ? nothing
            : html`<allo-more @more-wanted=${() => void pages.more()}></allo-more>`
      }`;
  }

  private line(c: ClientBrief) {
    return html`<li>
      <a class="line" href="/clients/${c.id}">
        <span class="muted">${icon(c.kind === 'company' ? 'company' : 'person')}<span class="hidden">${t()[c.kind]}</span></span>
        <strong class="cut" dir="auto">${c.name}</strong>
        <span class="company muted cut" dir="auto">${c.company}</span>
        <span class="phone num">${c.phone ? html`<allo-number .value=${c.phone}></allo-number>` : nothing}</span>
      </a>
    </li>`;
  }

  private nobody() {
    if (!this.asked)
      return empty({
        icon: 'people',
        title: t().noClients,
        text: t().noClientsText,
        action: html`<a class="button" href="/clients/new">${icon('plus')}${t().newClient}</a>`,
      });
    return empty({
      icon: 'search',
      title: t().nothingFoundFor(this.asked),
      action: html`<a class="button" href="/clients/new?${newFrom(this.asked)}">${icon('plus')}${t().newClient}</a>`,
    });
  }

  private typed(e: Event) {
    const q = (e.target as HTMLInputElement).value;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => navigate(q.trim() ? `/clients?${new URLSearchParams({ q })}` : '/clients', { replace: true, focus: false }),
      TYPING_MS,
    );
  }
}

/** What was looked for, as the beginning of a card: a number or a name. */
export const newFrom = (q: string): string =>
  new URLSearchParams(/^[+\d\s()-]+$/.test(q) ? { phone: q.trim() } : { name: q.trim() }).toString();

declare global {
  interface HTMLElementTagNameMap {
    'allo-clients': Clients;
  }
}
