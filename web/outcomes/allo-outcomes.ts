import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { OutcomeNode, OutcomeReply, OutcomeTree } from '../../server/outcomes/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import { settings } from '../ui/settings.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import './allo-outcome-edit.ts';
import { t } from './strings.ts';

const of = (code: string) => `/api/outcomes/${encodeURIComponent(code)}`;

/** The tree of outcomes, for the administrator. */
@customElement('allo-outcomes')
export class Outcomes extends AlloElement {
  /** The shipped words of a code: those are the calls' own. */
  @property({ attribute: false }) words: (code: string) => string = (code) => code;
  @state() private data: Loading<OutcomeTree> = LOADING;
  /** The code that is edited; "new": in the group `parent`. */
  @state() private editing: string | null = null;
  @state() private parent: string | null = null;

  static override styles = [
    ...AlloElement.styles,
    states,
    settings,
    css`
      .line {
        padding-left: calc(var(--space-4) + var(--depth, 0) * 1.75rem);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    try {
      this.data = ready(await api.get<OutcomeTree>('/api/outcomes/tree'));
    } catch (err) {
      this.data = failed(err);
    }
  }

  private nameOf(o: OutcomeNode): string {
    return o.label ?? this.words(o.code);
  }

  override render() {
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted">${t().lead}</p>
        </div>
        ${
          this.data.state === 'ready' && this.data.value.can.edit
            ? html`<button class="button primary" @click=${() => this.begin('new', null)}>${icon('plus')}${t().add}</button>`
            : nothing
        }
      </header>
      <section class="panel list">${this.content()}</section>`;
  }

  private content() {
    if (this.data.state === 'loading') return skeleton(10);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { items } = this.data.value;
    // In the order of the tree, each group before what stands in it; a retired one last.
    const walk = (parent: string | null, depth: number): { node: OutcomeNode; depth: number }[] =>
      [...items.filter((o) => o.parent === parent)]
        .sort((a, b) => Number(a.retiredAt !== null) - Number(b.retiredAt !== null))
        .flatMap((node) => [{ node, depth }, ...walk(node.code, depth + 1)]);
    return html`${this.editing === 'new' ? this.form(null) : nothing}
      <ul>
        ${repeat(
          walk(null, 0),
          ({ node }) => node.code,
          ({ node, depth }) => this.line(node, depth),
        )}
      </ul>`;
  }

  private line(o: OutcomeNode, depth: number) {
    if (this.data.state !== 'ready') return nothing;
    const { items, can } = this.data.value;
    if (this.editing === o.code) return html`<li>${this.form(o)}</li>`;
    const group = items.some((each) => each.parent === o.code);
    const name = this.nameOf(o);
    return html`<li class=${o.retiredAt !== null ? 'retired' : ''}>
      <div class="line" style="--depth: ${depth}">
        <span class="grow">
          <span class="name" dir="auto">${name}</span>
          ${group ? html` <allo-badge tone="info">${t().group}</allo-badge>` : nothing}
          ${o.retiredAt !== null ? html` <allo-badge>${t().retired}</allo-badge>` : nothing}
          <span class="muted small"
            >${[
              o.offered === 'always' ? '' : t().after[o.offered],
              o.needsNote ? t().note : '',
              o.nextStep === 'none' ? '' : t().next[o.nextStep],
            ]
              .filter(Boolean)
              .join(' · ')}</span
          >
        </span>
        ${can.edit ? this.commands(o, group, name) : nothing}
      </div>
    </li>`;
  }

  private commands(o: OutcomeNode, group: boolean, name: string) {
    const button = (words: string, sign: IconName, run: () => void, extra = '') =>
      html`<button class="button quiet icon-only ${extra}" aria-label=${words} title=${words} @click=${run}>${icon(sign)}</button>`;
    if (o.retiredAt !== null)
      return html`<button class="button" @click=${() => void this.send(() => api.patch(of(o.code), { retired: false }))}>
          ${t().restore}
        </button>
        ${o.used || group ? nothing : button(`${t().remove}: ${name}`, 'close', () => void this.send(() => api.delete(of(o.code))))}`;
    return html`${button(t().up(name), 'chevron', () => void this.move(o, -1), 'up')}
    ${button(t().down(name), 'chevron', () => void this.move(o, 1), 'down')}
    ${button(t().addBelow(name), 'plus', () => this.begin('new', o.code))}
    ${button(t().edit(name), 'pencil', () => this.begin(o.code, null))}
    ${button(`${t().retire}: ${name}`, 'close', () => void this.send(() => api.patch(of(o.code), { retired: true })))}`;
  }

  private form(o: OutcomeNode | null) {
    if (this.data.state !== 'ready') return nothing;
    return html`<allo-outcome-edit
      class="edit"
      .outcome=${o}
      .parent=${o?.parent ?? this.parent}
      .tree=${this.data.value.items}
      .words=${this.words}
      @outcome-saved=${(e: CustomEvent<{ reply: OutcomeReply }>) => void this.saved(e.detail.reply)}
      @edit-cancelled=${() => (this.editing = null)}
    ></allo-outcome-edit>`;
  }

  private begin(code: string, parent: string | null) {
    this.editing = code;
    this.parent = parent;
  }

  private async saved({ outcome }: OutcomeReply) {
    this.editing = null;
    toast('success', `${t().saved}: ${this.nameOf(outcome)}`);
    await this.load();
  }

  private async move(o: OutcomeNode, by: -1 | 1) {
    const focused = this.renderRoot instanceof ShadowRoot ? this.renderRoot.activeElement : null;
    await this.send(() => api.post(`${of(o.code)}/move`, { by }));
    await this.updateComplete;
    (focused as HTMLElement | null)?.focus();
  }

  private async send(order: () => Promise<unknown>) {
    try {
      await order();
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.load();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-outcomes': Outcomes;
  }
}
