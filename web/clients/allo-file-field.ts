import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { FileList as Files, StoredFile } from '../../server/files/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { upload } from '../ui/upload.ts';
import { c } from './card-strings.ts';

/**
 * Which of a card's files a field names; new ones are added to the card, and named at once.
 * @fires files-changed - detail: { ids: number[] }
 */
@customElement('allo-file-field')
export class FileField extends AlloElement {
  @property({ type: Number }) client = 0;
  @property() label = '';
  @property({ attribute: false }) value: readonly number[] = [];
  @state() private files: readonly StoredFile[] = [];
  @state() private may = false;
  @state() private percent: number | null = null;
  @state() private error = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 1.75rem;
        overflow-wrap: anywhere;
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('client')) void this.load();
  }

  private async load() {
    try {
      const { items, can } = await api.get<Files>('/api/files', { kind: 'client', ref: String(this.client) });
      this.files = items;
      this.may = can.add;
    } catch (err) {
      this.error = errorText(err);
    }
  }

  override render() {
    const toggle = (id: number, on: boolean) => this.say(on ? [...this.value, id] : this.value.filter((one) => one !== id));
    return html`<div role="group" aria-label=${this.label}>
      ${this.files.length === 0 ? html`<p class="muted small">${c().noFilesYet}</p>` : nothing}
      ${this.files.map(
        ({ id, name }) =>
          html`<label
            ><input
              type="checkbox"
              .checked=${live(this.value.includes(id))}
              @change=${(e: Event) => toggle(id, (e.target as HTMLInputElement).checked)}
            /><span dir="auto">${name}</span></label
          >`,
      )}
      ${
        this.may
          ? html`<input type="file" class="hidden" id="file" tabindex="-1" aria-hidden="true" @change=${this.picked} /><button
                type="button"
                class="button quiet"
                ?disabled=${this.percent !== null}
                @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#file')?.click()}
              >
                ${icon('plus')}${c().addFile}${this.percent === null ? '' : ` ${this.percent}%`}
              </button>`
          : nothing
      }
      ${this.error ? html`<p class="fault" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
    </div>`;
  }

  private say(ids: number[]) {
    this.value = ids;
    this.emit('files-changed', { ids });
  }

  private picked = async (e: Event) => {
    const input = e.target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = '';
    if (!file) return;
    this.error = '';
    this.percent = 0;
    try {
      const { file: added } = await upload({ kind: 'client', ref: String(this.client) }, file, (percent) => (this.percent = percent));
      await this.load();
      if (!this.value.includes(added.id)) this.say([...this.value, added.id]);
    } catch (err) {
      this.error = errorText(err);
    } finally {
      this.percent = null;
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-file-field': FileField;
  }
}
