import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { DispatchItem, DispatchList } from '../../server/dispatch/contract.ts';
import { DUE_TYPE } from '../core/drag.ts';
import { duration } from '../core/format.ts';
import { onAction } from '../core/keys.ts';
import { formatNumber } from '../core/numbers.ts';
import { me } from '../core/session.ts';
import { Select } from '../core/store.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { freest } from './freest.ts';
import type { OnShift } from './freest.ts';
import { dispatchApi, dispatchFault, dispatchVersion } from './store.ts';
import type { Goal } from './store.ts';
import { t } from './strings.ts';

/** Time makes things due without anybody's doing. */
const RELOAD_MS = 30_000;
const keyOf = ({ kind, id }: Pick<DispatchItem, 'kind' | 'id'>): string => `${kind} ${id}`;

/** All that is due, of every kind; a line is dragged to a person or a department, or given by the keyboard. */
@customElement('allo-dispatch')
export class Dispatch extends AlloElement {
  @property({ attribute: false }) people: readonly OnShift[] = [];
  @state() private list: DispatchList | null = null;
  @state() private failure: unknown = null;
  @state() private over: number | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private seen = -1;
  private silence = () => {};
  private readonly version = new Select(this, dispatchVersion, (n) => n);

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .departments {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin: var(--space-2) 0;
      }
      .departments span {
        padding: var(--space-1) var(--space-3);
        border: 1px dashed var(--border-strong);
        border-radius: var(--radius);
      }
      .departments .over {
        border-style: solid;
        background: var(--accent-soft);
      }
      li {
        display: grid;
        grid-template-columns: 5.5rem minmax(0, 1fr) auto 8.5rem;
        gap: var(--space-1) var(--space-3);
        align-items: center;
        min-height: 2.75rem;
        border-top: 1px solid var(--border);
        cursor: grab;
      }
      .late {
        color: var(--danger);
        font-weight: 650;
      }
      select {
        min-height: 1.9rem;
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => this.list !== null);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => void this.load(), RELOAD_MS);
    this.silence = onAction({ giveOut: () => this.giveOut() });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.silence();
  }

  /** @returns whether a line has the focus */
  private giveOut(): boolean {
    const key = this.shadowRoot?.activeElement?.closest('li')?.dataset.key;
    const item = this.list?.items.find((one) => keyOf(one) === key);
    return item?.kind === 'missed' && this.giveItem(item);
  }

  /** To whoever is freest; when nobody works now, to me. */
  private giveItem(item: DispatchItem): boolean {
    const userId = freest(item, this.people, this.list?.items ?? []) ?? me()?.user.id;
    if (userId !== undefined) void this.give(item, { userId });
    return userId !== undefined;
  }

  protected override updated() {
    if (this.seen === this.version.value) return;
    this.seen = this.version.value;
    void this.load();
  }

  private async load() {
    try {
      this.list = await dispatchApi.list();
      this.failure = null;
    } catch (err) {
      this.failure = err;
    }
  }

  override render() {
    const { list } = this;
    return html`<section class="panel">
      <h2>${t().title} <span class="muted num">${list?.items.length ?? ''}</span></h2>
      ${
        list === null
          ? this.failure
            ? trouble(this.failure, () => void this.load())
            : skeleton(3)
          : list.items.length === 0
            ? html`<p class="muted">${t().none}</p>`
            : html`<p class="small muted">${t().hint}</p>
                ${this.departments(list)}
                <ul>
                  ${repeat(list.items, keyOf, (item) => this.line(item, list))}
                </ul>
                ${list.more ? html`<p class="small muted">${t().more}</p>` : nothing}`
      }
    </section>`;
  }

  private departments({ departments }: DispatchList) {
    return html`<div class="departments">
      ${departments.map(
        ({ id, name, onShift }) =>
          html`<span
            class=${this.over === id ? 'over' : ''}
            @dragover=${(e: DragEvent) => this.hover(e, id)}
            @dragleave=${() => (this.over = null)}
            @drop=${(e: DragEvent) => this.drop(e, { departmentId: id })}
            >${t().onShift(name, onShift)}</span
          >`,
      )}
    </div>`;
  }

  private line(item: DispatchItem, { departments }: DispatchList) {
    const late = serverNow() - item.dueAt;
    const person = item.client?.name || formatNumber(item.number);
    const complaint = item.kind === 'complaint';
    const who = complaint ? item.text : person || t().withheld;
    const href = complaint ? `/complaints/${item.id}` : item.client && `/clients/${item.client.id}`;
    const mine = me()?.user.id;
    return html`<li
      draggable="true"
      tabindex="0"
      data-key=${keyOf(item)}
      aria-label=${who}
      @dragstart=${(e: DragEvent) => this.drag(e, item)}
    >
      <span class="num ${late > 0 ? 'late' : 'muted'}">${late > 0 ? html`${icon('clock')} ${duration(late)}` : `−${duration(-late)}`}</span>
      <div class="cut">
        <div class="cut">
          ${href ? html`<a href=${href}><strong dir="auto">${who}</strong></a>` : html`<strong dir="auto">${who}</strong>`}
        </div>
        <div class="small muted cut" dir="auto">
          ${[t().kinds[item.kind], complaint ? person : item.queue || item.text, item.owner?.name ?? t().unowned].filter(Boolean).join(' · ')}
        </div>
      </div>
      ${
        item.kind === 'missed'
          ? html`<button
              class="button quiet icon-only"
              title="${t().giveOut} (G)"
              aria-label=${t().giveOutOf(who)}
              @click=${() => this.giveItem(item)}
            >
              ${icon('phone-out')}
            </button>`
          : html`<span></span>`
      }
      <select aria-label=${t().giveOf(who)} @change=${(e: Event) => this.chosen(e, item)}>
        <option value="">${t().give}</option>
        ${mine === undefined ? nothing : html`<option value="user ${mine}">${t().mine}</option>`}
        <optgroup label=${t().people}>
          ${this.people.map(({ userId, name }) => html`<option value="user ${userId}">${name}</option>`)}
        </optgroup>
        <optgroup label=${t().departments}>
          ${departments.map(
            ({ id, name, onShift }) =>
              html`<option value="department ${id}" ?disabled=${onShift === 0}>
                ${onShift === 0 ? t().nobodyThere(name) : t().onShift(name, onShift)}
              </option>`,
          )}
        </optgroup>
      </select>
    </li>`;
  }

  private drag(e: DragEvent, item: DispatchItem) {
    e.dataTransfer!.effectAllowed = 'move';
    e.dataTransfer!.setData(DUE_TYPE, keyOf(item));
  }

  private hover(e: DragEvent, id: number) {
    if (!e.dataTransfer?.types.includes(DUE_TYPE)) return;
    e.preventDefault();
    this.over = id;
  }

  private drop(e: DragEvent, to: Goal) {
    e.preventDefault();
    this.over = null;
    void this.giveDragged(e.dataTransfer?.getData(DUE_TYPE) ?? '', to);
  }

  /** What was dropped on somebody: what was dragged, as the drag carries it. */
  async giveDragged(key: string, to: Goal): Promise<void> {
    const item = this.list?.items.find((one) => keyOf(one) === key);
    if (item) await this.give(item, to);
  }

  private chosen(e: Event, item: DispatchItem) {
    const select = e.target as HTMLSelectElement;
    const [kind, id] = select.value.split(' ');
    select.value = '';
    if (kind === 'user') void this.give(item, { userId: Number(id) });
    if (kind === 'department') void this.give(item, { departmentId: Number(id) });
  }

  private async give(item: DispatchItem, to: Goal) {
    try {
      const { owner } = await dispatchApi.give(item, to);
      toast('success', t().given(owner.name));
    } catch (err) {
      toast('danger', dispatchFault(err));
    }
    await this.load();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-dispatch': Dispatch;
  }
}
