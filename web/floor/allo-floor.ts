import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { Floor, FloorFigures, FloorQueue, Threshold } from '../../server/floor/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { clock, duration, moment } from '../core/format.ts';
import { Select } from '../core/store.ts';
import { Ticking, serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import '../ui/allo-scrub.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import './allo-floor-calls.ts';
import './allo-floor-operators.ts';
import { STATES } from './allo-floor-operators.ts';
import { floorStyles } from './floor-styles.ts';
import { chime, setSound, soundOn } from './sound.ts';
import { breachOf, floorStore, loadThresholds, saveThreshold, thresholdOf, thresholds, watchFloor } from './store.ts';
import { t } from './strings.ts';

const sum = (list: readonly FloorQueue[], of: (queue: FloorQueue) => number): number => list.reduce((total, queue) => total + of(queue), 0);

/** Rates are sums over sums. */
const level = (figures: readonly FloorFigures[]): number | null => {
  const under = figures.reduce((total, { of }) => total + of, 0);
  return under > 0 ? figures.reduce((total, { good }) => total + good, 0) / under : null;
};

/** What goes on now, for the supervisor. */
@customElement('allo-floor')
export class FloorPage extends AlloElement {
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  @state() private editing: { ref: string; label: string; goal: number | null } | null = null;
  @state() private fault = false;
  @state() private sound = soundOn();
  @state() private past: Floor | null = null;
  /** The past moment that is asked for; null: now. */
  @state() private at: number | null = null;
  private readonly live = new Select(this, floorStore, (s) => s);
  private readonly rules = new Select(this, thresholds, (all) => all);
  private stop = () => {};
  private warned = new Set<string>();

  static override styles = [...AlloElement.styles, states, floorStyles];

  constructor() {
    super();
    new Ticking(this, () => this.live.value.floor !== null);
  }

  override connectedCallback() {
    super.connectedCallback();
    this.stop = watchFloor();
    loadThresholds().catch((err: unknown) => toast('danger', errorText(err)));
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  protected override updated() {
    const queues = this.live.value.floor?.queues ?? [];
    const now = new Set(queues.flatMap((queue) => this.breaches(queue)));
    if (this.sound && [...now].some((one) => !this.warned.has(one))) chime();
    this.warned = now;
  }

  private breaches(queue: FloorQueue): string[] {
    const { wait, level: low } = this.breach(queue);
    return [...(wait ? [`${queue.ref} wait`] : []), ...(low ? [`${queue.ref} level`] : [])];
  }

  private nowShown(): number {
    return this.at === null ? serverNow() : (this.past?.at ?? this.at);
  }

  private breach(queue: FloorQueue) {
    return breachOf(queue, thresholdOf(this.rules.value, queue), this.nowShown());
  }

  override render() {
    const { lostSince, failure } = this.live.value;
    const floor = this.shown();
    return html`<header class="row wrap">
        <h1 tabindex="-1" class="grow">${t().title}</h1>
        <button
          class="button"
          aria-pressed=${this.at === null ? 'false' : 'true'}
          @click=${() => void this.scrub(this.at === null ? serverNow() - 60_000 : null)}
        >
          ${icon('clock')}${t().history}
        </button>
        <a class="button" href="/wallboards">${icon('chart')}${t().wallboards}</a>
        <button class="button" @click=${() => this.message('all')}>${icon('mail')}${t().message}</button>
        <label class="check"><input type="checkbox" .checked=${this.sound} @change=${this.switchSound} />${t().sound}</label>
        <button class="button" @click=${() => this.edit({ ref: '', label: t().all, goal: null })}>
          ${icon('pencil')}${t().thresholds}
        </button>
      </header>
      ${
        this.at === null
          ? nothing
          : html`<div class="panel past">
              <allo-scrub
                .at=${this.at}
                .now=${serverNow()}
                @scrubbed=${(e: CustomEvent<{ at: number | null }>) => void this.scrub(e.detail.at)}
              ></allo-scrub>
              <p class="small muted" role="status">${this.past ? t().past(moment(this.past.at)) : ''}</p>
            </div>`
      }
      ${floor && this.at === null && lostSince !== null ? html`<p class="notice warning" role="status">${icon('offline')}<span>${t().old(clock(lostSince))}</span></p>` : nothing}
      ${
        floor
          ? html`<div class=${lostSince === null || this.at !== null ? '' : 'old'}>
              ${this.queues(floor)}
              <div class="columns">
                <div class="side">
                  <allo-floor-calls
                    .calls=${floor.calls}
                    .up=${floor.up}
                    .queues=${floor.queues}
                    .operators=${floor.operators}
                    .at=${this.at === null ? null : floor.at}
                  ></allo-floor-calls>
                  ${this.at === null ? html`<allo-dispatch .people=${floor.operators}></allo-dispatch>` : nothing}
                </div>
                <allo-floor-operators
                  .operators=${floor.operators}
                  .calls=${floor.calls}
                  .queues=${floor.queues}
                  .at=${this.at === null ? null : floor.at}
                  @message-wanted=${(e: CustomEvent<{ userId: number }>) => this.message(e.detail.userId)}
                  @due-given=${(e: CustomEvent<{ key: string; userId: number }>) => this.dispatch?.giveDragged(e.detail.key, { userId: e.detail.userId })}
                ></allo-floor-operators>
              </div>
            </div>`
          : html`<div class="panel">${failure ? trouble(failure, null) : skeleton(8)}</div>`
      }
      ${this.form()}<allo-message-dialog .people=${this.live.value.floor?.operators ?? []}></allo-message-dialog>`;
  }

  private shown(): Floor | null {
    return this.at === null ? this.live.value.floor : (this.past ?? this.live.value.floor);
  }

  private message(to: number | 'all') {
    const dialog = this.renderRoot.querySelector<HTMLElement & { show(to: number | 'all'): Promise<void> }>('allo-message-dialog');
    void dialog?.show(to);
  }

  /** The list of what is due, of another feature. */
  private get dispatch() {
    return this.renderRoot.querySelector<HTMLElement & { giveDragged(key: string, to: { userId: number }): Promise<void> }>(
      'allo-dispatch',
    );
  }

  private async scrub(at: number | null) {
    this.at = at;
    if (at === null) {
      this.past = null;
      return;
    }
    try {
      const past = await api.get<Floor>('/api/floor/at', { at: Math.round(at) });
      if (this.at === at) this.past = past;
    } catch (err) {
      toast('danger', `${t().pastFault} ${errorText(err)}`);
    }
  }

  private queues(floor: Floor) {
    const { queues, windowMinutes, short, todaySince } = floor;
    const targets = new Set(queues.map(({ target }) => target));
    if (queues.length === 0)
      return html`<div class="panel">${empty({ icon: 'people', title: t().noQueues, text: t().noQueuesText })}</div>`;
    return html`<div class="panel table">
        <table>
          <thead>
            <tr>
              <th scope="col">${t().queue}</th>
              <th scope="col" class="n">${t().waiting}</th>
              <th scope="col" class="n">${t().oldest}</th>
              <th scope="col" class="n">${t().level(windowMinutes)}</th>
              <th scope="col" class="n">${t().levelToday}</th>
              <th scope="col" class="n">${t().answered}</th>
              <th scope="col" class="n">${t().abandoned}</th>
              <th scope="col">${t().operators}</th>
              <th scope="col"><span class="hidden">${t().thresholds}</span></th>
            </tr>
          </thead>
          <tbody>
            ${queues.length > 1 ? this.total(queues) : nothing} ${queues.map((queue) => this.row(queue))}
          </tbody>
        </table>
      </div>
      <p class="small muted formula">
        ${t().formula(targets.size === 1 ? t().seconds([...targets][0]!) : null, short, windowMinutes, clock(todaySince))}
      </p>`;
  }

  private row(queue: FloorQueue) {
    const breach = this.breach(queue);
    return html`<tr class=${breach.wait || breach.level ? 'warned' : ''}>
      <th scope="row" class="cut" dir="auto" title=${queue.label}>${queue.label}</th>
      ${this.figures(queue, breach)}
      <td>
        <button
          class="button quiet icon-only"
          aria-label=${t().thresholdsOf(queue.label)}
          title=${t().thresholdsOf(queue.label)}
          @click=${() => this.edit(queue)}
        >
          ${icon('pencil')}
        </button>
      </td>
    </tr>`;
  }

  private total(queues: readonly FloorQueue[]) {
    const waits = queues.flatMap(({ oldest }) => oldest ?? []);
    const operators: FloorQueue['operators'] = {};
    for (const { state: at } of this.shown()!.operators) operators[at] = (operators[at] ?? 0) + 1;
    const added = (figures: readonly FloorFigures[]): FloorFigures => ({
      ...figures[0]!,
      answered: figures.reduce((n, f) => n + f.answered, 0),
      abandoned: figures.reduce((n, f) => n + f.abandoned, 0),
      abandonedShort: figures.reduce((n, f) => n + f.abandonedShort, 0),
      serviceLevel: level(figures),
    });
    const all: FloorQueue = {
      ref: '',
      label: t().all,
      target: 0,
      goal: 0,
      waiting: sum(queues, (q) => q.waiting),
      callBacks: sum(queues, (q) => q.callBacks),
      oldest: waits.length > 0 ? Math.min(...waits) : null,
      live: added(queues.map((q) => q.live)),
      today: added(queues.map((q) => q.today)),
      operators,
    };
    return html`<tr class="total">
      <th scope="row">${all.label}</th>
      ${this.figures(all, { wait: false, level: false })}
      <td></td>
    </tr>`;
  }

  private figures(queue: FloorQueue, breach: { wait: boolean; level: boolean }) {
    const { waiting, callBacks, oldest, live, today, operators } = queue;
    const sign = (on: boolean) => (on ? html`${icon('warning')}<span class="hidden">${t().warned}</span>` : nothing);
    const share = (value: number | null) =>
      value === null ? html`<span class="muted small">${t().none}</span>` : `${Math.round(value * 100)} %`;
    const kept = t().callBacksKept(callBacks);
    return html`<td class="n big">
        ${waiting}${callBacks > 0 ? html` <span class="muted small" title=${kept}>+${callBacks}<span class="hidden"> ${kept}</span></span>` : nothing}
      </td>
      <td class="n big ${breach.wait ? 'danger' : ''}">
        ${sign(breach.wait)} ${oldest === null ? '–' : duration(this.nowShown() - oldest)}
      </td>
      <td class="n big ${breach.level ? 'danger' : ''}">
        ${sign(breach.level)}
        ${share(live.serviceLevel)}${
          queue.ref === ''
            ? nothing
            : html` <span class="muted small" title=${t().target(queue.goal, queue.target)}>${queue.goal}/${queue.target}</span>`
        }
      </td>
      <td class="n">${share(today.serviceLevel)}</td>
      <td class="n">${today.answered}</td>
      <td class="n">
        ${today.abandoned}${today.abandonedShort > 0 ? html` <span class="muted small" title=${t().short(today.abandonedShort)}>(${today.abandonedShort})</span>` : nothing}
      </td>
      <td class="at">
        ${STATES.filter(([name]) => operators[name]).map(
          ([name, shape, tone]) =>
            html`<span class=${tone} title=${t().states[name]}
              >${icon(shape)}<span class="hidden">${t().states[name]}: </span>${operators[name]}</span
            >`,
        )}
      </td>`;
  }

  private switchSound(e: Event) {
    this.sound = (e.target as HTMLInputElement).checked;
    setSound(this.sound);
    if (this.sound) chime();
  }

  private edit(of: { ref: string; label: string; goal: number | null }) {
    this.editing = of;
    this.fault = false;
    void this.dialog.show();
  }

  private form() {
    const of = this.editing;
    const rule = of && thresholdOf(this.rules.value, of);
    const number = (name: 'waitSeconds' | 'serviceLevel', label: string, max: number) =>
      html`<label class="field"
        ><span>${label}</span><input name=${name} type="number" min="1" max=${max} .value=${String(rule?.[name] ?? '')}
      /></label>`;
    return html`<allo-dialog .heading=${t().thresholdsOf(of?.label ?? '')} @dialog-closed=${() => (this.editing = null)}>
      <form class="form" novalidate @submit=${(e: SubmitEvent) => void this.save(e)}>
        ${number('waitSeconds', t().waitField, 3600)} ${number('serviceLevel', t().levelField, 100)}
        <p class="small muted">${of?.ref === '' ? t().thresholdsOfAll : t().thresholdsHint}</p>
        ${this.fault ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${t().range}</span></p>` : nothing}
        <button class="button primary">${icon('check')}${t().save}</button>
      </form>
    </allo-dialog>`;
  }

  private async save(e: SubmitEvent) {
    e.preventDefault();
    const data = new FormData(e.target as HTMLFormElement);
    const read = (name: string, max: number): number | null => {
      const text = String(data.get(name) ?? '').trim();
      const n = Number(text);
      if (text === '') return null;
      return Number.isInteger(n) && n >= 1 && n <= max ? n : Number.NaN;
    };
    const rule: Threshold = { queue: this.editing!.ref, waitSeconds: read('waitSeconds', 3600), serviceLevel: read('serviceLevel', 100) };
    this.fault = Number.isNaN(rule.waitSeconds) || Number.isNaN(rule.serviceLevel);
    if (this.fault) return;
    try {
      await saveThreshold(rule);
      this.dialog.close();
    } catch (err) {
      toast('danger', errorText(err));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-floor': FloorPage;
  }
}
