import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { TimelineEntry } from '../../server/clients/contract.ts';
import { clock, isToday, shortDay } from '../core/format.ts';
import { onLive, onReset } from '../core/live.ts';
import { newestAsked } from '../core/newest.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { clientsApi } from './api.ts';
import { t } from './strings.ts';
import { entryView } from './timeline-entry.ts';

/** The last conversations with a client: when, with whom, how they ended, what was noted first. Nothing when there were none. */
@customElement('allo-last-talks')
export class LastTalks extends AlloElement {
  @property({ type: Number }) client = 0;
  /** At most so many. */
  @property({ type: Number }) most = 3;
  /** Words for an outcome's code: those are the calls' own. */
  @property({ attribute: false }) outcomeWords: (code: string) => string = (code) => code;
  @state() private talks: readonly TimelineEntry[] = [];
  private readonly asking = newestAsked();
  private stops: (() => void)[] = [];

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        min-width: 0;
      }
      section {
        margin-top: var(--space-3);
      }
      .title {
        font-size: var(--text-s);
        color: var(--text-muted);
        margin-bottom: var(--space-1);
      }
      a {
        display: flex;
        align-items: baseline;
        gap: var(--space-2);
        min-height: 1.75rem;
        padding: 0.15rem var(--space-2);
        border-radius: var(--radius);
        color: inherit;
        text-decoration: none;
      }
      a:hover {
        background: var(--surface-3);
      }
      .when {
        flex: none;
        min-width: 5.5rem;
      }
      .note {
        flex: 1;
      }
      .who {
        max-width: 10rem;
      }
      .in {
        color: var(--success);
      }
      .out {
        color: var(--info);
      }
      svg.icon {
        width: 0.95rem;
        height: 0.95rem;
      }
      :host([narrow]) a {
        flex-wrap: wrap;
        gap: 0 var(--space-2);
        padding-inline: 0;
      }
      :host([narrow]) .note {
        flex-basis: 100%;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.stops = [
      onLive('clients', ({ id }) => {
        if (id === this.client) void this.load();
      }),
      onReset(() => void this.load()),
    ];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stops.forEach((stop) => stop());
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('client')) return;
    this.talks = [];
    void this.load();
  }

  private async load() {
    const id = this.client;
    const newest = this.asking();
    if (id <= 0) return;
    try {
      const items = await clientsApi.talks(id);
      if (newest()) this.talks = items;
    } catch {
      // The card itself says what is wrong; what was shown stays.
    }
  }

  override render() {
    const shown = this.talks.slice(0, this.most);
    if (shown.length === 0) return nothing;
    return html`<section aria-label=${t().lastTalks}>
      <p class="title" aria-hidden="true">${t().lastTalks}</p>
      <ul>
        ${shown.map((talk) => this.line(talk))}
      </ul>
    </section>`;
  }

  private line(e: TimelineEntry) {
    const { icon: name, tone, title, badge, note, href } = entryView(e, this.outcomeWords);
    const first = note.split('\n', 1)[0]!;
    return html`<li>
      <a href=${href ?? '#'} title=${title}>
        <span class="when num muted small">${isToday(e.at) ? clock(e.at) : `${shortDay(e.at)} ${clock(e.at)}`}</span>
        <span class=${tone}>${icon(name)}<span class="hidden">${title}</span></span>
        ${e.user ? html`<span class="who cut muted small" dir="auto">${e.user.name}</span>` : nothing}
        ${badge ? html`<allo-badge>${badge}</allo-badge>` : nothing}
        ${first ? html`<span class="note cut" dir="auto" title=${note}>${first}</span>` : nothing}
      </a>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-last-talks': LastTalks;
  }
}
