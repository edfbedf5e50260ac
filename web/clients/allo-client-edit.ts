import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Client } from '../../server/clients/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { formatNumber } from '../core/numbers.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { clientsApi } from './api.ts';
import type { ClientForm } from './allo-client-form.ts';
import './allo-client-form.ts';
import { refusedFields } from './allo-client-new.ts';
import { toDraft } from './form-data.ts';
import type { FormData } from './form-data.ts';
import { t } from './strings.ts';

/** What is typed, and the version of the card that it was typed over. */
export interface Editing {
  form: FormData;
  version: number;
}

/**
 * The card as a form. When somebody else has saved meanwhile it shows theirs beside what was typed, and asks which shall stay.
 * @fires editing-changed - detail: { editing: Editing }
 * @fires editing-done - detail: { reply: ClientReply | null }: saved, or given up
 */
@customElement('allo-client-edit')
export class ClientEditing extends AlloElement {
  @property({ attribute: false }) client!: Client;
  @property({ attribute: false }) editing!: Editing;
  /** What is there now, after a refused save. */
  @state() private theirs: Client | null = null;
  @state() private error: string | null = null;
  @state() private errors: Record<string, string> = {};
  @state() private saving = false;

  static override styles = [
    ...AlloElement.styles,
    css`
      h1 {
        margin-bottom: var(--space-4);
      }
      .notice.conflict {
        display: block;
        margin-bottom: var(--space-4);
        color: var(--text);
      }
      .notice.conflict strong {
        color: var(--warning);
      }
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: var(--space-1) var(--space-4);
        margin: var(--space-2) 0 var(--space-3);
      }
      dt {
        color: var(--text-muted);
      }
      dd {
        overflow-wrap: anywhere;
      }
    `,
  ];

  protected override firstUpdated() {
    void this.form?.focusField('name');
  }

  private get form() {
    return this.renderRoot.querySelector<ClientForm>('allo-client-form');
  }

  override render() {
    return html`<h1 dir="auto">${this.client.name}</h1>
      <section class="panel">
        ${this.theirs ? this.conflict(this.theirs) : nothing}
        ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
        <allo-client-form
          .value=${this.editing.form}
          .errors=${this.errors}
          .saving=${this.saving}
          @form-changed=${(e: CustomEvent<{ value: FormData }>) => this.emit('editing-changed', { editing: { ...this.editing, form: e.detail.value } })}
          @form-sent=${() => void this.save(this.editing.version)}
          @form-cancelled=${() => this.emit('editing-done', { reply: null })}
        ></allo-client-form>
      </section>`;
  }

  private conflict(c: Client) {
    const line = (name: string, value: string) =>
      value
        ? html`<dt>${name}</dt>
            <dd dir="auto">${value}</dd>`
        : nothing;
    return html`<div class="notice warning conflict" role="alert">
      <p><strong>${t().conflictTitle}</strong></p>
      <p>${t().conflictText}</p>
      <dl>
        ${line(t().name, c.name)} ${line(t().company, [c.company, c.position].filter(Boolean).join(' · '))}
        ${line(t().phones, c.phones.map((p) => (p.e164 ? formatNumber(p.e164) : p.raw)).join(', '))}
        ${line(t().emails, c.emails.map((e) => e.address).join(', '))} ${line(t().note, c.note)}
      </dl>
      <div class="row wrap">
        <button class="button" ?disabled=${this.saving} @click=${() => void this.save(c.version)}>${t().saveMine}</button>
        <button class="button" @click=${() => this.emit('editing-done', { reply: null })}>${t().takeTheirs}</button>
      </div>
    </div>`;
  }

  private async save(version: number) {
    this.saving = true;
    this.error = null;
    this.errors = {};
    try {
      const reply = await clientsApi.edit(this.client.id, { ...toDraft(this.editing.form), version });
      toast('success', t().saved);
      this.emit('editing-done', { reply });
    } catch (err) {
      await this.refused(err);
    } finally {
      this.saving = false;
    }
  }

  private async refused(err: unknown) {
    if (err instanceof ApiError && err.code === 'conflict') {
      try {
        this.theirs = (await clientsApi.read(this.client.id)).client;
        return;
      } catch {
        // what is there now could not be had either: the words for the conflict are shown below
      }
    }
    this.error = errorText(err);
    this.errors = refusedFields(err);
    if (Object.keys(this.errors).length > 0) void this.form?.focusField();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-client-edit': ClientEditing;
  }
}
