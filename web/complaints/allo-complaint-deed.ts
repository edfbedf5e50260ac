import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { ClientBrief } from '../../server/clients/contract.ts';
import type { Complaint } from '../../server/complaints/contract.ts';
import { serverNow } from '../core/time.ts';
import { Select } from '../core/store.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import '../ui/allo-when.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { severityChoices } from './severity.ts';
import { complaintsApi, fault, setup } from './store.ts';
import { labelOf, t as common } from './strings.ts';
import { filled } from './templates.ts';
import { t } from './ticket-strings.ts';

export type Deed = 'edit' | 'action-done' | 'resolved' | 'closed' | 'compensation' | 'call-back' | 'corrective' | 'handover' | 'link';

interface Form {
  subject: string;
  product: string;
  wish: string;
  categoryId: number;
  severity: string;
  client: ClientBrief | null;
  finding: boolean;
  text: string;
  note: string;
  list: string;
  causeId: number;
  doneText: string;
  told: boolean;
  reason: string;
  /** On closing: of a template, as it was changed. */
  letterSubject: string;
  letter: string;
  kind: string;
  amount: string;
  dueAt: number | null;
  untilAt: number | null;
  who: number;
  departmentId: number;
}

const DAY_MS = 86_400_000;

/**
 * What is done about a complaint, and asks for more than a click.
 * @fires deed-done - detail: { reply: ComplaintReply }
 */
@customElement('allo-complaint-deed')
export class ComplaintDeed extends AlloElement {
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  @state() private deed: Deed = 'resolved';
  @state() private form!: Form;
  @state() private error = '';
  @state() private busy = false;
  private complaint: Complaint | null = null;
  private of = 0;
  private readonly setup = new Select(this, setup, (s) => s);

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-3);
      }
      .foot {
        display: flex;
        justify-content: flex-end;
        gap: var(--space-2);
      }
      fieldset label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 2rem;
      }
      input[type='radio'] {
        width: auto;
        min-height: 0;
      }
    `,
  ];

  /** `of`: which of its actions. */
  async show(deed: Deed, complaint: Complaint, me: number, of = 0): Promise<void> {
    this.of = of;
    this.deed = deed;
    this.complaint = complaint;
    this.error = '';
    this.form = {
      subject: complaint.subject,
      product: complaint.product,
      wish: complaint.wish,
      categoryId: complaint.categoryId,
      severity: complaint.severity,
      client: complaint.client,
      finding: false,
      text: '',
      note: '',
      list: '',
      causeId: complaint.causeId ?? 0,
      doneText: complaint.doneText,
      told: complaint.told ?? true,
      reason: complaint.notToldReason,
      letterSubject: '',
      letter: '',
      kind: 'money',
      amount: '',
      dueAt: deed === 'handover' ? serverNow() + DAY_MS : null,
      untilAt: null,
      who: me,
      departmentId: 0,
    };
    await this.dialog.show();
  }

  private request(): { path: string; body: Record<string, unknown> } | string {
    const { form, deed } = this;
    if (deed === 'resolved' || deed === 'closed') {
      if (!form.causeId) return t().faults.cause_missing!;
      if (!form.doneText.trim()) return t().faults.done_missing!;
      const letter = form.told && form.letter.trim() !== '' ? { letter: { subject: form.letterSubject, text: form.letter } } : {};
      const told = deed === 'closed' ? { told: form.told, ...(!form.told && { notToldReason: form.reason }), ...letter } : {};
      return { path: 'status', body: { status: deed, causeId: form.causeId, doneText: form.doneText, ...told } };
    }
    if (deed === 'action-done') {
      if (!form.text.trim()) return t().resultNeeded;
      return { path: `tasks/${this.of}/done`, body: { result: form.text } };
    }
    if (deed === 'edit') {
      const { subject, product, wish, categoryId, severity } = form;
      if (!subject.trim()) return common().subjectNeeded;
      // what was not touched is not sent: a category that is used no longer may stay
      const [before, after] = [this.complaint!, { subject, product, wish, categoryId, severity }];
      const changed = Object.entries(after).filter(([name, value]) => value !== before[name as keyof typeof after]);
      // one whose name is not to be seen here stays whose it is
      const client = form.client && form.client.id !== before.client?.id ? { clientId: form.client.id } : {};
      return { path: '', body: { ...Object.fromEntries(changed), ...client } };
    }
    if (deed === 'compensation') {
      const amount = Math.round(Number(form.amount.replace(',', '.').replace(/\s/g, '')) * 100);
      if (form.kind !== 'apology' && !(amount >= 0)) return t().amount;
      return { path: 'compensations', body: { kind: form.kind, amount: form.kind === 'apology' ? 0 : amount, currency: this.setup.value?.settings.currency ?? 'RUB', note: form.note } }; // prettier-ignore
    }
    if (deed === 'handover') {
      if (form.dueAt === null) return t().missingWhen;
      const checklist = form.list.split('\n').map((line) => line.trim()).filter(Boolean); // prettier-ignore
      return { path: 'handovers', body: { departmentId: form.departmentId, reason: form.reason, checklist, deadlineAt: form.dueAt } };
    }
    if (form.dueAt === null) return t().missingWhen;
    return {
      path: 'tasks',
      body: { kind: deed, text: form.text, dueAt: form.dueAt, ownerId: form.who, ...(form.untilAt && { untilAt: form.untilAt }) },
    };
  }

  private async link(kind: 'related' | 'merged') {
    const { items } = await complaintsApi.list({ scope: 'mine', number: this.form.text.trim() });
    if (!items[0]) throw new Error(t().noSuch);
    return complaintsApi.act(this.complaint!.id, 'links', { version: this.complaint!.version, otherId: items[0].id, kind });
  }

  private async save(kind: 'related' | 'merged' = 'related') {
    if (!this.complaint) return;
    this.error = '';
    this.busy = true;
    try {
      const { id, version } = this.complaint;
      const wanted = this.deed === 'link' ? null : this.request();
      if (typeof wanted === 'string') {
        this.error = wanted;
        return;
      }
      const reply =
        wanted?.path === ''
          ? await complaintsApi.edit(id, { version, ...wanted.body })
          : wanted
            ? await complaintsApi.act(id, wanted.path, { version, ...wanted.body })
            : await this.link(kind);
      this.dialog.close();
      this.emit('deed-done', { reply });
    } catch (err) {
      this.error = err instanceof Error && err.message === t().noSuch ? t().noSuch : fault(err);
    } finally {
      this.busy = false;
    }
  }

  private heading(): string {
    const words: Record<Deed, string> = { edit: t().edit, 'action-done': t().correct, resolved: t().closeTitle, closed: t().closeTitle, compensation: t().compensate, 'call-back': t().promise, corrective: t().correct, handover: t().handOver, link: t().related }; // prettier-ignore
    return words[this.deed];
  }

  override render() {
    return html`<allo-dialog .heading=${this.heading()}>
      <form
        @submit=${(e: Event) => {
          e.preventDefault();
          void this.save();
        }}
      >
        ${this.complaint ? this.fields() : nothing} ${this.error ? html`<p class="fault" role="alert">${this.error}</p>` : nothing}
        <div class="foot">
          <button type="button" class="button" @click=${() => this.dialog.close()}>${t().cancel}</button>
          ${this.deed === 'link' ? html`<button type="button" class="button" ?disabled=${this.busy} @click=${() => void this.save('merged')}>${t().merge}</button>` : nothing}
          <button class="button primary" ?disabled=${this.busy}>${this.deed === 'link' ? t().link : t().ok}</button>
        </div>
      </form>
    </allo-dialog>`;
  }

  private set = <K extends keyof Form>(name: K, value: Form[K]) => (this.form = { ...this.form, [name]: value });

  private text(
    name: 'subject' | 'product' | 'wish' | 'text' | 'note' | 'list' | 'doneText' | 'reason' | 'letter' | 'amount',
    label: string,
    lines = false,
    maxLength = 1000,
  ) {
    return field({ label, id: name, value: this.form[name], lines, maxLength, onInput: (value) => this.set(name, value) });
  }

  private select(label: string, options: readonly [string | number, string][], chosen: string | number, choose: (value: string) => void) {
    return html`<label class="field"
      ><span>${label}</span
      ><select @change=${(e: Event) => choose((e.target as HTMLSelectElement).value)}>
        ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
      </select></label
    >`;
  }

  private when(name: 'dueAt' | 'untilAt', label: string) {
    return html`<allo-when .label=${label} .value=${this.form[name]} @when-changed=${(e: CustomEvent<{ at: number | null }>) => this.set(name, e.detail.at)}></allo-when>`; // prettier-ignore
  }

  private fields() {
    const { form, deed } = this;
    const people = (this.setup.value?.people ?? []).map((one): [number, string] => [one.id, one.name]);
    if (deed === 'link') return this.text('text', t().linkTo, false, 20);
    if (deed === 'compensation')
      return html`${this.select(t().what, Object.entries(t().compensationKinds), form.kind, (v) => this.set('kind', v))}
      ${form.kind === 'apology' ? nothing : this.text('amount', `${t().amount}, ${this.setup.value?.settings.currency ?? ''}`, false, 15)}
      ${this.text('note', t().note, false, 500)}`;
    if (deed === 'action-done') return this.text('text', t().result, true);
    if (deed === 'edit') {
      const categories = (this.setup.value?.categories ?? []).filter(
        (one) => one.kind === 'category' && (!one.retired || one.id === form.categoryId),
      );
      return html`${this.text('subject', common().subject, false, 200)}
      ${this.select(
        common().category,
        categories.map((one): [number, string] => [one.id, labelOf(one)]),
        form.categoryId,
        (v) => this.set('categoryId', Number(v)),
      )}
      ${this.select(common().severity, severityChoices(form.severity), form.severity, (v) => this.set('severity', v))}
      ${this.text('product', common().product, false, 200)} ${this.text('wish', common().wish)} ${this.clientField()}`;
    }
    if (deed === 'call-back' || deed === 'corrective')
      return html`${this.text('text', t().what, false, 400)} ${this.when('dueAt', t().when)}
      ${deed === 'call-back' ? this.when('untilAt', t().until) : nothing}
      ${this.select(t().who, people, form.who, (v) => this.set('who', Number(v)))}`;
    if (deed === 'handover') {
      const others = (this.setup.value?.departments ?? []).filter(({ id }) => id !== this.complaint?.departmentId);
      return html`${this.select(t().department, [[0, t().choose], ...others.map((one): [number, string] => [one.id, one.name])], form.departmentId, (v) => this.set('departmentId', Number(v)))}
      ${this.text('reason', t().reason)} ${this.text('list', t().checklist, true, 5000)} ${this.when('dueAt', t().deadline)}`;
    }
    const causes = (this.setup.value?.categories ?? []).filter((one) => one.kind === 'cause' && !one.retired);
    return html`${this.select(t().cause, [[0, t().choose], ...causes.map((one): [number, string] => [one.id, labelOf(one)])], form.causeId, (v) => this.set('causeId', Number(v)))}
      ${this.text('doneText', t().done, true, 2000)} ${deed === 'closed' ? this.toldFields() : nothing}
      <p class="muted small">${common().statuses[deed]}</p>`;
  }

  /** Letters and forms come without one when their sender is not known. */
  private clientField() {
    const { client, finding } = this.form;
    if (finding)
      return html`<allo-client-picker
        @client-picked=${(e: CustomEvent<{ client: ClientBrief }>) => (this.form = { ...this.form, client: e.detail.client, finding: false })}
      ></allo-client-picker>`;
    return html`<p>
      ${t().client}: <strong dir="auto">${client?.name ?? common().unknownClient}</strong>
      <button type="button" class="button" @click=${() => this.set('finding', true)}>${client ? t().otherClient : t().findClient}</button>
    </p>`;
  }

  private toldFields() {
    const radio = (value: boolean, words: string) =>
      html`<label
        ><input type="radio" name="told" .checked=${this.form.told === value} @change=${() => this.set('told', value)} />${words}</label
      >`;
    return html`<fieldset>${radio(true, t().told)} ${radio(false, t().notTold)}</fieldset>
      ${this.form.told ? this.letterFields() : this.text('reason', t().reason, false, 500)}`;
  }

  /** Thanks or an apology, out of the templates. */
  private letterFields() {
    const templates = this.setup.value?.templates ?? [];
    if (templates.length === 0) return nothing;
    const choose = (id: string) => {
      const found = templates.find((one) => String(one.id) === id);
      this.form = { ...this.form, letterSubject: filled(found?.subject ?? '', this.complaint!), letter: filled(found?.text ?? '', this.complaint!) }; // prettier-ignore
    };
    return html`${this.select(t().letter, [['', t().noLetter], ...templates.map((one): [number, string] => [one.id, one.name])], '', choose)}
    ${this.form.letter === '' ? nothing : this.text('letter', t().letterText, true, 10_000)}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-deed': ComplaintDeed;
  }
}
