import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { ClientBrief } from '../../server/clients/contract.ts';
import type { CapacityReply, ParsedLine, TaskKind } from '../../server/tasks/contract.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-dialog.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-when.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { tasksApi } from './api.ts';
import { t } from './strings.ts';

/** ms without a key after which the line is read. */
const PAUSE_MS = 200;

/** What the user has corrected; it stays whatever the line says. */
interface Corrected {
  dueAt?: number | null;
  kind?: TaskKind;
  client?: ClientBrief | null;
}

/** One typed line becomes a task; how it was understood is shown, and may be corrected, before it is saved. */
@customElement('allo-task-entry')
export class TaskEntry extends AlloElement {
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  @state() private line = '';
  @state() private read: ParsedLine | null = null;
  @state() private corrected: Corrected = {};
  @state() private error: string | null = null;
  @state() private saving = false;
  @state() private capacity: CapacityReply | null = null;
  private weighed = '';
  private question = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-3);
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        min-height: 1.75rem;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: var(--space-1);
        max-width: 100%;
        padding: 0.1rem 0.6rem;
        border-radius: 99px;
        background: var(--accent-soft);
        color: var(--accent);
        overflow-wrap: anywhere;
      }
      .chip.missing {
        background: var(--warning-soft);
        color: var(--warning);
      }
      summary {
        padding: 0.35rem 0;
        cursor: pointer;
      }
      .parts {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-3);
      }
    `,
  ];

  /** Whether it still fits into its day; asked when the time is another. */
  private async weigh() {
    const { dueAt, kind } = this;
    const asked = dueAt === null ? '' : `${dueAt} ${kind}`;
    if (asked === this.weighed) return;
    this.weighed = asked;
    this.capacity = null;
    if (dueAt === null || dueAt < serverNow()) return;
    try {
      const capacity = await tasksApi.capacity(dueAt, kind);
      if (asked === this.weighed) this.capacity = capacity;
    } catch (err) {
      // a task is saved without that advice as well
      if (asked === this.weighed) this.error = errorText(err);
    }
  }

  protected override updated() {
    void this.weigh();
  }

  /** `client`: from whose card it is made. `line`: typed elsewhere already. */
  async show(client: ClientBrief | null = null, line = ''): Promise<void> {
    this.line = '';
    this.read = null;
    this.corrected = client ? { client } : {};
    this.error = null;
    this.weighed = '';
    this.capacity = null;
    await this.dialog.show();
    this.renderRoot.querySelector<HTMLInputElement>('#line')?.focus();
    if (line) this.type(line);
  }

  private get dueAt(): number | null {
    return this.corrected.dueAt !== undefined ? this.corrected.dueAt : (this.read?.dueAt ?? null);
  }
  private get kind(): TaskKind {
    return this.corrected.kind ?? this.read?.kind ?? 'task';
  }
  private get client(): ClientBrief | null {
    return this.corrected.client !== undefined ? this.corrected.client : (this.read?.clients[0] ?? null);
  }

  override render() {
    return html`<allo-dialog .heading=${t().add}>
      <form @submit=${this.submit}>
        ${field({
          id: 'line',
          label: t().line,
          value: this.line,
          maxLength: 500,
          placeholder: t().placeholder,
          onInput: (line) => this.type(line),
        })}
        <div role="status" aria-label=${t().read} class="chips">${this.line.trim() ? this.chips() : nothing}</div>
        <div class="parts">
          <allo-when
            .label=${t().when}
            .value=${this.dueAt}
            @when-changed=${(e: CustomEvent<{ at: number | null }>) => this.correct({ dueAt: e.detail.at })}
          ></allo-when>
          <div>${this.whom()} ${this.kinds()}</div>
        </div>
        ${this.tooMuch()}
        ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
        <button class="button primary" ?disabled=${this.saving}>${icon('check')}${t().save}</button>
      </form>
    </allo-dialog>`;
  }

  /** Too much for its day: said, and another day is one press away. */
  private tooMuch() {
    const { capacity } = this;
    if (!capacity || capacity.fits) return nothing;
    const { day, needed, proposal } = capacity;
    const { span: hours } = t();
    const words = day.work === 0 ? t().dayOff : t().dayFull(hours(needed), hours(Math.max(0, day.free)));
    return html`<p class="notice warning" role="status">
      ${icon('warning')}<span>${words}</span>
      ${proposal === null ? nothing : html`<button type="button" class="button" @click=${() => this.correct({ dueAt: proposal })}>${t().planOn(moment(proposal))}</button>`}
    </p>`;
  }

  private chips() {
    const { dueAt, client } = this;
    const over = dueAt !== null && dueAt < serverNow();
    return html`<span class="chip ${dueAt === null || over ? 'missing' : ''}"
        >${icon('clock')}${dueAt === null ? t().noTime : html`${moment(dueAt)}${over ? html` · ${t().past}` : nothing}`}</span
      >
      ${client ? html`<span class="chip" dir="auto">${icon('person')}${client.name}</span>` : nothing}
      <span class="chip" dir="auto">${icon(this.kind === 'call-back' ? 'phone-out' : 'note')}${this.read?.text ?? this.line}</span>`;
  }

  private whom() {
    const { client } = this;
    const choices = [...(this.read?.clients ?? [])];
    if (client && !choices.some((c) => c.id === client.id)) choices.unshift(client);
    const choose = (e: Event) => {
      const id = Number((e.target as HTMLSelectElement).value);
      this.correct({ client: choices.find((c) => c.id === id) ?? null });
    };
    return html`<label class="field"
        ><span>${t().whom}</span
        ><select @change=${choose}>
          <option value="0" ?selected=${client === null}>${t().nobody}</option>
          ${choices.map(
            (c) =>
              html`<option value=${c.id} ?selected=${c.id === client?.id}>
                ${[c.name, c.company, c.phone].filter(Boolean).join(' · ')}
              </option>`,
          )}
        </select></label
      >
      <details>
        <summary class="small">${t().find}</summary>
        <allo-client-picker
          @client-picked=${(e: CustomEvent<{ client: ClientBrief }>) => this.correct({ client: e.detail.client })}
        ></allo-client-picker>
      </details>`;
  }

  private kinds() {
    return html`<label class="field"
      ><span>${t().kind}</span
      ><select @change=${(e: Event) => this.correct({ kind: (e.target as HTMLSelectElement).value as TaskKind })}>
        ${(['task', 'call-back'] as const).map(
          (kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${t().kinds[kind]}</option>`,
        )}
      </select></label
    >`;
  }

  private type(line: string) {
    this.line = line;
    this.error = null;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.understand(), PAUSE_MS);
  }

  private correct(change: Corrected) {
    this.corrected = { ...this.corrected, ...change };
    this.error = null;
  }

  private async understand(): Promise<void> {
    clearTimeout(this.timer);
    const question = ++this.question;
    const line = this.line.trim();
    if (!line) {
      this.read = null;
      return;
    }
    try {
      const read = await tasksApi.parse(line);
      if (question === this.question) this.read = read;
    } catch (err) {
      if (question !== this.question) return;
      this.read = null; // what was understood before is not what stands there now
      this.error = errorText(err);
    }
  }

  private async submit(e: Event) {
    e.preventDefault();
    if (this.saving) return;
    this.saving = true;
    await this.understand(); // what was typed last may not have been read yet
    try {
      await this.save();
    } catch (err) {
      this.error = errorText(err);
    } finally {
      this.saving = false;
    }
  }

  private async save(): Promise<void> {
    const { read, dueAt } = this;
    if (!read) {
      this.error ??= t().noText;
      return;
    }
    if (dueAt === null || dueAt < serverNow() - 60_000) {
      this.error = dueAt === null ? t().noTime : t().past;
      return;
    }
    const { task } = await tasksApi.create({ text: read.text, dueAt, kind: this.kind, clientId: this.client?.id ?? null });
    this.dialog.close();
    const undo = () => void tasksApi.done(task.id, t().cancelled).catch((err: unknown) => toast('danger', errorText(err)));
    toast('success', t().made(task.text, moment(task.dueAt)), { text: t().undo, run: undo });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-task-entry': TaskEntry;
  }
}
