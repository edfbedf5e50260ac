import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Deputy, Handover, HandoverState, PeopleReply } from '../../server/handover/contract.ts';
import { date, moment } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { roleWords } from '../core/role-words.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-badge.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import type { HolderPanel } from './allo-holder.ts';
import './allo-holder.ts';
import { handoverApi } from './api.ts';
import { faultText } from './faults.ts';
import { shareStyles, shares } from './shares.ts';
import { handedOver } from './store.ts';
import { t } from './strings.ts';

const TONES: Record<HandoverState, 'info' | 'success' | 'neutral'> = {
  running: 'info',
  done: 'success',
  undoing: 'info',
  undone: 'neutral',
};
/** How often a hand-over that is on its way is looked at. */
const LOOK_MS = 1_000;

/** Employees: who is away, who has left, and who takes over. */
@customElement('allo-people')
export class People extends AlloElement {
  @state() private data: Loading<PeopleReply> = LOADING;
  @state() private deputies: readonly Deputy[] = [];
  @state() private handovers: readonly Handover[] = [];
  @state() private next: number | null = null;
  @state() private chosen = 0;
  @state() private typed = '';
  /** Asked about before it is undone. */
  @state() private asked = 0;
  private stop = () => {};
  private timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    ...AlloElement.styles,
    states,
    shareStyles,
    css`
      header {
        margin-bottom: var(--space-4);
      }
      .parts {
        display: grid;
        grid-template-columns: minmax(14rem, 20rem) minmax(0, 1fr);
        gap: var(--space-4);
        align-items: start;
      }
      .list {
        padding: 0;
        overflow: hidden;
      }
      .list .find {
        padding: var(--space-3);
        border-bottom: 1px solid var(--border);
      }
      .list ul {
        max-height: 34rem;
        overflow: auto;
      }
      .list li + li {
        border-top: 1px solid var(--border);
      }
      .list button {
        display: block;
        width: 100%;
        padding: var(--space-2) var(--space-3);
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-align: left;
        cursor: pointer;
      }
      .list button:disabled {
        opacity: 0.6;
        cursor: default;
      }
      .list button:hover:enabled {
        background: var(--surface-2);
      }
      .list button[aria-current='true'] {
        background: var(--accent-soft);
      }
      .list button:focus-visible {
        outline-offset: -2px;
      }
      .name {
        font-weight: 550;
        overflow-wrap: anywhere;
      }
      h2 {
        margin: var(--space-5) 0 var(--space-2);
      }
      .things {
        padding: 0;
      }
      .things > li {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-3) var(--space-4);
      }
      .things > li + li {
        border-top: 1px solid var(--border);
      }
      @media (max-width: 60rem) {
        .parts {
          grid-template-columns: minmax(0, 1fr);
        }
        .list ul {
          max-height: 16rem;
        }
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.stop = handedOver.subscribe(() => void this.loadRest());
    void this.load();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
    clearTimeout(this.timer);
  }

  private async load() {
    this.data = await handoverApi.people().then(ready, failed);
    await this.loadRest();
  }

  private async loadRest() {
    try {
      const [{ items }, list] = await Promise.all([handoverApi.deputies(), handoverApi.list()]);
      this.deputies = items;
      this.handovers = list.items;
      this.next = list.next;
    } catch (err) {
      if (this.data.state === 'ready') toast('danger', faultText(err));
      return;
    }
    this.renderRoot.querySelector<HolderPanel>('allo-holder')?.refresh();
    clearTimeout(this.timer);
    if (this.isConnected && this.handovers.some(({ state: now }) => now === 'running' || now === 'undoing'))
      this.timer = setTimeout(() => void this.loadRest(), LOOK_MS);
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
    const all = this.data.value;
    return html`<div class="parts" @people-changed=${() => void this.load()}>
        ${this.list(all)}
        ${
          this.chosen > 0
            ? html`<allo-holder .person=${this.chosen} .all=${all}></allo-holder>`
            : html`<div class="panel">${empty({ icon: 'people', title: t().choose, text: t().chooseText })}</div>`
        }
      </div>
      <h2>${t().deputies}</h2>
      ${
        this.deputies.length > 0
          ? html`<ul class="panel things">
              ${repeat(
                this.deputies,
                ({ id }) => id,
                (one) => this.deputy(one),
              )}
            </ul>`
          : html`<p class="muted">${t().noDeputies}</p>`
      }
      <h2>${t().handovers}</h2>
      ${
        this.handovers.length > 0
          ? html`<ul class="panel things">
              ${repeat(
                this.handovers,
                ({ id }) => id,
                (one) => this.handover(one),
              )}
            </ul>`
          : html`<p class="muted">${t().noHandovers}</p>`
      }
      ${this.next !== null ? html`<p><button class="button" @click=${() => void this.older()}>${t().more}</button></p>` : nothing}`;
  }

  private list({ items }: PeopleReply) {
    const typed = this.typed.trim().toLowerCase();
    const found = items.filter(({ name }) => name.toLowerCase().includes(typed));
    return html`<section class="panel list" aria-label=${t().title}>
      <div class="find">
        <input
          type="search"
          aria-label=${t().find}
          placeholder=${t().find}
          .value=${live(this.typed)}
          @input=${(e: Event) => (this.typed = (e.target as HTMLInputElement).value)}
        />
      </div>
      ${
        found.length === 0
          ? html`<p class="muted find">${t().nobody}</p>`
          : html`<ul>
              ${repeat(
                found,
                ({ id }) => id,
                (person) => html`<li>${this.person(person)}</li>`,
              )}
            </ul>`
      }
    </section>`;
  }

  private person({ id, name, role, leftAt, can }: PeopleReply['items'][number]) {
    const now = serverNow();
    const deputy = this.deputies.find((one) => one.user.id === id && one.endedAt === null && one.startsAt <= now && now < one.endsAt);
    const words =
      leftAt !== null ? t().left(date(leftAt)) : deputy ? t().away(deputy.deputy.name, moment(deputy.endsAt)) : roleWords()[role];
    return html`<button
      aria-current=${this.chosen === id ? 'true' : 'false'}
      ?disabled=${!can}
      title=${can ? nothing : t().notYours}
      @click=${() => (this.chosen = id)}
    >
      <span class="name" dir="auto">${name}</span><br /><span class="muted small">${words}</span>
    </button>`;
  }

  private deputy(one: Deputy) {
    const now = serverNow();
    const over = one.endedAt !== null || one.endsAt <= now;
    const [tone, words] = over
      ? (['neutral', t().over] as const)
      : one.startsAt <= now
        ? (['success', t().now] as const)
        : (['info', t().later] as const);
    return html`<li>
      <div class="row wrap">
        <span class="grow"
          ><b dir="auto">${t().standsIn(one.deputy.name, one.user.name)}</b> <allo-badge tone=${tone}>${words}</allo-badge><br />
          <span class="muted small"
            >${t().span(moment(one.startsAt), moment(one.endedAt ?? one.endsAt))}${one.reason ? ` · ${one.reason}` : ''}</span
          ></span
        >
        ${one.can.end ? html`<button class="button" @click=${() => void this.end(one)}>${t().end}</button>` : nothing}
      </div>
    </li>`;
  }

  private async end({ id, user }: Deputy) {
    try {
      await handoverApi.end(id);
      toast('success', t().ended(user.name));
    } catch (err) {
      toast('danger', faultText(err));
    }
    await this.load();
  }

  private handover(one: Handover) {
    return html`<li>
      <div class="row wrap">
        <span class="grow"
          >${t().fromBy(one.from?.name ?? '—', one.actor?.name ?? '—', moment(one.createdAt))}
          <allo-badge tone=${TONES[one.state]}>${t().states[one.state]}</allo-badge></span
        >
        ${one.can.undo && this.asked !== one.id ? html`<button class="button" @click=${() => (this.asked = one.id)}>${t().undo}</button>` : nothing}
      </div>
      ${shares(one.items)}
      ${
        this.asked === one.id && one.can.undo
          ? html`<div class="notice warning" role="alert">
              ${icon('warning')}
              <div class="grow">
                <b>${t().undoAsk}</b>
                <p>${t().undoText}</p>
                <p class="row">
                  <button class="button danger" @click=${() => void this.undo(one.id)}>${t().undo}</button>
                  <button class="button" @click=${() => (this.asked = 0)}>${t().cancel}</button>
                </p>
              </div>
            </div>`
          : nothing
      }
    </li>`;
  }

  private async undo(id: number) {
    this.asked = 0;
    try {
      await handoverApi.undo(id);
    } catch (err) {
      toast('danger', faultText(err));
    }
    await this.loadRest();
  }

  private async older() {
    if (this.next === null) return;
    try {
      const page = await handoverApi.list(this.next);
      this.handovers = [...this.handovers, ...page.items];
      this.next = page.next;
    } catch (err) {
      toast('danger', faultText(err));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-people': People;
  }
}
