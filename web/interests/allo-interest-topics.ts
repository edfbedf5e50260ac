import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Topic, TopicList } from '../../server/interests/contract.ts';
import { errorText } from '../core/error-words.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import '../ui/allo-badge.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';
import { settings } from '../ui/settings.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { interestsApi } from './api.ts';
import { topics } from './store.ts';
import { t } from './strings.ts';

interface Form {
  /** Null: a new one. */
  id: number | null;
  label: string;
  heading: string;
}

/** The catalogue of interests, for the administrator. */
@customElement('allo-interest-topics')
export class InterestTopics extends AlloElement {
  @state() private data: Loading<TopicList> = LOADING;
  @state() private form: Form | null = null;
  @state() private error: string | null = null;
  @state() private saving = false;

  static override styles = [...AlloElement.styles, states, settings];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    try {
      const list = await interestsApi.topics();
      this.data = ready(list);
      topics.set(list.items); // the cards of this page know it at once
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    const edit = this.data.state === 'ready' && this.data.value.can.edit;
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted">${t().lead}</p>
        </div>
        ${edit ? html`<button class="button primary" @click=${() => this.begin(null)}>${icon('plus')}${t().create}</button>` : nothing}
      </header>
      <section class="panel list">${this.content()}</section>`;
  }

  private content() {
    if (this.data.state === 'loading') return skeleton(8);
    if (this.data.state === 'failed') return trouble(this.data.error, () => void this.load());
    const { items, can } = this.data.value;
    const form = this.form?.id === null ? this.editor(this.form) : nothing;
    if (items.length === 0) return html`${form}${empty({ icon: 'star', title: t().empty, text: t().emptyText })}`;
    const ordered = [...items].sort((a, b) => Number(a.retiredAt !== null) - Number(b.retiredAt !== null));
    return html`${form}
      <ul>
        ${repeat(
          ordered,
          ({ id }) => id,
          (topic) => html`<li>${this.form?.id === topic.id ? this.editor(this.form) : this.line(topic, can.edit)}</li>`,
        )}
      </ul>`;
  }

  private line(topic: Topic, edit: boolean) {
    return html`<div class="line ${topic.retiredAt !== null ? 'retired' : ''}">
      <span class="grow">
        <span class="name" dir="auto">${topic.label}</span>
        ${topic.heading ? html`<span class="muted small" dir="auto">${topic.heading}</span>` : nothing}
        ${topic.retiredAt !== null ? html`<allo-badge>${t().retired}</allo-badge>` : nothing}
      </span>
      ${edit ? this.commands(topic) : nothing}
    </div>`;
  }

  private commands(topic: Topic) {
    const { id, label } = topic;
    const button = (words: string, sign: IconName, run: () => void, extra = '') =>
      html`<button class="button quiet icon-only ${extra}" aria-label=${words} title=${words} @click=${run}>${icon(sign)}</button>`;
    const remove = topic.used ? nothing : button(`${t().remove}: ${label}`, 'close', () => void this.send(() => interestsApi.remove(id)));
    if (topic.retiredAt !== null)
      return html`<button class="button" @click=${() => void this.send(() => interestsApi.edit(id, { retired: false }))}>
          ${t().restore}
        </button>
        ${remove}`;
    return html`${button(t().up(label), 'chevron', () => void this.send(() => interestsApi.move(id, -1)), 'up')}
    ${button(t().down(label), 'chevron', () => void this.send(() => interestsApi.move(id, 1)), 'down')}
    ${button(t().edit(label), 'pencil', () => this.begin(topic))}
    ${
      topic.used ? button(`${t().retire}: ${label}`, 'close', () => void this.send(() => interestsApi.edit(id, { retired: true }))) : remove
    }`;
  }

  private editor(form: Form) {
    return html`<form class="edit" @submit=${this.submit} @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && (this.form = null)}>
      <div class="parts">
        ${field({
          id: 'label',
          label: t().name,
          value: form.label,
          maxLength: 200,
          error: this.error,
          onInput: (label) => this.type({ label }),
        })}
        ${field({
          id: 'heading',
          label: t().heading,
          value: form.heading,
          maxLength: 200,
          placeholder: t().headingHint,
          onInput: (heading) => this.type({ heading }),
        })}
      </div>
      <div class="row">
        <button class="button primary" ?disabled=${this.saving}>${icon('check')}${t().save}</button>
        <button type="button" class="button quiet" @click=${() => (this.form = null)}>${t().cancel}</button>
      </div>
    </form>`;
  }

  private begin(topic: Topic | null) {
    // Written down one after the other, they mostly belong to one group.
    this.form = topic
      ? { id: topic.id, label: topic.label, heading: topic.heading }
      : { id: null, label: '', heading: this.form?.heading ?? '' };
    this.error = null;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#label')?.focus());
  }

  private type(change: Partial<Form>) {
    if (this.form) this.form = { ...this.form, ...change };
    this.error = null;
  }

  private async submit(e: Event) {
    e.preventDefault();
    if (this.saving || !this.form) return;
    const { id, label, heading } = this.form;
    if (!label.trim()) {
      this.error = t().nameNeeded;
      return;
    }
    this.saving = true;
    try {
      await (id === null ? interestsApi.create({ label, heading }) : interestsApi.edit(id, { label, heading }));
      if (id === null) this.begin(null);
      else this.form = null;
      await this.load();
    } catch (err) {
      this.error = errorText(err);
    } finally {
      this.saving = false;
    }
  }

  /** The focus stays on the button that was pressed, wherever its line went. */
  private async send(order: () => Promise<unknown>) {
    const focused = this.renderRoot instanceof ShadowRoot ? (this.renderRoot.activeElement as HTMLElement | null) : null;
    try {
      await order();
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.load();
    await this.updateComplete;
    focused?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-interest-topics': InterestTopics;
  }
}
