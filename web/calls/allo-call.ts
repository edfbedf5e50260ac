import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CallReply } from '../../server/calls/contract.ts';
import { duration, moment } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { newestAsked } from '../core/newest.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import '../ui/allo-badge.ts';
import '../ui/allo-number.ts';
import { callsApi } from './api.ts';
import './allo-attach.ts';
import './allo-outcome-form.ts';
import { directionIcon, directionWords, endWords } from './rows.ts';
import { barStyles, segmentBar } from './segment-bar.ts';
import { controlWords } from './control-strings.ts';
import { command, logVersion } from './store.ts';
import { outcomeWords, t } from './strings.ts';

const pausesOf = (call: CallReply['call']) =>
  call.recordings.flatMap((r) => r.pauses.map((pause) => ({ ...pause, words: controlWords().recordingPaused })));

/** One call: who, when, how it went, and how it ended. */
@customElement('allo-call')
export class CallPage extends AlloElement {
  @property() ref = '';
  @state() private data: Loading<CallReply> = LOADING;
  @state() private changing = false;
  @state() private attaching = false;
  private readonly asking = newestAsked();
  private stop = () => {};

  static override styles = [
    ...AlloElement.styles,
    states,
    barStyles,
    css`
      header {
        margin-bottom: var(--space-4);
      }
      .facts {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
        gap: var(--space-3) var(--space-4);
        margin-bottom: var(--space-4);
      }
      dt {
        font-size: var(--text-s);
        color: var(--text-muted);
      }
      dd {
        font-weight: 550;
        overflow-wrap: anywhere;
      }
      .panel + .panel {
        margin-top: var(--space-4);
      }
      .panel > h2 {
        margin-bottom: var(--space-3);
      }
      h3.part {
        margin: var(--space-4) 0 var(--space-2);
        font-size: var(--text-m);
        font-weight: 550;
      }
      .note {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .row .button {
        margin-left: auto;
      }
      .row.orders .button {
        margin-left: 0;
      }
      allo-recordings + .orders,
      .orders + p {
        margin-top: var(--space-3);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.stop = logVersion.subscribe(() => void this.load());
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('ref')) return;
    this.data = LOADING;
    this.changing = false;
    this.attaching = false;
    void this.load();
  }

  private async load() {
    const newest = this.asking();
    try {
      const reply = await callsApi.read(this.ref);
      if (newest()) this.data = ready(reply);
    } catch (err) {
      if (newest()) this.data = failed(err);
    }
  }

  override render() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(8)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load(), true)}</div>`;
    const { call, can } = this.data.value;
    return html`<header>
        <p class="row muted">${icon(directionIcon(call))}${directionWords(call)} · ${moment(call.startedAt)}</p>
        <h1 tabindex="-1" dir="auto">
          ${call.client ? html`<a href="/clients/${call.client.id}">${call.client.name}</a>` : call.callerName || html`<allo-number .value=${call.number}></allo-number>`}
        </h1>
        ${call.client?.company ? html`<p class="muted">${call.client.company}</p>` : nothing}
      </header>
      <section class="panel">
        ${this.facts(call)}
        <h2>${t().course}</h2>
        ${call.parts.length > 0 ? this.parts(call) : segmentBar(call.segments, call.startedAt, call.endedAt ?? serverNow(), pausesOf(call))}
      </section>
      ${this.recordings(this.data.value)} ${can.spy ? this.spy() : nothing} ${call.client === null && can.attach ? this.attach() : nothing}
      ${this.outcome(this.data.value)}`;
  }

  /** The call in which was asked for a call back, and each call back, as one. */
  private parts(call: CallReply['call']) {
    return call.parts.map(
      (part) =>
        html`<h3 class="part">
            ${
              part.ref === call.ref
                ? this.partWords(part)
                : html`<a href="/calls/${encodeURIComponent(part.ref)}">${this.partWords(part)}</a>`
            }
          </h3>
          ${segmentBar(part.segments, part.startedAt, part.endedAt ?? serverNow(), part.ref === call.ref ? pausesOf(call) : [])}`,
    );
  }

  private partWords({ direction, startedAt, endReason }: CallReply['call']['parts'][number]): string {
    if (direction === 'in') return t().askedPart(moment(startedAt));
    return `${t().backPart(moment(startedAt))} · ${endWords(endReason)}`;
  }

  private facts(call: CallReply['call']) {
    return html`<dl class="facts">
      <div>
        <dt>${t().number}</dt>
        <dd><allo-number .value=${call.number}></allo-number></dd>
      </div>
      ${
        call.queue
          ? html`<div>
              <dt>${t().queueName}</dt>
              <dd>${call.queue}</dd>
            </div>`
          : nothing
      }
      <div>
        <dt>${t().waited}</dt>
        <dd class="num">${duration(call.waitMs)}</dd>
      </div>
      <div>
        <dt>${t().talked}</dt>
        <dd class="num">${duration(call.talkMs)}</dd>
      </div>
      <div>
        <dt>${t().operators}</dt>
        <dd>${call.operators.map((o) => o.name).join(', ') || '—'}</dd>
      </div>
      <div>
        <dt>${t().ending}</dt>
        <dd>${endWords(call.endReason)}${call.amd ? `, ${t().amd[call.amd]}` : nothing}</dd>
      </div>
      ${
        call.callBack
          ? html`<div>
              <dt>${t().callBack}</dt>
              <dd>${this.callBackWords(call.callBack)}</dd>
            </div>`
          : nothing
      }
    </dl>`;
  }

  private callBackWords({ how, state, by, at, attempts }: NonNullable<CallReply['call']['callBack']>) {
    const end = how === null ? t().callBackOpen[state === 'waiting' ? 'waiting' : 'now'] : t().callBackEnds[how];
    const who = [by, at === null ? null : moment(at)].filter((word) => word !== null).join(', ');
    return html`${end}${who ? ` (${who})` : nothing}
    ${attempts.map(
      (one) => html`<div class="small muted">${moment(one.at)}: ${one.result === null ? '—' : t().callBackResults[one.result]}</div>`,
    )}`;
  }

  private recordings(reply: CallReply) {
    const { call, can } = reply;
    if (call.recordings.length === 0 && !can.record) return nothing;
    const running = call.recordings.find((r) => r.state === 'recording' || r.state === 'paused');
    const order = (words: string, run: () => Promise<unknown>) =>
      html`<button class="button" @click=${() => void command(run()).then(() => this.load())}>${words}</button>`;
    const words = controlWords();
    return html`<section class="panel">
      <h2>${words.recordingTitle}</h2>
      ${call.recordings.length > 0 ? html`<allo-recordings .reply=${reply}></allo-recordings>` : nothing}
      ${
        can.record
          ? html`<div class="row wrap orders">
              ${
                running
                  ? html`${order(running.state === 'paused' ? words.recordOn : words.recordPause, () => callsApi.recordPause(call.ref, running.state !== 'paused'))}
                    ${order(words.recordStop, () => callsApi.recordStop(call.ref))}`
                  : order(words.record, () => callsApi.record(call.ref))
              }
            </div>`
          : nothing
      }
    </section>`;
  }

  private spy() {
    const words = controlWords();
    const modes = [
      ['listen', words.listen],
      ['whisper', words.whisper],
      ['barge', words.barge],
    ] as const;
    return html`<section class="panel">
      <h2>${words.listenIn}</h2>
      <div class="row wrap orders">
        ${modes.map(
          ([mode, text]) =>
            html`<button class="button" @click=${() => void command(callsApi.spy(this.ref, mode).then(() => toast('info', words.ringing)))}>
              ${icon('ear')}${text}
            </button>`,
        )}
      </div>
      <p class="small muted">${words.listenHint}</p>
    </section>`;
  }

  private attach() {
    if (!this.attaching)
      return html`<section class="panel row">
        <span>${t().unknownNumber}</span>
        <button class="button" @click=${() => (this.attaching = true)}>${icon('link')}${t().attachTo}</button>
      </section>`;
    return html`<section class="panel"><allo-attach .ref=${this.ref}></allo-attach></section>`;
  }

  private outcome({ call, can }: CallReply) {
    if (call.outcome && !this.changing)
      return html`<section class="panel">
        <div class="row">
          <h2>${t().outcome}</h2>
          <allo-badge tone="accent">${outcomeWords(call.outcome)}</allo-badge>
          ${can.outcome ? html`<button class="button" @click=${() => (this.changing = true)}>${t().change}</button>` : nothing}
        </div>
        ${call.note ? html`<p class="note" dir="auto">${call.note}</p>` : nothing}
      </section>`;
    if (!can.outcome || call.endedAt === null) return nothing;
    return html`<section class="panel">
      <h2>${t().howEnded}</h2>
      <allo-outcome-form
        .ref=${call.ref}
        .queue=${call.queue === null ? null : `${call.ref.split(':', 1)[0]}:${call.queue}`}
        .answered=${call.answeredAt !== null}
        .given=${{ outcome: call.outcome, note: call.note }}
        @outcome-saved=${() => (this.changing = false)}
      ></allo-outcome-form>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-call': CallPage;
  }
}
