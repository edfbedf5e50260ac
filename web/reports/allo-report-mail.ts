import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { Schedule, ScheduleDraft, ScheduleList } from '../../server/reports/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import { clockOf, minutesOf } from '../core/wall.ts';
import '../ui/allo-dialog.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { mailWords as t } from './mail-strings.ts';

/** The report on the screen, sent by mail by itself; and what is sent already. */
@customElement('allo-report-mail')
export class ReportMail extends AlloElement {
  @state() private draft: ScheduleDraft['draft'] | null = null;
  @state() private topic = '';
  @state() private address = '';
  @state() private every: Schedule['every'] = 'daily';
  @state() private minute = 8 * 60;
  @state() private fault = '';
  @state() private data: Loading<ScheduleList> = LOADING;
  @query('allo-dialog') private readonly dialog!: AlloDialog;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .body {
        display: grid;
        gap: var(--space-4);
      }
      form {
        display: grid;
        gap: var(--space-3);
      }
      .parts {
        display: grid;
        grid-template-columns: 2fr 1fr;
        gap: var(--space-3);
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: var(--space-2) 0;
      }
      li + li {
        border-top: 1px solid var(--border);
      }
      li .grow {
        min-width: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  async show(draft: ScheduleDraft['draft'], title: string): Promise<void> {
    this.draft = draft;
    this.topic = title;
    this.fault = '';
    this.data = LOADING;
    void this.load();
    await this.dialog.show();
  }

  private async load() {
    try {
      this.data = ready(await api.get<ScheduleList>('/api/reports/schedules'));
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    return html`<allo-dialog heading=${t().heading}><div class="body">${this.content()}</div></allo-dialog>`;
  }

  private content() {
    if (this.data.state === 'loading') return skeleton(5);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { mail, items } = this.data.value;
    return html`${mail ? this.form() : html`<p class="notice warning">${icon('warning')}<span>${t().off}</span></p>`}
    ${
      items.length > 0
        ? html`<section>
            <h3>${t().mine}</h3>
            <ul>
              ${items.map((one) => this.line(one))}
            </ul>
          </section>`
        : nothing
    }`;
  }

  private form() {
    return html`<form @submit=${(e: Event) => void this.save(e)}>
      <p class="muted small">${t().lead}</p>
      ${field({ id: 'title', label: t().title, value: this.topic, maxLength: 200, onInput: (topic) => (this.topic = topic) })}
      ${field({ id: 'address', label: t().address, type: 'email', value: this.address, maxLength: 320, error: this.fault, onInput: (address) => this.type(address) })}
      <div class="parts">
        <label class="field"
          ><span>${t().every}</span
          ><select @change=${(e: Event) => (this.every = (e.target as HTMLSelectElement).value as Schedule['every'])}>
            ${Object.entries(t().everies).map(([value, words]) => html`<option value=${value} ?selected=${value === this.every}>${words}</option>`)}
          </select></label
        >
        <label class="field"
          ><span>${t().at}</span
          ><input
            type="time"
            required
            .value=${clockOf(this.minute)}
            @change=${(e: Event) => this.at((e.target as HTMLInputElement).value)}
        /></label>
      </div>
      <div>
        <button class="button primary" ?disabled=${!this.address.trim() || !this.topic.trim()}>${icon('mail')}${t().save}</button>
      </div>
    </form>`;
  }

  private type(address: string) {
    this.address = address;
    this.fault = '';
  }

  private at(text: string) {
    if (text !== '') this.minute = minutesOf(text);
  }

  private line(one: Schedule) {
    return html`<li>
      <div class="grow" dir="auto">
        <p><strong>${one.title}</strong></p>
        <p class="small">${one.address}</p>
        <p class="muted small">${t().everies[one.every]}, ${clockOf(one.minute)} · ${t().next(moment(one.nextAt))}</p>
      </div>
      <button
        class="button quiet icon-only"
        aria-label="${t().remove}: ${one.title}"
        title=${t().remove}
        @click=${() => void this.end(one)}
      >
        ${icon('close')}
      </button>
    </li>`;
  }

  private async save(e: Event) {
    e.preventDefault();
    if (!this.draft) return;
    try {
      const { topic, every, minute, draft } = this;
      await api.post('/api/reports/schedules', { address: this.address.trim(), title: topic.trim(), every, minute, draft });
      toast('success', t().saved);
      this.address = '';
    } catch (err) {
      this.fault = err instanceof ApiError && err.code === 'invalid' ? t().badAddress : errorText(err);
    }
    await this.load();
  }

  private async end({ id }: Schedule) {
    try {
      await api.delete(`/api/reports/schedules/${id}`);
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.load();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-report-mail': ReportMail;
  }
}
