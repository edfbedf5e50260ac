import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { AbsenceKind, Proposal } from '../../server/schedules/contract.ts';
import { toast } from '../core/toasts.ts';
import { serverNow } from '../core/time.ts';
import { wallText } from '../core/wall.ts';
import '../ui/allo-dialog.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { faultText, schedulesApi } from './api.ts';
import { t } from './strings.ts';

const KINDS: readonly AbsenceKind[] = ['sick', 'vacation', 'training', 'other'];

/**
 * Somebody is away: today and ill, unless it is said otherwise, and the fittest colleague stands in.
 * @fires schedule-changed
 */
@customElement('allo-absence')
export class AbsenceForm extends AlloElement {
  @state() private who: { id: number; name: string | null } | null = null;
  @state() private form = { kind: 'sick' as AbsenceKind, from: '', to: '', note: '' };
  @state() private deputy: number | null = null;
  @state() private proposed: Proposal['items'] = [];
  @state() private fault: string | null = null;
  @state() private busy = false;
  private asked = 0;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-3);
      }
      .wide {
        grid-column: 1 / -1;
      }
      .end {
        display: flex;
        justify-content: flex-end;
      }
    `,
  ];

  /** `name`: null for oneself. The dialog is there when the proposal is. */
  async begin(id: number, name: string | null, date = wallText(serverNow()).slice(0, 10)): Promise<void> {
    this.who = { id, name };
    this.form = { kind: 'sick', from: date, to: date, note: '' };
    this.fault = null;
    await this.propose();
    await this.updateComplete;
    await this.dialog.show();
    this.renderRoot.querySelector<HTMLElement>('button.primary')?.focus();
  }

  private get dialog(): AlloDialog {
    return this.renderRoot.querySelector('allo-dialog')!;
  }

  /** The first that is there then; a choice that was made stays while it can. */
  private async propose(keep = false) {
    const { from, to } = this.form;
    const asked = ++this.asked;
    if (!this.who || from === '' || to < from) return;
    try {
      const { items } = await schedulesApi.proposal(this.who.id, from, to);
      if (asked !== this.asked) return;
      this.proposed = items;
      const chosen = keep && items.some(({ user, away }) => user.id === this.deputy && !away);
      if (!chosen) this.deputy = items.find(({ away }) => !away)?.user.id ?? null;
    } catch (err) {
      if (asked === this.asked) this.fault = faultText(err);
    }
  }

  private set(change: Partial<typeof this.form>) {
    this.form = { ...this.form, ...change };
    if (change.from !== undefined && this.form.to < change.from) this.form.to = change.from;
    if (change.from !== undefined || change.to !== undefined) void this.propose(true);
  }

  override render() {
    const { who } = this;
    return html`<allo-dialog .heading=${who?.name ? t().absentOf(who.name) : t().absent}>${who ? this.fields() : nothing}</allo-dialog>`;
  }

  private fields() {
    const { kind, from, to, note } = this.form;
    const date = (label: string, value: string, set: (value: string) => void) =>
      html`<label class="field"
        ><span>${label}</span
        ><input type="date" required .value=${live(value)} @input=${(e: Event) => set((e.target as HTMLInputElement).value)}
      /></label>`;
    const words = ({ user, away, standsIn }: Proposal['items'][number]) =>
      [user.name, away ? t().isAway : '', standsIn > 0 ? t().standsIn(standsIn) : ''].filter(Boolean).join(' · ');
    return html`<form @submit=${this.save}>
      ${date(t().from, from, (value) => this.set({ from: value }))} ${date(t().to, to, (value) => this.set({ to: value }))}
      <label class="field"
        ><span>${t().kind}</span
        ><select @change=${(e: Event) => this.set({ kind: (e.target as HTMLSelectElement).value as AbsenceKind })}>
          ${KINDS.map((one) => html`<option value=${one} .selected=${live(one === kind)}>${t().kinds[one]}</option>`)}
        </select></label
      >
      <label class="field"
        ><span>${t().deputy}</span
        ><select @change=${(e: Event) => (this.deputy = Number((e.target as HTMLSelectElement).value) || null)}>
          ${this.proposed.map((one) => html`<option value=${one.user.id} .selected=${live(one.user.id === this.deputy)}>${words(one)}</option>`)}
          <option value="0" .selected=${live(this.deputy === null)}>${t().nobody}</option>
        </select></label
      >
      <div class="wide">
        ${field({ id: 'note', label: t().note, value: note, maxLength: 200, onInput: (value) => this.set({ note: value }) })}
      </div>
      ${this.fault ? html`<p class="fault wide" role="alert">${this.fault}</p>` : nothing}
      <div class="end wide"><button class="button primary" ?disabled=${this.busy}>${t().save}</button></div>
    </form>`;
  }

  private save = async (e: SubmitEvent) => {
    e.preventDefault();
    this.busy = true;
    this.fault = null;
    try {
      const { absence } = await schedulesApi.absent({ ...this.form, userId: this.who!.id, deputyId: this.deputy });
      this.dialog.close();
      const undo = async () => {
        try {
          await schedulesApi.end(absence.id);
          this.emit('schedule-changed');
        } catch (err) {
          toast('danger', faultText(err));
        }
      };
      toast('success', absence.deputy ? t().covers(absence.deputy.name) : t().saved, { text: t().undo, run: () => void undo() });
      this.emit('schedule-changed');
    } catch (err) {
      this.fault = faultText(err);
    }
    this.busy = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-absence': AbsenceForm;
  }
}
