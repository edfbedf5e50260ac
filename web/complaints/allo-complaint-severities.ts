import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { customElement, state } from 'lit/decorators.js';
import type { Severity, SeverityTable } from '../../server/complaints/contract.ts';
import '../ui/allo-badge.ts';
import { locale } from '../core/i18n.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { settings } from '../ui/settings.ts';
import { states } from '../ui/states.ts';
import { settingsApi } from './settings-api.ts';
import { SettingsPart } from './settings-part.ts';
import { t } from './settings-strings.ts';

const TONES: readonly Severity['tone'][] = ['neutral', 'info', 'success', 'warning', 'danger', 'accent'];
/** Mail and the form have no other. */
const COMMON = 'normal';

interface Form {
  /** Null: a new one. */
  code: string | null;
  ru: string;
  en: string;
  tone: Severity['tone'];
  /** All of them, as they stood when it was opened. */
  before: readonly Severity[];
}

/** How grave complaints are: what it is called, in which colour, in which order. */
@customElement('allo-complaint-severities')
export class ComplaintSeverities extends SettingsPart {
  @state() private form: Form | null = null;
  @state() private errors: { ru?: string; en?: string } = {};

  static override styles = [
    ...AlloElement.styles,
    states,
    settings,
    css`
      .line allo-badge {
        margin-inline-end: var(--space-2);
      }
    `,
  ];

  private get all(): readonly Severity[] {
    return this.data.setup.severities;
  }

  override render() {
    return html`<div class="top">
        <div class="grow">
          <h2>${t().sections.severities}</h2>
          <p class="muted small">${t().severitiesLead}</p>
        </div>
        <button class="button primary" @click=${() => this.begin(null)}>${icon('plus')}${t().newSeverity}</button>
      </div>
      ${this.form === null ? this.trouble() : nothing}
      <section class="panel list">
        ${this.form?.code === null ? this.editor(this.form) : nothing}
        <ul>
          ${repeat(
            this.all,
            ({ code }) => code,
            (one, i) => html`<li>${this.line(one, i)}${this.form?.code === one.code ? this.editor(this.form) : nothing}</li>`,
          )}
        </ul>
      </section>`;
  }

  private line(one: Severity, i: number) {
    const name = one.label[locale.get()];
    const retire = (retired: boolean) => this.put(this.all.map((each) => (each.code === one.code ? { ...each, retired } : each)));
    const moved = (by: -1 | 1) => {
      const order = [...this.all];
      order.splice(i + by, 0, ...order.splice(i, 1));
      return order;
    };
    const mover = (by: -1 | 1, words: string) =>
      html`<button
        class="button quiet icon-only"
        aria-label=${words}
        title=${words}
        ?disabled=${!this.all[i + by]}
        aria-disabled=${this.busy ? 'true' : 'false'}
        @click=${() => !this.busy && this.put(moved(by))}
      >
        ${by < 0 ? '↑' : '↓'}
      </button>`;
    return html`<div class="line ${one.retired ? 'retired' : ''}">
      <span class="grow">
        <allo-badge tone=${one.tone}>${name}</allo-badge>
        <span class="muted small" dir="auto">${one.label[locale.get() === 'ru' ? 'en' : 'ru']}</span>
        ${one.retired ? html`<allo-badge>${t().archived}</allo-badge>` : nothing}
        ${one.code === COMMON ? html`<span class="muted small">· ${t().commonSeverity}</span>` : nothing}
      </span>
      ${mover(-1, t().sooner(name))} ${mover(1, t().later(name))}
      ${
        one.retired
          ? html`<button
              class="button"
              aria-label=${t().restoreOf(name)}
              aria-disabled=${this.busy ? 'true' : 'false'}
              @click=${() => !this.busy && retire(false)}
            >
              ${t().restore}
            </button>`
          : html`${this.iconButton(t().edit(name), 'pencil', () => this.begin(one))}
            ${one.code === COMMON ? nothing : this.iconButton(t().archive(name), 'close', () => retire(true))}`
      }
    </div>`;
  }

  private put(items: SeverityTable['items'], seen = this.all) {
    void this.send(() => settingsApi.setSeverities(items, seen));
  }

  private editor(form: Form) {
    const label = (language: 'ru' | 'en') =>
      field({
        id: language,
        label: `${t().name}: ${t().languages[language]}`,
        value: form[language],
        maxLength: 60,
        error: this.errors[language] ?? null,
        onInput: (words) => {
          this.form = { ...form, [language]: words };
          this.errors = { ...this.errors, [language]: undefined };
        },
      });
    const tones = TONES.map((tone) => ({ value: tone, words: t().tones[tone] }));
    return html`<form class="edit" @submit=${this.submit} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && this.done()} novalidate>
      <div class="parts">
        ${label('ru')} ${label('en')}
        ${this.select(t().tone, form.tone, tones, (tone) => (this.form = { ...form, tone: tone as Severity['tone'] }))}
      </div>
      ${this.formEnd(() => this.done())}
    </form>`;
  }

  private begin(one: Severity | null) {
    this.form = {
      code: one?.code ?? null,
      ru: one?.label.ru ?? '',
      en: one?.label.en ?? '',
      tone: one?.tone ?? 'neutral',
      before: this.all,
    };
    this.errors = {};
    this.fault = '';
    this.focusField('ru');
  }

  private submit(e: Event) {
    e.preventDefault();
    if (!this.form) return;
    const { code, ru, en, tone, before } = this.form;
    this.errors = { ...(!ru.trim() && { ru: t().nameNeeded }), ...(!en.trim() && { en: t().nameNeeded }) };
    const [wrong] = Object.keys(this.errors);
    if (wrong) return this.focusField(wrong);
    const label = { ru, en };
    this.put(
      code === null
        ? [...before, { code, label, tone, retired: false }]
        : before.map((one) => (one.code === code ? { ...one, label, tone } : one)),
      before,
    );
  }

  protected override done() {
    this.form = null;
    this.fault = '';
  }

  protected override catchUp() {
    if (this.form) this.form = { ...this.form, before: this.all };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-severities': ComplaintSeverities;
  }
}
