import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Profile, ProfileVersion, Purpose } from '../../server/dialling/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { PURPOSES, formOf, rulesOf } from './profile-form.ts';
import type { Faults, Line, ProfileForm } from './profile-form.ts';
import { profileWords as t } from './profile-strings.ts';

type Text = 'abandonedMost' | 'abandonedWindow' | 'abandonedRest' | 'ring' | 'connect';
const TEXTS: readonly Text[] = ['abandonedMost', 'abandonedWindow', 'abandonedRest', 'ring', 'connect'];
const COLUMNS = ['workdays', 'freeDays', 'often'] as const;

/**
 * The rules of one country: a table by what a call is for, the numbers below it, and earlier versions, which fill the form and hold once they are saved.
 * @fires profile-done
 */
@customElement('allo-profile-edit')
export class ProfileEdit extends AlloElement {
  @property({ attribute: false }) profile!: Profile;
  /** Others read. */
  @property({ type: Boolean }) may = false;
  @state() private form: ProfileForm | null = null;
  @state() private name = '';
  @state() private faults: Faults = {};
  @state() private error = '';
  @state() private versions: readonly ProfileVersion[] | null = null;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-3);
        padding-block: var(--space-3);
      }
      .table {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
      }
      th {
        padding: var(--space-1) var(--space-2);
        font-size: var(--text-s);
        font-weight: 600;
        text-align: start;
      }
      td {
        padding: var(--space-1) var(--space-2);
        vertical-align: top;
      }
      td input:not([type='checkbox']) {
        width: 8.5rem;
      }
      td:has([type='checkbox']) {
        padding-top: var(--space-3);
        text-align: center;
      }
      .numbers {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr));
        gap: var(--space-3);
        align-items: end;
      }
      .fault {
        max-width: 12rem;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-3);
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('profile')) return;
    this.form = formOf(this.profile.rules);
    this.name = this.profile.name;
    this.faults = {};
    this.error = '';
    this.versions = null;
  }

  private set(change: Partial<ProfileForm>) {
    this.form = { ...this.form!, ...change };
  }

  private input(key: string, value: string, label: string, onInput: (value: string) => void) {
    const fault = this.faults[key];
    return html`<input
        id=${key}
        aria-label=${label}
        .value=${live(value)}
        maxlength="60"
        ?readonly=${!this.may}
        autocomplete="off"
        aria-invalid=${fault ? 'true' : 'false'}
        aria-describedby=${fault ? `${key}-fault` : nothing}
        @input=${(e: Event) => onInput((e.target as HTMLInputElement).value)}
      />${fault ? html`<p class="fault" id="${key}-fault">${icon('warning')}<span>${t().faults[fault]}</span></p>` : nothing}`;
  }

  private line(of: 'all' | Purpose) {
    const form = this.form!;
    const line = of === 'all' ? form.all : form.of[of];
    const words = of === 'all' ? t().all : t().purposes[of];
    const set = (change: Partial<Line>) =>
      of === 'all' ? this.set({ all: { ...line, ...change } }) : this.set({ of: { ...form.of, [of]: { ...line, ...change } } });
    const tick = (key: 'consentFor' | 'humanOnlyFor', label: string) =>
      of === 'all'
        ? nothing
        : html`<input
            type="checkbox"
            aria-label="${words}: ${label}"
            .checked=${form[key].includes(of)}
            ?disabled=${!this.may}
            @change=${(e: Event) => this.set({ [key]: (e.target as HTMLInputElement).checked ? [...form[key], of] : form[key].filter((one) => one !== of) })}
          />`;
    return html`<tr>
      <th scope="row">${words}</th>
      ${COLUMNS.map((column) => html`<td>${this.input(`${of}.${column}`, line[column], `${words}: ${t().columns[column]}`, (value) => set({ [column]: value }))}</td>`)}
      <td>${tick('consentFor', t().consent)}</td>
      <td>${tick('humanOnlyFor', t().humanOnly)}</td>
    </tr>`;
  }

  private check(key: 'mobileConsentWhenAutomatic' | 'listeningShown') {
    return html`<label class="check"
      ><input
        type="checkbox"
        .checked=${this.form![key]}
        ?disabled=${!this.may}
        @change=${(e: Event) => this.set({ [key]: (e.target as HTMLInputElement).checked })}
      />${t()[key]}</label
    >`;
  }

  override render() {
    const form = this.form!;
    const row = (key: string, label: string, value: string, onInput: (value: string) => void) =>
      html`<label class="field"><span class="label">${label}</span>${this.input(key, value, label, onInput)}</label>`;
    return html`<form @submit=${(e: Event) => void this.save(e)} novalidate>
      ${row('name', t().name, this.name, (value) => (this.name = value))}
      <div class="table">
        <table>
          <thead>
            <tr>
              <td></td>
              ${[t().columns.workdays, t().columns.freeDays, t().columns.often, t().consent, t().humanOnly].map((words) => html`<th scope="col">${words}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.line('all')} ${PURPOSES.map((purpose) => this.line(purpose))}
          </tbody>
        </table>
      </div>
      <p class="small muted">${t().hint}</p>
      <div class="numbers">${TEXTS.map((key) => row(key, t().texts[key], form[key], (value) => this.set({ [key]: value })))}</div>
      ${this.check('mobileConsentWhenAutomatic')} ${this.check('listeningShown')}
      ${this.error ? html`<p class="fault" role="alert">${this.error}</p>` : nothing}
      <div class="row">
        ${this.may ? html`<button class="button primary">${icon('check')}${t().save}</button>` : nothing}
        <button type="button" class="button quiet" @click=${() => this.done()}>${this.may ? t().cancel : t().close}</button>
        ${this.may && this.versions === null ? html`<button type="button" class="button quiet" @click=${() => void this.look()}>${t().earlier}</button>` : nothing}
      </div>
      ${this.versions === null ? nothing : this.history(this.versions)}
    </form>`;
  }

  private history(versions: readonly ProfileVersion[]) {
    if (versions.length === 0) return html`<p class="small muted" role="status">${t().noEarlier}</p>`;
    return html`<ul aria-label=${t().earlier}>
      ${versions.map(
        ({ at, by, rules }) =>
          html`<li>
            <span>${t().until(moment(at), by ?? t().nobody)}</span>
            <button type="button" class="button quiet" @click=${() => this.take(rules)}>${t().take}</button>
          </li>`,
      )}
    </ul>`;
  }

  private take(rules: Profile['rules']) {
    this.form = formOf(rules);
    this.faults = {};
    toast('info', t().taken);
  }

  private async look() {
    try {
      this.versions = (await api.get<{ items: ProfileVersion[] }>(`/api/dialling/profiles/${this.profile.code}/versions`)).items;
    } catch (err) {
      this.error = errorText(err);
    }
  }

  private async save(e: Event) {
    e.preventDefault();
    const { rules, faults } = rulesOf(this.form!);
    this.faults = faults ?? {};
    this.error = '';
    if (faults) {
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
      return;
    }
    const { code, version, name } = this.profile;
    try {
      await api.patch(`/api/dialling/profiles/${code}`, { version, rules, ...(this.name.trim() !== name && { name: this.name.trim() }) });
      toast('success', t().saved);
      this.done();
    } catch (err) {
      this.error = errorText(err);
    }
  }

  private done() {
    this.dispatchEvent(new CustomEvent('profile-done'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-profile-edit': ProfileEdit;
  }
}
