import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { AgentStateKind } from '../../server/agents/contract.ts';
import type { Colleague } from '../../server/users/contract.ts';
import { errorText } from '../core/error-words.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { callsApi } from './api.ts';
import { controlWords as t } from './control-strings.ts';

/** As the colleagues are grouped: whom one would ask first stands first. */
const GROUPS = ['free', 'busy', 'ringing', 'away', 'offline'] as const;
type Group = (typeof GROUPS)[number];

/** A lost phone cannot be rung. */
const groupOf = (state: AgentStateKind | undefined): Group => (state === undefined || state === 'unreachable' ? 'offline' : state);

/**
 * To whom a call is handed over: a number, or a colleague by name, who is free first.
 * @fires transfer-wanted - {to, attended}
 */
@customElement('allo-transfer')
export class Transfer extends AlloElement {
  @state() private colleagues: readonly Colleague[] = [];
  /** By user; null: it could not be read, and nobody is said to be anything. */
  @state() private states: ReadonlyMap<number, AgentStateKind> | null = null;
  @state() private number = '';
  @state() private userId = 0;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-2);
      }
      .row .button {
        flex: 1 1 auto;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  /** Both at once: who is chosen stays where they stand in the list. */
  private async load() {
    const [people, states] = await Promise.allSettled([callsApi.colleagues(), callsApi.states()]);
    if (states.status === 'fulfilled') this.states = new Map(states.value.items.map(({ userId, state }) => [userId, state]));
    if (people.status === 'fulfilled') this.colleagues = people.value.items;
    for (const asked of [people, states]) if (asked.status === 'rejected') toast('danger', errorText(asked.reason));
  }

  override focus() {
    this.renderRoot.querySelector<HTMLElement>('select, input, button')?.focus();
  }

  override render() {
    const nobody = this.userId === 0 && this.number.trim() === '';
    return html`<form
      @submit=${(e: SubmitEvent) => {
        e.preventDefault();
        this.want((e.submitter as HTMLButtonElement).value === 'attended');
      }}
    >
      <label class="field">
        <span>${t().colleague}</span>
        <select @change=${(e: Event) => (this.userId = Number((e.target as HTMLSelectElement).value))}>
          <option value="0">—</option>
          ${this.choices()}
        </select>
      </label>
      ${
        this.userId === 0
          ? field({
              id: 'number',
              label: t().number,
              value: this.number,
              onInput: (value) => (this.number = value),
              type: 'tel',
              maxLength: 60,
              autocomplete: 'off',
            })
          : nothing
      }
      <div class="row wrap">
        <button class="button primary" value="blind" ?disabled=${nobody}>${t().transferNow}</button>
        <button class="button" value="attended" ?disabled=${nobody}>${t().askFirst}</button>
      </div>
    </form>`;
  }

  private choices() {
    const option = (c: Colleague) => html`<option value=${c.id}>${c.name} · ${c.extension}</option>`;
    const { states } = this;
    if (!states) return this.colleagues.map(option);
    return GROUPS.map((group) => {
      const people = this.colleagues.filter((c) => groupOf(states.get(c.id)) === group);
      return people.length === 0 ? nothing : html`<optgroup label=${t().states[group]}>${people.map(option)}</optgroup>`;
    });
  }

  private want(attended: boolean) {
    const number = this.number.trim();
    if (this.userId === 0 && number === '') return;
    this.emit('transfer-wanted', { to: this.userId === 0 ? { number } : { userId: this.userId }, attended });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-transfer': Transfer;
  }
}
