import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { UntouchedPage } from '../../../server/clients/contract.ts';
import type { Colleague } from '../../../server/users/contract.ts';
import { errorText } from '../../core/error-words.ts';
import { duration, moment } from '../../core/format.ts';
import { locale } from '../../core/i18n.ts';
import { onAction } from '../../core/keys.ts';
import { Pages } from '../../core/pages.ts';
import { me } from '../../core/session.ts';
import { Select } from '../../core/store.ts';
import { Ticking, serverNow } from '../../core/time.ts';
import { toast } from '../../core/toasts.ts';
import '../../ui/allo-badge.ts';
import type { AlloDialog } from '../../ui/allo-dialog.ts';
import '../../ui/allo-dialog.ts';
import { AlloElement } from '../../ui/allo-element.ts';
import '../../ui/allo-more.ts';
import '../../ui/allo-number.ts';
import { icon } from '../../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../../ui/states.ts';
import { loadStages, stages } from '../stages.ts';
import './allo-moves.ts';
import { stagesApi } from './api.ts';
import { t } from './strings.ts';

type Item = UntouchedPage['items'][number];

/**
 * Clients of an urgent stage whom nobody has spoken with in time; for those who lead, the moves of a period too.
 * @fires dial-wanted - detail: { number: string, clientId: number }
 */
@customElement('allo-untouched')
export class Untouched extends AlloElement {
  /** "show=moves": the report. */
  @property() query = '';
  @state() private giving: Item | null = null;
  @state() private people: readonly Pick<Colleague, 'id' | 'name'>[] = [];
  @state() private error: string | null = null;
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  private readonly stages = new Select(this, stages, (list) => list);
  private readonly pages = new Pages<Item>(this, (before) => stagesApi.untouched(before));
  private stopKeys = () => {};

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header,
      nav {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        gap: var(--space-2);
        margin-bottom: var(--space-4);
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
      .orders {
        display: flex;
        justify-content: flex-end;
        gap: var(--space-2);
      }
      form {
        display: grid;
        gap: var(--space-3);
      }
      @media (max-width: 1180px) {
        li {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .orders {
          grid-column: 1 / -1;
          flex-wrap: wrap;
        }
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => this.pages.items.length > 0);
  }

  override connectedCallback() {
    super.connectedCallback();
    // Without them the stages are shown by their codes.
    loadStages().catch(() => {});
    void this.pages.restart();
    this.stopKeys = onAction({ callBack: () => this.callFirst() });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stopKeys();
  }

  private leads = (): boolean => me()?.user.role !== 'operator';

  override render() {
    const moves = this.leads() && new URLSearchParams(this.query).get('show') === 'moves';
    const tab = (href: string, words: string, here: boolean) =>
      html`<a class="button ${here ? 'primary' : ''}" href=${href} aria-current=${here ? 'page' : 'false'}>${words}</a>`;
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${moves ? t().moves : t().untouched}</h1>
          ${moves ? nothing : html`<p class="muted small">${t().untouchedLead}</p>`}
        </div>
        ${me()?.user.role === 'administrator' ? html`<a class="button" href="/settings/stages">${t().toStages}</a>` : nothing}
      </header>
      ${
        this.leads()
          ? html`<nav aria-label=${t().views}>
              ${tab('/clients/untouched', t().untouched, !moves)} ${tab('/clients/untouched?show=moves', t().moves, moves)}
            </nav>`
          : nothing
      }
      ${moves ? html`<allo-moves .stages=${this.stages.value}></allo-moves>` : this.list()}
      ${this.giving ? this.asking(this.giving) : nothing}`;
  }

  private list() {
    const { pages } = this;
    if (pages.items.length === 0) {
      if (pages.state === 'loading') return html`<div class="panel list">${skeleton(8)}</div>`;
      if (pages.state === 'failed') return html`<div class="panel">${trouble(pages.error, () => void pages.retry())}</div>`;
      return html`<div class="panel">${empty({ icon: 'check', title: t().untouchedEmpty, text: t().untouchedEmptyText })}</div>`;
    }
    return html`<ul class="panel list">
        ${repeat(
          pages.items,
          ({ client }) => client.id,
          (item) => this.line(item),
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

  private line(item: Item) {
    const { client, stage, since, owner } = item;
    const words = this.stages.value.find(({ code }) => code === stage)?.label[locale.get()] ?? stage;
    return html`<li>
      <div class="grow">
        <p class="row">
          <a class="cut" dir="auto" href="/clients/${client.id}"><strong>${client.name}</strong></a>
          <span class="cut muted small" dir="auto">${client.company}</span>
        </p>
        <p class="muted small">
          <allo-badge tone="info">${words}</allo-badge>
          ${client.phone ? html`<allo-number .value=${client.phone}></allo-number> · ` : nothing}
          ${owner ? (owner.id === me()?.user.id ? t().mine : owner.name) : t().nobody}
        </p>
      </div>
      <p class="num" title=${moment(since)}>${t().waits(duration(serverNow() - since))}</p>
      <div class="orders">${this.orders(item)}</div>
    </li>`;
  }

  private orders(item: Item) {
    const { client, owner } = item;
    const first = this.firstToCall()?.client.id === client.id;
    const user = me()?.user;
    return html`${
      client.phone
        ? html`<button
            class="button primary"
            title=${first ? 'Alt+Z' : ''}
            aria-label="${t().call}: ${client.name}"
            @click=${() => this.call(item)}
          >
            ${icon('phone-out')}${t().call}
          </button>`
        : html`<span class="muted small">${t().noPhone}</span>`
    }
    ${
      user && owner?.id !== user.id
        ? html`<button class="button" aria-label="${t().take}: ${client.name}" @click=${() => void this.give(item, user)}>
            ${t().take}
          </button>`
        : nothing
    }
    ${
      this.leads()
        ? html`<button class="button" aria-label="${t().assign} ${client.name}" @click=${() => void this.ask(item)}>${t().assign}</button>`
        : nothing
    }`;
  }

  private firstToCall = (): Item | undefined => this.pages.items.find(({ client }) => client.phone !== null);

  private callFirst(): boolean {
    const first = this.firstToCall();
    if (first) this.call(first);
    return first !== undefined;
  }

  private call({ client }: Item) {
    this.emit('dial-wanted', { number: client.phone, clientId: client.id });
  }

  private asking({ client, owner }: Item) {
    return html`<allo-dialog heading=${t().assignTitle} @dialog-closed=${() => (this.giving = null)}>
      <form @submit=${(e: Event) => void this.chosen(e)}>
        <p class="muted" dir="auto">${client.name}</p>
        <label class="field"
          ><span>${t().who}</span
          ><select name="who">
            ${this.people.map(({ id, name }) => html`<option value=${id} ?selected=${id === owner?.id}>${name}</option>`)}
          </select></label
        >
        ${this.error ? html`<p class="fault" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
        <div class="row">
          <button class="button primary">${icon('check')}${t().save}</button>
          <button type="button" class="button quiet" @click=${() => this.dialog.close()}>${t().cancel}</button>
        </div>
      </form>
    </allo-dialog>`;
  }

  private async ask(item: Item) {
    const user = me()?.user;
    this.people = user ? [user] : [];
    this.error = null;
    this.giving = item;
    await this.updateComplete;
    await this.dialog.show();
    try {
      this.people = [...this.people, ...(await stagesApi.colleagues()).items];
    } catch (err) {
      this.error = errorText(err);
    }
  }

  private async chosen(e: Event) {
    e.preventDefault();
    const id = Number(new FormData(e.target as HTMLFormElement).get('who'));
    const who = this.people.find((each) => each.id === id);
    const item = this.giving;
    this.dialog.close();
    if (who && item) await this.give(item, who);
  }

  private async give({ client }: Item, who: Pick<Colleague, 'id' | 'name'>) {
    try {
      await stagesApi.give(client.id, who.id);
      toast('success', t().assigned(client.name, who.name));
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.pages.restart({ keep: true });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-untouched': Untouched;
  }
}
