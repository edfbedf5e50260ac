import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { OutcomeTree } from '../../server/outcomes/contract.ts';
import type { Queue, QueueEdit, QueueList, QueueReply } from '../../server/queues/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { t } from './strings.ts';

interface Page extends QueueList {
  outcomes: OutcomeTree['items'];
}

/** The rules of the queues, for the administrator. */
@customElement('allo-queues')
export class Queues extends AlloElement {
  /** Words of an outcome's code. */
  @property({ attribute: false }) words: (code: string) => string = (code) => code;
  @state() private data: Loading<Page> = LOADING;
  @state() private edits: Readonly<Record<number, QueueEdit>> = {};
  @state() private errors: Readonly<Record<number, string>> = {};

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header {
        margin-bottom: var(--space-4);
      }
      form + form {
        margin-top: var(--space-4);
      }
      form {
        display: grid;
        gap: var(--space-3);
      }
      .parts {
        display: grid;
        grid-template-columns: minmax(12rem, 2fr) repeat(2, minmax(9rem, 1fr));
        gap: var(--space-3);
        align-items: end;
      }
      .check {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 1.9rem;
      }
      summary {
        padding: var(--space-1) 0;
        cursor: pointer;
      }
      .outcomes {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
      }
      @media (max-width: 900px) {
        .parts {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    try {
      const [queues, tree] = await Promise.all([api.get<QueueList>('/api/queues'), api.get<OutcomeTree>('/api/outcomes/tree')]);
      this.data = ready({ ...queues, outcomes: tree.items.filter((o) => o.retiredAt === null) });
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    return html`<header>
        <h1 tabindex="-1">${t().title}</h1>
        <p class="muted">${t().lead}</p>
      </header>
      ${this.content()}`;
  }

  private content() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(6)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const { items } = this.data.value;
    if (items.length === 0) return html`<div class="panel">${empty({ icon: 'people', title: t().none, text: t().noneText })}</div>`;
    return repeat(
      items,
      (queue) => queue.id,
      (queue) => this.queue(queue),
    );
  }

  private queue(stored: Queue) {
    const edit = this.edits[stored.id] ?? {};
    const queue = { ...stored, ...edit };
    const type = (change: QueueEdit) => {
      this.edits = { ...this.edits, [stored.id]: { ...edit, ...change } };
      this.errors = { ...this.errors, [stored.id]: '' };
    };
    const may = this.data.state === 'ready' && this.data.value.can.edit;
    const number = (id: string, label: string, name: 'wrapUpSeconds' | 'wrapUpMaxSeconds') =>
      html`<label class="field"
        ><span>${label}</span
        ><input
          id="${id}-${stored.id}"
          type="number"
          min="0"
          max="3600"
          ?disabled=${!may}
          .value=${String(queue[name])}
          @input=${(e: Event) => type({ [name]: Math.round(Number((e.target as HTMLInputElement).value)) || 0 })}
      /></label>`;
    return html`<form class="panel" aria-label=${stored.label || stored.name} @submit=${(e: Event) => void this.save(e, stored)}>
      <div class="row">
        <h2 dir="auto">${stored.label || stored.name}</h2>
        <span class="muted small">${stored.pbx}:${stored.name}</span>
        ${stored.record === 'all' ? html`<allo-badge tone="danger">${t().recorded}</allo-badge>` : nothing}
      </div>
      <div class="parts">
        ${field({ id: `label-${stored.id}`, label: t().label, value: queue.label, maxLength: 200, onInput: (label) => type({ label }) })}
        ${number('seconds', t().seconds, 'wrapUpSeconds')} ${number('most', t().most, 'wrapUpMaxSeconds')}
      </div>
      <label class="check"
        ><input
          type="checkbox"
          ?disabled=${!may}
          .checked=${queue.outcomeRequired}
          @change=${(e: Event) => type({ outcomeRequired: (e.target as HTMLInputElement).checked })}
        />${t().required}</label
      >
      ${this.outcomes(queue, may, (outcomes) => type({ outcomes }))}
      ${this.errors[stored.id] ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.errors[stored.id]}</span></p>` : nothing}
      ${may ? html`<div><button class="button primary" ?disabled=${!this.edits[stored.id]}>${icon('check')}${t().save}</button></div>` : nothing}
    </form>`;
  }

  private outcomes(queue: Queue, may: boolean, set: (codes: string[]) => void) {
    const all = this.data.state === 'ready' ? this.data.value.outcomes : [];
    const { outcomes } = queue;
    return html`<details>
      <summary>${t().outcomes}: ${outcomes.length === 0 ? t().all : t().chosen(outcomes.length)}</summary>
      <div class="outcomes">
        ${all.map(
          (o) =>
            html`<label class="check"
              ><input
                type="checkbox"
                ?disabled=${!may}
                .checked=${outcomes.includes(o.code)}
                @change=${(e: Event) =>
                  set((e.target as HTMLInputElement).checked ? [...outcomes, o.code] : outcomes.filter((code) => code !== o.code))}
              />${o.label ?? this.words(o.code)}</label
            >`,
        )}
      </div>
    </details>`;
  }

  private async save(e: Event, { id, ...stored }: Queue) {
    e.preventDefault();
    const edit = this.edits[id];
    if (!edit || this.data.state !== 'ready') return;
    const after = { ...stored, ...edit };
    if (after.wrapUpMaxSeconds < after.wrapUpSeconds) {
      this.errors = { ...this.errors, [id]: t().mostHint };
      return;
    }
    try {
      const { queue } = await api.patch<QueueReply>(`/api/queues/${id}`, edit);
      const { value } = this.data;
      this.data = ready({ ...value, items: value.items.map((each) => (each.id === id ? queue : each)) });
      const { [id]: _, ...rest } = this.edits;
      this.edits = rest;
      toast('success', t().saved(queue.label || queue.name));
    } catch (err) {
      this.errors = { ...this.errors, [id]: errorText(err) };
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-queues': Queues;
  }
}
