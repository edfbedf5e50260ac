import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ClockPolicy, PolicyDraft } from '../../server/complaints/contract.ts';
import { locale } from '../core/i18n.ts';
import { settings } from '../ui/settings.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { empty, states } from '../ui/states.ts';
import { inTree } from './allo-complaint-categories.ts';
import { hoursText, readHours } from './hours.ts';
import { settingsApi } from './settings-api.ts';
import { severityChoices, severityWords } from './severity.ts';
import { SettingsPart } from './settings-part.ts';
import { t } from './settings-strings.ts';
import { labelOf, t as words } from './strings.ts';
import { span } from './time-left.ts';

const CLOCKS = [
  ['acknowledgeMs', 'acknowledge'],
  ['firstAnswerMs', 'first-answer'],
  ['nextAnswerMs', 'next-answer'],
  ['resolveMs', 'resolve'],
] as const;
const LADDER = ['chiefAfterMs', 'directorAfterMs'] as const;
type TimeKey = (typeof CLOCKS)[number][0] | (typeof LADDER)[number];
type Texts = Record<TimeKey | 'warnPercent', string>;

interface Form {
  id: number | null;
  /** What it replaces. */
  before: PolicyDraft;
  draft: PolicyDraft;
  texts: Texts;
}

const NEW: PolicyDraft = { name: '', categoryId: null, severity: null, clientStage: null, departmentId: null, calendarId: null, acknowledgeMs: null, firstAnswerMs: null, nextAnswerMs: null, resolveMs: null, warnPercent: 75, chiefAfterMs: 0, directorAfterMs: 0 }; // prettier-ignore

const draftOf = ({ id: _, ...draft }: ClockPolicy): PolicyDraft => draft;
const textsOf = (draft: PolicyDraft): Texts => ({
  acknowledgeMs: hoursText(draft.acknowledgeMs),
  firstAnswerMs: hoursText(draft.firstAnswerMs),
  nextAnswerMs: hoursText(draft.nextAnswerMs),
  resolveMs: hoursText(draft.resolveMs),
  chiefAfterMs: hoursText(draft.chiefAfterMs),
  directorAfterMs: hoursText(draft.directorAfterMs),
  warnPercent: String(draft.warnPercent),
});

/** By when a complaint must have had what: policies, the most particular of which holds. */
@customElement('allo-complaint-policies')
export class ComplaintPolicies extends SettingsPart {
  @state() private form: Form | null = null;
  @state() private faults: Partial<Texts> = {};
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
    const { policies } = this.data;
    return html`<div class="top">
        <div class="grow">
          <h2>${t().sections.policies}</h2>
          <p class="muted small">${t().policiesLead}</p>
        </div>
        <button class="button primary" @click=${() => this.begin(null)}>${icon('plus')}${t().newPolicy}</button>
      </div>
      ${this.form === null ? this.trouble() : nothing}
      <section class="panel list">
        ${this.form?.id === null ? this.editor(this.form) : nothing}
        ${policies.length === 0 ? empty({ icon: 'clock', title: t().noPolicies }) : nothing}
        <ul>
          ${policies.map((one) => html`<li>${this.line(one)}${this.form?.id === one.id ? this.editor(this.form) : nothing}</li>`)}
        </ul>
      </section>`;
  }

  /** Which complaints it is for. */
  private whom(one: PolicyDraft): string {
    const { setup, stages } = this.data;
    const parts = [
      one.categoryId !== null && labelOf(setup.categories.find(({ id }) => id === one.categoryId)),
      one.severity !== null && severityWords(one.severity),
      one.clientStage !== null && (stages.find(({ code }) => code === one.clientStage)?.label[locale.get()] ?? one.clientStage),
      one.departmentId !== null && setup.departments.find(({ id }) => id === one.departmentId)?.name,
    ].filter(Boolean);
    return [one.name, parts.join(', ') || t().anyComplaint].filter(Boolean).join(' · ');
  }

  private line(one: ClockPolicy) {
    const name = this.whom(one);
    const times = CLOCKS.map(([key, clock]) => `${words().clocks[clock]}: ${one[key] === null ? t().noClock : span(one[key])}`);
    return html`<div class="line">
      <span class="grow">
        <span class="name" dir="auto">${name}</span>
        <span class="muted small more">${times.join(' · ')}</span>
      </span>
      ${this.iconButton(t().edit(t().policyOf(name)), 'pencil', () => this.begin(one))}
      ${
        this.removing === one.id
          ? html`<button class="button danger" @click=${() => this.removeOne(one.id)} @blur=${() => (this.removing = null)}>
              ${t().removeSure}
            </button>`
          : this.iconButton(t().remove(t().policyOf(name)), 'close', () => this.ask(one.id))
      }
    </div>`;
  }

  private editor(form: Form) {
    const { draft } = form;
    const { setup, calendars, stages } = this.data;
    const any = { value: '', words: t().any };
    const named = (all: readonly { id: number; name: string }[]) => all.map(({ id, name }) => ({ value: String(id), words: name }));
    const idOf = (value: string) => (value === '' ? null : Number(value));
    const categories = inTree(setup.categories.filter(({ kind }) => kind === 'category'))
      .filter(({ one }) => !one.retired || one.id === draft.categoryId)
      .map(({ one, depth }) => ({ value: String(one.id), words: `${'— '.repeat(depth)}${labelOf(one)}` }));
    const severities = severityChoices(draft.severity).map(([value, name]) => ({ value, words: name }));
    const offered = stages.map(({ code, label }) => ({ value: code, words: label[locale.get()] }));
    return html`<form class="edit" @submit=${this.submit} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && this.done()} novalidate>
      <div class="parts">
        ${field({ id: 'name', label: t().name, value: draft.name, maxLength: 200, onInput: (name) => this.type({ name }) })}
        ${this.select(t().category, String(draft.categoryId ?? ''), [any, ...categories], (value) => this.type({ categoryId: idOf(value) }))}
        ${this.select(t().severity, draft.severity ?? '', [any, ...severities], (value) => this.type({ severity: value || null }))}
        ${this.select(t().stage, draft.clientStage ?? '', [any, ...offered], (value) => this.type({ clientStage: value || null }))}
        ${this.select(t().department, String(draft.departmentId ?? ''), [any, ...named(setup.departments)], (value) => this.type({ departmentId: idOf(value) }))}
        ${this.select(t().calendar, String(draft.calendarId ?? ''), [{ value: '', words: t().ofDepartment }, ...named(calendars)], (value) => this.type({ calendarId: idOf(value) }))}
      </div>
      <p class="muted small">${t().hoursHint}</p>
      <div class="parts">
        ${CLOCKS.map(([key, clock]) => this.time(form, key, words().clocks[clock]))} ${this.time(form, 'warnPercent', t().warn)}
        ${this.time(form, 'chiefAfterMs', t().chief)} ${this.time(form, 'directorAfterMs', t().director)}
      </div>
      ${this.formEnd(() => this.done())}
    </form>`;
  }

  private time(form: Form, key: keyof Texts, label: string) {
    const onInput = (text: string) => {
      this.form = { ...form, texts: { ...form.texts, [key]: text } };
      this.faults = { ...this.faults, [key]: undefined };
    };
    return field({ id: key, label, value: form.texts[key], maxLength: 8, error: this.faults[key] ?? null, onInput });
  }

  private begin(one: ClockPolicy | null) {
    const draft = one ? draftOf(one) : NEW;
    this.form = { id: one?.id ?? null, before: draft, draft, texts: textsOf(draft) };
    this.faults = {};
    this.fault = '';
    this.focusField('name');
  }

  private type(change: Partial<PolicyDraft>) {
    if (this.form) this.form = { ...this.form, draft: { ...this.form.draft, ...change } };
  }

  private submit(e: Event) {
    e.preventDefault();
    if (!this.form) return;
    const { id, before, texts } = this.form;
    const draft = { ...this.form.draft, name: this.form.draft.name.trim(), warnPercent: Number(texts.warnPercent) };
    const faults: Partial<Texts> = {};
    for (const [key] of CLOCKS) {
      const ms = readHours(texts[key]);
      if (ms === undefined || ms === 0) faults[key] = t().hoursWrong;
      else draft[key] = ms;
    }
    for (const key of LADDER) {
      const ms = readHours(texts[key]);
      if (ms === undefined || ms === null) faults[key] = t().hoursWrong;
      else draft[key] = ms;
    }
    if (!/^[1-9]\d?$/.test(texts.warnPercent)) faults.warnPercent = t().warnWrong;
    this.faults = faults;
    const [wrong] = Object.keys(faults);
    if (wrong) this.focusField(wrong);
    else void this.send(() => (id === null ? settingsApi.addPolicy(draft) : settingsApi.editPolicy(id, draft, before)));
  }

  private ask(id: number) {
    this.removing = id;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.line .danger')?.focus());
  }

  private removeOne(id: number) {
    this.removing = null;
    void this.send(() => settingsApi.removePolicy(id));
  }

  protected override done() {
    this.form = null;
    this.fault = '';
  }

  protected override catchUp() {
    const now = this.data.policies.find(({ id }) => id === this.form?.id);
    if (this.form && now) this.form = { ...this.form, before: draftOf(now) };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-complaint-policies': ComplaintPolicies;
  }
}
