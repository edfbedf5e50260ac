import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Listened, LiveCall } from '../../server/calls/contract.ts';
import { clock, duration } from '../core/format.ts';
import { formatNumber } from '../core/numbers.ts';
import { place } from '../core/router.ts';
import { Select } from '../core/store.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import '../ui/allo-number.ts';
import '../ui/allo-origin.ts';
import './allo-call-controls.ts';
import { callsApi } from './api.ts';
import { controlWords } from './control-strings.ts';
import { isActive, pathOf, incomingPath } from './desk.ts';
import { callerWords, command, desk } from './store.ts';
import { outcomeWords, t } from './strings.ts';

const heardBy = ({ by, mode, at }: Listened): string => controlWords().heardBy[mode](by, clock(at));

/**
 * The calls that are up: who, why, since when. With `controls` also the buttons of a desk phone. Without them the softphone below shows the
 * call, and here stands only what it cannot know: which client it is, while their page is not the one that is open, and what is recorded.
 */
@customElement('allo-call-now')
export class CallNow extends AlloElement {
  /** The phone stands on the desk and is worked through the PBX. */
  @property({ type: Boolean, reflect: true }) controls = false;

  private readonly desk = new Select(this, desk, (d) => d.calls);
  private readonly place = new Select(this, place, (p) => p.path);

  static override styles = [
    ...AlloElement.styles,
    css`
      :host {
        position: sticky;
        z-index: 2;
        top: 0;
      }
      :host(:not([controls])) {
        position: static;
      }
      article {
        margin-bottom: var(--below, 0);
        padding: var(--space-3);
        border: 1px solid var(--border);
        border-left: 4px solid var(--info);
        border-radius: var(--radius);
        background: var(--surface);
      }
      .ringing {
        border-color: var(--success);
        background: var(--success-soft);
        box-shadow: var(--shadow);
        animation: arrive 0.16s ease-out;
      }
      @keyframes arrive {
        from {
          transform: translateX(1rem);
        }
      }
      .talking {
        border-left-color: var(--accent);
      }
      .phase {
        font-size: var(--text-s);
        font-weight: 600;
        color: var(--text-muted);
      }
      .ringing .phase {
        color: var(--success);
      }
      .time {
        margin-left: auto;
        font-size: var(--text-l);
        font-weight: 600;
        color: var(--text);
      }
      .name {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
        overflow: hidden;
        margin-top: var(--space-1);
        font-size: var(--text-l);
        font-weight: 650;
        overflow-wrap: anywhere;
      }
      .listened {
        padding: var(--space-2) var(--space-3);
        border-left: 4px solid var(--warning);
        background: var(--warning-soft);
        overflow-wrap: anywhere;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-top: var(--space-3);
      }
      .buttons:not(:has(*)) {
        display: none;
      }
      .buttons .button {
        flex: 1 1 auto;
      }
      allo-call-controls {
        display: block;
        margin-top: var(--space-2);
      }
    `,
  ];

  constructor() {
    super();
    new Ticking(this, () => this.desk.value.some(isActive));
  }

  override render() {
    const calls = this.desk.value.filter(isActive);
    return repeat(
      calls,
      (c) => c.ref,
      (c) => this.call(c),
    );
  }

  private call(c: LiveCall) {
    const path = pathOf(c) ?? incomingPath(c.ref);
    return html`${this.controls ? this.whole(c, path) : this.brief(c, path === this.place.value ? null : path)}
    ${c.listened ? html`<p class="small listened" role="status">${heardBy(c.listened)}</p>` : nothing}`;
  }

  private brief(c: LiveCall, path: string | null) {
    const name = callerWords(c);
    const recording = c.phase === 'talking' ? html`<allo-call-controls recordingOnly .call=${c}></allo-call-controls>` : nothing;
    if (path === null) return recording;
    return html`<article class=${c.phase}>
      <p class="name" dir="auto" title=${name}>${name}</p>
      ${this.about(c, path)}
      <div class="buttons"><a class="button" href=${path}>${c.clients?.length === 1 ? t().openCard : t().open}</a></div>
      ${recording}
    </article>`;
  }

  private whole(c: LiveCall, path: string) {
    const since = c.phase === 'talking' ? (c.answeredAt ?? c.startedAt) : (c.offeredAt ?? c.startedAt);
    const phase = c.phase === 'talking' ? t().talking : c.phase === 'dialling' ? t().dialling : t().incoming;
    const name = callerWords(c);
    return html`<article class=${c.phase}>
      <p class="row phase">
        ${icon(c.direction === 'out' ? 'phone-out' : 'phone-in')}<span class="cut">${phase}</span>
        <span class="num time">${duration(serverNow() - since)}</span>
      </p>
      <p class="name" dir="auto" title=${name}>${name}</p>
      ${c.clients?.length === 0 ? html`<p class="small muted">${t().unknownNumber}</p>` : nothing}
      ${c.clients && c.clients.length > 1 ? html`<p class="small muted">${t().severalClients(c.clients.length)}</p>` : nothing}
      ${this.line(c, name)} ${this.about(c, path)}
      <div class="buttons">
        ${this.commands(c)}
        ${path !== this.place.value ? html`<a class="button" href=${path}>${c.clients?.length === 1 ? t().openCard : t().open}</a>` : nothing}
      </div>
      ${c.phase === 'talking' ? html`<allo-call-controls .call=${c}></allo-call-controls>` : nothing}
    </article>`;
  }

  /** Whose number stands in the place of the name has it said once. */
  private line(c: LiveCall, name: string) {
    const number = name === formatNumber(c.number) ? nothing : html`<allo-number .value=${c.number}></allo-number>`;
    if (number === nothing && !c.queue) return nothing;
    return html`<p class="muted cut">
      ${number}${number !== nothing && c.queue ? ' · ' : nothing}${c.queue ? t().queue(c.queue) : nothing}
    </p>`;
  }

  /** What one should know before saying hello; once their page is open it stands there. */
  private about(c: LiveCall, path: string) {
    const client = c.clients?.length === 1 ? c.clients[0]! : null;
    const open = path === this.place.value;
    return html`${c.origin ? html`<p class="small"><allo-origin .origin=${c.origin}></allo-origin></p>` : nothing}
    ${
      client && !open
        ? html`<allo-client-complaints narrow .most=${1} .client=${client.id}></allo-client-complaints>
            <allo-promised .client=${client.id}></allo-promised>
            <allo-last-talks narrow .most=${1} .client=${client.id} .outcomeWords=${outcomeWords}></allo-last-talks>`
        : nothing
    }`;
  }

  private commands(c: LiveCall) {
    return html`${
        c.phase === 'ringing'
          ? html`<button class="button success" @click=${() => void command(callsApi.answer(c.ref))}>${icon('phone')}${t().answer}</button>`
          : nothing
      }
      <button class="button danger" @click=${() => void command(callsApi.hangUp(c.ref))}>
        ${icon('hang-up')}${c.phase === 'ringing' ? t().reject : t().hangUp}
      </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-call-now': CallNow;
  }
}
