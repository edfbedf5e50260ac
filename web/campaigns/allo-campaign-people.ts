import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Campaign, Contact, ContactList, ContactsAdded } from '../../server/campaigns/contract.ts';
import type { Segment, SegmentList } from '../../server/segments/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { formatNumber } from '../core/numbers.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

const TONES: Readonly<Record<Contact['state'], string>> = {
  ready: 'info',
  live: 'success',
  held: 'warning',
  done: 'neutral',
  stopped: 'danger',
};

/**
 * The people of a campaign, why each is not called now, and lists of more.
 * @fires people-changed
 */
@customElement('allo-campaign-people')
export class CampaignPeople extends AlloElement {
  @property({ attribute: false }) campaign!: Campaign;
  @property({ type: Boolean }) editable = false;
  @state() private items: Contact[] = [];
  @state() private next: number | null = null;
  @state() private text = '';
  @state() private found: ContactsAdded | null = null;
  @state() private error = '';
  /** Null: not asked for yet. */
  @state() private segments: Segment[] | null = null;
  /** Whose people stand in `found`; null: those of the text. */
  @state() private segmentId: number | null = null;
  @state() private busy = false;
  /** What the list is called: its file. */
  private fileName = '';
  private shownFor = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      .panel {
        margin-bottom: var(--space-4);
      }
      li.person {
        display: grid;
        grid-template-columns: minmax(8rem, 1fr) 10rem 7rem minmax(10rem, 2fr) auto;
        gap: var(--space-3);
        align-items: center;
        min-height: 2.5rem;
        border-top: 1px solid var(--border);
      }
      .name {
        overflow-wrap: anywhere;
      }
      .in {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-2) 0;
      }
      summary {
        cursor: pointer;
        padding: var(--space-1) 0;
      }
      input[type='file'] {
        padding: var(--space-2);
      }
    `,
  ];

  override willUpdate() {
    // the figures of the page say that something has changed
    const sign = JSON.stringify([this.campaign.id, this.campaign.counts]);
    if (sign === this.shownFor) return;
    this.shownFor = sign;
    void this.load();
  }

  private async load(after = 0) {
    try {
      const { items, next } = await api.get<ContactList>(`/api/campaigns/${this.campaign.id}/contacts`, { after, limit: 20 });
      this.items = after === 0 ? items : [...this.items, ...items];
      this.next = next;
    } catch (err) {
      this.error = errorText(err);
    }
  }

  override render() {
    return html`<section class="panel" aria-label=${t().contacts}>
      <h2>${t().contacts}</h2>
      ${this.editable && this.campaign.state !== 'finished' ? this.adding() : nothing}
      ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
      <ul>
        ${repeat(
          this.items,
          ({ id }) => id,
          (person) => this.person(person),
        )}
      </ul>
      ${this.next === null ? nothing : html`<button class="button" @click=${() => void this.load(this.next!)}>${t().more}</button>`}
    </section>`;
  }

  private person(person: Contact) {
    const { id, name, numbers, state: at, reason, nextAt, attempts } = person;
    const why = [reason === null ? '' : (t().reasons[reason] ?? t().results[reason] ?? reason), at === 'ready' && nextAt > serverNow() ? t().from(moment(nextAt)) : '', attempts > 0 ? t().attempt(attempts) : '']; // prettier-ignore
    return html`<li class="person">
      <span class="name" dir="auto">${name || t().unknown}</span>
      <span class="num">${formatNumber(numbers[0] ?? '')}</span>
      <span><allo-badge tone=${TONES[at]}>${t().personStates[at]}</allo-badge></span>
      <span class="muted small">${why.filter(Boolean).join(', ')}</span>
      <span>
        ${(at === 'held' || (at === 'stopped' && reason === 'bad-number')) && this.editable ? html`<button class="button" @click=${() => void this.release(id)}>${t().release}</button>` : nothing}
      </span>
    </li>`;
  }

  private adding() {
    return html`<details
      ?open=${this.items.length === 0}
      @toggle=${(e: Event) => (e.target as HTMLDetailsElement).open && void this.loadSegments()}
    >
      <summary>${t().addPeople}</summary>
      <div class="in">
        ${this.segmentChoice()}
        <p class="muted small">${t().listHint}</p>
        <label class="field"><span>${t().choose}</span><input type="file" accept=".csv,.txt,text/*" @change=${this.file} /></label>
        <label class="field"
          ><span class="hidden">${t().addPeople}</span
          ><textarea .value=${this.text} @input=${(e: Event) => this.type((e.target as HTMLTextAreaElement).value)}></textarea>
        </label>
        ${this.found ? this.report(this.found) : nothing}
        <div class="row">
          <button
            class="button"
            ?disabled=${this.busy || (this.text === '' && this.segmentId === null)}
            @click=${() => void this.send(true)}
          >
            ${t().look}
          </button>
          ${this.found && this.found.added > 0 ? html`<button class="button primary" ?disabled=${this.busy} @click=${() => void this.send(false)}>${t().take(this.found.added)}</button>` : nothing}
          <button class="button quiet" @click=${() => void this.missed()}>${icon('phone-missed')}${t().fromMissed}</button>
        </div>
      </div>
    </details>`;
  }

  private segmentChoice() {
    if (this.segments === null) return nothing;
    if (this.segments.length === 0) return html`<p class="muted small">${t().noSegments}</p>`;
    return html`<label class="field"
      ><span>${t().fromSegment}</span
      ><select @change=${(e: Event) => this.choose(Number((e.target as HTMLSelectElement).value) || null)}>
        <option value="" ?selected=${this.segmentId === null}>${t().noSegment}</option>
        ${this.segments.map(({ id, name, broken }) => html`<option value=${id} ?selected=${id === this.segmentId} ?disabled=${broken.length > 0}>${broken.length > 0 ? t().brokenSegment(name) : name}</option>`)}
      </select></label
    >`;
  }

  private async loadSegments() {
    if (this.segments !== null) return;
    try {
      this.segments = (await api.get<SegmentList>('/api/segments')).items;
    } catch (err) {
      this.error = errorText(err);
    }
  }

  /** What was typed stands aside. */
  private choose(id: number | null) {
    this.segmentId = id;
    this.found = null;
    this.error = '';
    if (id !== null) void this.send(true);
  }

  private report({ added, duplicates, elsewhere, doNotCall, rejectedCount, rejected }: ContactsAdded) {
    return html`<div role="status">
      <p>${t().found(added, duplicates, elsewhere, doNotCall, rejectedCount)}</p>
      <ul class="small muted">
        ${rejected.slice(0, 20).map(({ line, clientId, text, why }) => html`<li dir="auto">${clientId === null ? `${t().line(line ?? 0)}: ${t().rejects[why]}: ${text}` : html`<a href="/clients/${clientId}">${text}</a>: ${t().rejects[why]}`}</li>`)}
      </ul>
    </div>`;
  }

  private type(text: string) {
    this.text = text;
    this.fileName = '';
    this.segmentId = null;
    this.found = null;
    this.error = '';
  }

  private async file(e: Event) {
    const file = (e.target as HTMLInputElement).files?.[0];
    if (!file) return;
    this.type(await file.text());
    this.fileName = file.name
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 200);
    await this.send(true);
  }

  private async send(dryRun: boolean) {
    const { segmentId, text } = this;
    const path = `/api/campaigns/${this.campaign.id}/contacts`;
    this.busy = true;
    try {
      const found = await (segmentId === null
        ? api.post<ContactsAdded>(path, { text, name: this.fileName, dryRun })
        : api.post<ContactsAdded>(`${path}/from`, {
            kind: 'segment',
            segmentId,
            name: this.segments?.find(({ id }) => id === segmentId)?.name ?? '',
            dryRun,
          }));
      // something else may have been chosen meanwhile
      if (!dryRun) this.added(found);
      else if (this.segmentId === segmentId && this.text === text) this.found = found;
    } catch (err) {
      this.error = errorText(err);
    } finally {
      this.busy = false;
    }
  }

  private async missed() {
    try {
      this.added(await api.post<ContactsAdded>(`/api/campaigns/${this.campaign.id}/contacts/from`, { kind: 'missed' }));
    } catch (err) {
      this.error = errorText(err);
    }
  }

  private added({ added }: ContactsAdded) {
    this.type('');
    toast('info', t().addedToast(added));
    this.emit('people-changed');
  }

  private async release(id: number) {
    try {
      await api.post(`/api/campaigns/contacts/${id}/release`, {});
      this.emit('people-changed');
    } catch (err) {
      this.error = errorText(err);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-campaign-people': CampaignPeople;
  }
}
