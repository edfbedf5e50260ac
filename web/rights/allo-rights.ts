import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { ClientAction, Level, RightsReply } from '../../server/rights/contract.ts';
import type { Role } from '../../server/users/contract.ts';
import { errorText } from '../core/error-words.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { roleWords } from '../core/role-words.ts';
import { me } from '../core/session.ts';
import { toast } from '../core/toasts.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import { quietHeads, table } from '../ui/table-styles.ts';
import './allo-departments.ts';
import { rightsApi } from './api.ts';
import { t } from './strings.ts';

const ROLES: readonly Role[] = ['operator', 'complaints', 'supervisor', 'manager', 'administrator'];
const ACTIONS: readonly ClientAction[] = ['view', 'edit', 'archive', 'bulk', 'merge', 'export'];
/** From the narrowest. */
const LEVELS: readonly Level[] = ['none', 'own', 'department', 'tree', 'all'];

interface Change {
  role: Role;
  action: ClientAction;
  before: Level;
  level: Level;
}

/** For the administrator: how far each role reaches with what, and the departments that the reach goes by. */
@customElement('allo-rights')
export class Rights extends AlloElement {
  @state() private data: Loading<RightsReply> = LOADING;
  /** What narrows, until it is agreed to. */
  @state() private asked: Change | null = null;
  @query('allo-dialog') private readonly dialog!: AlloDialog;

  static override styles = [
    ...AlloElement.styles,
    states,
    table,
    quietHeads,
    css`
      header {
        margin-bottom: var(--space-4);
      }
      .scroll {
        overflow-x: auto;
        padding: var(--space-2);
      }
      th,
      td {
        padding: var(--space-1) var(--space-2);
      }
      thead th {
        font-weight: 550;
      }
      tbody th {
        font-weight: 600;
      }
      tbody tr + tr > * {
        border-top: 1px solid var(--border);
      }
      select {
        min-width: 6.5rem;
        text-overflow: ellipsis;
      }
      .meaning {
        margin: var(--space-3) 0 var(--space-5);
        max-width: 60rem;
      }
      .ask {
        display: grid;
        gap: var(--space-4);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    try {
      this.data = ready(await rightsApi.read());
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    return html`<header>
        <h1 tabindex="-1">${t().title}</h1>
        <p class="muted">${t().lead}</p>
      </header>
      ${this.content()}`;
  }

  private content() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(6)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const { levels, departments, can } = this.data.value;
    return html`<section class="panel scroll" aria-label=${t().title}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t().role}</th>
              ${ACTIONS.map((action) => html`<th scope="col">${t().actions[action]}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${ROLES.map(
              (role) =>
                html`<tr>
                  <th scope="row">${roleWords()[role]}</th>
                  ${ACTIONS.map((action) => html`<td>${this.cell(role, action, levels[role][action], can.edit)}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </section>
      <p class="meaning muted small">${t().meaning}</p>
      <allo-departments .departments=${departments} .mayEdit=${can.edit} @departments-changed=${() => void this.load()}></allo-departments>
      ${this.asked ? this.question(this.asked) : nothing}`;
  }

  private cell(role: Role, action: ClientAction, before: Level, edit: boolean) {
    if (!edit) return t().levels[before];
    const chosen = (e: Event) => {
      const level = (e.target as HTMLSelectElement).value as Level;
      void this.choose({ role, action, before, level });
    };
    return html`<select aria-label="${roleWords()[role]}: ${t().actions[action]}" @change=${chosen}>
      ${LEVELS.map((level) => html`<option value=${level} .selected=${live(level === before)}>${t().levels[level]}</option>`)}
    </select>`;
  }

  private question({ role, action, before, level }: Change) {
    return html`<allo-dialog heading=${t().narrow} @dialog-closed=${() => (this.asked = null)}>
      <div class="ask">
        <p>${t().narrowText(roleWords()[role], t().actions[action], t().levels[before], t().levels[level])}</p>
        ${role === me()?.user.role ? html`<p class="notice warning">${icon('warning')}<span>${t().narrowOwn}</span></p>` : nothing}
        <div class="row">
          <button class="button danger" @click=${this.agree}>${t().narrowDo}</button>
          <button class="button quiet" @click=${() => this.dialog.close()}>${t().cancel}</button>
        </div>
      </div>
    </allo-dialog>`;
  }

  private async choose(change: Change) {
    if (LEVELS.indexOf(change.level) >= LEVELS.indexOf(change.before)) return this.set(change);
    this.asked = change; // drawn again, the select shows what holds
    await this.updateComplete;
    await this.dialog.show();
  }

  private async agree() {
    const change = this.asked;
    this.dialog.close();
    if (change) await this.set(change);
  }

  private async set({ role, action, level }: Change) {
    try {
      await rightsApi.set(role, action, level);
      toast('success', t().changed(roleWords()[role], t().actions[action], t().levels[level]));
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.load();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-rights': Rights;
  }
}
