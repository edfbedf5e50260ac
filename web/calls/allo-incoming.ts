import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CallRow, LiveCall } from '../../server/calls/contract.ts';
import type { ClientBrief } from '../../server/clients/contract.ts';
import type { SearchReply } from '../../server/search/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { navigate } from '../core/router.ts';
import { me } from '../core/session.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { empty, states } from '../ui/states.ts';
import { rows } from '../ui/styles.ts';
import '../ui/allo-badge.ts';
import '../ui/allo-number.ts';
import '../ui/allo-origin.ts';
import './allo-attach.ts';
import { cardPath } from './desk.ts';
import { callLine, callRow } from './rows.ts';
import { attachCall, desk } from './store.ts';
import { t } from './strings.ts';

/** Who is calling, when the number is nobody's, or several people's. */
@customElement('allo-incoming')
export class Incoming extends AlloElement {
  @property() ref = '';
  @state() private attaching = false;
  /** My own calls with this number: a colleague's are not mine to see while it is nobody's. */
  @state() private earlier: readonly CallRow[] = [];
  private lookedFor = '';
  private readonly desk = new Select(this, desk, (d) => d);

  static override styles = [
    ...AlloElement.styles,
    states,
    rows,
    callLine,
    css`
      .panel {
        max-width: 44rem;
      }
      .panel + .panel {
        margin-top: var(--space-4);
      }
      .number {
        font-size: var(--text-xxl);
        font-weight: 650;
        margin: var(--space-1) 0;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-top: var(--space-5);
      }
      .before {
        margin-top: var(--space-5);
        font-size: var(--text-m);
      }
      .rows {
        margin-top: var(--space-3);
        border: 1px solid var(--border);
        border-radius: var(--radius);
      }
      .choice {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        width: 100%;
        min-height: 3rem;
        padding: var(--space-2) var(--space-3);
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-align: left;
        cursor: pointer;
      }
      .choice:hover {
        background: var(--surface-3);
      }
      .choice strong {
        overflow-wrap: anywhere;
      }
    `,
  ];

  protected override willUpdate() {
    const call = this.desk.value.calls.find((c) => c.ref === this.ref);
    const number = call?.clients?.length === 0 ? call.number : '';
    if (number === this.lookedFor) return;
    this.lookedFor = number;
    this.earlier = [];
    if (number) void this.look(number);
  }

  private async look(number: string) {
    try {
      const { calls } = await api.get<SearchReply>('/api/search', { q: number });
      if (number === this.lookedFor) this.earlier = calls.filter((c) => c.number === number);
    } catch {
      // the call is answered as well without them
    }
  }

  override render() {
    const call = this.desk.value.calls.find((c) => c.ref === this.ref);
    if (!call)
      return html`<div class="panel">
        ${empty({ page: true, icon: 'phone', title: t().callGone, action: html`<a class="button" href="/calls">${t().myCalls}</a>` })}
      </div>`;
    const several = (call.clients?.length ?? 0) > 1;
    const earlier = this.earlier.filter((c) => c.ref !== call.ref);
    return html`<section class="panel">
        ${this.head(call, several)} ${several ? this.choice(call) : nothing}
        <div class="buttons">
          <a class="button ${several ? '' : 'primary'}" href="/clients/new?${this.prefill(call)}">${icon('plus')}${t().newClient}</a>
          <button class="button" aria-expanded=${this.attaching ? 'true' : 'false'} @click=${() => (this.attaching = !this.attaching)}>
            ${icon('link')}${t().attachTo}
          </button>
          <button class="button quiet" @click=${() => this.leave()}>${t().notClient}</button>
        </div>
        ${earlier.length > 0 ? this.calledBefore(earlier) : nothing}
      </section>
      ${this.attaching ? html`<section class="panel"><allo-attach .ref=${call.ref}></allo-attach></section>` : nothing}`;
  }

  private head(call: LiveCall, several: boolean) {
    const title = call.clients === null ? t().lookingUp : several ? t().severalClients(call.clients.length) : t().unknownNumber;
    return html`<p class="row muted">${icon('phone-in')}${t().incoming}${call.queue ? html` · ${t().queue(call.queue)}` : nothing}</p>
      <h1 class="number" tabindex="-1"><allo-number .value=${call.number}></allo-number></h1>
      <p>${title}${call.origin ? html` · <allo-origin .origin=${call.origin}></allo-origin>` : nothing}</p>
      ${call.callerName ? html`<p class="muted" dir="auto">${t().saysName(call.callerName)}</p>` : nothing}`;
  }

  private choice(call: LiveCall) {
    return html`<p class="muted small">${t().whichOne}</p>
      <ul class="rows">
        ${call.clients!.map(
          (client, i) =>
            html`<li>
              <button class="choice" @click=${() => void this.pick(client)}>
                ${icon(client.kind === 'company' ? 'company' : 'person')}
                <span class="grow"><strong dir="auto">${client.name}</strong> <span class="muted small">${client.company}</span></span>
                ${i === 0 ? html`<allo-badge tone="accent">${t().likeliest}</allo-badge>` : nothing}
              </button>
            </li>`,
        )}
      </ul>`;
  }

  private calledBefore(earlier: readonly CallRow[]) {
    const userId = me()?.user.id ?? 0;
    return html`<h2 class="before">${t().earlierCalls}</h2>
      <ul class="rows">
        ${earlier.map((c) => callRow(c, userId, true))}
      </ul>`;
  }

  private prefill(call: LiveCall) {
    return new URLSearchParams({ phone: call.number, name: call.callerName, call: call.ref }).toString();
  }

  private async pick(client: ClientBrief) {
    try {
      await attachCall(this.ref, client);
    } catch (err) {
      toast('danger', errorText(err));
      navigate(cardPath(client.id)); // the card is wanted now; whose call it was can be said later
    }
  }

  private leave() {
    navigate(this.desk.value.pops[this.ref]?.back ?? '/', { replace: true });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-incoming': Incoming;
  }
}
