import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Complaint } from '../../server/complaints/contract.ts';
import type { FileList as Files, StoredFile } from '../../server/files/contract.ts';
import { api } from '../core/api.ts';
import { draftOf, dropDraft, keepDraft } from '../core/drafts.ts';
import { errorText } from '../core/error-words.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { upload } from '../ui/upload.ts';
import { complaintsApi, fault, setup } from './store.ts';
import { filled } from './templates.ts';
import { megabytes, t } from './ticket-strings.ts';

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
  /** Of the complaint, and which of them go out with the letter. */
  @state() private files: readonly StoredFile[] = [];
  @state() private chosen: ReadonlySet<number> = new Set();
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
      .files {
        display: grid;
        gap: var(--space-1);
        justify-items: start;
        margin-top: var(--space-2);
      }
      .files span {
        overflow-wrap: anywhere;
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
    this.chosen = new Set();
  }

  protected override updated(changed: Map<PropertyKey, unknown>) {
    if (this.byMail && (changed.has('complaint') || changed.has('channel') || changed.has('kind'))) void this.loadFiles();
  }

  private get byMail() {
    return this.kind === 'out' && this.channel === 'email';
  }

  private async loadFiles() {
    const id = this.complaint?.id;
    try {
      const { items } = await api.get<Files>('/api/files', { kind: 'complaint', ref: String(id) });
      if (id !== this.complaint?.id) return;
      this.files = items;
      this.chosen = new Set(items.flatMap((one) => (this.chosen.has(one.id) ? one.id : [])));
    } catch (err) {
      toast('danger', errorText(err));
    }
  }

  private async attach(files: readonly File[]) {
    this.busy = true;
    try {
      for (const file of files) {
        const { file: kept } = await upload({ kind: 'complaint', ref: String(this.complaint!.id) }, file, () => {});
        this.chosen = new Set([...this.chosen, kept.id]);
      }
    } catch (err) {
      toast('danger', errorText(err));
    } finally {
      this.busy = false;
    }
    await this.loadFiles();
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
    const most = this.setup.value?.mostCarried ?? Infinity;
    if (this.byMail && this.carried > most) {
      this.error = t().fileTooLarge(megabytes(most));
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
        files: this.byMail ? [...this.chosen] : [],
      });
      this.type('');
      this.chosen = new Set();
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
      ${this.byMail ? this.attachments() : nothing}
      <div class="foot">
        <button class="button primary" ?disabled=${this.busy} @click=${() => void this.send()}>
          ${this.byMail ? t().sendMail : t().send}
        </button>
      </div>`;
  }

  private get carried(): number {
    return this.files.reduce((sum, { id, size }) => sum + (this.chosen.has(id) ? size : 0), 0);
  }

  private attachments() {
    const turn = (id: number, on: boolean) => {
      const next = new Set(this.chosen);
      if (on) next.add(id);
      else next.delete(id);
      this.chosen = next;
      this.error = null;
    };
    return html`<fieldset class="files">
      <legend>${t().attach}${this.carried > 0 ? html` · <span class="num">${megabytes(this.carried)}</span>` : nothing}</legend>
      ${this.files.map(
        (file) =>
          html`<label class="check small"
            ><input
              type="checkbox"
              .checked=${this.chosen.has(file.id)}
              @change=${(e: Event) => turn(file.id, (e.target as HTMLInputElement).checked)}
            />
            <span dir="auto">${file.name}</span> <span class="muted">${megabytes(file.size)}</span></label
          >`,
      )}
      <input
        type="file"
        multiple
        class="hidden"
        id="attach"
        tabindex="-1"
        aria-hidden="true"
        @change=${(e: Event) => {
          const input = e.target as HTMLInputElement;
          void this.attach([...(input.files ?? [])]);
          input.value = '';
        }}
      />
      <button
        type="button"
        class="button"
        ?disabled=${this.busy}
        @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#attach')?.click()}
      >
        ${icon('plus')}${t().addFile}
      </button>
    </fieldset>`;
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
