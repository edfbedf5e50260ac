import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { SentMessage } from '../../server/messages/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { clock, moment } from '../core/format.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { messagesApi, receipts } from './store.ts';
import { t } from './strings.ts';

const newDraft = (): string => [...crypto.getRandomValues(new Uint8Array(12))].map((n) => n.toString(16).padStart(2, '0')).join('');

/** Says something to one operator or to all on shift, and shows who has read what was said before. */
@customElement('allo-message-dialog')
export class MessageDialog extends AlloElement {
  /** Those on shift. */
  @property({ attribute: false }) people: readonly { userId: number; name: string }[] = [];
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  @query('textarea') private readonly text!: HTMLTextAreaElement;
  @state() private to: number | 'all' = 'all';
  @state() private sent: readonly SentMessage[] | null = null;
  @state() private empty = false;
  private open = false;
  private draft = newDraft();
  private seen = 0;
  private readonly receipts = new Select(this, receipts, (n) => n);

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-3);
        margin-bottom: var(--space-4);
      }
      li {
        padding: var(--space-2) 0;
        border-top: 1px solid var(--border);
        overflow-wrap: anywhere;
      }
      summary {
        cursor: pointer;
      }
      p {
        white-space: pre-wrap;
      }
    `,
  ];

  /** @param to whom first; missing: all */
  async show(to: number | 'all' = 'all'): Promise<void> {
    this.to = to;
    this.empty = false;
    this.open = true;
    void this.load();
    await this.dialog.show();
    this.text.focus();
  }

  protected override updated() {
    if (!this.open || this.seen === this.receipts.value) return;
    this.seen = this.receipts.value;
    void this.load();
  }

  private async load() {
    try {
      this.sent = (await messagesApi.sent()).items;
    } catch (err) {
      toast('danger', errorText(err));
    }
  }

  override render() {
    return html`<allo-dialog .heading=${t().title} @dialog-closed=${() => (this.open = false)}>
      <form novalidate @submit=${(e: SubmitEvent) => void this.send(e)}>
        <label class="field"
          ><span>${t().to}</span
          ><select @change=${(e: Event) => this.chosen((e.target as HTMLSelectElement).value)}>
            <option value="all" ?selected=${this.to === 'all'}>${t().all} (${this.people.length})</option>
            ${this.people.map(({ userId, name }) => html`<option value=${userId} ?selected=${this.to === userId}>${name}</option>`)}
          </select></label
        >
        <label class="field"
          ><span>${t().text}</span
          ><textarea
            maxlength="1000"
            rows="3"
            aria-invalid=${this.empty ? 'true' : 'false'}
            @keydown=${(e: KeyboardEvent) => e.ctrlKey && e.key === 'Enter' && void this.send(e)}
          ></textarea>
        </label>
        ${this.empty ? html`<p class="fault" role="alert">${icon('warning')}${t().empty}</p>` : nothing}
        <button class="button primary">${icon('mail')}${t().send}</button>
      </form>
      <h3>${t().before}</h3>
      ${this.sent?.length === 0 ? html`<p class="muted small">${t().none}</p>` : nothing}
      <ul>
        ${this.sent?.map((message) => this.earlier(message))}
      </ul>
    </allo-dialog>`;
  }

  private earlier({ text, at, author, readers }: SentMessage) {
    const read = readers.filter(({ readAt }) => readAt !== null).length;
    return html`<li>
      <p dir="auto">${text}</p>
      <details class="small muted">
        <summary>${moment(at)} · ${author?.name} · ${t().readBy(read, readers.length)}</summary>
        <ul>
          ${readers.map(({ user, readAt }) => html`<li>${readAt === null ? t().notRead(user.name) : t().readAt(user.name, clock(readAt))}</li>`)}
        </ul>
      </details>
    </li>`;
  }

  private chosen(value: string) {
    this.to = value === 'all' ? 'all' : Number(value);
  }

  private async send(e: Event) {
    e.preventDefault();
    const text = this.text.value.trim();
    this.empty = text === '';
    if (this.empty) return this.text.focus();
    try {
      const { message } = await messagesApi.send({ draft: this.draft, text, to: this.to === 'all' ? 'all' : [this.to] });
      this.draft = newDraft();
      this.text.value = '';
      toast('success', t().sent(message.readers.length));
      await this.load();
    } catch (err) {
      toast('danger', err instanceof ApiError && err.data.reason === 'nobody' ? t().nobody : errorText(err));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-message-dialog': MessageDialog;
  }
}
