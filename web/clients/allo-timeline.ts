import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { TimelineEntry, TimelinePage, TimelinePeople } from '../../server/clients/contract.ts';
import { errorText } from '../core/error-words.ts';
import { clock, day } from '../core/format.ts';
import { Pages } from '../core/pages.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import '../ui/allo-badge.ts';
import '../ui/allo-more.ts';
import '../ui/allo-number.ts';
import { clientsApi } from './api.ts';
import { c } from './card-strings.ts';
import { t } from './strings.ts';
import { entryView } from './timeline-entry.ts';

export interface Ask {
  kinds?: string;
  q?: string;
  from?: number;
  until?: number;
  userId?: number;
}

const KINDS = ['call', 'note', 'task', 'meeting', 'file', 'stage', 'relation', 'complaint', 'interest', 'edited'] as const;
const TYPING_MS = 250;

/** What happened to a client, newest first, as far back as one scrolls. */
@customElement('allo-timeline')
export class Timeline extends AlloElement {
  @property({ type: Number }) client = 0;
  /** Changes when there is something new to load. */
  @property({ type: Number }) version = 0;
  /** Words for an outcome's code: those are the calls' own. */
  @property({ attribute: false }) outcomeWords: (code: string) => string = (code) => code;

  /** Notes may be added, entries kept on top. */
  @property({ type: Boolean }) mayWrite = false;
  /** What is shown of it: of some kinds, of a period, with these words. */
  @property({ attribute: false }) ask: Ask = {};
  @state() private pinned: TimelinePage['pinned'] = [];
  @state() private people: TimelinePeople['items'] = [];
  @state() private note = '';
  @state() private saving = false;
  private typing: ReturnType<typeof setTimeout> | undefined;

  private asked = 0;

  private readonly pages = new Pages(this, async (before) => {
    const asked = ++this.asked;
    const page = await clientsApi.timeline(this.client, { ...this.ask, before });
    if (before === undefined && asked === this.asked) this.pinned = page.pinned;
    return page;
  });

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .panel {
        padding: 0;
        overflow: hidden;
      }
      .composer {
        display: flex;
        align-items: flex-start;
        gap: var(--space-2);
        margin-bottom: var(--space-3);
      }
      .composer textarea {
        min-height: var(--hit-target);
        height: var(--hit-target);
        flex: 1;
      }
      /* Not by the focus: what is pressed next would move away below the pointer. */
      .composer textarea:not(:placeholder-shown) {
        height: 5rem;
      }
      .filters {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1);
        margin-bottom: var(--space-3);
      }
      .break {
        flex-basis: 100%;
      }
      .filters input[type='search'] {
        flex: 1;
      }
      .filters select {
        max-width: 12rem;
      }
      .filters select,
      .filters input {
        width: auto;
        min-height: 1.9rem;
        font-size: var(--text-s);
      }
      .chip {
        min-height: 1.9rem;
        padding: 0 var(--space-2);
        border: 1px solid var(--border);
        border-radius: 999px;
        background: var(--surface);
        color: var(--text-muted);
        font: inherit;
        font-size: var(--text-s);
        cursor: pointer;
      }
      .chip[aria-pressed='true'] {
        border-color: var(--accent);
        background: var(--accent-soft);
        color: var(--text);
      }
      .pins {
        margin-bottom: var(--space-3);
      }
      .pin {
        display: block;
        min-height: 1.5rem;
        margin: 0 0 var(--space-1) calc(3.25rem + 1.5rem + var(--space-4) + 2 * var(--space-2));
        padding: 0;
        border: 0;
        background: none;
        color: var(--accent);
        font: inherit;
        font-size: var(--text-s);
        cursor: pointer;
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
    if (changed.has('client')) {
      this.note = '';
      if (changed.get('client') !== undefined) this.ask = {};
    }
    if (changed.has('client') || changed.has('version')) void this.loadPeople(changed.has('client'));
    if (changed.has('client') || changed.has('ask')) void this.pages.restart({ keep: !changed.has('client') });
    else if (changed.has('version')) void this.pages.restart({ keep: true });
  }

  private async loadPeople(fresh: boolean) {
    const { client } = this;
    if (fresh) this.people = [];
    try {
      const { items } = await clientsApi.historyPeople(client);
      if (client === this.client) this.people = items;
    } catch {
      // the history is one without this filter; it tells by itself when it cannot be had
    }
  }

  override render() {
    return html`${this.mayWrite ? this.composer() : nothing} ${this.filters()} ${this.pins()} ${this.content()}`;
  }

  private content() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel">${skeleton(7)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      if (Object.values(this.ask).some((v) => v !== undefined))
        return html`<div class="panel">${empty({ icon: 'search', title: c().nothingFits, text: c().nothingFitsText })}</div>`;
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

  private composer() {
    return html`<form class="composer" @submit=${this.addNote}>
      <textarea
        aria-label=${c().note}
        placeholder=${c().notePlaceholder}
        maxlength="10000"
        rows="1"
        .value=${this.note}
        @input=${(e: Event) => (this.note = (e.target as HTMLTextAreaElement).value)}
        @keydown=${(e: KeyboardEvent) => e.key === 'Enter' && (e.ctrlKey || e.metaKey) && this.addNote(e)}
      ></textarea>
      <button class="button" ?disabled=${this.saving || !this.note.trim()}>${icon('note')}${c().addNote}</button>
    </form>`;
  }

  private filters() {
    const { ask } = this;
    const set = (change: Partial<Record<keyof Ask, string | number | undefined>>) => (this.ask = { ...ask, ...change } as Ask);
    const chip = (kind: string | undefined, words: string) =>
      html`<button class="chip" aria-pressed=${ask.kinds === kind ? 'true' : 'false'} @click=${() => set({ kinds: kind })}>
        ${words}
      </button>`;
    const date = (label: string, at: number | undefined, change: (at: number | undefined) => void) =>
      html`<input
        type="date"
        aria-label=${label}
        title=${label}
        .value=${at === undefined ? '' : dateText(at)}
        @change=${(e: Event) => change((e.target as HTMLInputElement).valueAsDate ? startOf((e.target as HTMLInputElement).value) : undefined)}
      />`;
    return html`<div class="filters" role="group" aria-label=${c().filter}>
      ${chip(undefined, c().all)} ${KINDS.map((kind) => chip(kind, c().kinds[kind]!))}
      <span class="break"></span>
      <input
        type="search"
        aria-label=${c().findInHistory}
        placeholder=${c().findInHistory}
        maxlength="200"
        .value=${ask.q ?? ''}
        @input=${(e: Event) => {
          const q = (e.target as HTMLInputElement).value.trim() || undefined;
          clearTimeout(this.typing);
          this.typing = setTimeout(() => set({ q }), TYPING_MS);
        }}
      />
      ${
        this.people.length > 0
          ? html`<select
              aria-label=${c().whose}
              title=${c().whose}
              @change=${(e: Event) => set({ userId: Number((e.target as HTMLSelectElement).value) || undefined })}
            >
              <option value="" .selected=${live(ask.userId === undefined)}>${c().anybody}</option>
              ${this.people.map(({ id, name }) => html`<option value=${id} .selected=${live(ask.userId === id)}>${name}</option>`)}
            </select>`
          : nothing
      }
      ${date(c().from, ask.from, (from) => set({ from }))}
      ${date(c().until, ask.until === undefined ? undefined : ask.until - 1, (at) => set({ until: at === undefined ? undefined : at + DAY_MS }))}
    </div>`;
  }

  private pins() {
    if (this.pinned.length === 0) return nothing;
    return html`<section class="panel pins" aria-label=${c().pinned}>
      <h2 class="day">${c().pinned}</h2>
      <ul>
        ${this.pinned.map((e) => this.entry(e, e))}
      </ul>
    </section>`;
  }

  private async addNote(e: Event) {
    e.preventDefault();
    const text = this.note.trim();
    if (!text || this.saving) return;
    this.saving = true;
    try {
      await clientsApi.note(this.client, text);
      this.note = '';
      await this.pages.restart({ keep: true });
    } catch (err) {
      toast('danger', errorText(err));
    } finally {
      this.saving = false;
    }
  }

  private async pin(e: TimelineEntry) {
    try {
      await clientsApi.pin(this.client, e.id, !e.pinned);
      await this.pages.restart({ keep: true });
    } catch (err) {
      toast('danger', errorText(err));
    }
  }

  private entry(e: TimelineEntry, above: TimelineEntry | undefined) {
    const { icon: name, tone, title, details, badge, note, href, recorded } = entryView(e, this.outcomeWords);
    const content = html`<span class="num muted">${clock(e.at)}</span>
      <span class=${tone}>${icon(name)}</span>
      <span class="what"><strong>${title}</strong></span>
      <span class="end">${badge ? html`<allo-badge>${badge}</allo-badge>` : nothing}</span>
      ${details ? html`<span class="more small">${details}</span>` : nothing}
      ${note ? html`<span class="more note" dir="auto">${note}</span>` : nothing}`;
    return html`<li>
      ${!above || day(above.at) !== day(e.at) ? html`<h2 class="day">${day(e.at)}</h2>` : nothing}
      ${href ? html`<a class="entry" href=${href}>${content}</a>` : html`<div class="entry">${content}</div>`}
      ${
        this.mayWrite && (e.kind === 'note' || e.pinned)
          ? html`<button class="pin" aria-pressed=${e.pinned ? 'true' : 'false'} @click=${() => void this.pin(e)}>
              ${e.pinned ? c().unpin : c().pin}
            </button>`
          : nothing
      }
      ${recorded && e.ref ? html`<allo-recordings class="sound" .ref=${e.ref}></allo-recordings>` : nothing}
    </li>`;
  }
}

const DAY_MS = 86_400_000;
/** A day of the calendar begins where the browser is. */
const startOf = (text: string): number => new Date(`${text}T00:00:00`).getTime();
const dateText = (at: number): string => new Intl.DateTimeFormat('sv-SE').format(at);

declare global {
  interface HTMLElementTagNameMap {
    'allo-timeline': Timeline;
  }
}
