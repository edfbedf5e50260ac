import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Settings } from '../../server/complaints/contract.ts';
import { settings } from '../ui/settings.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { settingsApi } from './settings-api.ts';
import { SettingsPart } from './settings-part.ts';
import { t } from './settings-strings.ts';

const STEPS = ['breach', 'chief', 'director'] as const;
type Step = (typeof STEPS)[number];
type Key = 'repeatDays' | 'reopenDays' | 'approveAbove' | 'currency' | Step;
interface Form {
  /** What it replaces. */
  before: Settings;
  texts: Record<Key, string>;
  departmentId: number | null;
  form: boolean;
  callReopens: boolean;
}

const formOf = (before: Settings): Form => ({
  before,
  texts: {
    repeatDays: String(before.repeatDays),
    reopenDays: String(before.reopenDays),
    approveAbove: String(before.approveAbove / 100),
    currency: before.currency,
    breach: before.alarmMail.breach.join(', '),
    chief: before.alarmMail.chief.join(', '),
    director: before.alarmMail.director.join(', '),
  },
  departmentId: before.departmentId,
  form: before.form,
  callReopens: before.callReopens,
});

/** null: not addresses. The server looks closer. */
const addressesIn = (text: string): string[] | null => {
  const found = text.split(/[,;\s]+/).filter((one) => one !== '');
  return found.length <= 5 && found.every((one) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(one)) ? found : null;
};

const between = (text: string, from: number, to: number): boolean => /^\d{1,3}$/.test(text) && Number(text) >= from && Number(text) <= to;

/** The other rules: days, the limit of compensations, the form of the public. */
@customElement('allo-complaint-rules')
export class ComplaintRules extends SettingsPart {
  @state() private form: Form | null = null;
  @state() private faults: Partial<Record<Key, string>> = {};

  static override styles = [
    ...AlloElement.styles,
    settings,
    css`
      .parts {
        grid-template-columns: 1fr;
        max-width: 34rem;
      }
    `,
  ];

  override render() {
    const form = this.form ?? formOf(this.data.setup.settings);
    const departments = this.data.setup.departments.map(({ id, name }) => ({ value: String(id), words: name }));
    return html`<div class="top"><h2>${t().sections.rules}</h2></div>
      <form class="panel" @submit=${this.submit} novalidate>
        <div class="parts">
          ${(['repeatDays', 'reopenDays', 'approveAbove', 'currency'] as const).map((key) =>
            field({
              id: key,
              label: t()[key],
              value: form.texts[key],
              maxLength: 12,
              error: this.faults[key] ?? null,
              onInput: (text) => this.type({ texts: { ...form.texts, [key]: text } }),
            }),
          )}
          ${STEPS.map((step) =>
            field({
              id: step,
              label: t().alarmMail[step],
              value: form.texts[step],
              maxLength: 1400,
              placeholder: t().alarmMailHint,
              error: this.faults[step] ?? null,
              onInput: (text) => this.type({ texts: { ...form.texts, [step]: text } }),
            }),
          )}
          ${this.select(t().ruleDepartment, String(form.departmentId ?? ''), [{ value: '', words: t().noDepartment }, ...departments], (value) => this.type({ departmentId: value === '' ? null : Number(value) }))}
          <label class="check"
            ><input
              type="checkbox"
              .checked=${form.callReopens}
              @change=${(e: Event) => this.type({ callReopens: (e.target as HTMLInputElement).checked })}
            />${t().callReopens}</label
          >
          <label class="check"
            ><input
              type="checkbox"
              .checked=${form.form}
              @change=${(e: Event) => this.type({ form: (e.target as HTMLInputElement).checked })}
            />${t().form}</label
          >
        </div>
        ${this.formEnd(() => this.done())}
      </form>`;
  }

  private type(change: Partial<Form>) {
    this.form = { ...(this.form ?? formOf(this.data.setup.settings)), ...change };
    this.faults = {};
  }

  private submit(e: Event) {
    e.preventDefault();
    const { before, texts, departmentId, form, callReopens } = this.form ?? formOf(this.data.setup.settings);
    const amount = texts.approveAbove.trim().replace(',', '.');
    const currency = texts.currency.trim().toUpperCase();
    this.faults = {
      ...(!between(texts.repeatDays.trim(), 1, 365) && { repeatDays: t().numberWrong(1, 365) }),
      ...(!between(texts.reopenDays.trim(), 0, 365) && { reopenDays: t().numberWrong(0, 365) }),
      ...(!/^\d{1,10}(\.\d{1,2})?$/.test(amount) && { approveAbove: t().amountWrong }),
      ...(!/^[A-Z]{3}$/.test(currency) && { currency: t().currencyWrong }),
    };
    const alarmMail = { breach: [] as string[], chief: [] as string[], director: [] as string[] };
    for (const step of STEPS) {
      const addresses = addressesIn(texts[step]);
      if (addresses) alarmMail[step] = addresses;
      else this.faults = { ...this.faults, [step]: t().addressWrong };
    }
    const [wrong] = Object.keys(this.faults);
    if (wrong) return this.focusField(wrong);
    const settings = { repeatDays: Number(texts.repeatDays), reopenDays: Number(texts.reopenDays), callReopens, approveAbove: Math.round(Number(amount) * 100), currency, departmentId, form, alarmMail }; // prettier-ignore
    void this.send(() => settingsApi.set(settings, before));
  }

  protected override done() {
    this.form = null;
    this.faults = {};
    this.fault = '';
  }

  protected override catchUp() {
    if (this.form) this.form = { ...this.form, before: this.data.setup.settings };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-rules': ComplaintRules;
  }
}
