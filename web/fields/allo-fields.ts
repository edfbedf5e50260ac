import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FieldDef, FieldList } from '../../server/fields/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { locale } from '../core/i18n.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import { settings } from '../ui/settings.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import './allo-field-edit.ts';
import { t } from './strings.ts';

type Kind = 'company' | 'person';

/** The typed fields of a client's card, in the order of the form of each kind; for the administrator. */
@customElement('allo-fields')
export class Fields extends AlloElement {
  @state() private data: Loading<FieldList> = LOADING;
  @state() private kind: Kind = 'company';
  /** The key that is edited; "": a new one. */
  @state() private editing: string | null = null;
  /** What uses the field that was to be archived. */
  @state() private asked: { key: string; uses: string } | null = null;

  static override styles = [
    ...AlloElement.styles,
    states,
    settings,
    css`
      .panel > h2 {
        padding: var(--space-3) var(--space-4) var(--space-1);
        font-size: var(--text-m);
        color: var(--text-muted);
      }
      .line {
        border-top: 1px solid var(--border);
      }
      header + p {
        margin-bottom: var(--space-3);
      }
      .notice {
        margin: var(--space-2) var(--space-4);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    try {
      this.data = ready(await api.get<FieldList>('/api/fields'));
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    const may = this.data.state === 'ready' && this.data.value.can.edit;
    const tab = (kind: Kind, words: string) =>
      html`<button
        class="button ${kind === this.kind ? 'primary' : ''}"
        aria-pressed=${kind === this.kind ? 'true' : 'false'}
        @click=${() => (this.kind = kind)}
      >
        ${words}
      </button>`;
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted">${t().lead}</p>
        </div>
        ${may ? html`<button class="button primary" @click=${() => (this.editing = '')}>${icon('plus')}${t().add}</button>` : nothing}
      </header>
      <p class="row" role="group" aria-label=${t().form}>${tab('company', t().companies)} ${tab('person', t().people)}</p>
      <section class="panel list">${this.content()}</section>`;
  }

  private content() {
    if (this.data.state === 'loading') return skeleton(10);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { items, can } = this.data.value;
    const of = items.filter((f) => f.kinds.includes(this.kind)).sort((a, b) => a.position[this.kind] - b.position[this.kind]);
    const live = of.filter((f) => f.archivedAt === null);
    const sections = [...new Set(live.map(({ section }) => section))];
    return html`${this.editing === '' ? this.form(null, items) : nothing}
    ${sections.map(
      (section) =>
        html`<h2>${t().sections[section] ?? section}</h2>
          ${repeat(
            live.filter((f) => f.section === section),
            (f) => f.key,
            (f) => this.line(f, live, can.edit),
          )}`,
    )}
    ${of.filter((f) => f.archivedAt !== null).map((f) => this.line(f, live, can.edit))}`;
  }

  private line(f: FieldDef, live: readonly FieldDef[], may: boolean) {
    if (this.editing === f.key && this.data.state === 'ready') return this.form(f, this.data.value.items);
    const name = f.label[locale.get()];
    const needed = f.required.some(({ kind }) => kind === this.kind);
    return html`<div class="line ${f.archivedAt === null ? '' : 'retired'}">
        <span class="grow">
          <span class="name" dir="auto">${name}</span>
          <span class="muted small">${t().types[f.type]} · ${f.key}</span>
          ${needed ? html` <allo-badge tone="info">${t().required}</allo-badge>` : nothing}
          ${f.archivedAt !== null ? html` <allo-badge>${t().archived}</allo-badge>` : nothing}
        </span>
        ${may ? this.commands(f, live, name) : nothing}
      </div>
      ${this.asked?.key === f.key ? this.warning(f, this.asked.uses) : nothing}`;
  }

  private warning(f: FieldDef, uses: string) {
    return html`<div class="notice warning" role="alert">
      <span class="grow">${t().used(uses)}</span>
      <button class="button" @click=${() => void this.archive(f, true, true)}>${t().anyway}</button>
      <button class="button quiet" @click=${() => (this.asked = null)}>${t().cancel}</button>
    </div>`;
  }

  private commands(f: FieldDef, live: readonly FieldDef[], name: string) {
    const button = (words: string, sign: IconName, run: () => void, extra = '') =>
      html`<button class="button quiet icon-only ${extra}" aria-label=${words} title=${words} @click=${run}>${icon(sign)}</button>`;
    if (f.archivedAt !== null) return html`<button class="button" @click=${() => void this.archive(f, false)}>${t().restore}</button>`;
    return html`${button(t().up(name), 'chevron', () => void this.move(f, live, -1), 'up')}
    ${button(t().down(name), 'chevron', () => void this.move(f, live, 1))} ${button(t().edit(name), 'pencil', () => (this.editing = f.key))}
    ${button(t().archive(name), 'close', () => void this.archive(f, true))}`;
  }

  private form(f: FieldDef | null, all: readonly FieldDef[]) {
    return html`<allo-field-edit
      class="edit"
      .field=${f}
      .all=${all}
      @field-saved=${() => {
        this.editing = null;
        toast('success', t().saved);
        void this.load();
      }}
      @edit-cancelled=${() => (this.editing = null)}
    ></allo-field-edit>`;
  }

  private async move(f: FieldDef, live: readonly FieldDef[], by: -1 | 1) {
    const same = live.filter(({ section }) => section === f.section);
    const other = same[same.indexOf(f) + by];
    if (!other) return;
    const order = [...live];
    const [i, j] = [order.indexOf(f), order.indexOf(other)];
    [order[i], order[j]] = [other, f];
    try {
      const items = order.map(({ key, section }) => ({ key, section }));
      this.data = ready(await api.put<FieldList>('/api/fields/layout', { kind: this.kind, items }));
    } catch (err) {
      toast('danger', errorText(err));
    }
  }

  private async archive(f: FieldDef, archived: boolean, force = false) {
    try {
      await api.post(`/api/fields/${f.key}/archive`, { archived, force });
      this.asked = null;
      await this.load();
    } catch (err) {
      const uses = err instanceof ApiError && err.code === 'conflict' ? err.data.uses : null;
      if (!Array.isArray(uses)) return toast('danger', errorText(err));
      const words = (uses as { what: string; name: string }[]).map(({ what, name }) => `${t().uses[what] ?? what} «${name}»`).join(', ');
      this.asked = { key: f.key, uses: words };
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-fields': Fields;
  }
}
