import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { DncEntry, DncList } from '../../server/dialling/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { formatNumber } from '../core/numbers.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

/** Numbers that no campaign calls: found, entered, imported with their date. */
@customElement('allo-do-not-call')
export class DoNotCall extends AlloElement {
  @state() private list: DncList = { items: [], next: null, can: { edit: false } };
  @state() private number = '';
  @state() private note = '';
  @state() private error = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: end;
        margin: var(--space-2) 0;
      }
      li {
        display: grid;
        grid-template-columns: 10rem 9rem 9rem 1fr;
        gap: var(--space-3);
        padding: var(--space-2) 0;
        border-top: 1px solid var(--border);
        overflow-wrap: anywhere;
      }
      input[type='file'] {
        padding: var(--space-2);
      }
      summary {
        cursor: pointer;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load(after?: number) {
    try {
      this.error = '';
      const list = await api.get<DncList>('/api/dialling/do-not-call', { number: this.number, after });
      this.list = after === undefined ? list : { ...list, items: [...this.list.items, ...list.items] };
    } catch (err) {
      this.error = errorText(err);
    }
  }

  override render() {
    const { items, next, can } = this.list;
    return html`<section class="panel" aria-label=${t().doNotCall}>
      <h2>${t().doNotCall}</h2>
      <form @submit=${this.find} novalidate>
        ${field({ id: 'dnc-number', label: t().number, type: 'tel', value: this.number, maxLength: 40, onInput: (number) => (this.number = number) })}
        ${can.edit ? field({ id: 'dnc-note', label: t().note, value: this.note, maxLength: 300, onInput: (note) => (this.note = note) }) : nothing}
        <button class="button">${icon('search')}${t().find}</button>
        ${can.edit ? html`<button type="button" class="button" ?disabled=${this.number === ''} @click=${this.add}>${icon('plus')}${t().add}</button>` : nothing}
      </form>
      ${can.edit ? this.importing() : nothing}
      ${this.error ? html`<p class="fault" role="alert">${icon('warning')}${this.error}</p>` : nothing}
      ${items.length === 0 ? html`<p class="muted">${t().none}</p>` : nothing}
      <ul>
        ${items.map((entry) => this.line(entry))}
      </ul>
      ${next === null ? nothing : html`<button class="button" @click=${() => void this.load(next)}>${t().more}</button>`}
    </section>`;
  }

  private line({ number, source, list, listDate, note, by, at }: DncEntry) {
    const words = [list, listDate, note, by === null ? '' : t().by(by)].filter(Boolean).join(' · ');
    return html`<li>
      <span class="num">${formatNumber(number)}</span><span>${moment(at)}</span><span>${t().sources[source]}</span>
      <span class="muted small" dir="auto">${words}</span>
    </li>`;
  }

  private importing() {
    return html`<details>
      <summary>${t().import}</summary>
      <form @submit=${this.import} novalidate>
        <label class="field"><span>${t().listName}</span><input name="list" required maxlength="100" autocomplete="off" /></label>
        <label class="field"><span>${t().listDate}</span><input name="listDate" type="date" required /></label>
        <label class="field"><span>${t().choose}</span><input name="file" type="file" accept=".csv,.txt,text/*" required /></label>
        <button class="button">${t().import}</button>
      </form>
    </details>`;
  }

  private find = (e: Event) => {
    e.preventDefault();
    void this.load();
  };

  private add = async () => {
    try {
      await api.post('/api/dialling/do-not-call', { number: this.number, note: this.note });
      this.note = '';
      await this.load();
    } catch (err) {
      this.error = errorText(err);
    }
  };

  private import = async (e: Event) => {
    e.preventDefault();
    const form = new FormData(e.target as HTMLFormElement);
    const file = form.get('file');
    if (!(file instanceof File)) return;
    try {
      const body = { list: form.get('list'), listDate: form.get('listDate'), text: await file.text() };
      const done = await api.post<{ added: number; known: number; rejectedCount: number }>('/api/dialling/do-not-call/import', body);
      toast('info', t().imported(done.added, done.known, done.rejectedCount));
      await this.load();
    } catch (err) {
      this.error = errorText(err);
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-do-not-call': DoNotCall;
  }
}
