import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Complaint } from '../../server/complaints/contract.ts';
import { draftOf, dropDraft, keepDraft } from '../core/drafts.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { complaintsApi, fault, setup } from './store.ts';
import { filled } from './templates.ts';
import { t } from './ticket-strings.ts';

type Kind = 'out' | 'note' | 'in';

/**
 * Where one writes: to the client, of the client, or among ourselves. What is half typed is kept, also when somebody else was faster.
 * @fires deed-done - detail: { reply: ComplaintReply }
 * @fires reload-wanted
 */
@customElement('allo-complaint-write')
export class ComplaintWrite extends AlloElement {
  @property({ attribute: false }) complaint: Complaint | null = null;
  /** Whoever may only read may still write a note, or what the client said. */
  @property({ type: Boolean }) work = false;
  @state() private kind: Kind = 'note';
  @state() private channel: 'phone' | 'email' | 'other' = 'phone';
  @state() private text = '';
  @state() private error: string | null = null;
  @state() private busy = false;
  private readonly setup = new Select(this, setup, (s) => s);
  private shown = 0;

  static override styles = [
    ...AlloElement.styles,
    css`
      .kinds {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        margin-bottom: var(--space-2);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-3);
        margin-bottom: var(--space-2);
      }
      .row select {
        width: auto;
        min-width: 9rem;
      }
      .foot {
        display: flex;
        justify-content: flex-end;
        margin-top: var(--space-2);
      }
      textarea {
        min-height: 5rem;
      }
    `,
  ];

  private get key() {
    return `complaint:${this.complaint?.id}`;
  }

  protected override willUpdate() {
    if (!this.complaint || this.shown === this.complaint.id) return;
    this.shown = this.complaint.id;
    this.kind = this.work ? 'out' : 'note';
    this.channel = this.complaint.channel === 'email' && this.complaint.contactEmail ? 'email' : 'phone';
    this.text = draftOf<string>(this.key) ?? '';
  }

  private type(text: string) {
    this.text = text;
    this.error = null;
    if (text === '') dropDraft(this.key);
    else keepDraft(this.key, { path: `/complaints/${this.complaint!.id}`, label: this.complaint!.number, value: text });
  }

  private async send() {
    if (!this.complaint) return;
    if (this.text.trim() === '') {
      this.error = t().textNeeded;
      return;
    }
    this.busy = true;
    try {
      const { id, version } = this.complaint;
      const reply = await complaintsApi.act(id, 'entries', {
        version,
        kind: this.kind,
        channel: this.kind === 'note' ? 'other' : this.channel,
        text: this.text,
      });
      this.type('');
      this.emit('deed-done', { reply });
    } catch (err) {
      toast('danger', fault(err));
      this.emit('reload-wanted');
    } finally {
      this.busy = false;
    }
  }

  override render() {
    if (!this.complaint) return nothing;
    const kinds: Kind[] = this.work ? ['out', 'note', 'in'] : ['note', 'in'];
    const templates = this.setup.value?.templates ?? [];
    return html`<div class="kinds" role="group" aria-label=${t().write}>
        ${kinds.map(
          (kind) =>
            html`<button
              class="button ${kind === this.kind ? 'primary' : ''}"
              aria-pressed=${kind === this.kind ? 'true' : 'false'}
              @click=${() => (this.kind = kind)}
            >
              ${t().kinds[kind]}
            </button>`,
        )}
      </div>
      <div class="row">
        ${this.kind === 'note' ? nothing : this.channels()}
        ${
          this.kind === 'out' && templates.length > 0
            ? html`<label class="field"
                ><span>${t().template}</span
                ><select
                  @change=${(e: Event) => {
                    const found = templates.find(({ id }) => String(id) === (e.target as HTMLSelectElement).value);
                    if (found) this.type(filled(found.text, this.complaint!));
                  }}
                >
                  <option value="">${t().noTemplate}</option>
                  ${templates.map((one) => html`<option value=${one.id}>${one.name}</option>`)}
                </select></label
              >`
            : nothing
        }
      </div>
      ${field({ label: t().write, id: 'write', value: this.text, lines: true, maxLength: 50_000, error: this.error, onInput: (value) => this.type(value) })}
      <div class="foot">
        <button class="button primary" ?disabled=${this.busy} @click=${() => void this.send()}>
          ${this.kind === 'out' && this.channel === 'email' ? t().sendMail : t().send}
        </button>
      </div>`;
  }

  private channels() {
    return html`<label class="field"
      ><span>${t().how}</span
      ><select @change=${(e: Event) => (this.channel = (e.target as HTMLSelectElement).value as 'phone')}>
        ${(['phone', 'email', 'other'] as const)
          .filter((channel) => this.kind === 'out' || channel !== 'email')
          .map((channel) => html`<option value=${channel} ?selected=${channel === this.channel}>${t().channels[channel]}</option>`)}
      </select></label
    >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-write': ComplaintWrite;
  }
}
