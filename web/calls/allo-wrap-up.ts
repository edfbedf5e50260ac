import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import type { LiveCall } from '../../server/calls/contract.ts';
import { clock } from '../core/format.ts';
import { Select } from '../core/store.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import './allo-outcome-form.ts';
import './allo-wrap-up-clock.ts';
import { needsOutcome } from './desk.ts';
import { callerWords, desk } from './store.ts';
import { t } from './strings.ts';

/** "main:support": the part of the ref before the colon is the PBX. */
const queueOf = (c: LiveCall): string | null => (c.queue === null ? null : `${c.ref.split(':', 1)[0]}:${c.queue}`);

/** Null: not known, or one of several. */
const clientOf = (c: LiveCall): number | null => (c.clients?.length === 1 ? c.clients[0]!.id : null);

/** After the call, and beside it: the note while one talks, then how it ended. Stays until it is said, or put off. */
@customElement('allo-wrap-up')
export class WrapUp extends AlloElement {
  /** Calls whose form was put off: they wait in a line. */
  @state() private later: ReadonlySet<string> = new Set();
  private readonly desk = new Select(this, desk, (d) => d.calls);

  static override styles = [
    ...AlloElement.styles,
    css`
      .panel {
        margin-bottom: var(--below, 0);
        padding: var(--space-3);
      }
      .panel.due {
        border-left: 4px solid var(--warning);
      }
      .who {
        margin: var(--space-1) 0 var(--space-3);
      }
      .waiting {
        margin-bottom: var(--below, 0);
      }
    `,
  ];

  override render() {
    const talking = this.desk.value.find((c) => c.phase === 'talking' && c.direction !== 'internal');
    const due = this.desk.value.filter(needsOutcome);
    // The last one is still fresh in memory.
    const shown = talking ?? due.findLast((c) => !this.later.has(c.ref));
    const waiting = due.filter((c) => c !== shown).length;
    return html`<p class="hidden" role="status">${shown && !talking ? t().howEndedSpoken : ''}</p>
      <allo-wrap-up-clock></allo-wrap-up-clock> ${shown ? this.form(shown) : nothing}
      ${waiting > 0 ? this.line(waiting, Boolean(shown)) : nothing}`;
  }

  private form(c: LiveCall) {
    const early = c.phase === 'talking';
    return html`<section class="panel ${early ? '' : 'due'}" aria-label=${early ? t().note : t().howEnded}>
      ${early ? nothing : this.heading(c)}
      ${guard(
        [c.ref, early, clientOf(c), c.answeredAt, t()],
        () =>
          html`<allo-outcome-form
            .ref=${c.ref}
            .queue=${queueOf(c)}
            .answered=${c.answeredAt !== null}
            .client=${clientOf(c)}
            .early=${early}
            keys
            >${this.laterButton(c)}</allo-outcome-form
          >`,
      )}
    </section>`;
  }

  private heading(c: LiveCall) {
    return html`<h2>${t().howEnded}</h2>
      <p class="who muted small cut" dir="auto">${callerWords(c)} · <span class="num">${clock(c.startedAt)}</span></p>`;
  }

  private laterButton(c: LiveCall) {
    return html`<button type="button" class="button quiet" @click=${() => (this.later = new Set([...this.later, c.ref]))}>
      ${t().later}
    </button>`;
  }

  private line(n: number, more: boolean) {
    return html`<p class="waiting row small muted">
      ${icon('note')}<span class="grow">${more ? t().waitingOutcomes(n) : `${t().withoutOutcome}: ${n}`}</span>
      ${more ? nothing : html`<button class="button" @click=${() => (this.later = new Set())}>${t().open}</button>`}
    </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-wrap-up': WrapUp;
  }
}
