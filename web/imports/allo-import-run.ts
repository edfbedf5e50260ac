import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Import, ImportReply, ImportUndone } from '../../server/imports/contract.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-badge.ts';
import '../ui/allo-dialog.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import { icon } from '../ui/icons.ts';
import { importsApi } from './api.ts';
import { faultText, refusalText } from './faults.ts';
import { importStyles } from './styles.ts';
import { t } from './strings.ts';
import { TONES } from './tones.ts';

/**
 * How far an import is and what came of it: stopped, gone on with, undone.
 * @fires import-changed - detail: ImportReply
 * @fires import-undone
 */
@customElement('allo-import-run')
export class ImportRun extends AlloElement {
  @property({ attribute: false }) job!: Import;
  @state() private busy = false;
  @state() private error = '';
  @state() private undone: ImportUndone | null = null;
  @query('allo-dialog') private readonly dialog!: AlloDialog;

  static override styles = [
    ...AlloElement.styles,
    importStyles,
    css`
      .row.end {
        margin-top: var(--space-4);
      }
    `,
  ];

  override render() {
    const { job } = this;
    const { state: now } = job;
    return html`<section class="panel stack">
        <p class="row" role="status">
          <allo-badge tone=${TONES[now]}>${t().states[now]}</allo-badge>
          ${now === 'running' ? html`<span class="muted">${t().running}</span>` : nothing}
        </p>
        ${now === 'failed' ? html`<p class="notice danger">${icon('warning')}<span>${faultText(job)}</span></p>` : nothing}
        ${now === 'running' || now === 'stopped' ? this.bar() : nothing}
        <dl class="counts">
          ${(['made', 'changed', 'skipped', 'rejected'] as const).map(
            (outcome) =>
              html`<div>
                <dt>${t().outcomes[outcome]}</dt>
                <dd class="num" data-count=${outcome}>${job[outcome]}</dd>
              </div>`,
          )}
        </dl>
        ${this.undone ? html`<p class="notice info" role="status">${icon('info')}<span>${t().undone(this.undone.archived, this.undone.restored, this.undone.kept)}</span></p>` : nothing}
        ${this.error ? html`<p class="fault" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing} ${this.orders()}
        ${job.rejected > 0 ? html`<p class="muted small">${t().rejectedHint}</p>` : nothing}
      </section>
      <allo-dialog heading=${t().undoTitle}>
        <p>${t().undoText(job.made, job.changed)}</p>
        <div class="row end">
          <button class="button" @click=${() => this.dialog.close()}>${t().cancel}</button>
          <button class="button danger" @click=${this.undo}>${t().undo}</button>
        </div>
      </allo-dialog>`;
  }

  private bar() {
    const { progress, name } = this.job;
    const label = t().progressOf(name);
    // Without a value it is drawn as "not known": tables of Excel do not tell.
    if (progress === null) return html`<progress aria-label=${label}></progress>`;
    const percent = Math.round(progress * 100);
    return html`<div class="row">
      <progress max="100" .value=${percent} aria-label=${label}></progress><span class="num">${t().percent(percent)}</span>
    </div>`;
  }

  private orders() {
    const { id, state: now, rejected } = this.job;
    const order = (words: string, run: () => void, look = '') =>
      html`<button class="button ${look}" ?disabled=${this.busy} @click=${run}>${words}</button>`;
    return html`<div class="row wrap">
      ${now === 'running' ? order(t().stop, () => void this.changed(importsApi.stop(id))) : nothing}
      ${now === 'stopped' ? order(t().goOn, () => void this.changed(importsApi.start(id)), 'primary') : nothing}
      ${
        rejected > 0
          ? html`<a class="button" href="/api/imports/${id}/rejected" download>${icon('download')}${t().rejectedFile}</a>`
          : nothing
      }
      ${['done', 'stopped', 'failed'].includes(now) ? order(t().undo, () => void this.dialog.show()) : nothing}
    </div>`;
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

  private changed = (order: Promise<ImportReply>) => this.tried(async () => this.emit('import-changed', await order));

  private undo = () => {
    this.dialog.close();
    return this.tried(async () => {
      this.undone = await importsApi.undo(this.job.id);
      this.emit('import-undone');
    });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-import-run': ImportRun;
  }
}
