import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClientBrief, ClientReply } from '../../../server/clients/contract.ts';
import type { MergeDraft, MergeReply, PairReply } from '../../../server/duplicates/contract.ts';
import { ApiError, api } from '../../core/api.ts';
import { errorText } from '../../core/error-words.ts';
import { day } from '../../core/format.ts';
import { LOADING, failed, ready } from '../../core/loading.ts';
import type { Loading } from '../../core/loading.ts';
import { navigate } from '../../core/router.ts';
import { Select } from '../../core/store.ts';
import { closeTab } from '../../core/tabs.ts';
import { toast } from '../../core/toasts.ts';
import { AlloElement } from '../../ui/allo-element.ts';
import { icon } from '../../ui/icons.ts';
import { skeleton, states, trouble } from '../../ui/states.ts';
import { table } from '../../ui/table-styles.ts';
import '../allo-client-picker.ts';
import { clientsApi } from '../api.ts';
import { loadStages, stages } from '../stages.ts';
import { fieldDefs, loadFieldDefs } from '../typed.ts';
import { rowsOf, takeOf } from './rows.ts';
import type { Choice, Row, Side } from './rows.ts';
import { t } from './strings.ts';

interface Data {
  pair: PairReply;
  one: ClientReply;
  other: ClientReply;
}

const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, n) => sum + n, 0);

/** Two cards side by side: which one stays, and whose value each field has in the end. */
@customElement('allo-merge')
export class Merge extends AlloElement {
  /** "one=1&other=2" */
  @property() query = '';
  @state() private data: Loading<Data> = LOADING;
  @state() private survivor: Side = 'one';
  @state() private chosen: Readonly<Record<string, Choice>> = {};
  @state() private leftOut: Readonly<Record<string, readonly string[]>> = {};
  @state() private error: string | null = null;
  @state() private busy = false;
  private readonly stages = new Select(this, stages, (list) => list);
  private readonly defs = new Select(this, fieldDefs, (list) => list);

  static override styles = [
    ...AlloElement.styles,
    states,
    table,
    css`
      header {
        margin-bottom: var(--space-4);
      }
      header p {
        max-width: 54rem;
      }
      .panel {
        padding: 0;
        overflow-x: auto;
      }
      .panel.pick {
        padding: var(--space-4);
      }
      table {
        table-layout: fixed;
        min-width: 44rem;
      }
      th,
      td {
        padding: var(--space-2) var(--space-4);
        border-bottom: 1px solid var(--border);
        vertical-align: top;
        font-weight: normal;
      }
      thead th {
        background: var(--surface-2);
      }
      th:first-child {
        width: 11rem;
        color: var(--text-muted);
      }
      th:last-child,
      td:last-child {
        width: 7rem;
      }
      label {
        display: flex;
        align-items: flex-start;
        gap: var(--space-2);
        min-height: 1.6rem;
        cursor: pointer;
      }
      label > span,
      .plain {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        max-height: 9rem;
        overflow-y: auto;
      }
      th[scope='row']::first-letter {
        text-transform: uppercase;
      }
      .out > span {
        color: var(--text-muted);
        text-decoration: line-through;
      }
      .won {
        background: var(--accent-soft);
      }
      footer {
        position: sticky;
        bottom: 0;
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        padding: var(--space-3) 0;
        background: var(--surface-2);
        border-top: 1px solid var(--border);
      }
      .notice {
        margin-bottom: var(--space-3);
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('query')) void this.load();
  }

  private get needsOther() {
    return !new URLSearchParams(this.query).get('other');
  }

  private async load() {
    if (this.needsOther) return;
    const query = new URLSearchParams(this.query);
    const [a, b] = [Number(query.get('one')), Number(query.get('other'))];
    this.data = LOADING;
    this.chosen = {};
    this.leftOut = {};
    try {
      await Promise.all([loadFieldDefs(), loadStages()]);
      const pair = await api.get<PairReply>('/api/duplicates/pair', { one: a, other: b });
      const [one, other] = await Promise.all([clientsApi.read(a), clientsApi.read(b)]);
      this.data = ready({ pair, one, other });
      // The one with more behind it, and of two alike the older.
      this.survivor = total(pair.linked.other) > total(pair.linked.one) ? 'other' : 'one';
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    return html`<header>
        <h1 tabindex="-1">${t().title}</h1>
        <p class="muted small">${t().lead}</p>
      </header>
      ${this.content()}`;
  }

  private content() {
    if (this.needsOther)
      return html`<section class="panel pick">
        <h2>${t().withWhom}</h2>
        <allo-client-picker
          @client-picked=${(e: CustomEvent<{ client: ClientBrief }>) => navigate(`/clients/merge${this.query}&other=${e.detail.client.id}`, { replace: true })}
        ></allo-client-picker>
      </section>`;
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(10)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const { pair, one, other } = this.data.value;
    const rows = rowsOf(one, other, this.survivor, this.defs.value, this.stages.value);
    return html`${pair.can.merge ? nothing : html`<p class="notice warning">${t().mayNot}</p>`}
      ${this.error ? html`<p class="notice danger" role="alert">${this.error}</p>` : nothing}
      <form @submit=${(e: Event) => (e.preventDefault(), void this.merge(rows))}>
        <div class="panel">
          <table>
            <thead>
              <tr>
                <th scope="col">${t().field}</th>
                ${this.head('one', one)} ${this.head('other', other)}
                <th scope="col"><span class="hidden">${t().both}</span></th>
              </tr>
            </thead>
            <tbody>
              ${rows.map((row) => this.row(row))}
            </tbody>
          </table>
        </div>
        <footer>
          <button class="button primary" ?disabled=${this.busy || !pair.can.merge}>${icon('check')}${t().merge}</button>
          <button type="button" class="button" ?disabled=${this.busy} @click=${() => void this.apart()}>${t().notSame}</button>
          <button type="button" class="button quiet" @click=${() => history.back()}>${t().cancel}</button>
        </footer>
      </form>`;
  }

  private head(side: Side, { client }: ClientReply) {
    const linked = this.data.state === 'ready' ? total(this.data.value.pair.linked[side]) : 0;
    return html`<th scope="col" class=${this.survivor === side ? 'won' : ''}>
      <label
        ><input type="radio" name="survivor" .checked=${this.survivor === side} @change=${() => this.keep(side)} /><span
          ><strong dir="auto">${client.name}</strong><br /><span class="muted small"
            >${this.survivor === side ? t().stays : t().keep} · № ${client.id} · ${day(client.createdAt)} · ${t().records(linked)}</span
          ></span
        ></label
      >
    </th>`;
  }

  private keep(side: Side) {
    this.survivor = side;
    this.chosen = {};
  }

  private row(row: Row) {
    if (row.items && row.differs) return this.list(row, row.items);
    const choice = this.chosen[row.key] ?? row.start;
    const cell = (side: Side) => {
      const text = row[side] || html`<span class="muted">${t().empty}</span>`;
      if (!row.differs) return html`<td><div class="plain" dir="auto">${text}</div></td>`;
      return html`<td class=${choice === side || choice === 'both' ? 'won' : ''}>
        <label
          ><input type="radio" name=${row.key} .checked=${choice === side} @change=${() => this.choose(row.key, side)} /><span dir="auto"
            >${text}</span
          ></label
        >
      </td>`;
    };
    return html`<tr>
      <th scope="row">${row.label}</th>
      ${cell('one')} ${cell('other')}
      <td>
        ${
          row.differs && row.joins
            ? html`<label
                ><input type="radio" name=${row.key} .checked=${choice === 'both'} @change=${() => this.choose(row.key, 'both')} /><span
                  >${t().both}</span
                ></label
              >`
            : row.differs
              ? nothing
              : html`<span class="muted small">${t().same}</span>`
        }
      </td>
    </tr>`;
  }

  /** A list: what both cards hold stands ticked, and what is not to be kept is unticked. */
  private list({ key, label }: Row, items: NonNullable<Row['items']>) {
    const out = this.leftOut[key] ?? [];
    const all = new Set([...items.one, ...items.other].map((item) => item.key));
    const cell = (side: Side) =>
      html`<td>
        ${
          items[side].length === 0
            ? html`<span class="muted">${t().empty}</span>`
            : items[side].map(
                (item) =>
                  html`<label class=${out.includes(item.key) ? 'out' : ''}
                    ><input
                      type="checkbox"
                      .checked=${!out.includes(item.key)}
                      @change=${(e: Event) => this.keepItem(key, item.key, (e.target as HTMLInputElement).checked)}
                    /><span dir="auto">${item.text}</span></label
                  >`,
              )
        }
      </td>`;
    return html`<tr>
      <th scope="row">${label}</th>
      ${cell('one')} ${cell('other')}
      <td><span class="muted small">${t().kept(all.size - out.length, all.size)}</span></td>
    </tr>`;
  }

  private keepItem(key: string, item: string, keep: boolean) {
    const out = (this.leftOut[key] ?? []).filter((each) => each !== item);
    this.leftOut = { ...this.leftOut, [key]: keep ? out : [...out, item] };
  }

  private choose(key: string, choice: Choice) {
    this.chosen = { ...this.chosen, [key]: choice };
  }

  private async merge(rows: readonly Row[]) {
    if (this.data.state !== 'ready' || this.busy) return;
    const { one, other } = this.data.value;
    const [survivor, merged] = this.survivor === 'one' ? [one.client, other.client] : [other.client, one.client];
    const draft: MergeDraft = {
      survivorId: survivor.id,
      mergedId: merged.id,
      versions: { survivor: survivor.version, merged: merged.version },
      take: takeOf(rows, this.chosen, this.leftOut, this.survivor),
    };
    this.busy = true;
    this.error = null;
    try {
      const { id } = await api.post<MergeReply>('/api/duplicates/merge', draft);
      closeTab(`/clients/${merged.id}`);
      navigate(`/clients/${survivor.id}`, { replace: true });
      toast('success', t().done, { text: t().undo, run: () => void undo(id) });
    } catch (err) {
      await this.refused(err);
    } finally {
      this.busy = false;
    }
  }

  private async refused(err: unknown) {
    const code = err instanceof ApiError ? ((err.data.issues as { code: string }[] | undefined)?.[0]?.code ?? err.data.reason) : null;
    if (code === 'changed') {
      await this.load();
      this.error = t().changed;
    } else this.error = code === 'too_many' ? t().tooMany : code === 'required' ? t().noReason : errorText(err);
  }

  private async apart() {
    const query = new URLSearchParams(this.query);
    try {
      await api.post('/api/duplicates/dismiss', { one: Number(query.get('one')), other: Number(query.get('other')) });
      toast('success', t().apart);
      history.back();
    } catch (err) {
      this.error = errorText(err);
    }
  }
}

const undo = async (id: number): Promise<void> => {
  try {
    await api.post(`/api/duplicates/merges/${id}/undo`);
    toast('success', t().undone);
  } catch (err) {
    toast('danger', errorText(err));
  }
};

declare global {
  interface HTMLElementTagNameMap {
    'allo-merge': Merge;
  }
}
