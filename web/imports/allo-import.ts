import { html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CatalogueField } from '../../server/clients/contract.ts';
import type { ImportReply } from '../../server/imports/contract.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import './allo-import-run.ts';
import './allo-import-wizard.ts';
import { importsApi } from './api.ts';
import { importStyles } from './styles.ts';
import { t } from './strings.ts';
import { Watch } from './watch.ts';

/** One import: the wizard until it is started, then how far it is. */
@customElement('allo-import')
export class ImportPage extends AlloElement {
  /** The id of the import. */
  @property({ type: Number }) job = 0;
  @state() private data: Loading<{ reply: ImportReply; fields: readonly CatalogueField[] }> = LOADING;

  constructor() {
    super();
    // When it is stopped the lines in hand are still written.
    const moving = () => this.data.state === 'ready' && ['running', 'stopped'].includes(this.data.value.reply.import.state);
    new Watch(this, (id) => (id === null || id === this.job) && void this.refresh(), moving);
  }

  static override styles = [...AlloElement.styles, states, importStyles];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('job')) void this.load();
  }

  private async load() {
    const { job } = this;
    this.data = LOADING;
    try {
      const [reply, fields] = await Promise.all([importsApi.read(job), importsApi.fields()]);
      if (job === this.job) this.data = ready({ reply, fields });
    } catch (err) {
      if (job === this.job) this.data = failed(err);
    }
  }

  private async refresh() {
    try {
      this.take(await importsApi.read(this.job));
    } catch {
      // The page shows what it had, and asks again in two seconds.
    }
  }

  private take(reply: ImportReply) {
    if (this.data.state === 'ready' && reply.import.id === this.job) this.data = ready({ ...this.data.value, reply });
  }

  override render() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(9)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load(), true)}</div>`;
    const { reply, fields } = this.data.value;
    const taken = (e: CustomEvent<ImportReply>) => this.take(e.detail);
    return html`<header>
        <h1 tabindex="-1" dir="auto">${reply.import.name}</h1>
        <a class="button" href="/clients/imports">${t().toList}</a>
      </header>
      ${
        reply.import.state === 'ready'
          ? html`<allo-import-wizard .reply=${reply} .fields=${fields} @import-changed=${taken}></allo-import-wizard>`
          : html`<allo-import-run .job=${reply.import} @import-changed=${taken} @import-undone=${this.refresh}></allo-import-run>`
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-import': ImportPage;
  }
}
