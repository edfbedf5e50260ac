import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { CloseReason, MissedItem } from '../../server/missed/contract.ts';
import type { Colleague } from '../../server/users/contract.ts';
import { formatNumber } from '../core/numbers.ts';
import { me } from '../core/session.ts';
import { serverNow } from '../core/time.ts';
import { toast } from '../core/toasts.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { fault, missedApi } from './store.ts';
import { t } from './strings.ts';

/**
 * Asks why a missed call is closed by hand, or whose call-back it becomes.
 * @fires missed-changed
 */
@customElement('allo-missed-dialog')
export class MissedDialog extends AlloElement {
  @state() private item: MissedItem | null = null;
  @state() private asks: 'close' | 'assign' = 'close';
  @state() private people: readonly Pick<Colleague, 'id' | 'name'>[] = [];
  @state() private error = '';
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  @query('form') private readonly form!: HTMLFormElement;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-3);
      }
      fieldset label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 2rem;
      }
      .button {
        justify-self: end;
      }
    `,
  ];

  async close(item: MissedItem): Promise<void> {
    await this.open(item, 'close');
  }

  /** `anybody`: not for oneself only. */
  async assign(item: MissedItem, anybody: boolean): Promise<void> {
    const user = me()?.user;
    this.people = user ? [user] : [];
    await this.open(item, 'assign');
    if (!anybody) return;
    try {
      this.people = [...this.people, ...(await missedApi.colleagues()).items];
    } catch (err) {
      this.error = fault(err);
    }
  }

  private async open(item: MissedItem, asks: 'close' | 'assign') {
    this.item = item;
    this.asks = asks;
    this.error = '';
    await this.updateComplete;
    this.form.reset();
    await this.dialog.show();
  }

  override render() {
    return html`<allo-dialog .heading=${this.asks === 'close' ? t().closeTitle : t().assignTitle}>
      <form @submit=${this.save} novalidate>
        <p class="muted" dir="auto">${this.whom()}</p>
        ${this.asks === 'close' ? this.reasons() : this.plan()}
        ${this.error ? html`<p class="fault" role="alert">${icon('warning')}${this.error}</p>` : nothing}
        <button class="button primary" type="submit">${this.asks === 'close' ? t().close : t().save}</button>
      </form>
    </allo-dialog>`;
  }

  private whom = (): string => this.item?.client?.name || formatNumber(this.item?.number ?? '') || t().unknown;

  private reasons() {
    return html`<fieldset>
        <legend class="hidden">${t().closeTitle}</legend>
        ${Object.entries(t().reasons).map(([code, words]) => html`<label><input type="radio" name="reason" value=${code} />${words}</label>`)}
      </fieldset>
      <label class="field"><span>${t().note}</span><input name="note" maxlength="300" autocomplete="off" /></label>`;
  }

  private plan() {
    const own = me()?.user.id;
    return html`<label class="field"
        ><span>${t().who}</span
        ><select name="who">
          ${this.people.map(({ id, name }) => html`<option value=${id}>${name}${id === own ? ` (${t().me})` : ''}</option>`)}
        </select></label
      >
      <label class="field"
        ><span>${t().when}</span
        ><select name="minutes">
          ${Object.entries(t().soon).map(([minutes, words]) => html`<option value=${minutes}>${words}</option>`)}
        </select></label
      >`;
  }

  private async save(e: Event) {
    e.preventDefault();
    const given = Object.fromEntries(new FormData(this.form)) as Record<string, string>;
    this.error = this.asks === 'close' ? this.lacks(given) : '';
    if (this.error || !this.item) return;
    try {
      if (this.asks === 'close') await missedApi.close(this.item.id, given.reason as CloseReason, given.note?.trim() ?? '');
      else await missedApi.assign(this.item.id, { userId: Number(given.who), dueAt: serverNow() + Number(given.minutes) * 60_000, text: t().taskText(this.whom()) }); // prettier-ignore
      const who = this.people.find(({ id }) => id === Number(given.who))?.name ?? '';
      toast('info', this.asks === 'close' ? t().closed : t().assigned(who));
      this.emit('missed-changed');
      this.dialog.close();
    } catch (err) {
      this.error = fault(err);
    }
  }

  private lacks({ reason, note }: Record<string, string>): string {
    if (!reason) return t().reasonNeeded;
    return reason === 'other' && !note?.trim() ? t().noteNeeded : '';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-missed-dialog': MissedDialog;
  }
}
