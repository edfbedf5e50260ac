import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Interest, Topic } from '../../server/interests/contract.ts';
import { errorText } from '../core/error-words.ts';
import { date } from '../core/format.ts';
import { strengthWords } from '../core/interest-words.ts';
import { onLive, onReset } from '../core/live.ts';
import { Select } from '../core/store.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { interestsApi } from './api.ts';
import { followTopics, topics } from './store.ts';
import { t } from './strings.ts';

/** Offered at once; the others one click away. */
const AT_ONCE = 6;
const AT_ONCE_FEW = 3;
/** What one click says. */
const INTERESTED = 2;
const STRENGTHS = [3, 2, 1, 0] as const;

type Known = Pick<Interest, 'topicId' | 'strength'> & Partial<Interest>;

/** What a client is interested in, and what they might be: one click says it, another says how strongly. Nothing without a catalogue. */
@customElement('allo-interests')
export class Interests extends AlloElement {
  @property({ type: Number }) client = 0;
  /** The conversation in which it is said; null: none. */
  @property() call: string | null = null;
  /** There is little room. */
  @property({ type: Boolean }) few = false;

  @state() private known: readonly Known[] | null = null;
  @state() private all = false;
  /** Whose strength is being chosen. */
  @state() private open: number | null = null;
  private readonly topics = new Select(this, topics, (list) => list);
  private stops: (() => void)[] = [];
  /** Orders under way: what is read meanwhile is older than what is shown. */
  private orders = 0;

  static override styles = [
    ...AlloElement.styles,
    css`
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: var(--space-1);
        max-width: 100%;
        min-height: 1.75rem;
        padding: 1px var(--space-2);
        border: 1px dashed var(--border-strong);
        border-radius: var(--radius);
        background: none;
        color: inherit;
        font: inherit;
        line-height: 1.2;
        text-align: left;
        overflow-wrap: anywhere;
        cursor: pointer;
      }
      .chip:hover {
        background: var(--surface-3);
      }
      .chip svg.icon {
        width: 0.9rem;
        height: 0.9rem;
      }
      .known {
        border: 1px solid var(--accent);
        background: var(--accent-soft);
        font-weight: 600;
      }
      .known.no {
        border-color: var(--border-strong);
        background: none;
        color: var(--text-muted);
        font-weight: 400;
        text-decoration: line-through;
      }
      .chip.quiet {
        border-color: transparent;
        color: var(--text-muted);
      }
      .dots {
        letter-spacing: 1px;
        color: var(--accent);
      }
      .group {
        margin: var(--space-2) 0 var(--space-1);
        font-size: var(--text-s);
        color: var(--text-muted);
      }
      .strength {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        margin-top: var(--space-2);
        padding: var(--space-2);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        background: var(--surface-2);
      }
      .strength p {
        flex-basis: 100%;
      }
      .strength .chip {
        border-style: solid;
        background: var(--surface);
      }
      .strength .chip[aria-pressed='true'] {
        border-color: var(--accent);
        background: var(--accent-soft);
        font-weight: 600;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.stops = [
      followTopics(),
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
    this.known = null;
    this.open = null;
    this.all = false;
    if (this.client > 0) void this.load();
  }

  private async load() {
    const { client, orders } = this;
    try {
      const { items } = await interestsApi.of(client);
      if (client === this.client && orders === 0 && this.orders === 0) this.known = items;
    } catch {
      // The card itself says what is wrong; what was shown stays.
    }
  }

  override render() {
    const list = this.topics.value;
    if (list === null || this.known === null || list.every((topic) => topic.retiredAt !== null && !this.of(topic))) return nothing;
    const known = list.filter((topic) => this.of(topic)).sort((a, b) => this.of(b)!.strength - this.of(a)!.strength);
    const others = list.filter((topic) => topic.retiredAt === null && !this.of(topic));
    const most = this.few ? AT_ONCE_FEW : AT_ONCE;
    const shown = this.all || others.length <= most + 1 ? others : others.slice(0, most);
    return html`<div role="group" aria-label=${t().interests} @keydown=${this.keydown}>
      <p class="label">${t().interests}</p>
      <div class="chips">
        ${known.map((topic) => this.chip(topic, this.of(topic)!))} ${this.all ? nothing : shown.map((topic) => this.offer(topic))}
        ${
          shown.length < others.length
            ? html`<button type="button" class="chip quiet" @click=${() => this.unfold(true)}>
                ${t().more(others.length - shown.length)}
              </button>`
            : nothing
        }
      </div>
      ${this.openStrength(known)} ${this.all ? this.groups(others) : nothing}
    </div>`;
  }

  private of(topic: Topic): Known | undefined {
    return this.known?.find(({ topicId }) => topicId === topic.id);
  }

  private chip(topic: Topic, known: Known) {
    const { strength, since, source } = known;
    const how = [
      strengthWords(strength),
      since === undefined ? '' : t().since(date(since)),
      source === undefined ? '' : source === 'call' ? t().inCall : t().byHand,
      known.user?.name ?? '',
    ];
    const words = how.filter(Boolean).join(' · ');
    return html`<button
      type="button"
      class="chip known ${strength === 0 ? 'no' : ''}"
      title=${words}
      aria-label="${topic.label}: ${words}"
      aria-expanded=${this.open === topic.id ? 'true' : 'false'}
      @click=${() => (this.open = this.open === topic.id ? null : topic.id)}
    >
      <span dir="auto">${topic.label}</span>
      ${strength > 0 ? html`<span class="dots" aria-hidden="true">${'●'.repeat(strength)}${'○'.repeat(3 - strength)}</span>` : nothing}
    </button>`;
  }

  private offer(topic: Topic) {
    return html`<button type="button" class="chip" aria-label=${t().add(topic.label)} @click=${() => void this.say(topic, INTERESTED)}>
      ${icon('plus')}<span dir="auto">${topic.label}</span>
    </button>`;
  }

  /** Everything that could be said, under its headings. */
  private groups(others: readonly Topic[]) {
    const headings = [...new Set(others.map(({ heading }) => heading))];
    return html`${headings.map(
        (heading) =>
          html`${heading ? html`<p class="group" dir="auto">${heading}</p>` : nothing}
            <div class="chips">${others.filter((topic) => topic.heading === heading).map((topic) => this.offer(topic))}</div>`,
      )}<button type="button" class="chip quiet" @click=${() => this.unfold(false)}>${t().less}</button>`;
  }

  private openStrength(known: readonly Topic[]) {
    const topic = known.find(({ id }) => id === this.open);
    if (!topic) return nothing;
    const now = this.of(topic)!;
    return html`<div class="strength" role="group" aria-label=${t().strength(topic.label)}>
      ${STRENGTHS.map(
        (strength) =>
          html`<button
            type="button"
            class="chip"
            aria-pressed=${strength === now.strength ? 'true' : 'false'}
            @click=${() => void this.say(topic, strength)}
          >
            ${strengthWords(strength)}
          </button>`,
      )}
      ${this.justSaid(now) ? html`<button type="button" class="chip quiet" @click=${() => void this.takeBack(topic)}>${t().mistake}</button>` : nothing}
    </div>`;
  }

  /** In this call, or today without one: only that can be taken back. */
  private justSaid(known: Known): boolean {
    if (known.source === undefined) return true;
    if (this.call !== null) return known.call === this.call;
    const day = (at: number) => new Date(at).toISOString().slice(0, 10);
    return known.source === 'hand' && known.at !== undefined && day(known.at) === day(serverNow());
  }

  private async say(topic: Topic, strength: number) {
    const before = this.of(topic);
    await this.order(topic, { topicId: topic.id, strength, ...(before?.since !== undefined && { since: before.since }) }, () =>
      interestsApi.set(this.client, topic.id, strength, this.call),
    );
  }

  private async takeBack(topic: Topic) {
    if (await this.order(topic, null, () => interestsApi.takeBack(this.client, topic.id, this.call)))
      toast('info', t().takenBack(topic.label));
  }

  /** Shows it at once, and what it was before when the server refuses. @returns whether it did not */
  private async order(topic: Topic, next: Known | null, run: () => Promise<unknown>): Promise<boolean> {
    const { client, known: before } = this;
    const inside = this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement !== null;
    this.open = null;
    this.known = [...(this.known ?? []).filter(({ topicId }) => topicId !== topic.id), ...(next ? [next] : [])];
    if (inside) void this.focusOn(topic);
    this.orders++;
    let done = true;
    try {
      await run();
    } catch (err) {
      done = false;
      if (client === this.client) this.known = before;
      toast('danger', errorText(err));
    } finally {
      this.orders--;
    }
    if (client === this.client) await this.load();
    return done;
  }

  /** The button that was pressed is another one now. */
  private async focusOn(topic: Topic) {
    await this.updateComplete;
    const chips = [...this.renderRoot.querySelectorAll<HTMLElement>('.chip')];
    (chips.find((chip) => chip.ariaLabel?.startsWith(`${topic.label}:`)) ?? chips[0])?.focus();
  }

  private unfold(all: boolean) {
    this.all = all;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.chip')?.focus());
  }

  private keydown(e: KeyboardEvent) {
    if (e.key !== 'Escape' || (this.open === null && !this.all)) return;
    e.stopPropagation();
    this.open = null;
    if (this.all) this.unfold(false);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-interests': Interests;
  }
}
