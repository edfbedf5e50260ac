import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Resource } from '../../server/meetings/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { meetingsApi } from './api.ts';
import { t } from './strings.ts';

/**
 * Rooms and other things that meetings need, for whoever keeps them.
 * @fires rooms-changed
 */
@customElement('allo-meeting-rooms')
export class MeetingRooms extends AlloElement {
  @property({ attribute: false }) rooms: readonly Resource[] = [];
  @state() private draft = { name: '', seats: '', kind: 'room' as Resource['kind'] };
  @state() private fault: string | null = null;
  @state() private busy = false;

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        margin-top: var(--space-4);
      }
      form {
        display: grid;
        grid-template-columns: 2fr 1fr 1fr auto;
        align-items: end;
        gap: var(--space-2);
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 2.25rem;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    const set = (change: Partial<typeof this.draft>) => (this.draft = { ...this.draft, ...change });
    const value = (e: Event) => (e.target as HTMLInputElement).value;
    return html`<section class="panel" aria-label=${t().roomsPage}>
      <h2>${t().roomsPage}</h2>
      ${this.rooms.length === 0 ? html`<p class="muted">${t().noRooms}</p>` : html`<ul>${this.rooms.map((room) => this.room(room))}</ul>`}
      <form @submit=${this.add}>
        <label class="field"
          ><span>${t().roomName}</span
          ><input required maxlength="100" .value=${live(this.draft.name)} @input=${(e: Event) => set({ name: value(e) })}
        /></label>
        <label class="field"
          ><span>${t().seats}</span
          ><input type="number" min="1" max="10000" .value=${live(this.draft.seats)} @input=${(e: Event) => set({ seats: value(e) })}
        /></label>
        <label class="field"
          ><span>${t().roomKind}</span
          ><select @change=${(e: Event) => set({ kind: value(e) as Resource['kind'] })}>
            ${(['room', 'other'] as const).map((kind) => html`<option value=${kind} .selected=${live(kind === this.draft.kind)}>${t().roomKinds[kind]}</option>`)}
          </select></label
        >
        <button class="button primary" ?disabled=${this.busy}>${icon('plus')}${t().addRoom}</button>
      </form>
      ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}
    </section>`;
  } // prettier-ignore

  private room({ id, name, seats, kind }: Resource) {
    const retire = () =>
      this.send(async () => {
        await meetingsApi.editRoom(id, { archived: true });
        const back = () => void this.send(async () => void (await meetingsApi.editRoom(id, { archived: false })));
        toast('success', t().retired(name), { text: t().undo, run: back });
      });
    return html`<li>
      <span class="grow" dir="auto">${name}</span>
      <span class="muted small">${t().roomKinds[kind]}${seats === null ? '' : ` · ${t().seats}: ${seats}`}</span>
      <button class="button quiet icon-only" aria-label=${t().retire(name)} title=${t().retire(name)} @click=${retire}>
        ${icon('close')}
      </button>
    </li>`;
  }

  private add = (e: SubmitEvent) => {
    e.preventDefault();
    const { name, seats, kind } = this.draft;
    void this.send(async () => {
      await meetingsApi.addRoom({ name, kind, seats: seats === '' ? null : Number(seats) });
      this.draft = { name: '', seats: '', kind: 'room' };
    });
  };

  private async send(run: () => Promise<void>) {
    this.busy = true;
    this.fault = null;
    try {
      await run();
      this.emit('rooms-changed');
    } catch (err) {
      this.fault = err instanceof ApiError && err.data.reason === 'name_taken' ? t().nameTaken : errorText(err);
    }
    this.busy = false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-meeting-rooms': MeetingRooms;
  }
}
