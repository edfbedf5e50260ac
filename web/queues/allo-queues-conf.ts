import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { ConfWritten, QueuesConf } from '../../server/queues/contract.ts';
import type { z } from 'zod';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-dialog.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { t } from './strings.ts';

/** queues.conf as Allo would write it: to look at, to save, to have written. */
@customElement('allo-queues-conf')
export class QueuesConfElement extends AlloElement {
  @state() private pbx = '';
  @state() private data: Loading<z.infer<typeof QueuesConf>> = LOADING;
  @query('allo-dialog') private readonly dialog!: AlloDialog;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .parts {
        display: grid;
        gap: var(--space-3);
      }
      pre {
        max-height: 45vh;
        overflow: auto;
        margin: 0;
        padding: var(--space-3);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        background: var(--surface-2);
        font-size: var(--text-s);
      }
      .row {
        flex-wrap: wrap;
      }
    `,
  ];

  async show(pbx: string): Promise<void> {
    this.pbx = pbx;
    this.data = LOADING;
    void this.load();
    await this.dialog.show();
  }

  private async load() {
    try {
      this.data = ready(await api.get<z.infer<typeof QueuesConf>>('/api/queues/conf', { pbx: this.pbx }));
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    return html`<allo-dialog heading="${t().conf} · ${this.pbx}">${this.content()}</allo-dialog>`;
  }

  private content() {
    if (this.data.state === 'loading') return skeleton(8);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { text, file, stands } = this.data.value;
    return html`<div class="parts">
      <p class="muted small">${t().confLead}</p>
      <pre tabindex="0" aria-label=${t().conf}>${text}</pre>
      <p class="small">${file === null ? t().confOff : html`${file}: ${stands ? t().stands[stands] : nothing}`}</p>
      <div class="row">
        <a class="button" href="/api/queues/conf/file?pbx=${encodeURIComponent(this.pbx)}" download>${icon('download')}${t().download}</a>
        ${
          file === null
            ? nothing
            : html`<button class="button primary" ?disabled=${stands === 'foreign'} @click=${() => void this.write()}>
                ${icon('check')}${t().write}
              </button>`
        }
      </div>
    </div>`;
  }

  private async write() {
    try {
      const { reloaded } = await api.post<z.infer<typeof ConfWritten>>('/api/queues/conf', { pbx: this.pbx });
      toast(reloaded ? 'success' : 'info', reloaded ? t().written : t().writtenOnly);
      this.emit('queues-written');
    } catch (err) {
      toast('danger', err instanceof ApiError && err.code === 'conflict' ? t().notWritten : errorText(err));
    }
    await this.load();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-queues-conf': QueuesConfElement;
  }
}
