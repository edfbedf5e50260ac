import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { OutcomeTree } from '../../server/outcomes/contract.ts';
import type { Queue, QueueEdit, QueueList, QueueReply } from '../../server/queues/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { TARGET_SECONDS } from '../core/targets.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { callBackFields, isHours } from './call-back.ts';
import './allo-queue-members.ts';
import './allo-queues-conf.ts';
import { t } from './strings.ts';

interface Page extends QueueList {
  outcomes: OutcomeTree['items'];
}

type NumberField = 'wrapUpSeconds' | 'wrapUpMaxSeconds' | 'targetPercent' | 'keepDays' | 'ringSeconds' | 'weight' | 'announceSeconds';

/** The queues: their rules for the administrator, who is in them for the supervisor too. */
@customElement('allo-queues')
export class Queues extends AlloElement {
  /** Words of an outcome's code. */
  @property({ attribute: false }) words: (code: string) => string = (code) => code;
  @state() private data: Loading<Page> = LOADING;
  @state() private edits: Readonly<Record<number, QueueEdit>> = {};
  @state() private draft = { pbx: '', name: '' };
  /** Whose operators are shown. */
  @state() private open: ReadonlySet<number> = new Set();
  @state() private errors: Readonly<Record<number, string>> = {};

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header {
        margin-bottom: var(--space-4);
      }
      header {
        display: grid;
        gap: var(--space-2);
      }
      section + section {
        margin-top: var(--space-4);
      }
      .new .field {
        flex: 0 1 16rem;
      }
      .new {
        display: flex;
        align-items: end;
      }
      .found {
        flex-wrap: wrap;
      }
      .panel form {
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
      .parts.even {
        grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
      }
      .parts.hours {
        grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr));
        margin-top: var(--space-3);
      }
      .span {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }
      .span input {
        flex: 1;
        min-width: 0;
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
    const page = this.data.state === 'ready' ? this.data.value : null;
    const show = (pbx: string) => void this.renderRoot.querySelector('allo-queues-conf')?.show(pbx);
    return html`<header>
        <div class="row">
          <h1 class="grow" tabindex="-1">${t().title}</h1>
          ${
            page?.can.edit
              ? page.pbxs.map((pbx) => html`<button class="button" @click=${() => show(pbx)}>${icon('note')}${t().conf} · ${pbx}</button>`)
              : nothing
          }
        </div>
        <p class="muted">${t().lead}</p>
        ${page?.can.edit ? this.adding(page) : nothing}
      </header>
      ${this.content()}
      <allo-queues-conf @queues-written=${() => void this.load()}></allo-queues-conf>`;
  }

  /** What the PBX has and Allo does not know; one that neither has. */
  private adding({ found, pbxs }: Page) {
    const pbx = this.draft.pbx || (pbxs[0] ?? '');
    return html`${
        found.length > 0
          ? html`<p class="row found">
              <span class="muted small">${t().found}</span>
              ${found.map((one) => html`<button class="button" @click=${() => void this.add(one)}>${icon('plus')}${t().adopt(`${one.pbx}:${one.name}`)}</button>`)}
            </p>`
          : nothing
      }
      <form
        class="row new"
        aria-label=${t().add}
        @submit=${(e: Event) => {
          e.preventDefault();
          void this.add({ pbx, name: this.draft.name.trim() });
        }}
      >
        ${field({ id: 'new-name', label: t().addName, value: this.draft.name, maxLength: 80, placeholder: t().addNameHint, onInput: (name) => (this.draft = { ...this.draft, name }) })}
        ${
          pbxs.length > 1
            ? html`<label class="field"
                ><span>${t().addAt}</span
                ><select @change=${(e: Event) => (this.draft = { ...this.draft, pbx: (e.target as HTMLSelectElement).value })}>
                  ${pbxs.map((name) => html`<option ?selected=${name === pbx}>${name}</option>`)}
                </select></label
              >`
            : nothing
        }
        <button class="button" ?disabled=${!/^[\w.-]{1,80}$/.test(this.draft.name.trim())}>${icon('plus')}${t().add}</button>
      </form>`;
  }

  private async add(draft: { pbx: string; name: string }) {
    try {
      await api.post('/api/queues', draft);
      this.draft = { pbx: '', name: '' };
      toast('success', t().saved(draft.name));
    } catch (err) {
      toast('danger', err instanceof ApiError && err.code === 'conflict' ? t().exists : errorText(err));
    }
    await this.load();
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
    if (this.data.state !== 'ready') return nothing;
    const { can, missing } = this.data.value;
    const edit = this.edits[stored.id] ?? {};
    const queue = { ...stored, ...edit };
    const type = (change: QueueEdit) => {
      this.edits = { ...this.edits, [stored.id]: { ...edit, ...change } };
      this.errors = { ...this.errors, [stored.id]: '' };
    };
    const may = can.edit;
    const number = (name: NumberField, label: string, most: number, least = 0) =>
      html`<label class="field"
        ><span>${label}</span
        ><input
          id="${name}-${stored.id}"
          type="number"
          min=${least}
          max=${most}
          ?disabled=${!may}
          .value=${String(queue[name])}
          @input=${(e: Event) => type({ [name]: Math.round(Number((e.target as HTMLInputElement).value)) || 0 })}
      /></label>`;
    const select = <N extends 'record' | 'strategy'>(name: N, label: string, words: Record<Queue[N], string>) =>
      html`<label class="field"
        ><span>${label}</span
        ><select ?disabled=${!may} @change=${(e: Event) => type({ [name]: (e.target as HTMLSelectElement).value })}>
          ${Object.entries<string>(words).map(([value, word]) => html`<option value=${value} ?selected=${queue[name] === value}>${word}</option>`)}
        </select></label
      >`;
    return html`<section class="panel" aria-label=${stored.label || stored.name}>
      <form @submit=${(e: Event) => void this.save(e, stored)}>
        <div class="row">
          <h2 dir="auto">${stored.label || stored.name}</h2>
          <span class="muted small">${stored.pbx}:${stored.name}</span>
          ${stored.record === 'all' ? html`<allo-badge tone="danger">${t().recorded}</allo-badge>` : nothing}
        </div>
        ${missing.includes(`${stored.pbx}:${stored.name}`) ? html`<p class="notice warning">${icon('warning')}<span>${t().missing}</span></p>` : nothing}
        <div class="parts">
          ${field({ id: `label-${stored.id}`, label: t().label, value: queue.label, maxLength: 200, onInput: (label) => type({ label }) })}
          ${number('wrapUpSeconds', t().seconds, 3600)} ${number('wrapUpMaxSeconds', t().most, 3600)}
          ${number('targetPercent', t().percent, 100, 1)}
          <label class="field"
            ><span>${t().target}</span
            ><select
              id="targetSeconds-${stored.id}"
              ?disabled=${!may}
              @change=${(e: Event) => type({ targetSeconds: TARGET_SECONDS[(e.target as HTMLSelectElement).selectedIndex]! })}
            >
              ${TARGET_SECONDS.map((n) => html`<option ?selected=${n === queue.targetSeconds}>${n}</option>`)}
            </select></label
          >
          ${select('record', t().record, t().recordings)} ${number('keepDays', t().keep, 36_500)}
        </div>
        <label class="check"
          ><input
            type="checkbox"
            ?disabled=${!may}
            .checked=${queue.outcomeRequired}
            @change=${(e: Event) => type({ outcomeRequired: (e.target as HTMLInputElement).checked })}
          />${t().required}</label
        >
        ${this.outcomes(queue, may, (outcomes) => type({ outcomes }))} ${callBackFields(queue, may, (callBack) => type({ callBack }))}
        <details>
          <summary>${t().plan}</summary>
          <p class="muted small">${t().planHint}</p>
          <div class="parts even">
            ${select('strategy', t().strategy, t().strategies)} ${number('ringSeconds', t().ring, 120, 5)}
            ${number('weight', t().weight, 100)} ${number('announceSeconds', t().announce, 600)}
          </div>
        </details>
        ${this.errors[stored.id] ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.errors[stored.id]}</span></p>` : nothing}
        ${may ? html`<div><button class="button primary" ?disabled=${!this.edits[stored.id]}>${icon('check')}${t().save}</button></div>` : nothing}
      </form>
      <details @toggle=${(e: Event) => this.opened(stored.id, (e.target as HTMLDetailsElement).open)}>
        <summary>${t().members}</summary>
        ${
          this.open.has(stored.id)
            ? html`<allo-queue-members
                .queue=${stored.id}
                .may=${can.members}
                @queue-version=${(e: CustomEvent<{ version: number }>) => this.renew({ ...stored, version: e.detail.version })}
              ></allo-queue-members>`
            : nothing
        }
      </details>
    </section>`;
  }

  private opened(id: number, open: boolean) {
    const ids = new Set(this.open);
    if (open) ids.add(id);
    else ids.delete(id);
    this.open = ids;
  }

  private renew(queue: Queue) {
    if (this.data.state !== 'ready') return;
    const { value } = this.data;
    this.data = ready({ ...value, items: value.items.map((each) => (each.id === queue.id ? queue : each)) });
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
    if (!isHours(after.callBack)) {
      this.errors = { ...this.errors, [id]: t().callBackHours };
      return;
    }
    try {
      const { queue } = await api.patch<QueueReply>(`/api/queues/${id}`, { ...edit, version: stored.version });
      this.renew(queue);
      const { [id]: _, ...rest } = this.edits;
      this.edits = rest;
      toast('success', t().saved(queue.label || queue.name));
    } catch (err) {
      const meanwhile = err instanceof ApiError && err.code === 'conflict';
      this.errors = { ...this.errors, [id]: meanwhile ? t().meanwhile : errorText(err) };
      if (meanwhile) await this.load();
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-queues': Queues;
  }
}
