import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { ClientBrief } from '../../server/clients/contract.ts';
import type { Directory, Meeting, MeetingKind } from '../../server/meetings/contract.ts';
import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { me } from '../core/session.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import { momentOfWall, wallText } from '../core/wall.ts';
import '../ui/allo-dialog.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import './allo-meeting-times.ts';
import { meetingsApi } from './api.ts';
import { t } from './strings.ts';

const KINDS: readonly MeetingKind[] = ['meeting', 'visit', 'demo', 'training', 'other'];
const DAY_MIN = 1_440;
type Repeat = keyof ReturnType<typeof t>['repeats'];
const SIMPLE = /^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;UNTIL=(\d{4})(\d\d)(\d\d)T\d{6}Z)?$/;

export const faultText = (err: unknown): string => {
  if (!(err instanceof ApiError)) return errorText(err);
  if (err.data.reason === 'resource_taken') return t().taken;
  if (err.code === 'conflict') return t().changed;
  const code = (err.data.issues as { code: string }[] | undefined)?.[0]?.code ?? '';
  return t().faults[code] ?? errorText(err);
};

interface Form {
  title: string;
  kind: MeetingKind;
  start: string;
  minutes: number;
  allDay: boolean;
  place: string;
  note: string;
  repeat: Repeat;
  until: string;
  scope: 'this' | 'following' | 'all';
  userIds: readonly number[];
  resourceIds: readonly number[];
  contacts: string;
  client: ClientBrief | null;
  ownerId: number;
}

/**
 * A meeting, new or as it is.
 * @fires meeting-saved
 */
@customElement('allo-meeting-edit')
export class MeetingEdit extends AlloElement {
  @property({ attribute: false }) directory: Directory | null = null;
  @state() private meeting: Meeting | null = null;
  @state() private occurrence: string | null = null;
  @state() private form: Form | null = null;
  @state() private fault: string | null = null;
  @state() private busy = false;
  @state() private picking = false;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: var(--space-3);
      }
      .wide {
        grid-column: 1 / -1;
      }
      fieldset {
        grid-column: 1 / -1;
        max-height: 9rem;
        overflow: auto;
        margin: 0;
        padding: var(--space-2);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        columns: 2;
      }
      fieldset label {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        min-height: 1.75rem;
        overflow-wrap: anywhere;
      }
      .end {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        justify-content: flex-end;
      }
    `,
  ];

  private get dialog(): AlloDialog {
    return this.renderRoot.querySelector('allo-dialog')!;
  }

  /** A new one that begins then: "2030-01-07T10:00". */
  async begin(start: string): Promise<void> {
    this.meeting = null;
    this.occurrence = null;
    this.fault = null;
    this.picking = false;
    this.form = { title: '', kind: 'meeting', start, minutes: 60, allDay: false, place: '', note: '', repeat: 'once', until: '', scope: 'all', userIds: [], resourceIds: [], contacts: '', client: null, ownerId: me()?.user.id ?? 0 }; // prettier-ignore
    await this.updateComplete;
    await this.dialog.show();
    this.renderRoot.querySelector<HTMLInputElement>('#title')?.focus();
  }

  async open(id: number, occurrence: string | null): Promise<void> {
    const { meeting: m } = await meetingsApi.one(id);
    this.meeting = m;
    this.occurrence = occurrence;
    this.fault = null;
    this.picking = false;
    const [, frequency, ends, year, month, day] = SIMPLE.exec(m.rule ?? '') ?? [];
    this.form = {
      ...m,
      start: occurrence ?? m.start,
      repeat: m.rule === null ? 'once' : ((frequency as Repeat | undefined) ?? 'own'),
      until: ends ? `${year}-${month}-${day}` : '',
      scope: m.rule === null ? 'all' : 'this',
      userIds: m.people.flatMap(({ user }) => (user && user.id !== m.owner?.id ? [user.id] : [])),
      resourceIds: m.resources.map(({ id: resource }) => resource),
      contacts: m.contacts.map(({ email }) => email).join(', '),
      ownerId: m.owner?.id ?? 0,
    };
    await this.updateComplete;
    await this.dialog.show();
  }

  override render() {
    return html`<allo-dialog .heading=${this.meeting ? t().edit : t().add} style="--width: 42rem">
      ${this.form ? this.fields(this.form) : nothing}
    </allo-dialog>`;
  }

  private set(change: Partial<Form>) {
    if (this.form) this.form = { ...this.form, ...change };
  }

  private fields(f: Form) {
    const may = this.meeting?.can.edit ?? true;
    const series = this.meeting?.rule != null;
    const text = (key: 'title' | 'place' | 'note' | 'contacts', label: string, more: object = {}) => field({ label, id: key, value: f[key], onInput: (value) => this.set({ [key]: value }), ...more }); // prettier-ignore
    return html`<form @submit=${this.save}>
      <div class="wide">${text('title', t().name, { required: true, maxLength: 200 })}</div>
      <label class="field"
        ><span>${f.allDay ? t().day : t().start}</span
        ><input
          type=${f.allDay ? 'date' : 'datetime-local'}
          required
          .value=${live(f.allDay ? f.start.slice(0, 10) : f.start)}
          @input=${(e: Event) => this.start((e.target as HTMLInputElement).value)}
      /></label>
      <label class="field"
        ><span>${f.allDay ? t().days : t().minutes}</span
        ><input
          type="number"
          required
          min=${f.allDay ? 1 : 5}
          max=${f.allDay ? 31 : 31 * DAY_MIN}
          .value=${live(String(f.allDay ? f.minutes / DAY_MIN : f.minutes))}
          @input=${(e: Event) => this.set({ minutes: Number((e.target as HTMLInputElement).value) * (f.allDay ? DAY_MIN : 1) })}
      /></label>
      <label class="field"
        ><span>${t().kind}</span
        ><select .value=${live(f.kind)} @change=${(e: Event) => this.set({ kind: (e.target as HTMLSelectElement).value as MeetingKind })}>
          ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === f.kind}>${t().kinds[kind]}</option>`)}
        </select></label
      >
      <label
        ><input
          type="checkbox"
          .checked=${live(f.allDay)}
          @change=${(e: Event) => this.allDay((e.target as HTMLInputElement).checked)}
        />
        ${t().allDay}</label
      >
      <allo-meeting-times
        class="wide"
        .ask=${{ users: [...new Set([f.ownerId, ...f.userIds])], resources: f.resourceIds, minutes: f.minutes, except: this.meeting?.id ?? null }}
        .from=${Math.max(serverNow(), momentOfWall(`${f.start.slice(0, 10)}T00:00`, this.zone) ?? 0)}
        ?hidden=${f.allDay || !may}
        @time-chosen=${(e: CustomEvent<{ from: number }>) => this.set({ start: wallText(e.detail.from, this.zone) })}
      ></allo-meeting-times>
      ${series ? this.scope(f) : nothing} ${series && f.scope === 'this' ? nothing : this.repeat(f)}
      ${this.clientField(f, may)} ${this.ownerField(f, may)}
      <div class="wide">${text('place', t().place, { maxLength: 200 })}</div>
      ${this.boxes(t().with, (this.directory?.people ?? []).filter(({ id }) => id !== f.ownerId), 'userIds')}
      ${(this.directory?.resources ?? []).length > 0 ? this.boxes(t().rooms, this.directory!.resources, 'resourceIds') : nothing}
      <div class="wide">${text('contacts', t().contacts)}</div>
      <div class="wide">${text('note', t().note, { lines: true, maxLength: 2000 })}</div>
      ${this.meeting ? this.others(this.meeting) : nothing}
      ${this.fault ? html`<p class="fault wide" role="alert">${this.fault}</p>` : nothing}
      <div class="end wide">
        ${this.meeting && may && this.meeting.cancelledAt === null ? html`<button type="button" class="button danger" @click=${this.cancel}>${t().cancel}</button>` : nothing}
        ${may ? html`<button class="button primary" ?disabled=${this.busy}>${t().save}</button>` : nothing}
      </div>
    </form>`;
  } // prettier-ignore

  /** In which the hours of this meeting stand. */
  private get zone(): string {
    return this.meeting?.timeZone ?? me()?.user.timeZone ?? 'UTC';
  }

  private clientField({ client }: Form, may: boolean) {
    const choose = (next: ClientBrief | null) => {
      this.picking = false;
      this.set({ client: next });
    };
    return html`<div class="field wide" role="group" aria-label=${t().client}>
      <span class="label">${t().client}</span>
      <div class="row">
        <span dir="auto">${client?.name ?? t().noClient}</span>
        ${may ? html`<button type="button" class="button" aria-expanded=${this.picking ? 'true' : 'false'} @click=${() => (this.picking = !this.picking)}>${client ? t().otherClient : t().chooseClient}</button>` : nothing}
        ${may && client ? html`<button type="button" class="button quiet" @click=${() => choose(null)}>${t().withoutClient}</button>` : nothing}
      </div>
      ${this.picking ? html`<allo-client-picker @client-picked=${(e: CustomEvent<{ client: ClientBrief }>) => choose(e.detail.client)}></allo-client-picker>` : nothing}
    </div>`;
  }

  private ownerField({ ownerId, userIds }: Form, may: boolean) {
    if (!may || !['supervisor', 'manager', 'administrator'].includes(me()?.user.role ?? '')) return nothing;
    const choose = (id: number) => this.set({ ownerId: id, userIds: userIds.filter((one) => one !== id) });
    return html`<label class="field wide"
      ><span>${t().owner}</span
      ><select @change=${(e: Event) => choose(Number((e.target as HTMLSelectElement).value))}>
        ${(this.directory?.people ?? []).map(({ id, name }) => html`<option value=${id} .selected=${live(id === ownerId)}>${name}</option>`)}
      </select></label
    >`;
  }

  private others({ owner, people }: Meeting) {
    const words = people.filter(({ user }) => user?.id !== owner?.id).map(({ user, answer }) => `${user?.name ?? '?'}: ${t().answers[answer]}`); // prettier-ignore
    return html`<p class="wide muted small">${[owner?.name ?? '', ...words].join(' · ')}</p>`;
  }

  private scope(f: Form) {
    return html`<label class="field"
      ><span>${t().scope}</span
      ><select @change=${(e: Event) => this.set({ scope: (e.target as HTMLSelectElement).value as Form['scope'] })}>
        ${(['this', 'following', 'all'] as const).map((scope) => html`<option value=${scope} ?selected=${scope === f.scope}>${t().scopes[scope]}</option>`)}
      </select></label
    >`;
  }

  private repeat(f: Form) {
    const own = f.repeat === 'own' ? (['own'] as const) : [];
    return html`<label class="field"
        ><span>${t().repeat}</span
        ><select @change=${(e: Event) => this.set({ repeat: (e.target as HTMLSelectElement).value as Repeat })}>
          ${([...own, 'once', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const).map((one) => html`<option value=${one} ?selected=${one === f.repeat}>${t().repeats[one]}</option>`)}
        </select></label
      >
      ${
        f.repeat === 'once' || f.repeat === 'own'
          ? nothing
          : html`<label class="field"
              ><span>${t().until}</span
              ><input type="date" .value=${live(f.until)} @input=${(e: Event) => this.set({ until: (e.target as HTMLInputElement).value })}
            /></label>`
      }`;
  }

  private boxes(legend: string, items: readonly { id: number; name: string }[], key: 'userIds' | 'resourceIds') {
    const chosen = this.form![key];
    const toggle = (id: number) => this.set({ [key]: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id] });
    return html`<fieldset tabindex="0" aria-label=${legend}>
      <legend class="label">${legend}</legend>
      ${items.map(({ id, name }) => html`<label><input type="checkbox" .checked=${live(chosen.includes(id))} @change=${() => toggle(id)} />${name}</label>`)}
    </fieldset>`;
  }

  private start(value: string) {
    if (value !== '') this.set({ start: this.form!.allDay ? `${value}T00:00` : value });
  }

  private allDay(on: boolean) {
    const { start } = this.form!;
    this.set({ allDay: on, start: `${start.slice(0, 10)}T${on ? '00:00' : '10:00'}`, minutes: on ? DAY_MIN : 60 });
  }

  private get rule(): string | null | undefined {
    const { repeat, until } = this.form!;
    if (repeat === 'own') return undefined;
    return repeat === 'once' ? null : `FREQ=${repeat}${until ? `;UNTIL=${until.replaceAll('-', '')}` : ''}`;
  }

  private save = async (e: SubmitEvent) => {
    e.preventDefault();
    const f = this.form!;
    const { title, kind, start, minutes, allDay, place, note, userIds, resourceIds, client, ownerId } = f;
    const emails = f.contacts.split(/[,;\s]+/).filter(Boolean);
    const contacts = emails.map((email) => this.meeting?.contacts.find((one) => one.email === email.toLowerCase()) ?? { email });
    const had = this.meeting;
    const whose = ownerId !== (had ? had.owner?.id : me()?.user.id) ? { ownerId } : {};
    // what did not change is not sent: a client whom one may not see stays
    const about = client?.id !== had?.client?.id ? { clientId: client?.id ?? null } : {};
    const body = { title, kind, minutes, allDay, place, note, userIds, resourceIds, contacts, ...whose, ...about };
    await this.send(async () => {
      const m = this.meeting;
      if (!m) return void (await meetingsApi.create({ ...body, start, rule: this.rule, timeZone: me()?.user.timeZone ?? 'UTC' }));
      const repeats = SIMPLE.exec(m.rule ?? '');
      const sameRule = f.scope === 'this' || f.repeat === 'own' || (m.rule === null && f.repeat === 'once') || (repeats?.[1] === f.repeat && (repeats[2] ? `${repeats[3]}-${repeats[4]}-${repeats[5]}` : '') === f.until); // prettier-ignore
      const at = this.occurrence ?? m.start;
      const edit = { ...body, version: m.version, scope: f.scope, occurrence: this.occurrence, ...(start !== at && { start }), ...(!sameRule && { rule: this.rule }) }; // prettier-ignore
      await meetingsApi.edit(m.id, edit);
    }, t().saved);
  };

  private cancel = () => {
    const m = this.meeting!;
    const { scope } = this.form!;
    const { occurrence } = this;
    void this.send(async () => {
      const { meeting } = await meetingsApi.cancel(m.id, { version: m.version, scope, occurrence });
      if (scope === 'following') return null;
      const back = { version: meeting.version, occurrence: scope === 'this' ? occurrence : null };
      return () => meetingsApi.restore(m.id, back);
    }, t().cancelled);
  };

  private async send(run: () => Promise<void | null | (() => Promise<unknown>)>, done: string) {
    this.busy = true;
    this.fault = null;
    try {
      const back = await run();
      this.dialog.close();
      const undo = back && { text: t().undo, run: () => void back().then(() => this.emit('meeting-saved'), (err: unknown) => toast('danger', faultText(err))) }; // prettier-ignore
      toast('success', done, undo || null);
      this.emit('meeting-saved');
    } catch (err) {
      this.fault = faultText(err);
    }
    this.busy = false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-meeting-edit': MeetingEdit;
  }
}
