import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { ClientBrief } from '../../server/clients/contract.ts';
import type { ComplaintBrief, ComplaintDraft } from '../../server/complaints/contract.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import '../ui/allo-number.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { severityChoices } from './severity.ts';
import { complaintsApi, fault, loadSetup, setup } from './store.ts';
import { labelOf, t } from './strings.ts';

/** What of the call, or the card, it is about. */
export interface Occasion {
  client?: ClientBrief | null;
  callRef?: string | null;
  number?: string;
}

const EMPTY = { categoryId: 0, severity: 'normal', subject: '', text: '', wish: '', product: '', contactName: '' };

/** A complaint in two clicks: what about, register. Everything else can be said as well. */
@customElement('allo-complaint-new')
export class ComplaintNew extends AlloElement {
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  @state() private occasion: Occasion = {};
  @state() private draft = EMPTY;
  @state() private similar: readonly ComplaintBrief[] = [];
  @state() private faults: { category?: string; subject?: string } = {};
  @state() private busy = false;
  private onceKey = '';
  private readonly setup = new Select(this, setup, (s) => s);

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-3);
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
      }
      .choices .button {
        font-weight: 400;
      }
      .two {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-3);
      }
      .note {
        padding: var(--space-2) var(--space-3);
        border-radius: var(--radius);
        background: var(--info-soft);
        overflow-wrap: anywhere;
      }
      .foot {
        display: flex;
        justify-content: flex-end;
        gap: var(--space-2);
      }
    `,
  ];

  async show(occasion: Occasion): Promise<void> {
    this.occasion = occasion;
    this.draft = EMPTY;
    this.similar = [];
    this.faults = {};
    this.onceKey = crypto.randomUUID();
    void loadSetup();
    if (occasion.client) void this.look(occasion.client.id);
    await this.dialog.show();
    this.renderRoot.querySelector<HTMLElement>('.choices .button')?.focus();
  }

  /** A repetition is offered to be joined, before a second one is written. */
  private async look(clientId: number) {
    const { draft } = this;
    try {
      const { items } = await complaintsApi.similar(clientId, draft.categoryId || undefined);
      if (draft.categoryId === this.draft.categoryId && clientId === this.occasion.client?.id) this.similar = items.slice(0, 3);
    } catch (err) {
      toast('danger', fault(err));
    }
  }

  private choose(categoryId: number) {
    const words = labelOf(this.setup.value?.categories.find(({ id }) => id === categoryId));
    const untouched = this.draft.subject === '' || this.setup.value?.categories.some((one) => labelOf(one) === this.draft.subject);
    this.draft = { ...this.draft, categoryId, ...(untouched && { subject: words }) };
    if (this.occasion.client) void this.look(this.occasion.client.id);
  }

  private async save(join: number | null) {
    const { draft, occasion } = this;
    this.faults = {
      ...(draft.categoryId === 0 && { category: t().categoryNeeded }),
      ...(draft.subject.trim() === '' && { subject: t().subjectNeeded }),
    };
    if (join === null && Object.keys(this.faults).length > 0) return;
    const categoryId = draft.categoryId || this.similar.find(({ id }) => id === join)?.categoryId || 0;
    const body: ComplaintDraft = {
      ...draft,
      categoryId,
      subject: draft.subject.trim() || labelOf(this.setup.value?.categories.find(({ id }) => id === categoryId)),
      clientId: occasion.client?.id ?? null,
      callRef: occasion.callRef ?? null,
      contactPhone: occasion.number ?? '',
      channel: occasion.callRef ? 'phone' : 'card',
      join,
      onceKey: this.onceKey,
    };
    this.busy = true;
    try {
      const made = await complaintsApi.register(body);
      this.dialog.close();
      toast('success', join === null ? t().made(made.number) : t().joined(made.number), { href: `/complaints/${made.id}`, text: t().open });
    } catch (err) {
      toast('danger', fault(err));
    } finally {
      this.busy = false;
    }
  }

  override render() {
    const { draft, occasion } = this;
    const categories = (this.setup.value?.categories ?? []).filter((one) => one.kind === 'category' && !one.retired);
    const set = (name: keyof typeof EMPTY) => (value: string) => (this.draft = { ...this.draft, [name]: value });
    return html`<allo-dialog .heading=${t().newTitle}>
      <form
        @submit=${(e: Event) => {
          e.preventDefault();
          void this.save(null);
        }}
      >
        ${occasion.client || occasion.number ? html`<p class="cut" dir="auto"><strong>${occasion.client?.name ?? html`<allo-number .value=${occasion.number ?? ''}></allo-number>`}</strong></p>` : nothing}
        ${occasion.callRef ? html`<p class="note small">${t().withCall}</p>` : nothing} ${this.repetition()}
        <div role="group" aria-labelledby="category">
          <p class="label" id="category">${t().category}</p>
          <div class="choices">
            ${categories.map(
              (one) =>
                html`<button
                  type="button"
                  class="button ${one.id === draft.categoryId ? 'primary' : ''}"
                  aria-pressed=${one.id === draft.categoryId ? 'true' : 'false'}
                  @click=${() => this.choose(one.id)}
                >
                  ${labelOf(one)}
                </button>`,
            )}
          </div>
          ${this.faults.category ? html`<p class="fault" role="alert">${this.faults.category}</p>` : nothing}
        </div>
        ${field({ label: t().subject, id: 'subject', value: draft.subject, onInput: set('subject'), maxLength: 200, error: this.faults.subject ?? null })}
        ${field({ label: t().said, id: 'text', value: draft.text, onInput: set('text'), lines: true, maxLength: 20_000 })}
        <div class="two">
          ${field({ label: t().wish, id: 'wish', value: draft.wish, onInput: set('wish'), maxLength: 1000 })}
          <label class="field"
            ><span>${t().severity}</span
            ><select @change=${(e: Event) => set('severity')((e.target as HTMLSelectElement).value)}>
              ${severityChoices().map(([value, words]) => html`<option value=${value} ?selected=${value === draft.severity}>${words}</option>`)}
            </select></label
          >
          ${field({ label: t().product, id: 'product', value: draft.product, onInput: set('product'), maxLength: 200 })}
          ${occasion.client ? nothing : field({ label: t().contact, id: 'contact', value: draft.contactName, onInput: set('contactName'), maxLength: 200 })}
        </div>
        <div class="foot">
          <button type="button" class="button" @click=${() => this.dialog.close()}>${t().cancel}</button>
          <button class="button primary" ?disabled=${this.busy}>${t().save}</button>
        </div>
      </form>
    </allo-dialog>`;
  }

  private repetition() {
    if (this.similar.length === 0) return nothing;
    return html`<div class="note" role="status">
      <p>${t().similar}</p>
      ${this.similar.map(
        (one) =>
          html`<p class="cut small" dir="auto">${one.subject} · ${t().statuses[one.status]}</p>
            <button type="button" class="button" ?disabled=${this.busy} @click=${() => void this.save(one.id)}>
              ${t().join(one.number)}
            </button>`,
      )}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-new': ComplaintNew;
  }
}
