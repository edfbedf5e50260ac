import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AskedList, InvitedList } from '../../server/meetings/contract.ts';
import { moment } from '../core/format.ts';
import { onLive, onReset } from '../core/live.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { meetingsApi } from './api.ts';
import { faultText } from './allo-meeting-edit.ts';
import { t } from './strings.ts';

/** What waits for me: invitations without an answer, and meetings with clients without a result. Nothing while nothing does. */
@customElement('allo-meetings-inbox')
export class MeetingsInbox extends AlloElement {
  @state() private invited: InvitedList['items'] = [];
  @state() private asked: AskedList['items'] = [];
  @state() private texts: Readonly<Record<string, string>> = {};
  private stops: (() => void)[] = [];

  static override styles = [
    ...AlloElement.styles,
    css`
      section {
        margin-bottom: var(--space-3);
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: end;
        padding: var(--space-1) 0;
      }
      .grow {
        min-width: 12rem;
        overflow-wrap: anywhere;
      }
      h2 {
        font-size: var(--text-m);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
    this.stops = [onLive('meetings', () => void this.load()), onReset(() => void this.load())];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stops.forEach((stop) => stop());
  }

  private async load() {
    try {
      const [invited, asked] = await Promise.all([meetingsApi.invited(), meetingsApi.asked()]);
      [this.invited, this.asked] = [invited.items, asked.items];
    } catch (err) {
      toast('danger', faultText(err));
    }
  }

  override render() {
    return html`${this.invitations()}${this.results()}`;
  }

  private invitations() {
    if (this.invited.length === 0) return nothing;
    return html`<section class="panel" aria-label=${t().invited}>
      <h2>${t().invited}</h2>
      <ul>
        ${repeat(
          this.invited,
          ({ id }) => id,
          ({ id, title, startsAt, owner, place }) =>
            html`<li>
              <span class="grow"><b>${title}</b> · ${moment(startsAt)}${place ? ` · ${place}` : ''} · ${t().by(owner?.name ?? '?')}</span>
              ${(['accepted', 'tentative', 'declined'] as const).map((answer) => html`<button class="button" aria-label="${t().answer[answer]}: ${title}" @click=${() => this.send(() => meetingsApi.answer(id, answer), t().answered)}>${t().answer[answer]}</button>`)}
            </li>`,
        )}
      </ul>
    </section>`;
  }

  private results() {
    if (this.asked.length === 0) return nothing;
    return html`<section class="panel" aria-label=${t().asked}>
      <h2>${t().asked}</h2>
      <ul>
        ${repeat(
          this.asked,
          ({ meetingId, occurrence }) => `${meetingId} ${occurrence}`,
          ({ meetingId, occurrence, title, from, client }) => {
            const key = `${meetingId}-${occurrence}`;
            const text = this.texts[key] ?? '';
            const save = (e: Event) => {
              e.preventDefault();
              if (text.trim()) void this.send(() => meetingsApi.result(meetingId, occurrence, text), t().saved);
            };
            return html`<li>
              <form class="grow" @submit=${save}>
                ${field({ id: `result-${key}`, label: t().result([title, client?.name, moment(from)].filter(Boolean).join(' · ')), value: text, maxLength: 2000, onInput: (value) => (this.texts = { ...this.texts, [key]: value }) })}
                <button class="button">${t().saveResult}</button>
              </form>
            </li>`;
          },
        )}
      </ul>
    </section>`;
  }

  private async send(run: () => Promise<unknown>, done: string) {
    try {
      await run();
      toast('success', done);
    } catch (err) {
      toast('danger', faultText(err));
    }
    await this.load();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-meetings-inbox': MeetingsInbox;
  }
}
