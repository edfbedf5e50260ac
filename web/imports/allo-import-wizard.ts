import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CatalogueField } from '../../server/clients/contract.ts';
import type { ImportEdit, ImportReply, ImportRules } from '../../server/imports/contract.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import './allo-import-check.ts';
import { importsApi } from './api.ts';
import { columnsStep, hasName } from './columns.ts';
import { refusalText, targetsOf } from './faults.ts';
import { fileStep } from './file.ts';
import { rulesStep } from './rules.ts';
import { importStyles } from './styles.ts';
import { t } from './strings.ts';

const STEPS = ['file', 'columns', 'rules', 'check'] as const;
type Step = (typeof STEPS)[number];

/**
 * From a file that was sent to an import that runs: how it is read, what columns mean, whom it takes for known, what would come of it.
 * Each step is kept by the server when it is left, so the wizard may be closed and opened again.
 * @fires import-changed - detail: ImportReply
 */
@customElement('allo-import-wizard')
export class ImportWizard extends AlloElement {
  @property({ attribute: false }) reply!: ImportReply;
  @property({ attribute: false }) fields: readonly CatalogueField[] = [];
  @state() private step: Step = 'file';
  @state() private mapping: (string | null)[] = [];
  @state() private rules!: ImportRules;
  @state() private busy = false;
  @state() private error = '';

  static override styles = [
    ...AlloElement.styles,
    importStyles,
    css`
      .steps {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-bottom: var(--space-4);
      }
      ul.rules {
        display: grid;
        gap: var(--space-1);
        max-width: 26rem;
      }
      ul.rules li,
      .choice {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--hit-target);
      }
      ul.rules label {
        display: flex;
        flex: 1;
        align-items: center;
        gap: var(--space-2);
      }
      .up svg {
        transform: rotate(180deg);
      }
      fieldset {
        min-width: 0;
      }
      legend {
        font-weight: 600;
        margin-bottom: var(--space-1);
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('reply')) return;
    this.mapping = [...this.reply.import.mapping];
    this.rules = this.reply.import.rules;
  }

  override render() {
    const at = STEPS.indexOf(this.step);
    return html`<nav aria-label=${t().stepsLabel}>
        <ol class="steps">
          ${STEPS.map(
            (step, i) =>
              html`<li>
                <button
                  class="button ${step === this.step ? 'primary' : ''}"
                  aria-current=${step === this.step ? 'step' : nothing}
                  ?disabled=${this.busy || (i > 1 && i > at && !hasName(this.mapping))}
                  @click=${() => void this.go(step)}
                >
                  ${i + 1}. ${t().steps[step]}
                </button>
              </li>`,
          )}
        </ol>
      </nav>
      <section class="panel stack" aria-busy=${this.busy ? 'true' : 'false'}>
        <div>
          <h2 tabindex="-1">${t().steps[this.step]}</h2>
          <p class="muted">${t().leads[this.step]}</p>
        </div>
        ${this.content()} ${this.error ? html`<p class="fault" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
        <div class="row end">
          ${at > 0 ? html`<button class="button" ?disabled=${this.busy} @click=${() => void this.go(STEPS[at - 1]!)}>${t().back}</button>` : nothing}
          ${
            this.step === 'check'
              ? html`<button class="button primary" ?disabled=${this.busy} @click=${this.start}>${t().start}</button>`
              : html`<button class="button primary" ?disabled=${this.busy || !this.mayLeave()} @click=${() => void this.go(STEPS[at + 1]!)}>
                  ${t().next}
                </button>`
          }
        </div>
      </section>`;
  }

  private mayLeave = () => this.step === 'file' || hasName(this.mapping);

  private content() {
    if (this.step === 'file') return fileStep(this.reply, this.busy, (edit) => void this.reread(edit));
    if (this.step === 'columns')
      return columnsStep(this.reply, this.mapping, targetsOf(this.fields), (mapping) => (this.mapping = mapping));
    if (this.step === 'rules') return rulesStep(this.rules, (rules) => (this.rules = rules));
    return html`<allo-import-check .job=${this.reply.import.id} .targets=${targetsOf(this.fields)}></allo-import-check>`;
  }

  private async tried(what: () => Promise<void>) {
    this.busy = true;
    this.error = '';
    try {
      await what();
    } catch (err) {
      this.error = refusalText(err);
    } finally {
      this.busy = false;
    }
  }

  private async save(edit: ImportEdit) {
    this.emit('import-changed', await importsApi.edit(this.reply.import.id, edit));
  }

  /** Read otherwise, the columns are others and are proposed anew; the rules stay. */
  private reread = (edit: Pick<ImportEdit, 'encoding' | 'delimiter'>) => this.tried(() => this.save({ ...edit, rules: this.rules }));

  private go = (step: Step) =>
    this.tried(async () => {
      if (this.step === 'columns') await this.save({ mapping: this.mapping });
      if (this.step === 'rules') await this.save({ rules: this.rules });
      this.step = step;
      await this.updateComplete;
      this.renderRoot.querySelector('h2')?.focus();
    });

  private start = () => this.tried(async () => this.emit('import-changed', await importsApi.start(this.reply.import.id)));
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-import-wizard': ImportWizard;
  }
}
