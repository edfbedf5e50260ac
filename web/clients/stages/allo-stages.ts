import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CatalogueField, Stage, StageList } from '../../../server/clients/contract.ts';
import { errorText } from '../../core/error-words.ts';
import { locale } from '../../core/i18n.ts';
import { LOADING, failed, ready } from '../../core/loading.ts';
import type { Loading } from '../../core/loading.ts';
import { toast } from '../../core/toasts.ts';
import '../../ui/allo-badge.ts';
import { AlloElement } from '../../ui/allo-element.ts';
import { field } from '../../ui/field.ts';
import { icon } from '../../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../../ui/states.ts';
import { loadStages } from '../stages.ts';
import './allo-stage-rules.ts';
import { stagesApi } from './api.ts';
import { t } from './strings.ts';
import { settings } from '../../ui/settings.ts';

interface Form {
  /** Null: a new one. */
  code: string | null;
  ru: string;
  en: string;
  meaning: Stage['meaning'];
  minutes: string;
}
interface Page {
  list: StageList;
  known: readonly CatalogueField[];
}

const MEANINGS: readonly Stage['meaning'][] = ['open', 'lead', 'active', 'lost'];

/** For the administrator: the stages of a relationship, and the rules that move clients between them. */
@customElement('allo-stages')
export class Stages extends AlloElement {
  @state() private data: Loading<Page> = LOADING;
  @state() private form: Form | null = null;
  @state() private faults: { names?: string; minutes?: string } = {};
  @state() private saving = false;

  static override styles = [...AlloElement.styles, states, settings];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
  }

  private async load() {
    try {
      const list = await loadStages();
      this.data = ready({ list, known: list.can.edit ? (await stagesApi.catalogue()).items : [] });
    } catch (err) {
      this.data = failed(err);
    }
  }

  override render() {
    const edit = this.data.state === 'ready' && this.data.value.list.can.edit;
    return html`<header>
        <div class="grow">
          <h1 tabindex="-1">${t().title}</h1>
          <p class="muted">${t().lead}</p>
        </div>
        <a class="button" href="/clients/untouched">${t().untouched}</a>
        ${edit ? html`<button class="button primary" id="new" @click=${() => this.begin(null)}>${icon('plus')}${t().create}</button>` : nothing}
      </header>
      ${this.content()}`;
  }

  private content() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(8)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const { list, known } = this.data.value;
    return html`<div class="panel list">
        ${this.form?.code === null ? this.editor(this.form) : nothing}
        ${list.items.length === 0 ? empty({ icon: 'transfer', title: t().empty }) : nothing}
        <ul>
          ${repeat(
            list.items,
            ({ code }) => code,
            (stage) => html`<li>${this.form?.code === stage.code ? this.editor(this.form) : this.line(stage, list.can.edit)}</li>`,
          )}
        </ul>
      </div>
      ${
        list.can.edit
          ? html`<allo-stage-rules
              .rules=${list.rules}
              .stages=${list.items}
              .known=${known}
              @stages-changed=${() => void this.load()}
            ></allo-stage-rules>`
          : html`<p class="muted small">${t().readOnly}</p>`
      }`;
  }

  private line(stage: Stage, edit: boolean) {
    const [name, other] = locale.get() === 'ru' ? [stage.label.ru, stage.label.en] : [stage.label.en, stage.label.ru];
    return html`<div class="line">
      <span class="grow">
        <span class="name" dir="auto">${name}</span>
        <span class="muted small" dir="auto"
          >${[other, stage.meaning === 'open' ? '' : t().meanings[stage.meaning]].filter(Boolean).join(' · ')}</span
        >
        ${stage.touchMinutes !== null ? html`<allo-badge tone="warning">${t().touchIn(stage.touchMinutes)}</allo-badge>` : nothing}
        ${stage.archivedAt !== null ? html`<allo-badge>${t().archived}</allo-badge>` : nothing}
      </span>
      ${edit ? this.orders(stage, name) : nothing}
    </div>`;
  }

  private orders({ code, archivedAt, ...stage }: Stage, name: string) {
    if (archivedAt !== null)
      return html`<button class="button" aria-label="${t().restore}: ${name}" @click=${() => void this.archive(code, false)}>
        ${t().restore}
      </button>`;
    return html`<button
        class="button quiet icon-only"
        data-edit=${code}
        aria-label=${t().edit(name)}
        title=${t().edit(name)}
        @click=${() => this.begin({ code, archivedAt, ...stage })}
      >
        ${icon('pencil')}
      </button>
      ${
        code === 'new'
          ? nothing // every card begins there
          : html`<button
              class="button quiet icon-only"
              aria-label=${t().archive(name)}
              title=${t().archive(name)}
              @click=${() => void this.archive(code, true)}
            >
              ${icon('close')}
            </button>`
      }`;
  }

  private editor(form: Form) {
    return html`<form
      class="edit"
      @submit=${(e: Event) => void this.submit(e)}
      @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && void this.end(form.code)}
    >
      <div class="parts">
        ${field({ id: 'ru', label: t().nameRu, value: form.ru, maxLength: 60, error: this.faults.names ?? null, onInput: (ru) => this.type({ ru }) })}
        ${field({ id: 'en', label: t().nameEn, value: form.en, maxLength: 60, onInput: (en) => this.type({ en }) })}
        <label class="field"
          ><span>${t().meaning}</span
          ><select @change=${(e: Event) => this.type({ meaning: (e.target as HTMLSelectElement).value as Stage['meaning'] })}>
            ${MEANINGS.map((code) => html`<option value=${code} .selected=${live(code === form.meaning)}>${t().meanings[code]}</option>`)}
          </select></label
        >
        ${field({ id: 'minutes', label: t().touch, value: form.minutes, maxLength: 6, placeholder: t().touchHint, error: this.faults.minutes ?? null, onInput: (minutes) => this.type({ minutes }) })}
      </div>
      <div class="row">
        <button class="button primary" ?disabled=${this.saving}>${icon('check')}${t().save}</button>
        <button type="button" class="button quiet" @click=${() => void this.end(form.code)}>${t().cancel}</button>
      </div>
    </form>`;
  }

  private begin(stage: Stage | null) {
    this.form = {
      code: stage?.code ?? null,
      ru: stage?.label.ru ?? '',
      en: stage?.label.en ?? '',
      meaning: stage?.meaning ?? 'open',
      minutes: stage?.touchMinutes == null ? '' : String(stage.touchMinutes),
    };
    this.faults = {};
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#ru')?.focus());
  }

  private type(change: Partial<Form>) {
    if (this.form) this.form = { ...this.form, ...change };
    this.faults = {};
  }

  /** The focus goes on where the editing began. */
  private async end(code: string | null) {
    this.form = null;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(code === null ? '#new' : `[data-edit="${code}"]`)?.focus();
  }

  private async submit(e: Event) {
    e.preventDefault();
    if (this.saving || !this.form) return;
    const { code, ru, en, meaning, minutes } = this.form;
    const typed = minutes.trim();
    if (!ru.trim() || !en.trim()) this.faults = { names: t().namesNeeded };
    else if (typed && !(/^\d{1,6}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= 100_000))
      this.faults = { minutes: t().minutesWrong };
    if (Object.keys(this.faults).length > 0) return;
    const write = { label: { ru: ru.trim(), en: en.trim() }, meaning, touchMinutes: typed ? Number(typed) : null };
    this.saving = true;
    try {
      await (code === null ? stagesApi.create(write) : stagesApi.edit(code, write));
      await this.load();
      await this.end(code);
    } catch (err) {
      this.faults = { names: errorText(err) };
    } finally {
      this.saving = false;
    }
  }

  private async archive(code: string, archived: boolean) {
    try {
      await stagesApi.edit(code, { archived });
    } catch (err) {
      toast('danger', errorText(err));
    }
    await this.load();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-stages': Stages;
  }
}
