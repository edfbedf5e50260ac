import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Calendar, CalendarList, CalendarReply } from '../../server/calendars/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import './allo-calendar-edit.ts';
import { t } from './strings.ts';

/** The working calendars, for the administrator. */
@customElement('allo-calendars')
export class Calendars extends AlloElement {
  @state() private data: Loading<CalendarList> = LOADING;
  @state() private opened: number | null = null;
  /** Asked to be deleted once; a second press does it. */
  @state() private doomed: number | null = null;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        gap: var(--space-3);
        margin-bottom: var(--space-4);
      }
      section + section {
        margin-top: var(--space-4);
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }
      .line h2 {
        max-width: calc(100% - 3.5rem);
        overflow-wrap: anywhere;
      }
      allo-calendar-edit {
        margin-top: var(--space-3);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    try {
      const list = await api.get<CalendarList>('/api/calendars');
      this.data = ready(list);
      this.opened ??= list.items.length === 1 ? list.items[0]!.id : null;
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    const may = this.data.state === 'ready' && this.data.value.can.edit;
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted">${t().lead}</p>
        </div>
        ${may ? html`<button class="button primary" @click=${this.add}>${icon('plus')}${t().add}</button>` : nothing}
      </header>
      ${this.content()}`;
  }

  private content() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(8)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    return repeat(
      this.data.value.items,
      ({ id }) => id,
      (calendar) => this.calendar(calendar),
    );
  }

  private calendar(calendar: Calendar) {
    if (this.data.state !== 'ready') return nothing;
    const { departments, can } = this.data.value;
    const { id, name, isDefault, openNow, nextAt, timeZone } = calendar;
    const isOpened = this.opened === id;
    const now = openNow ? t().open : nextAt === null ? t().never : t().opens(moment(nextAt));
    return html`<section class="panel" aria-label=${name}>
      <div class="line">
        <button
          class="button quiet icon-only"
          aria-expanded=${isOpened ? 'true' : 'false'}
          aria-label=${name}
          @click=${() => (this.opened = isOpened ? null : id)}
        >
          ${icon('chevron')}
        </button>
        <h2 dir="auto">${name}</h2>
        ${isDefault ? html`<allo-badge tone="info">${t().company}</allo-badge>` : nothing}
        <span class="muted small grow">${timeZone} · ${now}</span>
        ${can.edit && !isDefault ? this.commands(calendar) : nothing}
      </div>
      ${
        isOpened
          ? html`<allo-calendar-edit
              .calendar=${calendar}
              .departments=${departments}
              .editable=${can.edit}
              @calendar-changed=${this.changed}
            ></allo-calendar-edit>`
          : nothing
      }
    </section>`;
  }

  private commands({ id, name, version }: Calendar) {
    const company = () => this.send(() => api.patch(`/api/calendars/${id}`, { version, isDefault: true }), t().saved);
    const remove = () => {
      if (this.doomed !== id) this.doomed = id;
      else void this.send(() => api.delete(`/api/calendars/${id}`), t().deleted);
    };
    return html`<button class="button" @click=${company}>${t().makeCompany}</button>
      <button
        class="button ${this.doomed === id ? 'danger' : 'quiet'}"
        aria-label=${t().remove(name)}
        @click=${remove}
        @blur=${() => (this.doomed = null)}
      >
        ${this.doomed === id ? t().confirmRemove : icon('close')}
      </button>`;
  }

  private changed = () => {
    toast('info', t().saved);
    void this.load();
  };

  private add = () =>
    this.send(async () => {
      const { calendar } = await api.post<CalendarReply>('/api/calendars', { name: t().newName });
      this.opened = calendar.id;
    }, t().saved);

  private async send(run: () => Promise<unknown>, done: string) {
    try {
      await run();
      toast('info', done);
    } catch (err) {
      toast('danger', errorText(err));
    }
    this.doomed = null;
    await this.load();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-calendars': Calendars;
  }
}
