import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { BulkAsk, FilterGroup, Segment, SegmentDraft, SegmentFields } from '../../server/segments/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { locale } from '../core/i18n.ts';
import { toast } from '../core/toasts.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { segmentsApi } from './api.ts';
import { t } from './strings.ts';

const form = css`
  form {
    display: grid;
    gap: var(--space-3);
  }
  .checks {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-4);
  }
  .checks label {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
  }
  .button {
    justify-self: end;
  }
`;

type Asked = Pick<SegmentDraft, 'filter' | 'columns' | 'sort' | 'direction'>;
const ROLES = ['operator', 'supervisor', 'manager', 'complaints', 'administrator'] as const;

/**
 * Name and sharing of a saved filter.
 * @fires segment-saved - detail: { segment: Segment }
 */
@customElement('allo-segment-save')
export class SaveDialog extends AlloElement {
  @state() private mayShare = false;
  @state() private error = '';
  private segment: Segment | null = null;
  private asked: Asked | null = null;
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  @query('form') private readonly form!: HTMLFormElement;
  static override styles = [...AlloElement.styles, form];

  create(asked: Asked, mayShare: boolean): Promise<void> {
    return this.open(null, asked, mayShare);
  }
  edit(segment: Segment, asked: Asked, mayShare: boolean): Promise<void> {
    return this.open(segment, asked, mayShare);
  }

  private async open(segment: Segment | null, asked: Asked, mayShare: boolean) {
    Object.assign(this, { segment, asked, mayShare, error: '' });
    this.requestUpdate();
    await this.updateComplete;
    this.form.reset();
    (this.form.elements.namedItem('name') as HTMLInputElement).value = segment?.name ?? '';
    for (const box of this.form.querySelectorAll<HTMLInputElement>('[name=role]'))
      box.checked = segment?.sharedRoles.includes(box.value as 'operator') ?? false;
    await this.dialog.show();
  }

  override render() {
    return html`<allo-dialog .heading=${this.segment ? t().save : t().saveAs}>
      <form @submit=${this.save} novalidate>
        <label class="field"><span>${t().name}</span><input name="name" maxlength="120" autocomplete="off" /></label>
        ${
          this.mayShare
            ? html`<fieldset>
                <legend class="label">${t().share}</legend>
                <div class="checks">
                  ${ROLES.map((role) => html`<label><input type="checkbox" name="role" value=${role} />${t().roles[role]}</label>`)}
                </div>
              </fieldset>`
            : nothing
        }
        ${this.error ? html`<p class="fault" role="alert">${icon('warning')}${this.error}</p>` : nothing}
        <button class="button primary">${t().save}</button>
      </form>
    </allo-dialog>`;
  }

  private async save(e: Event) {
    e.preventDefault();
    const given = new FormData(this.form);
    const name = String(given.get('name')).trim();
    if (!name || !this.asked) return void (this.form.elements.namedItem('name') as HTMLInputElement).focus();
    const draft = { ...this.asked, name, ...(this.mayShare ? { sharedRoles: given.getAll('role') as (typeof ROLES)[number][] } : {}) };
    try {
      const { segment } = this.segment
        ? await segmentsApi.edit(this.segment.id, { ...draft, version: this.segment.version })
        : await segmentsApi.create(draft);
      this.dialog.close();
      this.emit('segment-saved', { segment });
    } catch (err) {
      this.error = errorText(err);
    }
  }
}

/**
 * One change for many clients.
 * @fires bulk-done - detail: { batch: string }
 */
@customElement('allo-segment-bulk')
export class BulkDialog extends AlloElement {
  @property({ attribute: false }) known!: SegmentFields;
  @state() private what: 'stage' | 'owner' | 'department' = 'stage';
  @state() private expected = 0;
  @state() private error = '';
  @state() private busy = false;
  private whom: { filter: FilterGroup; ids: number[] | null } | null = null;
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  @query('[name=value]') private readonly value!: HTMLSelectElement;
  static override styles = [...AlloElement.styles, form];

  async open(whom: { filter: FilterGroup; ids: number[] | null }, expected: number): Promise<void> {
    this.whom = whom;
    this.expected = expected;
    this.error = '';
    await this.updateComplete;
    await this.dialog.show();
  }

  private options(): readonly { code: string; words: string }[] {
    if (this.what === 'owner') return [{ code: '', words: t().nobody }, ...this.known.users.map(({ id, name }) => ({ code: String(id), words: name }))]; // prettier-ignore
    if (this.what === 'department') return [{ code: '', words: t().everybodys }, ...this.known.departments.map(({ id, name }) => ({ code: String(id), words: name }))]; // prettier-ignore
    const stages = this.known.items.find(({ key }) => key === 'stage')?.options ?? [];
    return stages.map(({ code, label }) => ({ code, words: label[locale.get()] }));
  }

  override render() {
    return html`<allo-dialog .heading=${t().changeTitle}>
      <form @submit=${this.run} novalidate>
        <p class="muted">${t().changeWhom(this.expected)}</p>
        <label class="field"
          ><span>${t().what}</span
          ><select @change=${(e: Event) => (this.what = (e.target as HTMLSelectElement).value as 'stage')}>
            ${(['stage', 'owner', 'department'] as const).map((what) => html`<option value=${what} ?selected=${what === this.what}>${t()[what]}</option>`)}
          </select></label
        >
        <label class="field"
          ><span>${t().value}</span
          ><select name="value">
            ${this.options().map(({ code, words }) => html`<option value=${code}>${words}</option>`)}
          </select></label
        >
        ${this.error ? html`<p class="fault" role="alert">${icon('warning')}${this.error}</p>` : nothing}
        <button class="button primary" ?disabled=${this.busy}>${t().apply}</button>
      </form>
    </allo-dialog>`;
  }

  private async run(e: Event) {
    e.preventDefault();
    if (!this.whom) return;
    const { value } = this.value;
    const id = value === '' ? null : Number(value);
    const set: BulkAsk['set'] = this.what === 'stage' ? { stage: value } : this.what === 'owner' ? { ownerId: id } : { departmentId: id };
    this.busy = true;
    try {
      const { batch, changed, refused } = await segmentsApi.bulk({ ...this.whom, set, expected: this.expected });
      this.dialog.close();
      toast('success', t().changed(changed));
      if (refused.length > 0) toast('danger', t().refused(refused.length));
      this.emit('bulk-done', { batch });
    } catch (err) {
      this.error = err instanceof ApiError && err.data.reason === 'changed' ? t().othersNow : errorText(err);
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-segment-save': SaveDialog;
    'allo-segment-bulk': BulkDialog;
  }
}
