import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError } from '../core/api.ts';
import { draftOf, dropDraft, keepDraft } from '../core/drafts.ts';
import { errorText } from '../core/error-words.ts';
import { navigate } from '../core/router.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { clientsApi } from './api.ts';
import type { ClientForm } from './allo-client-form.ts';
import './allo-client-form.ts';
import { c } from './card-strings.ts';
import { BLANK, BLANK_PHONE, faultField, toDraft } from './form-data.ts';
import type { FormData } from './form-data.ts';
import { t } from './strings.ts';
import { fieldDefs } from './typed.ts';

const KEY = 'client:new';
const PATH = '/clients/new';

interface Typed {
  form: FormData;
  /** The call that the client was made from. */
  call: string;
}

/**
 * A new client, with the number of the call it came from.
 * @fires client-created - detail: { client: ClientBrief, call: string }: the call that waits for its client
 */
@customElement('allo-client-new')
export class ClientNew extends AlloElement {
  /** Of the address: phone, name, call. */
  @property() query = '';
  @state() private typed: Typed = { form: BLANK, call: '' };
  @state() private errors: Record<string, string> = {};
  @state() private error: string | null = null;
  @state() private saving = false;

  static override styles = [
    ...AlloElement.styles,
    css`
      h1 {
        margin-bottom: var(--space-4);
      }
      .notice {
        margin-bottom: var(--space-4);
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('query')) return;
    const asked = new URLSearchParams(this.query);
    const kept = draftOf<Typed>(KEY);
    const phone = asked.get('phone') ?? '';
    const call = asked.get('call') ?? '';
    // What is half typed wins, unless another call asks for a client of its own.
    if (kept && (kept.call === call || !call)) this.typed = kept;
    else this.typed = { call, form: { ...BLANK, name: asked.get('name') ?? '', phones: [{ ...BLANK_PHONE, raw: phone }] } };
  }

  protected override firstUpdated() {
    void this.form?.focusField('name');
  }

  private get form() {
    return this.renderRoot.querySelector<ClientForm>('allo-client-form');
  }

  override render() {
    return html`<h1>${t().newClient}</h1>
      <section class="panel">
        ${this.error ? html`<p class="notice danger" role="alert">${this.error}</p>` : nothing}
        <allo-client-form
          .value=${this.typed.form}
          .errors=${this.errors}
          .saving=${this.saving}
          @form-changed=${(e: CustomEvent<{ value: FormData }>) => this.change(e.detail.value)}
          @form-sent=${() => void this.save()}
          @form-cancelled=${() => this.cancel()}
        ></allo-client-form>
      </section>
      <allo-likely .typed=${likelyOf(this.typed.form)}></allo-likely>`;
  }

  private change(form: FormData) {
    this.typed = { ...this.typed, form };
    keepDraft(KEY, { path: PATH, label: t().draftNew(form.name), value: this.typed });
  }

  private cancel() {
    dropDraft(KEY);
    history.back();
  }

  private async save() {
    this.saving = true;
    this.error = null;
    this.errors = {};
    try {
      const { client } = await clientsApi.create(toDraft(this.typed.form, fieldDefs.get()));
      dropDraft(KEY);
      toast('success', t().created);
      navigate(`/clients/${client.id}`, { replace: true });
      const brief = { id: client.id, kind: client.kind, name: client.name, company: client.company, phone: client.phones[0]?.e164 ?? null };
      if (this.typed.call) this.emit('client-created', { client: brief, call: this.typed.call });
    } catch (err) {
      this.error = errorText(err);
      this.errors = refusedFields(err);
      void this.form?.focusField();
    } finally {
      this.saving = false;
    }
  }
}

/** What tells who it may be. */
const likelyOf = (form: FormData) => {
  const text = (key: string) => (typeof form.custom[key] === 'string' ? form.custom[key].trim() : '');
  return {
    kind: form.kind,
    name: form.name.trim(),
    company: form.company.trim(),
    phones: form.phones.map(({ raw }) => raw.trim()).filter(Boolean),
    emails: form.emails.map(({ address }) => address.trim()).filter(Boolean),
    inn: text('inn').slice(0, 20),
    address: text('address') || text('legal_address'),
  };
};

/** Which fields the server has refused. */
export const refusedFields = (err: unknown): Record<string, string> => {
  const issues = err instanceof ApiError && err.code === 'invalid' ? err.data.issues : null;
  if (!Array.isArray(issues)) return {};
  const fields = (issues as { path?: unknown; code?: unknown }[]).map((i) => ({ id: faultField(String(i.path)), code: String(i.code) }));
  return Object.fromEntries(fields.flatMap(({ id, code }) => (id === null ? [] : [[id, wordsFor(id, code)]])));
};

const wordsFor = (id: string, code: string) =>
  id.startsWith('custom.')
    ? (c().faults[code] ?? c().faults.other!)
    : id.startsWith('phone')
      ? t().badPhone
      : id.startsWith('email')
        ? t().badEmail
        : t().nameMissing;

declare global {
  interface HTMLElementTagNameMap {
    'allo-client-new': ClientNew;
  }
}
