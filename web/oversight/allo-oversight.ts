import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Alert, DayReply, ExportRecord, RulesReply, SightKind } from '../../server/oversight/contract.ts';
import { errorText } from '../core/error-words.ts';
import { date, moment } from '../core/format.ts';
import { onLive } from '../core/live.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { Pages } from '../core/pages.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-more.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { quietHeads, table } from '../ui/table-styles.ts';
import { oversightApi } from './api.ts';
import { t } from './strings.ts';

const KINDS: readonly SightKind[] = ['cards', 'listed', 'exported', 'heard'];
const text = <T extends { next: number | null }>(page: T) => ({ ...page, next: page.next === null ? null : String(page.next) });

/** For chiefs: what is unusual, who looked at how much, what was taken away. */
@customElement('allo-oversight')
export class Oversight extends AlloElement {
  private readonly alerts = new Pages<Alert>(this, async (after) => text(await oversightApi.alerts(after)));
  private readonly records = new Pages<ExportRecord>(this, async (after) => text(await oversightApi.records(after)));
  @state() private day: Loading<DayReply> = LOADING;
  @state() private rules: RulesReply | null = null;
  /** The day that is read; undefined: today, whenever that is. */
  private asked: string | undefined;
  private stop = () => {};

  static override styles = [
    ...AlloElement.styles,
    states,
    table,
    quietHeads,
    css`
      header,
      h2 {
        margin-bottom: var(--space-3);
      }
      section {
        margin-bottom: var(--space-5);
      }
      .things {
        padding: 0;
      }
      .things > li {
        padding: var(--space-2) var(--space-4);
      }
      .things > li + li {
        border-top: 1px solid var(--border);
      }
      .wide {
        overflow-x: auto;
        padding: 0 var(--space-2);
      }
      th,
      td {
        padding: var(--space-2);
      }
      tbody tr > * {
        border-top: 1px solid var(--border);
      }
      tbody th {
        font-weight: 550;
      }
      .date {
        width: 11rem;
      }
      .rules {
        display: grid;
        grid-template-columns: minmax(9rem, 1fr) 8rem 8rem;
        gap: var(--space-2) var(--space-3);
        align-items: center;
        max-width: 34rem;
        margin: var(--space-3) 0;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.stop = onLive('oversight', () => {
      void this.alerts.restart({ keep: true });
      void this.look();
    });
    void this.load();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  private async load() {
    void this.alerts.restart();
    void this.records.restart();
    void this.look();
    try {
      this.rules = await oversightApi.rules();
    } catch (err) {
      toast('danger', errorText(err));
    }
  }

  private async look() {
    const { asked } = this;
    const day = await oversightApi.day(asked).then(ready, failed);
    if (asked === this.asked) this.day = day;
  }

  private choose(day: string) {
    this.asked = day || undefined;
    void this.look();
  }

  override render() {
    return html`<header>
        <h1 tabindex="-1">${t().title}</h1>
        <p class="muted">${t().lead}</p>
      </header>
      <section aria-labelledby="alerts">
        <h2 id="alerts">${t().alerts}</h2>
        ${this.listed(
          this.alerts,
          (one) => this.alert(one),
          () => empty({ icon: 'check', title: t().noAlerts, text: t().noAlertsText }),
        )}
      </section>
      <section aria-labelledby="day">${this.daily()}</section>
      <section aria-labelledby="records">
        <h2 id="records">${t().records}</h2>
        ${this.listed(
          this.records,
          (one) => this.record(one),
          () => empty({ icon: 'download', title: t().noRecords }),
        )}
      </section>
      ${this.rules ? this.unusual(this.rules) : nothing}`;
  }

  private listed<T>(pages: Pages<T>, row: (one: T) => unknown, none: () => unknown) {
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel">${skeleton(3)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      return html`<div class="panel">${none()}</div>`;
    }
    return html`<ul class="panel things">
        ${pages.items.map(row)}
      </ul>
      ${pages.state === 'more' ? html`<allo-more @more-wanted=${() => void pages.more()}></allo-more>` : nothing}
      ${pages.state === 'failed' ? trouble(pages.error, () => void pages.retry()) : nothing}`;
  }

  private alert(one: Alert) {
    return html`<li class="row wrap">
      <span class="grow"
        ><b dir="auto">${t().alert(one.user.name, t().kinds[one.kind].toLowerCase())}</b> · ${date(one.at)}<br /><span class="muted small"
          >${t().alertText(one.n, one.usual, one.most)}</span
        ></span
      >
      ${
        one.seenAt !== null
          ? html`<span class="muted small">${t().seenBy(one.seenBy?.name ?? t().somebody, moment(one.seenAt))}</span>`
          : one.can.see
            ? html`<button class="button" @click=${() => void this.see(one.id)}>${icon('check')}${t().seen}</button>`
            : nothing
      }
    </li>`;
  }

  private async see(id: number) {
    try {
      await oversightApi.seen(id);
    } catch (err) {
      toast('danger', errorText(err));
    }
    void this.alerts.restart({ keep: true });
  }

  private daily() {
    const shown = this.asked ?? (this.day.state === 'ready' ? this.day.value.day : '');
    return html`<div class="row wrap">
        <h2 id="day" class="grow">${t().day}</h2>
        <input
          class="date"
          type="date"
          aria-label=${t().date}
          .value=${live(shown)}
          @change=${(e: Event) => this.choose((e.target as HTMLInputElement).value)}
        />
      </div>
      ${this.table()}`;
  }

  private table() {
    if (this.day.state === 'loading') return html`<div class="panel">${skeleton(3)}</div>`;
    if (this.day.state === 'failed') return html`<div class="panel">${trouble(this.day.error, () => void this.look())}</div>`;
    const { items } = this.day.value;
    if (items.length === 0) return html`<p class="muted">${t().noDay}</p>`;
    return html`<div class="panel wide" tabindex="0" role="region" aria-label="${t().day}: ${this.day.value.day}">
      <table>
        <thead>
          <tr>
            <th scope="col">${t().person}</th>
            ${KINDS.map((kind) => html`<th scope="col">${t().kinds[kind]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${items.map(
            ({ user, counts }) =>
              html`<tr>
                <th scope="row" dir="auto">${user.name}</th>
                ${KINDS.map((kind) => {
                  const { n = 0, usual = 0 } = counts.find((one) => one.kind === kind) ?? {};
                  return html`<td>
                    <span class="num">${n}</span>${usual > 0 ? html` <span class="muted small">${t().usually(usual)}</span>` : nothing}
                  </td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private record(one: ExportRecord) {
    const details = [...(one.format ? [one.format.toUpperCase()] : []), ...(one.rows === null ? [] : [t().rows(one.rows)]), ...(one.columns.length > 0 ? [t().columns(one.columns.join(', '))] : [])]; // prettier-ignore
    return html`<li>
      <b>${t().what[one.what]}</b>${one.of && one.what !== 'clients.exported' ? html` <span class="num">№ ${one.of}</span>` : nothing} ·
      ${one.user?.name ?? t().somebody} ·
      ${moment(one.at)}${details.length > 0 ? html`<br /><span class="muted small">${details.join(' · ')}</span>` : nothing}
    </li>`;
  }

  private unusual({ items, can }: RulesReply) {
    const set = (kind: SightKind, change: object) =>
      (this.rules = { can, items: items.map((one) => (one.kind === kind ? { ...one, ...change } : one)) });
    const number = (kind: SightKind, key: 'floor' | 'factor', value: number) =>
      can.edit
        ? html`<input
            type="number"
            min=${key === 'factor' ? 2 : 1}
            max=${key === 'factor' ? 100 : 10_000_000}
            aria-label="${t().kinds[kind]}: ${t()[key]}"
            .value=${live(String(value))}
            @input=${(e: Event) => set(kind, { [key]: Number((e.target as HTMLInputElement).value) })}
          />`
        : html`<span class="num">${value}</span>`;
    return html`<section aria-labelledby="rules">
      <h2 id="rules">${t().rules}</h2>
      <p class="muted small">${t().rulesText}</p>
      <div class="rules">
        <span></span><span class="label">${t().floor}</span><span class="label">${t().factor}</span>
        ${items.map(({ kind, floor, factor }) => html`<span>${t().kinds[kind]}</span>${number(kind, 'floor', floor)}${number(kind, 'factor', factor)}`)}
      </div>
      ${can.edit ? html`<button class="button primary" @click=${() => void this.save(items)}>${t().save}</button>` : nothing}
    </section>`;
  }

  private async save(items: RulesReply['items']) {
    try {
      this.rules = await oversightApi.saveRules(items);
      toast('success', t().saved);
    } catch (err) {
      toast('danger', errorText(err));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-oversight': Oversight;
  }
}
