import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { TimelineEntry } from '../../server/clients/contract.ts';
import { clock, day } from '../core/format.ts';
import { Pages } from '../core/pages.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import '../ui/allo-badge.ts';
import '../ui/allo-more.ts';
import '../ui/allo-number.ts';
import { clientsApi } from './api.ts';
import { t } from './strings.ts';
import { entryView } from './timeline-entry.ts';

/** What happened to a client, newest first, as far back as one scrolls. */
@customElement('allo-timeline')
export class Timeline extends AlloElement {
  @property({ type: Number }) client = 0;
  /** Changes when there is something new to load. */
  @property({ type: Number }) version = 0;
  /** Words for an outcome's code: those are the calls' own. */
  @property({ attribute: false }) outcomeWords: (code: string) => string = (code) => code;

  private readonly pages = new Pages(this, (after) => clientsApi.timeline(this.client, after));

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .panel {
        padding: 0;
        overflow: hidden;
      }
      .day {
        padding: var(--space-3) var(--space-4) var(--space-1);
        font-size: var(--text-s);
        color: var(--text-muted);
      }
      li + li > .day {
        border-top: 1px solid var(--border);
      }
      .entry {
        display: grid;
        grid-template-columns: 3.25rem 1.5rem minmax(0, 1fr) auto;
        gap: 0 var(--space-2);
        padding: var(--space-2) var(--space-4);
      }
      a.entry {
        color: inherit;
        text-decoration: none;
      }
      a.entry:hover {
        background: var(--surface-2);
      }
      a.entry:focus-visible {
        outline-offset: -2px;
      }
      .what strong {
        font-weight: 600;
      }
      .more {
        grid-column: 3 / -1;
        color: var(--text-muted);
        overflow-wrap: anywhere;
      }
      .note {
        color: var(--text);
        white-space: pre-wrap;
      }
      .sound {
        display: block;
        padding: 0 var(--space-4) var(--space-3) calc(3.25rem + 1.5rem + var(--space-4) + 2 * var(--space-2));
      }
      .missed {
        color: var(--danger);
      }
      .in {
        color: var(--success);
      }
      .out {
        color: var(--info);
      }
      .neutral {
        color: var(--text-muted);
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('client')) void this.pages.restart();
    else if (changed.has('version')) void this.pages.restart({ keep: true });
  }

  override render() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel">${skeleton(7)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      return html`<div class="panel">${empty({ icon: 'clock', title: t().timelineEmpty, text: t().timelineEmptyText })}</div>`;
    }
    return html`<ol class="panel">
        ${repeat(
          pages.items,
          (e) => e.id,
          (e, i) => this.entry(e, pages.items[i - 1]),
        )}
      </ol>
      ${
        pages.state === 'failed'
          ? trouble(pages.error, () => void pages.retry())
          : pages.state === 'end'
            ? nothing
            : html`<allo-more @more-wanted=${() => void pages.more()}></allo-more>`
      }`;
  }

  private entry(e: TimelineEntry, above: TimelineEntry | undefined) {
    const { icon: name, tone, title, details, badge, note, href, recorded } = entryView(e, this.outcomeWords);
    const content = html`<span class="num muted">${clock(e.at)}</span>
      <span class=${tone}>${icon(name)}</span>
      <span class="what"><strong>${title}</strong></span>
      <span>${badge ? html`<allo-badge>${badge}</allo-badge>` : nothing}</span>
      ${details ? html`<span class="more small">${details}</span>` : nothing}
      ${note ? html`<span class="more note" dir="auto">${note}</span>` : nothing}`;
    return html`<li>
      ${!above || day(above.at) !== day(e.at) ? html`<h3 class="day">${day(e.at)}</h3>` : nothing}
      ${href ? html`<a class="entry" href=${href}>${content}</a>` : html`<div class="entry">${content}</div>`}
      ${recorded && e.ref ? html`<allo-recordings class="sound" .ref=${e.ref}></allo-recordings>` : nothing}
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-timeline': Timeline;
  }
}
