import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { StageList } from '../../server/clients/contract.ts';
import { locale } from '../core/i18n.ts';
import { AlloElement } from '../ui/allo-element.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-badge.ts';
import '../ui/allo-dialog.ts';
import { field } from '../ui/field.ts';
import { c } from './card-strings.ts';
import { loadStages } from './stages.ts';

/**
 * At which stage a client stands, and the way to another. A loss asks for its reason.
 * @fires stage-wanted - detail: { to: string, reason: string }
 */
@customElement('allo-stage')
export class ClientStage extends AlloElement {
  @property() stage = '';
  @property({ type: Boolean }) mayMove = false;
  @state() private list: StageList | null = null;
  @state() private losing: string | null = null;
  @state() private reason = '';
  @state() private error: string | null = null;
  @query('allo-dialog') private readonly dialog!: AlloDialog;

  static override styles = [
    ...AlloElement.styles,
    css`
      select {
        width: auto;
        min-height: 1.75rem;
        padding: 0 var(--space-1);
        font-size: var(--text-s);
      }
      form {
        display: grid;
        gap: var(--space-3);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    // Without the list the code itself is shown.
    loadStages().then(
      (list) => (this.list = list),
      () => {},
    );
  }

  override render() {
    const words = (code: string) => this.list?.items.find((s) => s.code === code)?.label[locale.get()] ?? code;
    if (!this.mayMove || !this.list) return html`<allo-badge tone="info">${words(this.stage)}</allo-badge>`;
    const offered = this.list.items.filter((s) => s.archivedAt === null || s.code === this.stage);
    return html`<select aria-label=${c().stage} title=${c().stage} @change=${this.chosen}>
        ${offered.map((s) => html`<option value=${s.code} ?selected=${s.code === this.stage}>${s.label[locale.get()]}</option>`)}
      </select>
      ${this.losing === null ? nothing : this.loss()}`;
  }

  private loss() {
    return html`<allo-dialog heading=${c().lossReason} @dialog-closed=${this.closed}>
      <form @submit=${this.send}>
        ${field({ id: 'reason', label: c().reason, value: this.reason, maxLength: 200, error: this.error, onInput: (reason) => (this.reason = reason) })}
        <div class="row wrap">
          ${this.list?.reasons.slice(0, 6).map((r) => html`<button type="button" class="button" @click=${() => (this.reason = r)}>${r}</button>`)}
        </div>
        <div class="row">
          <button class="button primary">${c().move}</button>
          <button type="button" class="button quiet" @click=${() => this.dialog.close()}>${c().cancel}</button>
        </div>
      </form>
    </allo-dialog>`;
  }

  private async chosen(e: Event) {
    const to = (e.target as HTMLSelectElement).value;
    if (to === this.stage) return;
    if (this.list?.items.find((s) => s.code === to)?.meaning !== 'lost') return this.emit('stage-wanted', { to, reason: '' });
    this.losing = to;
    await this.updateComplete;
    await this.dialog.show();
  }

  private send(e: Event) {
    e.preventDefault();
    if (!this.reason.trim()) {
      this.error = c().faults.required!;
      return;
    }
    this.emit('stage-wanted', { to: this.losing, reason: this.reason.trim() });
    this.dialog.close();
  }

  private closed() {
    this.losing = null;
    this.reason = '';
    this.error = null;
    const select = this.renderRoot.querySelector('select');
    if (select) select.value = this.stage;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-stage': ClientStage;
  }
}
