import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FileList as Files, FileReply, StoredFile } from '../../server/files/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from './allo-element.ts';
import { t } from './file-strings.ts';
import { icon } from './icons.ts';
import { empty, skeleton, states, trouble } from './states.ts';
import { upload } from './upload.ts';

const MB = 1024 * 1024;

/** The files of a client, a complaint, a task: looked at, saved, added with their progress, taken away and put back. */
@customElement('allo-files')
export class AlloFiles extends AlloElement {
  /** What they hang on: "client", and its id. */
  @property() kind = '';
  @property() ref = '';
  @property({ type: Number }) version = 0;
  @state() private data: Loading<Files> = LOADING;
  /** By name: per cent of what is being sent. */
  @state() private sending: Readonly<Record<string, number>> = {};
  @state() private over = false;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .panel.over {
        border-color: var(--accent);
        background: var(--accent-soft);
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        min-height: 2.75rem;
      }
      li + li {
        border-top: 1px solid var(--border);
      }
      .name {
        overflow-wrap: anywhere;
      }
      progress {
        width: 8rem;
        accent-color: var(--accent);
      }
      .add {
        margin-top: var(--space-3);
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('ref') || changed.has('kind')) this.data = LOADING;
    if (changed.has('ref') || changed.has('kind') || changed.has('version')) void this.load();
  }

  private async load() {
    const { kind, ref } = this;
    try {
      const reply = await api.get<Files>('/api/files', { kind, ref });
      if (ref === this.ref) this.data = ready(reply);
    } catch (err) {
      if (ref === this.ref) this.data = failed(err);
    }
  }

  override render() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(4)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const { items, can } = this.data.value;
    return html`<div
      class="panel ${this.over ? 'over' : ''}"
      @dragover=${(e: DragEvent) => can.add && (e.preventDefault(), (this.over = true))}
      @dragleave=${() => (this.over = false)}
      @drop=${(e: DragEvent) => can.add && this.dropped(e)}
    >
      ${items.length === 0 ? empty({ icon: 'note', title: t().none, ...(can.add && { text: t().noneText }) }) : nothing}
      <ul>
        ${items.map((file) => this.file(file, can.add))}
      </ul>
      <div role="status">
        ${Object.entries(this.sending).map(
          ([name, percent]) =>
            html`<p class="row">
              <progress max="100" .value=${percent} aria-label=${name}></progress><span>${t().uploading(name, percent)}</span>
            </p>`,
        )}
      </div>
      ${
        can.add
          ? html`<div class="add">
              <input type="file" multiple class="hidden" id="file" tabindex="-1" aria-hidden="true" @change=${this.picked} />
              <button class="button" @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#file')?.click()}>
                ${icon('plus')}${t().choose}
              </button>
            </div>`
          : nothing
      }
    </div>`;
  }

  private file(f: StoredFile, may: boolean) {
    const href = `/api/files/${f.id}/content`;
    return html`<li>
      <span class="grow">
        ${
          f.inline
            ? html`<a class="name" href="${href}?inline=1" target="_blank" rel="noopener" title=${t().view(f.name)} dir="auto"
                >${f.name}</a
              >`
            : html`<span class="name" dir="auto">${f.name}</span>`
        }
        <span class="muted small">${[size(f.size), f.user?.name, moment(f.at)].filter(Boolean).join(' · ')}</span>
      </span>
      <a class="button quiet icon-only" href=${href} download aria-label=${t().download(f.name)} title=${t().download(f.name)}
        >${icon('download')}</a
      >
      ${
        may
          ? html`<button
              class="button quiet icon-only"
              aria-label=${t().remove(f.name)}
              title=${t().remove(f.name)}
              @click=${() => void this.archive(f, true)}
            >
              ${icon('close')}
            </button>`
          : nothing
      }
    </li>`;
  }

  private dropped(e: DragEvent) {
    e.preventDefault();
    this.over = false;
    void this.send([...(e.dataTransfer?.files ?? [])]);
  }

  private picked(e: Event) {
    const input = e.target as HTMLInputElement;
    void this.send([...(input.files ?? [])]);
    input.value = '';
  }

  private async send(files: readonly File[]) {
    const limit = this.data.state === 'ready' ? this.data.value.limit : Infinity;
    for (const file of files) {
      if (file.size > limit) {
        toast('danger', `${file.name}. ${t().tooLarge(Math.floor(limit / MB))}`);
        continue;
      }
      try {
        await upload({ kind: this.kind, ref: this.ref }, file, (percent) => (this.sending = { ...this.sending, [file.name]: percent }));
      } catch (err) {
        toast('danger', `${file.name}. ${errorText(err)}`);
      }
      const { [file.name]: _, ...rest } = this.sending;
      this.sending = rest;
    }
    await this.load();
  }

  private async archive(file: StoredFile, archived: boolean) {
    try {
      await api.post<FileReply>(`/api/files/${file.id}/archive`, { archived });
      if (archived) toast('info', t().removed(file.name), { text: t().restore, run: () => void this.archive(file, false) });
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.load();
  }
}

const size = (bytes: number): string =>
  bytes >= MB ? `${(bytes / MB).toFixed(1)} ${t().mb}` : `${Math.max(1, Math.round(bytes / 1024))} ${t().kb}`;

declare global {
  interface HTMLElementTagNameMap {
    'allo-files': AlloFiles;
  }
}
