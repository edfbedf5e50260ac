import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Clock, Complaint, ComplaintReply, Setup, Status } from '../../server/complaints/contract.ts';
import { duration, moment, numberFormat } from '../core/format.ts';
import '../ui/allo-badge.ts';
import type { Deed } from './allo-complaint-deed.ts';
import { severityWords } from './severity.ts';
import { labelOf, t as common } from './strings.ts';
import { t } from './ticket-strings.ts';
import { span, timeLeft } from './time-left.ts';

interface Side extends ComplaintReply {
  setup: Setup;
  me: number;
  turn(status: Status): void;
  open(deed: Deed, of?: number): void;
  act(what: string, body: Record<string, unknown>): void;
  watch(watch: boolean): void;
}

const panel = (title: string, content: unknown): TemplateResult =>
  html`<section class="panel" aria-label=${title}>
    <h2>${title}</h2>
    ${content}
  </section>`;

const clockState = (clock: Clock) => {
  if (clock.stoppedAt !== null)
    return html`<allo-badge tone=${clock.met ? 'success' : 'danger'}>${clock.met ? t().met : t().late}</allo-badge>`;
  if (clock.dueAt === null) return html`<allo-badge>${t().paused(span(clock.leftMs ?? 0))}</allo-badge>`;
  return timeLeft(clock.dueAt);
};

const statusPanel = ({ next, turn, can }: Side) =>
  can.work && next.length > 0
    ? panel(
        t().status,
        html`<div class="orders">
          ${next.map((status) => html`<button class="button" @click=${() => turn(status)}>${common().statuses[status]}</button>`)}
        </div>`,
      )
    : nothing;

const people = ({ complaint, can, me, setup, act, watch }: Side) => {
  const watches = complaint.watchers.some(({ id }) => id === me);
  const own = complaint.owner?.id === me;
  return panel(
    t().people,
    html`<dl>
        <div>
          <dt class="muted">${t().assign}</dt>
          <dd>${complaint.owner?.name ?? common().noOwner}</dd>
        </div>
        <div>
          <dt class="muted">${t().department}</dt>
          <dd>${setup.departments.find(({ id }) => id === complaint.departmentId)?.name ?? '—'}</dd>
        </div>
      </dl>
      <div class="orders">
        ${can.assign ? html`<button class="button" @click=${() => act('assign', { ownerId: own ? null : me })}>${own ? t().giveBack : t().take}</button>` : nothing}
        <button class="button" @click=${() => watch(!watches)}>${watches ? t().unwatch : t().watch}</button>
      </div>
      ${
        can.assign && setup.can.all
          ? html`<label class="field"
              ><span>${t().assign}</span
              ><select @change=${(e: Event) => act('assign', { ownerId: Number((e.target as HTMLSelectElement).value) || null })}>
                <option value="0" ?selected=${!complaint.owner}>${common().noOwner}</option>
                ${setup.people.map((one) => html`<option value=${one.id} ?selected=${one.id === complaint.owner?.id}>${one.name}</option>`)}
              </select></label
            >`
          : nothing
      }`,
  );
};

const facts = ({ complaint, setup, can, open }: Side) => {
  const label = (id: number | null) => labelOf(setup.categories.find((one) => one.id === id));
  const rows: [string, string][] = [
    [common().category, label(complaint.categoryId)],
    [common().severity, severityWords(complaint.severity)],
    [common().product, complaint.product],
    [t().cause, label(complaint.causeId)],
    [t().done, complaint.doneText],
    [t().notTold, complaint.told === false ? complaint.notToldReason : ''],
  ];
  return panel(
    t().facts,
    html`<dl>
        ${rows
          .filter(([, words]) => words !== '')
          .map(
            ([name, words]) =>
              html`<div>
                <dt class="muted">${name}</dt>
                <dd dir="auto">${words}</dd>
              </div>`,
          )}
      </dl>
      ${complaint.satisfaction === null ? nothing : html`<p>${t().satisfaction(complaint.satisfaction)}</p>`}
      ${complaint.satisfactionText ? html`<p dir="auto">“${complaint.satisfactionText}”</p>` : nothing}
      ${can.work && complaint.status !== 'merged' ? html`<div class="orders"><button class="button" @click=${() => open('edit')}>${t().edit}</button></div>` : nothing}`,
  );
};

const calls = ({ complaint }: Side) =>
  complaint.calls.length === 0
    ? nothing
    : panel(
        t().calls,
        complaint.calls.map((call) => {
          // registered after the call: its recording is heard from the beginning
          const recording = call.recordings.find(({ startedAt, endedAt }) => startedAt <= call.momentAt && (endedAt ?? Infinity) >= call.momentAt) ?? call.recordings[0]; // prettier-ignore
          const place = recording ? call.momentAt - recording.startedAt : 0;
          const begin = place > 0 && place < (recording?.durationMs ?? 0) ? place : 0;
          return html`<p class="small"><a href="/calls/${encodeURIComponent(call.ref)}">${moment(call.momentAt)}</a></p>
            ${
              !recording
                ? html`<p class="muted small">${t().noRecording}</p>`
                : html`<p class="muted small">${begin > 0 ? t().atMoment(duration(begin)) : t().fromStart}</p>
                    ${call.can.hear && recording.state === 'ready' ? html`<allo-player .recording=${recording} .download=${call.can.download} .begin=${begin}></allo-player>` : nothing}`
            }`;
        }),
      );

const money = (amount: number, currency: string): string => numberFormat({ style: 'currency', currency }).format(amount / 100);

const compensations = ({ complaint, can, open, act }: Side) =>
  panel(
    t().compensation,
    html`<ul>
        ${complaint.compensations.map(
          (one) =>
            html`<li>
              <span
                >${t().compensationKinds[one.kind]}
                ${one.amount > 0 ? html`<strong class="num">${money(one.amount, one.currency)}</strong>` : nothing} ${one.note}</span
              >
              ${
                one.state === 'asked' && can.approve
                  ? html`<span
                      ><button class="button" @click=${() => act(`compensations/${one.id}/decide`, { approve: true })}>
                        ${t().approve}
                      </button>
                      <button class="button" @click=${() => act(`compensations/${one.id}/decide`, { approve: false })}>
                        ${t().refuse}
                      </button></span
                    >`
                  : html`<allo-badge>${t().states[one.state]}</allo-badge>`
              }
            </li>`,
        )}
      </ul>
      ${can.work ? html`<div class="orders"><button class="button" @click=${() => open('compensation')}>${t().compensate}</button></div>` : nothing}`,
  );

const tasks = ({ complaint, can, me, open }: Side) =>
  panel(
    t().tasks,
    html`<ul>
        ${complaint.tasks.map(
          (one) =>
            html`<li>
              <span
                >${t().taskKinds[one.kind]}: ${one.text}
                <span class="muted small"
                  >${one.user?.name}${one.result ? html` · <span dir="auto">${one.result}</span>` : nothing}</span
                ></span
              >
              ${one.doneAt !== null ? html`<allo-badge tone="success">${t().isDone}</allo-badge>` : html`<span class="small num">${moment(one.dueAt)}</span>`}
              ${one.kind === 'corrective' && one.result === '' && (can.work || one.user?.id === me) ? html`<button class="button" @click=${() => open('action-done', one.id)}>${t().finish}</button>` : nothing}
            </li>`,
        )}
      </ul>
      ${
        can.work
          ? html`<div class="orders">
              <button class="button" @click=${() => open('call-back')}>${t().promise}</button>
              <button class="button" @click=${() => open('corrective')}>${t().correct}</button>
            </div>`
          : nothing
      }`,
  );

const handovers = ({ complaint, can, setup, open, act }: Side) =>
  panel(
    t().handovers,
    html`${complaint.handovers.map(
      (one) =>
        html`<p>
            <strong>${setup.departments.find(({ id }) => id === one.toDepartmentId)?.name}</strong>
            <allo-badge>${t().states[one.state]}</allo-badge>
          </p>
          <p class="small" dir="auto">${one.reason}${one.answer ? html` · ${one.answer}` : nothing}</p>
          ${one.checklist.map(
            (point, i) =>
              html`<label class="check small"
                ><input
                  type="checkbox"
                  .checked=${point.done}
                  ?disabled=${!can.work}
                  @change=${(e: Event) => act(`handovers/${one.id}/check`, { item: i, done: (e.target as HTMLInputElement).checked })}
                />${point.text}</label
              >`,
          )}
          ${
            one.state === 'waiting' && can.accept
              ? html`<div class="orders">
                  <button class="button primary" @click=${() => act(`handovers/${one.id}/answer`, { accept: true })}>${t().accept}</button>
                  <button class="button" @click=${() => act(`handovers/${one.id}/answer`, { accept: false, note: t().refuse })}>
                    ${t().refuse}
                  </button>
                </div>`
              : nothing
          }`,
    )}
    ${can.work ? html`<div class="orders"><button class="button" @click=${() => open('handover')}>${t().handOver}</button></div>` : nothing}`,
  );

const links = ({ complaint, can, open }: Side) =>
  panel(
    t().related,
    html`<ul>
        ${complaint.links.map(({ complaint: one }) => html`<li><a href="/complaints/${one.id}">${one.number}</a><span class="small">${common().statuses[one.status]}</span></li>`)}
      </ul>
      ${can.work ? html`<div class="orders"><button class="button" @click=${() => open('link')}>${t().link}</button></div>` : nothing}`,
  );

const clocks = ({ complaint }: { complaint: Complaint }) =>
  complaint.clocks.length === 0 ? nothing : panel(t().clocks, html`<ul>${complaint.clocks.map((clock) => html`<li><span>${common().clocks[clock.kind]}</span>${clockState(clock)}</li>`)}</ul>`); // prettier-ignore

/** Beside the conversation: where it stands, and what can be done. */
export const sidePanels = (side: Side): TemplateResult =>
  html`${statusPanel(side)} ${clocks(side)} ${people(side)} ${facts(side)} ${calls(side)} ${handovers(side)} ${tasks(side)}
  ${compensations(side)} ${links(side)}`;
