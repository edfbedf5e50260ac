import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Answer, Script, Step } from '../../server/campaigns/contract.ts';
import type { FieldDef, FieldList } from '../../server/fields/contract.ts';
import type { Topic, TopicList } from '../../server/interests/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import './allo-script-deeds.ts';
import './allo-script-run.ts';
import { choicesOf, formsOf, scriptOf } from './script-text.ts';
import type { DeedForm, StepForm } from './script-text.ts';
import { named, t } from './strings.ts';

const KINDS: Step['kind'][] = ['none', 'single', 'multiple', 'text', 'number', 'date'];
const EMPTY: StepForm = { was: null, text: '', kind: 'none', required: false, options: '', next: '', deeds: [] };

/**
 * The script of a campaign, with a preview that runs it. Each save is a version of its own.
 * @fires script-saved
 */
@customElement('allo-script-edit')
export class ScriptEdit extends AlloElement {
  @property({ type: Number }) campaign = 0;
  @property({ attribute: false }) script: Script | null = null;
  @property({ type: Boolean }) editable = false;
  @state() private forms: StepForm[] | null = null;
  @state() private objections = '';
  @state() private closing = '';
  @state() private tried: Readonly<Record<string, Answer>> = {};
  @state() private fields: readonly FieldDef[] = [];
  @state() private topics: readonly Topic[] = [];
  @state() private error = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      .panel {
        margin-bottom: var(--space-4);
      }
      .both {
        display: grid;
        grid-template-columns: 3fr 2fr;
        gap: var(--space-5);
      }
      .step {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-3) 0;
        border-top: 1px solid var(--border);
      }
      .parts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: var(--space-2);
        align-items: end;
      }
      .check {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--hit-target);
      }
      @media (max-width: 900px) {
        .both {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  override render() {
    return html`<section class="panel" aria-label=${t().script}>
      <div class="row">
        <h2 class="grow">${t().script}</h2>
        ${this.editable && this.forms === null ? html`<button class="button" @click=${this.begin}>${icon('pencil')}${t().editScript}</button>` : nothing}
      </div>
      ${this.forms === null ? this.shown() : this.editor(this.forms)}
    </section>`;
  }

  private shown() {
    if (!this.script) return html`<p class="muted">${t().noScript}</p>`;
    return this.preview(this.script);
  }

  private preview(script: Script) {
    const answered = (e: CustomEvent<{ question: string; value: Answer }>) =>
      (this.tried = { ...this.tried, [e.detail.question]: e.detail.value });
    return html`<allo-script-run .script=${script} .answers=${this.tried} .fields=${named('…')} @answered=${answered}></allo-script-run>`;
  }

  private editor(forms: StepForm[]) {
    const script = scriptOf(forms, this.objections, this.closing);
    return html`<div class="both">
        <div>
          ${forms.map((form, i) => this.step(form, i))}
          <button class="button" @click=${() => (this.forms = [...forms, { ...EMPTY }])}>${icon('plus')}${t().addStep}</button>
          ${field({ id: 'objections', label: t().objections, value: this.objections, lines: true, maxLength: 20_000, onInput: (text) => (this.objections = text) })}
          ${field({ id: 'closing', label: t().closing, value: this.closing, lines: true, maxLength: 2000, onInput: (text) => (this.closing = text) })}
        </div>
        <div>
          <h3>${t().preview}</h3>
          ${script ? this.preview(script) : html`<p class="fault">${icon('warning')}<span>${t().scriptFault}</span></p>`}
        </div>
      </div>
      ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
      <div class="row">
        <button class="button primary" ?disabled=${!script} @click=${this.save}>${icon('check')}${t().save}</button>
        <button class="button quiet" @click=${() => (this.forms = null)}>${t().cancel}</button>
      </div>`;
  }

  private step(form: StepForm, i: number) {
    const type = (change: Partial<StepForm>) => (this.forms = this.forms!.map((each, k) => (k === i ? { ...each, ...change } : each)));
    const asks = form.kind === 'single' || form.kind === 'multiple';
    return html`<div class="step" role="group" aria-label=${t().step(i + 1)}>
      <div class="row">
        <strong class="grow">${t().step(i + 1)}</strong>
        <button
          class="button quiet icon-only"
          aria-label=${t().removeStep(i + 1)}
          title=${t().removeStep(i + 1)}
          @click=${() => (this.forms = this.forms!.filter((_, k) => k !== i))}
        >
          ${icon('close')}
        </button>
      </div>
      ${field({ id: `text-${i}`, label: t().stepText, value: form.text, lines: true, maxLength: 4000, onInput: (text) => type({ text }) })}
      <div class="parts">
        <label class="field"
          ><span>${t().kind}</span
          ><select @change=${(e: Event) => type({ kind: (e.target as HTMLSelectElement).value as Step['kind'] })}>
            ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === form.kind}>${t().kinds[kind]}</option>`)}
          </select></label
        >
        ${field({ id: `next-${i}`, label: t().next, value: form.next, maxLength: 3, onInput: (next) => type({ next }) })}
        ${
          form.kind === 'none'
            ? nothing
            : html`<label class="check"
                ><input
                  type="checkbox"
                  .checked=${form.required}
                  @change=${(e: Event) => type({ required: (e.target as HTMLInputElement).checked })}
                />${t().required}</label
              >`
        }
      </div>
      ${asks ? field({ id: `options-${i}`, label: t().options, value: form.options, lines: true, maxLength: 8000, onInput: (options) => type({ options }) }) : nothing}
      ${
        form.kind === 'none'
          ? nothing
          : html`<allo-script-deeds
              .deeds=${form.deeds}
              .choices=${asks ? choicesOf(form.options) : []}
              .fields=${this.fields}
              .topics=${this.topics}
              @deeds-changed=${(e: CustomEvent<{ deeds: readonly DeedForm[] }>) => type({ deeds: e.detail.deeds })}
            ></allo-script-deeds>`
      }
    </div>`;
  }

  private begin = () => {
    const { steps, objections, closing } = formsOf(this.script);
    this.forms = steps.length > 0 ? steps : [{ ...EMPTY }];
    this.objections = objections;
    this.closing = closing;
    this.tried = {};
    void this.loadLists();
  };

  /** What answers can be written into. */
  private async loadLists() {
    try {
      const [fields, topics] = await Promise.all([api.get<FieldList>('/api/fields'), api.get<TopicList>('/api/interests/topics')]);
      this.fields = fields.items;
      this.topics = topics.items;
    } catch (err) {
      this.error = errorText(err);
    }
  }

  private save = async () => {
    const script = scriptOf(this.forms!, this.objections, this.closing);
    if (!script) return;
    try {
      await api.put(`/api/campaigns/${this.campaign}/script`, { script });
      this.forms = null;
      this.error = '';
      this.emit('script-saved');
    } catch (err) {
      this.error = errorText(err);
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-script-edit': ScriptEdit;
  }
}
