import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Task } from '../../server/tasks/contract.ts';
import { moment } from '../core/format.ts';
import { onLive, onReset } from '../core/live.ts';
import { newestAsked } from '../core/newest.ts';
import { serverNow } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { tasksApi } from './api.ts';
import { t } from './strings.ts';

/** What is promised to a client and not done yet, at a glance; nothing when there is nothing. */
@customElement('allo-promised')
export class Promised extends AlloElement {
  @property({ type: Number }) client = 0;
  @state() private tasks: readonly Task[] = [];
  private readonly asking = newestAsked();
  private stops: (() => void)[] = [];

  static override styles = [
    ...AlloElement.styles,
    css`
      ul {
        display: grid;
        gap: var(--space-1);
        margin-top: var(--space-3);
      }
      li {
        align-items: flex-start;
      }
      li svg {
        margin-top: 0.15em;
      }
      .text {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.stops = [
      onLive('clients', ({ id }) => {
        if (id === this.client) void this.load();
      }),
      onReset(() => void this.load()),
    ];
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stops.forEach((stop) => stop());
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('client')) return;
    this.tasks = [];
    if (this.client > 0) void this.load();
  }

  private async load() {
    const id = this.client;
    const newest = this.asking();
    try {
      const { items } = await tasksApi.ofClient(id);
      if (newest()) this.tasks = items;
    } catch {
      // The card itself says what is wrong; what was shown stays.
    }
  }

  override render() {
    if (this.tasks.length === 0) return nothing;
    return html`<ul aria-label=${t().promised}>
      ${this.tasks.map(
        (task) =>
          html`<li class="notice row ${task.dueAt < serverNow() ? 'danger' : 'info'}">
            ${icon(task.kind === 'call-back' ? 'phone-out' : 'clock')}
            <span class="text"
              ><strong>${t().kinds[task.kind]}: ${moment(task.dueAt)}</strong> ·
              <span dir="auto">${task.text}</span>${task.owner ? html` · ${task.owner.name}` : nothing}</span
            >
          </li>`,
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-promised': Promised;
  }
}
