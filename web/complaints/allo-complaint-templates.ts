import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Template, TemplateDraft } from '../../server/complaints/contract.ts';
import { locale } from '../core/i18n.ts';
import '../ui/allo-badge.ts';
import { settings } from '../ui/settings.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { empty, states } from '../ui/states.ts';
import { settingsApi } from './settings-api.ts';
import { SettingsPart } from './settings-part.ts';
import { t } from './settings-strings.ts';

interface Form {
  id: number | null;
  /** What it replaces. */
  before: TemplateDraft;
  draft: TemplateDraft;
}
type Faults = Partial<Record<'name' | 'text', string>>;

const draftOf = ({ language, name, subject, text }: Template): TemplateDraft => ({ language, name, subject, text });

/** Texts for answers to clients. */
@customElement('allo-complaint-templates')
export class ComplaintTemplates extends SettingsPart {
  @state() private form: Form | null = null;
  @state() private faults: Faults = {};
  @state() private removing: number | null = null;

  static override styles = [
    ...AlloElement.styles,
    states,
    settings,
    css`
      .more {
        display: block;
      }
    `,
  ];

  override render() {
    const { templates } = this.data.setup;
    return html`<div class="top">
        <div class="grow">
          <h2>${t().sections.templates}</h2>
          <p class="muted small">${t().templatesLead}</p>
        </div>
        <button class="button primary" @click=${() => this.begin(null)}>${icon('plus')}${t().newTemplate}</button>
      </div>
      ${this.form === null ? this.trouble() : nothing}
      <section class="panel list">
        ${this.form?.id === null ? this.editor(this.form) : nothing}
        ${templates.length === 0 ? empty({ icon: 'mail', title: t().noTemplates }) : nothing}
        <ul>
          ${templates.map((one) => html`<li>${this.line(one)}${this.form?.id === one.id ? this.editor(this.form) : nothing}</li>`)}
        </ul>
      </section>`;
  }

  private line(one: Template) {
    return html`<div class="line">
      <span class="grow">
        <span class="name" dir="auto">${one.name}</span> <allo-badge>${t().languages[one.language]}</allo-badge>
        <span class="muted small more cut" dir="auto">${one.text}</span>
      </span>
      ${this.iconButton(t().edit(one.name), 'pencil', () => this.begin(one))}
      ${
        this.removing === one.id
          ? html`<button class="button danger" @click=${() => this.removeOne(one.id)} @blur=${() => (this.removing = null)}>
              ${t().removeSure}
            </button>`
          : this.iconButton(t().remove(one.name), 'close', () => this.ask(one.id))
      }
    </div>`;
  }

  private editor({ draft }: Form) {
    const languages = (['ru', 'en'] as const).map((value) => ({ value, words: t().languages[value] }));
    return html`<form class="edit" @submit=${this.submit} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && this.done()} novalidate>
      <div class="parts">
        ${field({ id: 'name', label: t().name, value: draft.name, maxLength: 200, error: this.faults.name ?? null, onInput: (name) => this.type({ name }) })}
        ${this.select(t().language, draft.language, languages, (value) => this.type({ language: value as Template['language'] }))}
        ${field({ id: 'subject', label: t().subject, value: draft.subject, maxLength: 200, onInput: (subject) => this.type({ subject }) })}
      </div>
      ${field({ id: 'text', label: t().text, value: draft.text, lines: true, maxLength: 10_000, error: this.faults.text ?? null, onInput: (text) => this.type({ text }) })}
      ${this.formEnd(() => this.done())}
    </form>`;
  }

  private begin(one: Template | null) {
    const draft: TemplateDraft = one ? draftOf(one) : { language: locale.get(), name: '', subject: '', text: '' };
    this.form = { id: one?.id ?? null, before: draft, draft };
    this.faults = {};
    this.fault = '';
    this.focusField('name');
  }

  private type(change: Partial<TemplateDraft>) {
    if (this.form) this.form = { ...this.form, draft: { ...this.form.draft, ...change } };
    this.faults = {};
  }

  private submit(e: Event) {
    e.preventDefault();
    if (!this.form) return;
    const { id, before, draft } = this.form;
    this.faults = { ...(!draft.name.trim() && { name: t().nameNeeded }), ...(!draft.text.trim() && { text: t().textNeeded }) };
    const [wrong] = Object.keys(this.faults);
    if (wrong) this.focusField(wrong);
    else void this.send(() => (id === null ? settingsApi.addTemplate(draft) : settingsApi.editTemplate(id, draft, before)));
  }

  private ask(id: number) {
    this.removing = id;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.line .danger')?.focus());
  }

  private removeOne(id: number) {
    this.removing = null;
    void this.send(() => settingsApi.removeTemplate(id));
  }

  protected override done() {
    this.form = null;
    this.fault = '';
  }

  protected override catchUp() {
    const now = this.data.setup.templates.find(({ id }) => id === this.form?.id);
    if (this.form && now) this.form = { ...this.form, before: draftOf(now) };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-templates': ComplaintTemplates;
  }
}
