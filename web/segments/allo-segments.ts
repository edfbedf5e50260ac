import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { FilterGroup, Segment, SegmentField, SegmentFields, SegmentList, SegmentRow, SegmentSort } from '../../server/segments/contract.ts'; // prettier-ignore
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { locale } from '../core/i18n.ts';
import { formatNumber, loadPlans, plans } from '../core/numbers.ts';
import { Pages } from '../core/pages.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-import-link.ts';
import '../ui/allo-more.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import './allo-filter.ts';
import './allo-segment-dialogs.ts';
import type { BulkDialog, SaveDialog } from './allo-segment-dialogs.ts';
import { segmentsApi } from './api.ts';
import { EVERYBODY, isComplete } from './filter.ts';
import { segmentStyles } from './styles.ts';
import { t } from './strings.ts';

const COUNT_MS = 300;
const USUAL = ['phones', 'company', 'stage', 'owner', 'contact_at'];
const SORTABLE: readonly string[] = ['name', 'created_at', 'updated_at', 'contact_at'];

/** Lists of clients by filters: built, saved, shared, counted as they are built; whole lists changed at once or taken away as a file. */
@customElement('allo-segments')
export class Segments extends AlloElement {
  @state() private known: SegmentFields | null = null;
  @state() private saved: SegmentList | null = null;
  @state() private chosen: Segment | null = null;
  @state() private filter: FilterGroup = EVERYBODY;
  @state() private columns: readonly string[] = USUAL;
  @state() private sort: SegmentSort = 'name';
  @state() private direction: 'asc' | 'desc' = 'asc';
  @state() private count: number | null = null;
  @state() private picked: ReadonlySet<number> = new Set();
  @state() private undo: string | null = null;
  @state() private failure: unknown = null;
  @query('allo-segment-save') private readonly saveDialog!: SaveDialog;
  @query('allo-segment-bulk') private readonly bulkDialog!: BulkDialog;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private question = 0;
  private readonly pages = new Pages<SegmentRow>(
    this,
    (after) =>
    segmentsApi.rows({ filter: this.filter, columns: [...this.columns], sort: this.sort, direction: this.direction, ...(after === undefined ? {} : { after }) }), // prettier-ignore
  );

  static override styles = [...AlloElement.styles, states, ...segmentStyles];

  constructor() {
    super();
    new Select(this, plans, (p) => p);
  }

  override connectedCallback() {
    super.connectedCallback();
    loadPlans();
    void this.begin();
  }
  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  private async begin() {
    this.failure = null;
    try {
      [this.known, this.saved] = await Promise.all([segmentsApi.fields(), segmentsApi.list()]);
      this.open(this.saved.items.find(({ id }) => id === this.saved!.defaultId) ?? null);
    } catch (err) {
      this.failure = err;
    }
  }

  private open(segment: Segment | null) {
    this.chosen = segment;
    this.filter = segment?.filter ?? EVERYBODY;
    this.columns = segment && segment.columns.length > 0 ? segment.columns : USUAL;
    this.sort = segment?.sort ?? 'name';
    this.direction = segment?.direction ?? 'asc';
    this.ask();
  }

  private fields = (): ReadonlyMap<string, SegmentField> => new Map(this.known?.items.map((field) => [field.key, field]));

  /** The list and its count, once what is asked is complete. */
  private ask() {
    this.picked = new Set();
    clearTimeout(this.timer);
    if (!isComplete(this.filter, this.fields())) return;
    void this.pages.restart({ keep: true });
    this.count = null;
    this.timer = setTimeout(() => void this.recount(), COUNT_MS);
  }

  private async recount() {
    const question = ++this.question;
    try {
      const { count } = await segmentsApi.count(this.filter);
      if (question === this.question) this.count = count;
    } catch {
      // the list beside it has failed too, and says why
    }
  }

  override render() {
    if (this.failure) return html`<div class="panel">${trouble(this.failure, () => void this.begin())}</div>`;
    if (!this.known || !this.saved) return html`<div class="panel">${skeleton(9)}</div>`;
    return html`<header>
        <h1 tabindex="-1">${t().title}</h1>
        ${this.savedFilters(this.saved)}
        <allo-import-link></allo-import-link>
      </header>
      <details ?open=${this.filter.items.length > 0}>
        <summary>
          ${t().filter}<span class="muted num" role="status">${this.count === null ? t().counting : t().count(this.count)}</span>
        </summary>
        <allo-filter .filter=${this.filter} .known=${this.known} @filter-changed=${this.changed}></allo-filter>
      </details>
      ${this.view()} ${this.bar(this.saved)} ${this.list()}
      <allo-segment-save @segment-saved=${this.stored}></allo-segment-save>
      <allo-segment-bulk .known=${this.known} @bulk-done=${this.bulkDone}></allo-segment-bulk>`;
  }

  private changed(e: CustomEvent<{ filter: FilterGroup }>) {
    this.filter = e.detail.filter;
    this.ask();
  }

  private savedFilters({ items, defaultId, can }: SegmentList) {
    const { chosen } = this;
    const draft = () => ({ filter: this.filter, columns: [...this.columns], sort: this.sort, direction: this.direction });
    return html`<label class="field saved"
        ><span class="hidden">${t().saved}</span
        ><select @change=${(e: Event) => this.open(items.find(({ id }) => String(id) === (e.target as HTMLSelectElement).value) ?? null)}>
          <option value="" ?selected=${!chosen}>${t().none}</option>
          ${items.map(({ id, name }) => html`<option value=${id} ?selected=${chosen?.id === id}>${name}</option>`)}
        </select></label
      >
      ${chosen?.can.edit ? html`<button class="button" @click=${() => void this.saveDialog.edit(chosen, draft(), can.share)}>${t().save}</button>` : nothing}
      <button class="button" @click=${() => void this.saveDialog.create(draft(), can.share)}>${t().saveAs}</button>
      ${
        chosen
          ? html`<button class="button quiet" ?disabled=${defaultId === chosen.id} @click=${() => void this.makeDefault(chosen.id)}>
                ${defaultId === chosen.id ? t().isDefault : t().makeDefault}
              </button>
              ${chosen.can.edit ? html`<button class="button quiet" @click=${() => void this.removeSaved(chosen.id)}>${t().remove}</button>` : nothing}`
          : nothing
      }`;
  }

  private view() {
    const columns = [...this.fields().values()].filter(({ fact, archived, key }) => !fact && !archived && key !== 'name');
    return html`<div class="view">
      <label
        >${t().sort}
        <select @change=${(e: Event) => this.order((e.target as HTMLSelectElement).value as SegmentSort, this.direction)}>
          ${SORTABLE.map((key) => html`<option value=${key} ?selected=${key === this.sort}>${t().sorts[key]}</option>`)}
        </select></label
      >
      <select aria-label=${t().sort} @change=${(e: Event) => this.order(this.sort, (e.target as HTMLSelectElement).value as 'asc')}>
        ${(['asc', 'desc'] as const).map((way) => html`<option value=${way} ?selected=${way === this.direction}>${t().directions[way]}</option>`)}
      </select>
      <details class="columns">
        <summary>${t().columns}</summary>
        <div class="several">
          ${columns.map(
            ({ key, label }) =>
              html`<label
                ><input
                  type="checkbox"
                  .checked=${this.columns.includes(key)}
                  @change=${(e: Event) => this.show(key, (e.target as HTMLInputElement).checked)}
                />${label[locale.get()]}</label
              >`,
          )}
        </div>
      </details>
    </div>`;
  }

  private order(sort: SegmentSort, direction: 'asc' | 'desc') {
    this.sort = sort;
    this.direction = direction;
    void this.pages.restart();
  }

  private show(key: string, on: boolean) {
    this.columns = on ? [...this.columns, key] : this.columns.filter((each) => each !== key);
    void this.pages.restart({ keep: true });
  }

  /** What is done to those who are ticked, or to all whom the filter finds. */
  private bar({ can }: SegmentList) {
    const { picked, count } = this;
    const whom = { filter: this.filter, ids: picked.size > 0 ? [...picked] : null };
    const expected = picked.size > 0 ? picked.size : count;
    return html`<div class="bar">
      ${
        picked.size > 0
          ? html`<span role="status">${t().chosen(picked.size)}</span
              ><button class="button quiet" @click=${() => (this.picked = new Set())}>${t().unchoose}</button>`
          : nothing
      }
      ${
        can.bulk
          ? html`<button class="button" ?disabled=${!expected} @click=${() => void this.bulkDialog.open(whom, expected ?? 0)}>
              ${icon('pencil')}${t().change}
            </button>`
          : nothing
      }
      ${this.undo ? html`<button class="button" @click=${() => void this.turnBack()}>${icon('back')}${t().undo}</button>` : nothing}
      ${
        can.export
          ? html`<label class="export"
              ><span class="hidden">${t().exportAs}</span
              ><select ?disabled=${!expected} @change=${(e: Event) => void this.save(e.target as HTMLSelectElement, whom)}>
                <option value="">${t().exportAs}</option>
                ${Object.entries(t().formats).map(([format, words]) => html`<option value=${format}>${words}</option>`)}
              </select></label
            >`
          : nothing
      }
    </div>`;
  }

  private list() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel">${skeleton(9)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(new Error(), () => void pages.retry())}<p class="fault">${this.fault(pages.error)}</p></div>`; // prettier-ignore
      return html`<div class="panel">${empty({ icon: 'search', title: t().empty, text: t().emptyText })}</div>`;
    }
    const fields = this.fields();
    const shown = this.columns.flatMap((key) => fields.get(key) ?? []);
    const every = pages.items.every(({ id }) => this.picked.has(id));
    const toggleAll = () => (this.picked = every ? new Set() : new Set(pages.items.map(({ id }) => id)));
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t().title}>
        <table>
          <thead>
            <tr>
              <th class="tick"><input type="checkbox" aria-label=${t().chooseAll} .checked=${every} @change=${toggleAll} /></th>
              <th scope="col">${t().client}</th>
              ${shown.map(({ label }) => html`<th scope="col">${label[locale.get()]}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${pages.items.map((row) => this.row(row, shown))}
          </tbody>
        </table>
      </div>
      ${pages.state === 'failed' ? html`<p class="fault" role="alert">${this.fault(pages.error)}</p>` : pages.state === 'end' ? nothing : html`<allo-more @more-wanted=${() => void pages.more()}></allo-more>`}`;
  }

  private row({ id, kind, name, cells }: SegmentRow, shown: readonly SegmentField[]) {
    const toggle = (e: Event) => {
      const on = (e.target as HTMLInputElement).checked;
      this.picked = new Set(on ? [...this.picked, id] : [...this.picked].filter((each) => each !== id));
    };
    return html`<tr>
      <td class="tick"><input type="checkbox" aria-label=${t().choose(name)} .checked=${this.picked.has(id)} @change=${toggle} /></td>
      <th scope="row">
        <span class="muted">${icon(kind === 'company' ? 'company' : 'person')}</span>
        <a class="cut" dir="auto" href="/clients/${id}" title=${name}>${name}</a>
      </th>
      ${shown.map(({ key }) => {
        const text = cells[key] ?? '';
        const words = key === 'phones' ? text.split('; ').map(formatNumber).join('; ') : text;
        return html`<td class="cut" dir="auto" title=${words}>${words}</td>`;
      })}
    </tr>`;
  }

  private fault(err: unknown): string {
    if (err instanceof ApiError && err.data.reason === 'field_gone') return t().broken((err.data.fields as string[]).join(', '));
    return errorText(err);
  }

  private async stored(e: CustomEvent<{ segment: Segment }>) {
    toast('success', t().savedDone);
    await this.again(e.detail.segment.id);
  }

  private async again(id: number | null) {
    this.saved = await segmentsApi.list();
    this.chosen = this.saved.items.find((each) => each.id === id) ?? null;
  }

  private async tried(order: () => Promise<void>) {
    try {
      await order();
    } catch (err) {
      toast('danger', err instanceof ApiError && err.data.reason === 'changed' ? t().othersNow : this.fault(err));
    }
  }

  private removeSaved = (id: number) =>
    this.tried(async () => {
      await segmentsApi.remove(id);
      toast('info', t().removed);
      await this.again(null);
      this.open(null);
    });

  private makeDefault = (id: number) =>
    this.tried(async () => {
      await segmentsApi.choose(id);
      await this.again(id);
    });

  private bulkDone(e: CustomEvent<{ batch: string }>) {
    this.undo = e.detail.batch;
    this.ask();
  }

  private turnBack = () =>
    this.tried(async () => {
      const { restored, kept } = await segmentsApi.undo(this.undo!);
      this.undo = null;
      toast('success', t().undone(restored, kept));
      this.ask();
    });

  private async save(select: HTMLSelectElement, whom: { filter: FilterGroup; ids: number[] | null }) {
    const format = select.value as 'csv';
    select.value = '';
    if (!format) return;
    await this.tried(async () => {
      const { name, blob } = await segmentsApi.file({ ...whom, columns: ['name', ...this.columns], sort: this.sort, direction: this.direction, format }); // prettier-ignore
      const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-segments': Segments;
  }
}
