import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Answer, FullCell, Script, Step } from '../../server/campaigns/contract.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { filled, nextStep } from './script.ts';
import type { Answers } from './script.ts';
import { t } from './strings.ts';

/**
 * Leads through a script: each answer opens the step that follows from it; an earlier one can be changed.
 * @fires answered - detail: { question: string, value: Answer }
 */
@customElement('allo-script-run')
export class ScriptRun extends AlloElement {
  @property({ attribute: false }) script!: Script;
  @property({ attribute: false }) answers: Answers = {};
  /** What the texts are filled in with. */
  @property({ attribute: false }) fields: Readonly<Record<string, string>> = {};
  /** Answers of which there are enough: the script ends politely there. */
  @property({ attribute: false }) full: readonly FullCell[] = [];
  /** Steps of text alone, and questions that may stay open, that were passed. */
  @state() private passed: ReadonlySet<string> = new Set();

  static override styles = [
    ...AlloElement.styles,
    css`
      ol {
        display: grid;
        gap: var(--space-3);
      }
      .said {
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      .behind .said {
        color: var(--text-muted);
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-top: var(--space-2);
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-top: var(--space-2);
      }
      form input:not([type='checkbox']) {
        flex: 1 1 10rem;
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }
      details {
        margin-top: var(--space-3);
      }
      summary {
        cursor: pointer;
      }
    `,
  ];

  /** The steps behind, and the one that is open. */
  private walk(): { path: Step[]; open: Step | null; enough: boolean } {
    const isEnough = ({ id }: Step) => this.full.some(({ question, value }) => question === id && value === this.answers[id]);
    const passes = (step: Step) => this.passed.has(step.id) || this.answers[step.id] !== undefined;
    const path: Step[] = [];
    let step: Step | null = this.script.steps[0] ?? null;
    while (step && !path.includes(step)) {
      if (!passes(step)) return { path, open: step, enough: false };
      path.push(step);
      if (isEnough(step)) return { path, open: null, enough: true };
      step = nextStep(this.script, step, this.answers[step.id]);
    }
    return { path, open: null, enough: false };
  }

  override render() {
    const { path, open, enough } = this.walk();
    return html`<ol>
        ${path.map((step) => html`<li class="behind">${this.step(step, false)}</li>`)}
        ${open ? html`<li aria-current="step">${this.step(open, true)}</li>` : nothing}
      </ol>
      ${enough ? html`<p class="said" dir="auto">${filled(this.script.closing || t().closingWords, this.fields)}</p>` : nothing}
      ${open ? nothing : html`<p class="muted" role="status">${enough ? t().quotaOver : t().scriptOver}</p>`}
      ${
        this.script.objections.length > 0
          ? this.script.objections.map(
              ({ title, text }) =>
                html`<details>
                  <summary>${title}</summary>
                  <p class="said">${filled(text, this.fields)}</p>
                </details>`,
            )
          : nothing
      }`;
  }

  private step(step: Step, open: boolean) {
    return html`<p class="said" dir="auto">${filled(step.text, this.fields)}</p>
      ${this.question(step)} ${open && (step.kind === 'none' || !step.required) ? this.pass(step) : nothing}`;
  }

  private pass(step: Step) {
    const on = () => (this.passed = new Set([...this.passed, step.id]));
    return html`<div class="choices">
      <button class="button quiet" aria-label=${t().move.running} @click=${on}>${icon('chevron')}</button>
    </div>`;
  }

  private question(step: Step) {
    const answer = this.answers[step.id];
    const say = (value: Answer) => this.emit('answered', { question: step.id, value });
    if (step.kind === 'none') return nothing;
    if (step.kind === 'single')
      return html`<div class="choices" role="group">
        ${step.options.map(
          ({ value, text }) =>
            html`<button
              class="button ${answer === value ? 'primary' : ''}"
              aria-pressed=${answer === value ? 'true' : 'false'}
              @click=${() => say(value)}
            >
              ${text}
            </button>`,
        )}
      </div>`;
    if (step.kind === 'multiple') {
      const chosen = Array.isArray(answer) ? answer : [];
      return html`<div class="choices" role="group">
        ${step.options.map(
          ({ value, text }) =>
            html`<label
              ><input
                type="checkbox"
                .checked=${chosen.includes(value)}
                @change=${(e: Event) => say((e.target as HTMLInputElement).checked ? [...chosen, value] : chosen.filter((each) => each !== value))}
              />${text}</label
            >`,
        )}
      </div>`;
    }
    const submit = (e: Event) => {
      e.preventDefault();
      const { value } = (e.target as HTMLFormElement).elements[0] as HTMLInputElement;
      if (value !== '') say(step.kind === 'number' ? Number(value) : value);
    };
    const type = step.kind === 'number' ? 'number' : step.kind === 'date' ? 'date' : 'text';
    return html`<form @submit=${submit}>
      <input
        type=${type}
        step="any"
        aria-label=${filled(step.text, this.fields).slice(0, 80)}
        .value=${answer === undefined ? '' : String(answer as string)}
      />
      <button class="button" aria-label=${t().save}>${icon('check')}</button>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-script-run': ScriptRun;
  }
}
