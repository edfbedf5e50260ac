import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { MailState, Outbox, OutboxItem } from '../../server/mail/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { clock, moment } from '../core/format.ts';
import { Pages } from '../core/pages.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-more.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { t } from './strings.ts';

const TONES = { queued: 'info', sent: 'success', failed: 'warning', refused: 'danger' } as const;
/** While letters wait, what became of them is asked so often. */
const LOOK_MS = 4_000;
const STATES: readonly MailState[] = ['queued', 'sent', 'failed', 'refused'];

/** The outbox, for the administrator: what went, what waits, what did not go and why. */
@customElement('allo-mail')
export class Mail extends AlloElement {
  @state() private filter: MailState | undefined = undefined;
  @state() private about: Pick<Outbox, 'on' | 'from' | 'counts'> | null = null;
  @state() private to = '';
  @state() private fault = '';
  private readonly pages = new Pages<OutboxItem>(this, (after) => this.load(after));
  private timer: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header {
        display: grid;
        gap: var(--space-3);
        margin-bottom: var(--space-4);
      }
      .filters {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      form {
        display: flex;
        align-items: end;
        gap: var(--space-2);
        max-width: 32rem;
      }
      form .field {
        flex: 1;
      }
      .list {
        padding: 0;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto auto;
        align-items: center;
        gap: var(--space-1) var(--space-4);
        padding: var(--space-3) var(--space-4);
      }
      li + li {
        border-top: 1px solid var(--border);
      }
      .what p {
        overflow-wrap: anywhere;
      }
      .when {
        text-align: right;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.pages.restart();
    this.timer = setInterval(() => {
      if ((this.about?.counts.queued ?? 0) > 0 && document.visibilityState === 'visible' && this.pages.items.length <= 50)
        void this.pages.restart({ keep: true });
    }, LOOK_MS);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private async load(after: string | undefined): Promise<Outbox> {
    const page = await api.get<Outbox>('/api/mail/outbox', { state: this.filter, after });
    this.about = { on: page.on, from: page.from, counts: page.counts };
    return page;
  }

  override render() {
    const { about } = this;
    return html`<header>
        <div>
          <h1 tabindex="-1">${t().title}</h1>
          ${about?.from ? html`<p class="muted">${t().lead(about.from)}</p>` : nothing}
        </div>
        ${about && !about.on ? html`<p class="notice warning" role="status">${icon('warning')}<span>${t().off}</span></p>` : nothing}
        ${about?.on ? this.testForm() : nothing}
        <div class="filters" role="group" aria-label=${t().filter}>${[undefined, ...STATES].map((one) => this.filterButton(one))}</div>
      </header>
      ${this.list()}`;
  }

  private filterButton(one: MailState | undefined) {
    const { counts } = this.about ?? { counts: null };
    const count = counts === null ? '' : one ? counts[one] : Object.values(counts).reduce((a, b) => a + b, 0);
    return html`<button
      class="button ${this.filter === one ? 'primary' : ''}"
      aria-pressed=${this.filter === one ? 'true' : 'false'}
      @click=${() => {
        this.filter = one;
        void this.pages.restart();
      }}
    >
      ${one ? t().states[one] : t().all} <span class="num">${count}</span>
    </button>`;
  }

  private testForm() {
    const onInput = (to: string) => {
      this.to = to;
      this.fault = '';
    };
    return html`<form @submit=${(e: Event) => void this.test(e)}>
      ${field({ id: 'to', label: t().testLabel, value: this.to, type: 'email', maxLength: 320, error: this.fault, onInput })}
      <button class="button" ?disabled=${!this.to.trim()}>${icon('mail')}${t().test}</button>
    </form>`;
  }

  private list() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel list">${skeleton(8)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      return html`<div class="panel">
        ${empty({ icon: 'mail', title: this.filter ? t().emptyFilter : t().empty, ...(this.filter ? {} : { text: t().emptyText }) })}
      </div>`;
    }
    return html`<ul class="panel list">
        ${repeat(
          pages.items,
          (one) => one.id,
          (one) => this.line(one),
        )}
      </ul>
      ${
        pages.state === 'failed'
          ? trouble(pages.error, () => void pages.retry())
          : pages.state === 'end'
            ? nothing
            : html`<allo-more @more-wanted=${() => void pages.more()}></allo-more>`
      }`;
  }

  private line(one: OutboxItem) {
    const said = one.error === 'mail_off' ? t().mailOff : one.error === 'bad_address' ? t().badAddress : one.error;
    const about = [
      t().kinds[one.kind] ?? one.kind,
      one.askedBy ? t().askedBy(one.askedBy.name) : '',
      one.attachments.length > 0 ? t().carried(one.attachments.join(', ')) : '',
    ];
    const tries = [
      one.attempts > 0 ? t().attempts(one.attempts) : '',
      one.attempts > 0 && one.nextAt !== null ? t().next(clock(one.nextAt)) : '',
    ];
    return html`<li>
      <div class="what">
        <p dir="auto"><strong>${one.subject}</strong></p>
        <p class="small" dir="auto">${one.toName ? `${one.toName} · ` : ''}${one.to}</p>
        <p class="muted small">${about.filter(Boolean).join(' · ')}</p>
        ${said ? html`<p class="small">${said}</p>` : nothing}
      </div>
      <div class="when">
        <allo-badge tone=${TONES[one.state]}>${t().states[one.state]}</allo-badge>
        <p class="muted small num">${moment(one.sentAt ?? one.createdAt)}</p>
        <p class="muted small">${tries.filter(Boolean).join(', ')}</p>
      </div>
      ${
        one.state === 'sent' || !this.about?.on
          ? nothing
          : html`<button class="button" aria-label="${t().retry}: ${one.subject}" @click=${() => void this.retry(one)}>
              ${t().retry}
            </button>`
      }
    </li>`;
  }

  private async retry(one: OutboxItem) {
    try {
      await api.post(`/api/mail/outbox/${one.id}/retry`);
      toast('success', t().retried);
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.pages.restart({ keep: true });
  }

  private async test(e: Event) {
    e.preventDefault();
    try {
      await api.post('/api/mail/test', { to: this.to.trim() });
      this.to = '';
      toast('success', t().tested);
    } catch (err) {
      this.fault = err instanceof ApiError && err.code === 'invalid' ? t().testFault : errorText(err);
    }
    await this.pages.restart({ keep: true });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-mail': Mail;
  }
}
