import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { UnplannedPage } from '../../server/tasks/contract.ts';
import { onLive, onReset } from '../core/live.ts';
import { Pages } from '../core/pages.ts';
import { me } from '../core/session.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-more.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { rows } from '../ui/styles.ts';
import { tasksApi } from './api.ts';
import { t } from './strings.ts';
import { lineStyles } from './task-line.ts';

type Item = UnplannedPage['items'][number];

/**
 * Leads for whom nothing is planned.
 * @fires task-wanted - detail: { client: ClientBrief }
 */
@customElement('allo-unplanned')
export class Unplanned extends AlloElement {
  @state() private own = false;
  private readonly pages = new Pages<Item>(this, (after) => tasksApi.unplanned({ after, ...(this.own && { ownerId: me()!.user.id }) }));
  private stops: (() => void)[] = [];

  static override styles = [
    ...AlloElement.styles,
    states,
    rows,
    lineStyles,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin-bottom: var(--space-3);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.pages.restart();
    const again = () => void this.pages.restart({ keep: true });
    this.stops = [onLive('tasks', again), onReset(again)];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stops.forEach((stop) => stop());
  }

  override render() {
    const mine = (e: Event) => {
      this.own = (e.target as HTMLInputElement).checked;
      void this.pages.restart();
    };
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${t().unplanned}</h1>
          <p class="muted small">${t().unplannedLead}</p>
        </div>
        <label><input type="checkbox" .checked=${this.own} @change=${mine} /> ${t().onlyMine}</label>
      </header>
      ${this.list()}`;
  } // prettier-ignore

  private list() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel list">${skeleton(8)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      return html`<div class="panel">${empty({ icon: 'check', title: t().allPlanned, text: t().allPlannedText })}</div>`;
    }
    return html`<ul class="panel list tasks" aria-busy=${pages.state === 'loading'}>
        ${repeat(
          pages.items,
          ({ client }) => client.id,
          ({ client, owner }) =>
            html`<li>
              <div>
                <a class="text" dir="auto" href="/clients/${client.id}">${client.name}</a>
                <p class="small muted" dir="auto">${[client.company, owner?.name ?? t().noOwner].filter(Boolean).join(' · ')}</p>
              </div>
              <button class="button" aria-label="${t().planStep}: ${client.name}" @click=${() => this.emit('task-wanted', { client })}>
                ${icon('plus')}${t().planStep}
              </button>
            </li>`,
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
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-unplanned': Unplanned;
  }
}
