import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { draftOf, dropDraft, keepDraft } from '../core/drafts.ts';
import { errorText } from '../core/error-words.ts';
import { serverNow } from '../core/time.ts';
import { onKey } from '../core/keys.ts';
import { Select } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-when.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { choicesIn, isGroup, pathTo } from './choices.ts';
import { fileOutcome, outcomes } from './store.ts';
import { outcomeWords, t } from './strings.ts';

interface Typed {
  outcome: string | null;
  note: string;
  /** When to call back, epoch ms. */
  dueAt?: number | null;
}

/**
 * How a call ended: one of a tree of outcomes, a note, and what follows. What was typed stays over a reload until it is saved.
 * @fires outcome-saved
 */
@customElement('allo-outcome-form')
export class OutcomeForm extends AlloElement {
  @property() ref = '';
  /** What stands in the log already, when an outcome is changed. */
  @property({ attribute: false }) given: Typed = { outcome: null, note: '' };
  /** Still talking: only the note. */
  @property({ type: Boolean }) early = false;
  /** Whose outcomes: "main:support"; null: of no queue. */
  @property() queue: string | null = null;
  /** The two sides have talked; null: not known. Some outcomes are offered after the one, some after the other. */
  @property({ attribute: false }) answered: boolean | null = null;
  /** Whose interests are set beside it; null: nobody's. */
  @property({ attribute: false }) client: number | null = null;
  /** Number keys choose here. */
  @property({ type: Boolean }) keys = false;

  @state() private typed: Typed = this.given;
  /** The groups that are open, from the top. */
  @state() private open: readonly string[] = [];
  @state() private error: string | null = null;
  @state() private saving = false;
  /** What a digit has chosen: the focus is elsewhere. */
  @state() private spoken = '';
  private readonly list = new Select(this, outcomes, (o) => o);
  private stopKeys = () => {};

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        gap: var(--space-3);
      }
      /* The form may be longer than a low screen: what ends it stays in sight. */
      .foot {
        position: sticky;
        bottom: calc(-1 * var(--space-3));
        margin: 0 calc(-1 * var(--space-2));
        padding: var(--space-2);
        background: var(--surface);
      }
      .choices {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr));
        gap: 3px;
      }
      .choices label,
      .choices .group {
        display: flex;
        align-items: center;
        gap: var(--space-1);
        min-height: 1.75rem;
        padding: 1px var(--space-1);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        font-size: var(--text-s);
        line-height: 1.2;
        cursor: pointer;
        overflow-wrap: anywhere;
        hyphens: auto;
      }
      .choices .group {
        width: 100%;
        background: none;
        color: inherit;
        font-family: inherit;
        text-align: left;
      }
      .group svg.icon {
        transform: rotate(-90deg);
      }
      .trail {
        max-width: 100%;
        min-height: 1.75rem;
        margin-bottom: var(--space-1);
        padding: 0 var(--space-1);
        font-weight: 600;
      }
      .choices label:hover,
      .choices .group:hover {
        background: var(--surface-3);
      }
      .choices label:has(:checked) {
        border-color: var(--accent);
        background: var(--accent-soft);
        font-weight: 600;
      }
      .choices label:has(:focus-visible) {
        outline: 2px solid var(--focus-ring);
        outline-offset: 1px;
      }
      .choices input {
        position: absolute;
        opacity: 0;
        pointer-events: none;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.stopKeys = onKey((chord) => this.press(chord));
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stopKeys();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (!changed.has('ref')) return;
    this.typed = draftOf<Typed>(this.key) ?? this.given;
    this.open = pathTo(outcomes.get().items, this.typed.outcome);
    this.error = null;
    this.spoken = '';
  }

  override render() {
    return html`<form @submit=${this.submit} @keydown=${this.keydown}>
      <p class="hidden" role="status">${this.spoken}</p>
      ${this.early ? nothing : this.choices()}
      ${!this.early && this.chosen && this.chosen.nextStep !== 'none' ? this.callBackAt() : nothing}
      ${field({
        id: 'note',
        label: t().note,
        value: this.typed.note,
        lines: true,
        maxLength: 10_000,
        placeholder: t().notePlaceholder,
        onInput: (note) => this.type({ note }),
      })}
      ${this.client === null ? nothing : html`<allo-interests few .client=${this.client} .call=${this.ref}></allo-interests>`}
      ${this.error ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.error}</span></p>` : nothing}
      ${
        this.early
          ? nothing
          : html`<div class="row foot">
              <button class="button primary grow" ?disabled=${this.saving}>${icon('check')}${t().save}</button>
              <slot></slot>
            </div>`
      }
    </form>`;
  }

  private choices() {
    return html`<fieldset>
      <legend class="label">${t().outcome}${this.keys ? html` · ${t().outcomeKeys}` : nothing}</legend>
      ${this.open.length > 0 ? this.trail() : nothing}
      <div class="choices">
        ${this.choicesNow.map((o, i) =>
          isGroup(this.list.value.items, o.code)
            ? html`<button type="button" class="group" @click=${() => this.enter(o.code)}>
                ${this.number(i)}<span class="grow">${outcomeWords(o.code)}</span>${icon('chevron')}
              </button>`
            : html`<label>
                <input
                  type="radio"
                  name="outcome"
                  .value=${o.code}
                  .checked=${this.typed.outcome === o.code}
                  @change=${() => this.type({ outcome: o.code })}
                />
                ${this.number(i)}
                <span>${outcomeWords(o.code)}</span>
              </label>`,
        )}
      </div>
    </fieldset>`;
  }

  private number(i: number) {
    return this.keys && i < 10 ? html`<kbd aria-hidden="true">${(i + 1) % 10}</kbd>` : nothing;
  }

  /** Where one is among the groups, and the way back. */
  private trail() {
    const words = this.open.map(outcomeWords);
    return html`<button type="button" class="button quiet trail" title="Backspace" @click=${() => this.leave()}>
      ${icon('back')}<span class="cut">${words.join(' › ')}</span>
    </button>`;
  }

  private get choicesNow() {
    return choicesIn(this.list.value, { queue: this.queue, answered: this.answered, given: this.given.outcome }, this.open.at(-1) ?? null);
  }

  private get chosen() {
    return this.list.value.items.find((o) => o.code === this.typed.outcome);
  }

  private enter(code: string) {
    this.open = [...this.open, code];
    void this.toFirst();
  }

  private leave() {
    this.open = this.open.slice(0, -1);
    void this.toFirst();
  }

  /** What had the focus is gone: it goes on among the choices. */
  private async toFirst() {
    const inside = this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement !== null;
    await this.updateComplete;
    if (inside) this.toChoices();
  }

  private toChoices() {
    this.renderRoot.querySelector<HTMLElement>('.choices :is(button, input)')?.focus();
  }

  private callBackAt() {
    return html`<allo-when
      .label=${this.chosen?.nextStep === 'required' ? t().callBackAtNeeded : t().callBackAt}
      .value=${this.typed.dueAt ?? null}
      @when-changed=${(e: CustomEvent<{ at: number | null }>) => this.type({ dueAt: e.detail.at })}
    ></allo-when>`;
  }

  private get key() {
    return `outcome:${this.ref}`;
  }

  private type(change: Partial<Typed>) {
    this.typed = { ...this.typed, ...change };
    this.error = null;
    // It stands beside the page, not on it: no page is dirty by it.
    keepDraft(this.key, { path: '', label: '', value: this.typed });
  }

  private press(chord: string): boolean {
    if (!this.keys || this.early) return false;
    if (chord === 'Backspace' && this.open.length > 0) {
      this.leave();
      return true;
    }
    const digit = /^Digit(\d)$/.exec(chord)?.[1];
    const chosen = digit && this.choicesNow[digit === '0' ? 9 : Number(digit) - 1];
    if (!chosen) return false;
    if (isGroup(this.list.value.items, chosen.code)) this.enter(chosen.code);
    else {
      this.type({ outcome: chosen.code });
      this.spoken = t().chosen(outcomeWords(chosen.code));
    }
    return true;
  }

  private keydown(e: KeyboardEvent) {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void this.submit(e);
    // Out of the note, where a digit is a digit.
    if (e.key === 'Escape' && e.target instanceof HTMLTextAreaElement && !this.early) this.toChoices();
  }

  private async submit(e: Event) {
    e.preventDefault();
    const { outcome, note, dueAt } = this.typed;
    if (this.saving) return;
    if (!outcome) {
      this.error = t().chooseOutcome;
      this.toChoices();
      return;
    }
    const asks = this.chosen;
    if (asks?.needsNote && !note.trim()) {
      this.error = t().noteNeeded;
      this.renderRoot.querySelector<HTMLElement>('#note')?.focus();
      return;
    }
    const promised = asks && asks.nextStep !== 'none' && dueAt ? dueAt : null;
    if (asks?.nextStep === 'required' && promised === null) {
      this.error = t().nextNeeded;
      return;
    }
    if (promised !== null && promised < serverNow()) {
      this.error = t().callBackPast;
      return;
    }
    this.saving = true;
    this.error = null;
    const { ref, key } = this;
    try {
      await fileOutcome(
        ref,
        outcome,
        note,
        promised === null ? undefined : { dueAt: promised, text: note.slice(0, 500).trim() || t().callBackText },
      );
      dropDraft(key);
      toast('success', t().saved);
      this.emit('outcome-saved', { ref });
    } catch (err) {
      // A call that was answered meanwhile has the form now: what is wrong is not with that one.
      if (ref === this.ref) this.error = errorText(err);
      else toast('danger', errorText(err));
    } finally {
      this.saving = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-outcome-form': OutcomeForm;
  }
}
