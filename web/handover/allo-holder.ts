import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { HeldKind } from './kinds.ts';
import type { Holder, HandoverPreview, PeopleReply } from '../../server/handover/contract.ts';
import { date } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { roleWords } from '../core/role-words.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-when.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import './allo-rule.ts';
import { handoverApi } from './api.ts';
import { faultText } from './faults.ts';
import { emptyRule, ruleOf } from './rule.ts';
import type { RuleForm } from './rule.ts';
import { shareStyles, shares } from './shares.ts';
import { t } from './strings.ts';

const DAY_MS = 86_400_000;

/**
 * One person: what they have, handing it over, who stands in, leaving.
 * @fires people-changed
 */
@customElement('allo-holder')
export class HolderPanel extends AlloElement {
  @property({ type: Number }) person = 0;
  @property({ attribute: false }) all: PeopleReply = { items: [], departments: [], stages: [], can: { leave: false } };
  @state() private data: Loading<Holder> = LOADING;
  @state() private rule: RuleForm = emptyRule();
  @state() private kinds: readonly HeldKind[] = HeldKind;
  @state() private preview: HandoverPreview | null = null;
  @state() private fault: string | null = null;
  @state() private deputy: number | null = null;
  @state() private startsAt: number | null = null;
  @state() private endsAt: number | null = null;
  @state() private reason = '';
  @state() private deputyFault: string | null = null;
  @state() private busy = false;
  @query('allo-dialog') private readonly dialog!: AlloDialog;

  static override styles = [
    ...AlloElement.styles,
    states,
    shareStyles,
    css`
      :host {
        display: grid;
        gap: var(--space-4);
      }
      section {
        display: grid;
        gap: var(--space-3);
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
        gap: var(--space-1) var(--space-4);
      }
      dl > div {
        display: flex;
        gap: var(--space-2);
        justify-content: space-between;
      }
      dd {
        font-weight: 600;
      }
      .two {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
        gap: var(--space-3);
      }
      .kinds {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
      }
      .kinds label {
        min-height: 1.75rem;
      }
      .ask {
        display: grid;
        gap: var(--space-4);
      }
    `,
  ];

  protected override willUpdate(changed: Map<string, unknown>) {
    if (!changed.has('person')) return;
    Object.assign(this, { rule: emptyRule(), kinds: HeldKind, preview: null, fault: null, deputy: null, deputyFault: null, reason: '' });
    this.startsAt = Math.floor(serverNow() / 60_000) * 60_000;
    this.endsAt = this.startsAt + 7 * DAY_MS;
    void this.load();
  }

  private async load() {
    const { person } = this;
    this.data = LOADING;
    const data = await handoverApi.holder(person).then(ready, failed);
    if (person === this.person) this.data = data;
  }

  /** Those who may take something over. */
  private get others() {
    return this.all.items.filter(({ id, leftAt }) => id !== this.person && leftAt === null);
  }

  override render() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(5)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const holder = this.data.value;
    const { user, departmentId, leftAt, extension, held } = holder;
    const department = this.all.departments.find(({ id }) => id === departmentId)?.name ?? t().noDepartment;
    const some = held.filter(({ n }) => n > 0);
    return html`<section class="panel">
        <div>
          <h2 dir="auto">${user.name}</h2>
          <p class="muted small">
            ${[roleWords()[user.role], department, ...(extension ? [t().extension(extension)] : []), ...(leftAt ? [t().left(date(leftAt))] : [])].join(' · ')}
          </p>
        </div>
        ${
          some.length === 0
            ? html`<p class="muted">${t().hasNothing}</p>`
            : html`<dl aria-label=${t().has}>
                ${some.map(
                  ({ kind, n }) =>
                    html`<div>
                      <dt>${t().kinds[kind]}</dt>
                      <dd class="num">${n}</dd>
                    </div>`,
                )}
              </dl>`
        }
      </section>
      ${some.length > 0 ? this.handOver(some.map(({ kind }) => kind)) : nothing} ${leftAt === null ? this.away() : nothing}
      ${holder.can.leave ? this.leaving(holder) : nothing}`;
  }

  private handOver(has: readonly HeldKind[]) {
    return html`<section class="panel" aria-labelledby="handover">
      <h3 id="handover">${t().handOver}</h3>
      ${this.preview ? this.previewed(this.preview) : this.ruled(has)}
      ${this.fault ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.fault}</span></p>` : nothing}
    </section>`;
  }

  private ruled(has: readonly HeldKind[]) {
    const toggle = (kind: HeldKind) =>
      (this.kinds = this.kinds.includes(kind) ? this.kinds.filter((one) => one !== kind) : [...this.kinds, kind]);
    return html`<allo-rule
        .people=${this.others}
        .departments=${this.all.departments}
        .stages=${this.all.stages}
        .rule=${this.rule}
        @rule-changed=${(e: CustomEvent<{ rule: RuleForm }>) => {
          this.rule = e.detail.rule;
          this.fault = null;
        }}
      ></allo-rule>
      <fieldset>
        <legend class="label">${t().what}</legend>
        <div class="kinds">
          ${has.map(
            (kind) =>
              html`<label class="row"
                ><input
                  type="checkbox"
                  .checked=${live(this.kinds.includes(kind))}
                  @change=${() => toggle(kind)}
                />${t().kinds[kind]}</label
              >`,
          )}
        </div>
      </fieldset>
      <div>
        <button
          class="button primary"
          ?disabled=${this.busy || !has.some((kind) => this.kinds.includes(kind))}
          @click=${() => void this.look()}
        >
          ${t().preview}
        </button>
      </div>`;
  }

  private previewed(preview: HandoverPreview) {
    const table = shares(preview.items);
    const gives = preview.items.some(({ to }) => to.length > 0);
    return html`<p class="label">${t().previewTitle}</p>
      ${table === nothing ? html`<p class="muted">${t().previewNothing}</p>` : table}
      ${preview.items.some(({ kept }) => kept > 0) ? html`<p class="muted small">${t().keptText}</p>` : nothing}
      <div class="row">
        ${gives ? html`<button class="button primary" ?disabled=${this.busy} @click=${() => void this.begin()}>${icon('check')}${t().begin}</button>` : nothing}
        <button class="button" @click=${() => (this.preview = null)}>${t().again}</button>
      </div>`;
  }

  private draft() {
    const rule = ruleOf(this.rule);
    if (!rule) this.fault = t().incomplete;
    return rule && { fromId: this.person, rule, kinds: [...this.kinds] };
  }

  private async look() {
    const draft = this.draft();
    if (!draft) return;
    await this.try(async () => {
      this.preview = await handoverApi.preview(draft);
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('section[aria-labelledby=handover] .button.primary')?.focus();
    });
  }

  private async begin() {
    const draft = this.draft();
    if (!draft) return;
    await this.try(async () => {
      await handoverApi.begin(draft);
      toast('success', t().begun);
      this.preview = null;
      this.emit('people-changed');
    });
  }

  private async try(run: () => Promise<void>) {
    this.busy = true;
    this.fault = null;
    try {
      await run();
    } catch (err) {
      this.fault = faultText(err);
    } finally {
      this.busy = false;
    }
  }

  /** Asked anew by the page when something was handed over. */
  refresh() {
    void handoverApi.holder(this.person).then(
      (holder) => {
        if (holder.user.id === this.person) this.data = ready(holder);
      },
      () => {}, // what is shown stays; the page tells when the server is away
    );
  }

  private away() {
    return html`<section class="panel" aria-labelledby="away">
      <div>
        <h3 id="away">${t().awayTitle}</h3>
        <p class="muted small">${t().awayText}</p>
      </div>
      <label class="field"
        ><span>${t().deputy}</span
        ><select @change=${(e: Event) => (this.deputy = Number((e.target as HTMLSelectElement).value) || null)}>
          <option value="" .selected=${live(this.deputy === null)}>${t().pick}</option>
          ${this.others.map(({ id, name, role }) => html`<option value=${id} .selected=${live(this.deputy === id)}>${name} · ${roleWords()[role]}</option>`)}
        </select></label
      >
      <div class="two">
        <allo-when
          .label=${t().from}
          .value=${this.startsAt}
          @when-changed=${(e: CustomEvent<{ at: number | null }>) => (this.startsAt = e.detail.at)}
        ></allo-when>
        <allo-when
          .label=${t().until}
          .value=${this.endsAt}
          @when-changed=${(e: CustomEvent<{ at: number | null }>) => (this.endsAt = e.detail.at)}
        ></allo-when>
      </div>
      ${field({ id: 'reason', label: t().reason, value: this.reason, maxLength: 200, onInput: (reason) => (this.reason = reason) })}
      ${this.deputyFault ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.deputyFault}</span></p>` : nothing}
      <div>
        <button
          class="button"
          ?disabled=${this.busy || this.deputy === null || this.startsAt === null || this.endsAt === null}
          @click=${() => void this.appoint()}
        >
          ${t().appoint}
        </button>
      </div>
    </section>`;
  }

  private async appoint() {
    this.busy = true;
    this.deputyFault = null;
    try {
      const { deputy } = await handoverApi.appoint({
        userId: this.person,
        deputyId: this.deputy!,
        startsAt: this.startsAt!,
        endsAt: this.endsAt!,
        reason: this.reason,
      });
      toast('success', t().appointed(deputy.deputy.name, deputy.user.name), { text: t().undo, run: () => void this.takeBack(deputy.id) });
      this.deputy = null;
      this.reason = '';
      this.emit('people-changed');
    } catch (err) {
      this.deputyFault = faultText(err);
    } finally {
      this.busy = false;
    }
  }

  private async takeBack(id: number) {
    try {
      await handoverApi.end(id);
      this.emit('people-changed');
    } catch (err) {
      toast('danger', faultText(err));
    }
  }

  private leaving({ user, extension }: Holder) {
    return html`<section class="panel" aria-labelledby="leaving">
      <div>
        <h3 id="leaving">${t().leaveTitle}</h3>
        <p class="muted small">${t().leaveText}</p>
      </div>
      <div><button class="button danger" @click=${() => void this.dialog.show()}>${t().leaveDo}</button></div>
      <allo-dialog .heading=${t().leaveAsk(user.name)}>
        <div class="ask">
          <p>${t().leaveText}</p>
          ${extension ? html`<p class="notice warning">${icon('phone')}<span>${t().secret(extension)}</span></p>` : nothing}
          <div class="row">
            <button class="button danger" ?disabled=${this.busy} @click=${() => void this.leave(user.name)}>${t().leaveDo}</button>
            <button class="button" @click=${() => this.dialog.close()}>${t().cancel}</button>
          </div>
        </div>
      </allo-dialog>
    </section>`;
  }

  private async leave(name: string) {
    this.busy = true;
    try {
      await handoverApi.leave(this.person);
      this.dialog.close();
      toast('success', t().leftNow(name));
      this.emit('people-changed');
      void this.load();
    } catch (err) {
      this.dialog.close();
      toast('danger', faultText(err));
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-holder': HolderPanel;
  }
}
