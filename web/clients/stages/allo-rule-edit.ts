import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { CatalogueField, RuleCondition, RuleTrial, Stage, StageRule } from '../../../server/clients/contract.ts';
import { errorText } from '../../core/error-words.ts';
import { locale } from '../../core/i18n.ts';
import { AlloElement } from '../../ui/allo-element.ts';
import { field } from '../../ui/field.ts';
import { settings } from '../../ui/settings.ts';
import { icon } from '../../ui/icons.ts';
import './allo-rule-condition.ts';
import { stagesApi, wrongField } from './api.ts';
import type { RuleWrite } from './api.ts';
import { freshCondition, isWhole } from './condition.ts';
import { t } from './strings.ts';

const FRESH: RuleWrite = { name: '', enabled: true, from: null, to: '', conditions: [freshCondition('older', [])!] };

/**
 * One rule: from where, to where, when; tried before it is saved.
 * @fires rule-saved
 * @fires edit-cancelled
 */
@customElement('allo-rule-edit')
export class RuleEdit extends AlloElement {
  /** Null: a new one. */
  @property({ attribute: false }) rule: StageRule | null = null;
  @property({ attribute: false }) stages: readonly Stage[] = [];
  @property({ attribute: false }) known: readonly CatalogueField[] = [];
  @state() private form = FRESH;
  @state() private trial: RuleTrial | null = null;
  @state() private error: string | null = null;
  @state() private busy = false;

  static override styles = [
    ...AlloElement.styles,
    settings,
    css`
      fieldset {
        display: grid;
        gap: var(--space-2);
      }
      .boxes {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
      }
      .boxes label {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 1.75rem;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    if (this.rule) {
      const { id: _, ...form } = this.rule;
      this.form = form;
    }
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#name')?.focus());
  }

  override render() {
    const { form } = this;
    const offered = (s: Stage) => s.archivedAt === null || s.code === form.to || Boolean(form.from?.includes(s.code));
    const stages = this.stages.filter(offered);
    return html`<form
      class="edit"
      @submit=${this.submit}
      @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && this.emit('edit-cancelled')}
    >
      <div class="parts">
        ${field({ id: 'name', label: t().ruleName, value: form.name, maxLength: 200, onInput: (name) => this.type({ name }) })}
        <label class="field"
          ><span>${t().to}</span
          ><select @change=${(e: Event) => this.type({ to: (e.target as HTMLSelectElement).value })}>
            <option value="" .selected=${live(form.to === '')}></option>
            ${stages.map((s) => html`<option value=${s.code} .selected=${live(form.to === s.code)}>${s.label[locale.get()]}</option>`)}
          </select></label
        >
      </div>
      <fieldset>
        <legend class="label">${t().from} (${t().fromHint})</legend>
        <div class="boxes">${stages.map((s) => this.box(s))}</div>
      </fieldset>
      <fieldset>
        <legend class="label">${t().conditions}</legend>
        ${form.conditions.map(
          (condition, i) =>
            html`<allo-rule-condition
              .condition=${condition}
              .known=${this.known}
              .n=${i + 1}
              @condition-changed=${(e: CustomEvent<{ condition: RuleCondition | null }>) => this.change(i, e.detail.condition)}
            ></allo-rule-condition>`,
        )}
        <div>
          <button type="button" class="button quiet" ?disabled=${form.conditions.length >= 20} @click=${this.add}>
            ${icon('plus')}${t().addCondition}
          </button>
        </div>
      </fieldset>
      <div role="status">
        ${this.trial ? html`<p class="notice info">${icon('info')}<span>${t().wouldMove(this.trial.count, this.trial.more)}</span></p>` : nothing}
      </div>
      ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
      <div class="row wrap">
        <button class="button primary" ?disabled=${this.busy}>${icon('check')}${t().save}</button>
        <button type="button" class="button" ?disabled=${this.busy} @click=${this.tryIt}>${t().tryIt}</button>
        <button type="button" class="button quiet" @click=${() => this.emit('edit-cancelled')}>${t().cancel}</button>
      </div>
    </form>`;
  }

  private box({ code, label }: Stage) {
    const { from } = this.form;
    const toggle = (on: boolean) => {
      const others = (from ?? []).filter((each) => each !== code);
      const chosen = on ? [...others, code] : others;
      this.type({ from: chosen.length > 0 ? chosen : null });
    };
    return html`<label
      ><input
        type="checkbox"
        .checked=${live(Boolean(from?.includes(code)))}
        @change=${(e: Event) => toggle((e.target as HTMLInputElement).checked)}
      />${label[locale.get()]}</label
    >`;
  }

  private type(change: Partial<RuleWrite>) {
    this.form = { ...this.form, ...change };
    this.trial = null;
    this.error = null;
  }

  private change(i: number, condition: RuleCondition | null) {
    const { conditions } = this.form;
    this.type({
      conditions: condition ? conditions.map((each, at) => (at === i ? condition : each)) : conditions.filter((_, at) => at !== i),
    });
  }

  private add() {
    const condition = freshCondition('field', this.known) ?? freshCondition('older', this.known)!;
    this.type({ conditions: [...this.form.conditions, condition] });
  }

  /** Whom a rule would move is asked before it has a name. */
  private lacks(named: boolean): string | null {
    const { name, to, conditions } = this.form;
    if (named && !name.trim()) return t().ruleNameNeeded;
    if (!to) return t().ruleToNeeded;
    if (conditions.length === 0) return t().ruleConditionNeeded;
    const open = conditions.find((c) => !isWhole(c));
    if (!open) return null;
    return t().ruleWrong(open.fact === 'field' ? this.words(open.key) : t().facts[open.fact === 'contact' ? 'older' : 'events']!);
  }

  private words = (key: string): string => this.known.find((each) => each.key === key)?.label[locale.get()] ?? key;

  private async run(named: boolean, order: () => Promise<void>) {
    if (this.busy) return;
    this.error = this.lacks(named);
    if (this.error) return;
    this.busy = true;
    try {
      await order();
    } catch (err) {
      const key = wrongField(err);
      this.error = key === null ? errorText(err) : t().ruleWrong(this.words(key));
    } finally {
      this.busy = false;
    }
  }

  private tryIt() {
    return this.run(false, async () => {
      this.trial = await stagesApi.tryRule({ ...this.form, name: this.form.name.trim() || '?' });
    });
  }

  private submit(e: Event) {
    e.preventDefault();
    void this.run(true, async () => {
      await (this.rule ? stagesApi.editRule(this.rule.id, this.form) : stagesApi.createRule(this.form));
      this.emit('rule-saved');
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-rule-edit': RuleEdit;
  }
}
