import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Calendar, DaysImported } from '../../server/calendars/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

/**
 * Takes a production calendar from a file or pasted text: looked at first.
 * @fires calendar-changed - detail: { calendar: Calendar }
 */
@customElement('allo-calendar-import')
export class CalendarImport extends AlloElement {
  @property({ attribute: false }) calendar!: Calendar;
  @state() private text = '';
  @state() private found: DaysImported | null = null;
  @state() private error = '';

  static override styles = [
    ...AlloElement.styles,
    css`
      summary {
        cursor: pointer;
        padding: var(--space-1) 0;
      }
      .in {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-2) 0;
      }
      input[type='file'] {
        padding: var(--space-2);
      }
    `,
  ];

  override render() {
    return html`<details>
      <summary>${t().import}</summary>
      <div class="in">
        <p class="muted small">${t().importHint}</p>
        <label class="field"
          ><span>${t().choose}</span><input type="file" accept=".csv,.txt,.json,text/*,application/json" @change=${this.file}
        /></label>
        <label class="field"
          ><span class="hidden">${t().import}</span
          ><textarea .value=${this.text} @input=${(e: Event) => this.type((e.target as HTMLTextAreaElement).value)}></textarea>
        </label>
        ${this.error ? html`<p class="fault" role="alert">${icon('warning')}${this.error}</p>` : nothing} ${this.result()}
        <div class="row">
          <button type="button" class="button" ?disabled=${this.text === ''} @click=${() => this.send(true)}>${t().look}</button>
          ${
            this.found && this.found.days > 0
              ? html`<button type="button" class="button primary" @click=${() => this.send(false)}>${t().take(this.found.days)}</button>`
              : nothing
          }
        </div>
      </div>
    </details>`;
  }

  private result() {
    if (!this.found) return nothing;
    const { days, rejected } = this.found;
    return html`<div role="status">
      <p>${t().read(days, rejected.length)}</p>
      <ul class="small muted">
        ${rejected.slice(0, 20).map(({ line, text }) => html`<li dir="auto">${t().line(line)}: ${text}</li>`)}
      </ul>
    </div>`;
  }

  private type(text: string) {
    this.text = text;
    this.found = null;
  }

  private async file(e: Event) {
    const file = (e.target as HTMLInputElement).files?.[0];
    if (!file) return;
    this.type((await file.text()).slice(0, 200_000));
    await this.send(true);
  }

  private async send(dryRun: boolean) {
    const { id, version } = this.calendar;
    try {
      this.error = '';
      const found = await api.post<DaysImported>(`/api/calendars/${id}/import`, { version, text: this.text, dryRun });
      if (dryRun) this.found = found;
      else {
        this.type('');
        this.emit('calendar-changed', { calendar: found.calendar });
      }
    } catch (err) {
      this.error = errorText(err);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-calendar-import': CalendarImport;
  }
}
