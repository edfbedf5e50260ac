import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Client } from '../../server/clients/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { clientsApi } from './api.ts';
import type { ClientForm } from './allo-client-form.ts';
import './allo-client-form.ts';
import { refusedFields } from './allo-client-new.ts';
import { c } from './card-strings.ts';
import { fromClient, toDraft } from './form-data.ts';
import type { FormData } from './form-data.ts';
import { differences, merge } from './merge.ts';
import { t } from './strings.ts';
import { fieldDefs } from './typed.ts';

/** What is typed, and the version of the card that it was typed over. */
export interface Editing {
  form: FormData;
  version: number;
  /** As the form was when it was opened. */
  before: FormData;
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
  /** Of the fields that both have changed, whose stays. */
  @state() private taken: Readonly<Record<string, 'mine' | 'theirs'>> = {};

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
      .choice {
        display: grid;
        gap: var(--space-1);
        padding: var(--space-2) 0;
      }
      .choice legend {
        font-weight: 600;
      }
      .choice label {
        display: flex;
        gap: var(--space-2);
        align-items: baseline;
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
          .stage=${this.client.stage}
          .client=${this.client.id}
          @form-changed=${(e: CustomEvent<{ value: FormData }>) => this.emit('editing-changed', { editing: { ...this.editing, form: e.detail.value } })}
          @form-sent=${() => void this.save(this.editing)}
          @form-cancelled=${() => this.emit('editing-done', { reply: null })}
        ></allo-client-form>
      </section>`;
  }

  /** What both have changed, field by field, to choose from; what only they have changed is kept without a question. */
  private conflict(theirs: Client) {
    const { form, before } = this.editing;
    const other = fromClient(theirs, fieldDefs.get());
    const rows = differences(before, form, other, fieldDefs.get());
    const both = rows.filter(({ both }) => both);
    const only = rows.length - both.length;
    return html`<div class="notice warning conflict" role="alert">
      <p><strong>${t().conflictTitle}</strong></p>
      ${both.length > 0 ? html`<p>${c().differs}</p>` : nothing}
      ${both.map(
        (row) =>
          html`<fieldset class="choice">
            <legend>${row.label}</legend>
            <p class="muted small">${c().was}: ${row.before || c().empty}</p>
            ${(['mine', 'theirs'] as const).map(
              (side) =>
                html`<label
                  ><input
                    type="radio"
                    name=${row.key}
                    .checked=${(this.taken[row.key] ?? 'mine') === side}
                    @change=${() => (this.taken = { ...this.taken, [row.key]: side })}
                  /><span>${c()[side]}: <b dir="auto">${row[side] || c().empty}</b></span></label
                >`,
            )}
          </fieldset>`,
      )}
      ${only > 0 ? html`<p>${c().merged(only)}</p>` : nothing}
      <div class="row wrap">
        <button class="button primary" ?disabled=${this.saving} @click=${() => this.saveMerged(theirs, other)}>${c().saveChosen}</button>
        <button class="button" @click=${() => this.emit('editing-done', { reply: null })}>${t().takeTheirs}</button>
      </div>
    </div>`;
  }

  private saveMerged(theirs: Client, other: FormData) {
    const form = merge(this.editing.before, this.editing.form, other, this.taken);
    const editing = { form, before: other, version: theirs.version };
    this.theirs = null;
    this.taken = {};
    this.emit('editing-changed', { editing });
    void this.save(editing);
  }

  private async save({ form, before, version }: Editing) {
    this.saving = true;
    this.error = null;
    this.errors = {};
    try {
      const reply = await clientsApi.edit(this.client.id, { ...toDraft(form, fieldDefs.get(), before), version });
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
