import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Import, ImportList } from '../../server/imports/contract.ts';
import { moment } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { navigate } from '../core/router.ts';
import { me } from '../core/session.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-badge.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import './allo-import-profiles.ts';
import { importsApi } from './api.ts';
import { refusalText } from './faults.ts';
import { importStyles } from './styles.ts';
import { t } from './strings.ts';
import { TONES } from './tones.ts';
import { Watch } from './watch.ts';

/** Files that were brought in, and where the next one is dropped. */
@customElement('allo-imports')
export class Imports extends AlloElement {
  @state() private data: Loading<ImportList> = LOADING;
  @state() private sending: number | null = null;
  @state() private over = false;
  @state() private error = '';

  constructor() {
    super();
    const running = () => this.data.state === 'ready' && this.data.value.items.some((job) => job.state === 'running');
    new Watch(this, () => void this.load(), running);
  }

  static override styles = [
    ...AlloElement.styles,
    states,
    importStyles,
    css`
      .drop {
        display: grid;
        justify-items: center;
        gap: var(--space-2);
        padding: var(--space-5) var(--space-4);
        border-style: dashed;
        border-color: var(--border-strong);
        text-align: center;
      }
      .drop.over {
        background: var(--accent-soft);
        border-color: var(--accent);
      }
      .drop p {
        max-width: 44rem;
      }
      .list {
        margin-top: var(--space-4);
        padding: 0;
      }
      .list .scroll {
        max-height: none;
        border: 0;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    try {
      this.data = ready(await importsApi.list());
    } catch (err) {
      // What is shown stays: the next look may be answered.
      if (this.data.state !== 'ready') this.data = failed(err);
    }
  }

  override render() {
    return html`<header>
        <h1 tabindex="-1">${t().title}</h1>
        <a class="button" href="/clients">${t().toClients}</a>
      </header>
      ${this.content()}`;
  }

  private content() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(6)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const { items, can } = this.data.value;
    if (!can.import) return html`<div class="panel">${empty({ icon: 'shield', title: t().mayNot, text: t().mayNotText })}</div>`;
    return html`${this.taker()}
      <div class="panel list">
        ${items.length === 0 ? empty({ icon: 'people', title: t().none, text: t().noneText }) : this.table(items)}
      </div>
      ${me()?.user.role === 'administrator' ? html`<allo-import-profiles .imports=${items}></allo-import-profiles>` : nothing}`;
  }

  private taker() {
    const { sending } = this;
    return html`<div
      class="panel drop ${this.over ? 'over' : ''}"
      @dragover=${(e: DragEvent) => (e.preventDefault(), (this.over = true))}
      @dragleave=${() => (this.over = false)}
      @drop=${this.dropped}
    >
      <p><strong>${t().drop}</strong></p>
      <p class="muted small">${t().formats}</p>
      <input type="file" class="hidden" id="file" tabindex="-1" aria-hidden="true" @change=${this.picked} />
      <button
        class="button primary"
        ?disabled=${sending !== null}
        @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#file')?.click()}
      >
        ${icon('plus')}${t().choose}
      </button>
      <div role="status">
        ${sending === null ? nothing : html`<progress max="100" .value=${sending} aria-label=${t().sending(sending)}></progress><span>${t().sending(sending)}</span>`}
      </div>
      ${this.error ? html`<p class="fault" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
    </div>`;
  }

  private table(items: readonly Import[]) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t().title}>
      <table>
        <thead>
          <tr>
            ${[t().file, t().state, t().result, t().when].map((words) => html`<th scope="col">${words}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${items.map((job) => this.line(job))}
        </tbody>
      </table>
    </div>`;
  }

  private line(job: Import) {
    const percent = job.progress === null ? null : Math.round(job.progress * 100);
    const counts = (['made', 'changed', 'skipped', 'rejected'] as const).filter((outcome) => job[outcome] > 0);
    const other = job.actor && job.actor.id !== me()?.user.id ? job.actor.name : null;
    return html`<tr>
      <th scope="row"><a href="/clients/imports/${job.id}" dir="auto" title=${job.name}>${job.name}</a></th>
      <td>
        <allo-badge tone=${TONES[job.state]}>${t().states[job.state]}</allo-badge>
        ${job.state === 'running' && percent !== null ? html`<span class="num muted">${t().percent(percent)}</span>` : nothing}
      </td>
      <td class="wrap num">${counts.map((outcome) => `${t().outcomes[outcome]}: ${job[outcome]}`).join(' · ') || '—'}</td>
      <td class="muted">${[moment(job.createdAt), other].filter(Boolean).join(' · ')}</td>
    </tr>`;
  }

  private dropped(e: DragEvent) {
    e.preventDefault();
    this.over = false;
    void this.send(e.dataTransfer?.files[0]);
  }

  private picked(e: Event) {
    const input = e.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    void this.send(file);
  }

  private async send(file: File | undefined) {
    if (!file || this.sending !== null) return;
    this.error = '';
    this.sending = 0;
    try {
      const reply = await importsApi.upload(file, (percent) => (this.sending = percent));
      navigate(`/clients/imports/${reply.import.id}`);
    } catch (err) {
      this.error = refusalText(err);
    } finally {
      this.sending = null;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-imports': Imports;
  }
}
