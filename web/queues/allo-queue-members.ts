import { css, html, nothing } from 'lit';
import type { PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { QueueMembers } from '../../server/queues/contract.ts';
import type { UserPage } from '../../server/users/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { t } from './strings.ts';

type Member = QueueMembers['items'][number];
const TONES = { joined: 'success', joining: 'warning', off: undefined } as const;

/** Who enters a queue with their shift, how skilled they are, and who else is in it at the PBX. Each change is saved at once. */
@customElement('allo-queue-members')
export class QueueMembersElement extends AlloElement {
  @property({ type: Number }) queue = 0;
  @property({ attribute: false }) may = false;
  @state() private data: Loading<QueueMembers> = LOADING;
  @state() private people: readonly UserPage['items'][number][] = [];
  @state() private busy = false;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto auto auto;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        min-height: 2.5rem;
      }
      li + li {
        border-top: 1px solid var(--border);
      }
      .name {
        overflow-wrap: anywhere;
      }
      input {
        width: 4.5rem;
      }
      select {
        max-width: 22rem;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues) {
    if (changed.has('queue')) void this.load();
  }

  private get path() {
    return `/api/queues/${this.queue}/members`;
  }

  private async load() {
    try {
      this.data = ready(await api.get<QueueMembers>(this.path));
      if (this.may && this.people.length === 0) this.people = (await api.get<UserPage>('/api/users', { limit: 200 })).items;
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    if (this.data.state === 'loading') return skeleton(3);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { items, others } = this.data.value;
    return html`<p class="muted small">${t().membersLead}</p>
      ${
        items.length === 0
          ? html`<p class="muted">${t().noMembers}</p>`
          : html`<ul>
              ${repeat(
                items,
                (one) => one.user.id,
                (one) => this.line(one),
              )}
            </ul>`
      }
      ${this.may ? this.adding(items) : nothing} ${others === null ? html`<p class="muted small">${t().silent}</p>` : nothing}
      ${
        others && others.length > 0
          ? html`<h3>${t().others}</h3>
              <ul>
                ${others.map(
                  (one) =>
                    html`<li>
                      <span class="name"
                        ><strong class="num">${one.extension}</strong> ${one.name}
                        <span class="muted small">${one.fixed ? t().fixed : t().stranger}</span></span
                      ><span class="num">${one.penalty}</span>
                    </li>`,
                )}
              </ul>`
          : nothing
      }`;
  }

  private line(one: Member) {
    const { user, extension, penalty, state } = one;
    const set = (e: Event) => {
      const value = Math.round(Number((e.target as HTMLInputElement).value));
      if (value >= 0 && value <= 100) void this.save((items) => items.map((m) => (m === one ? { ...m, penalty: value } : m)));
    };
    return html`<li>
      <span class="name" dir="auto">${user.name} <span class="muted small num">${extension ?? t().noPhone}</span></span>
      <allo-badge tone=${TONES[state] ?? nothing}>${t().states[state]}</allo-badge>
      <input
        type="number"
        min="0"
        max="100"
        aria-label=${t().penalty(user.name)}
        title=${t().penalty(user.name)}
        ?disabled=${!this.may || this.busy}
        .value=${String(penalty)}
        @change=${set}
      />
      ${
        this.may
          ? html`<button
              type="button"
              class="button quiet icon-only"
              aria-label=${t().remove(user.name)}
              title=${t().remove(user.name)}
              ?disabled=${this.busy}
              @click=${() => void this.save((items) => items.filter((m) => m !== one))}
            >
              ${icon('close')}
            </button>`
          : nothing
      }
    </li>`;
  }

  private adding(items: readonly Member[]) {
    const free = this.people.filter((p) => p.leftAt === null && p.extension !== null && !items.some((m) => m.user.id === p.id));
    const add = (e: Event) => {
      const select = e.target as HTMLSelectElement;
      const user = free.find(({ id }) => id === Number(select.value));
      select.value = '';
      if (user) void this.save((now) => [...now, { user, extension: null, penalty: 0, state: 'off' }]);
    };
    return html`<label class="field"
      ><span>${t().addMember}</span
      ><select ?disabled=${this.busy || free.length === 0} @change=${add}>
        <option value="">${t().choose}</option>
        ${free.map(({ id, name, extension }) => html`<option value=${id}>${name} · ${extension!.extension}</option>`)}
      </select></label
    >`;
  }

  private async save(change: (items: readonly Member[]) => readonly Member[]) {
    if (this.data.state !== 'ready') return;
    const { version, items } = this.data.value;
    this.busy = true;
    try {
      const body = { version, items: change(items).map(({ user, penalty }) => ({ userId: user.id, penalty })) };
      const saved = await api.put<QueueMembers>(this.path, body);
      this.data = ready(saved);
      this.emit('queue-version', { version: saved.version });
    } catch (err) {
      toast('danger', err instanceof ApiError && err.code === 'conflict' ? t().meanwhile : errorText(err));
      await this.load();
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-queue-members': QueueMembersElement;
  }
}
