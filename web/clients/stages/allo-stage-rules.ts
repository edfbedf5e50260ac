import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CatalogueField, RuleCondition, Stage, StageRule } from '../../../server/clients/contract.ts';
import { operatorWords } from '../../core/condition.ts';
import { errorText } from '../../core/error-words.ts';
import { locale } from '../../core/i18n.ts';
import { toast } from '../../core/toasts.ts';
import '../../ui/allo-badge.ts';
import type { AlloDialog } from '../../ui/allo-dialog.ts';
import '../../ui/allo-dialog.ts';
import { AlloElement } from '../../ui/allo-element.ts';
import { icon } from '../../ui/icons.ts';
import { empty, states } from '../../ui/states.ts';
import './allo-rule-edit.ts';
import { stagesApi } from './api.ts';
import { valueWords } from './condition.ts';
import { t } from './strings.ts';
import { settings } from '../../ui/settings.ts';

/**
 * The rules that move clients, in the order in which they are tried.
 * @fires stages-changed
 */
@customElement('allo-stage-rules')
export class StageRules extends AlloElement {
  @property({ attribute: false }) rules: readonly StageRule[] = [];
  @property({ attribute: false }) stages: readonly Stage[] = [];
  @property({ attribute: false }) known: readonly CatalogueField[] = [];
  @state() private editing: number | 'new' | null = null;
  @state() private doomed: StageRule | null = null;
  @query('allo-dialog') private readonly dialog!: AlloDialog;

  static override styles = [
    ...AlloElement.styles,
    states,
    settings,
    css`
      :host {
        margin-top: var(--space-6);
      }
      .ask {
        display: grid;
        gap: var(--space-4);
      }
      .said {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    return html`<header>
        <div class="grow">
          <h2>${t().rules}</h2>
          <p class="muted small">${t().rulesLead}</p>
        </div>
        <button class="button" id="new" @click=${() => (this.editing = 'new')}>${icon('plus')}${t().newRule}</button>
      </header>
      <div class="panel list">
        ${this.editing === 'new' ? this.editor(null) : nothing}
        ${this.rules.length === 0 ? empty({ icon: 'transfer', title: t().rulesEmpty }) : nothing}
        <ul>
          ${repeat(
            this.rules,
            ({ id }) => id,
            (rule) => html`<li>${this.editing === rule.id ? this.editor(rule) : this.line(rule)}</li>`,
          )}
        </ul>
      </div>
      ${this.doomed ? this.question(this.doomed) : nothing}`;
  }

  private editor(rule: StageRule | null) {
    return html`<allo-rule-edit
      .rule=${rule}
      .stages=${this.stages}
      .known=${this.known}
      @rule-saved=${() => {
        this.emit('stages-changed');
        void this.end(rule);
      }}
      @edit-cancelled=${() => void this.end(rule)}
    ></allo-rule-edit>`;
  }

  private line(rule: StageRule) {
    const stage = (code: string) => this.stages.find((s) => s.code === code)?.label[locale.get()] ?? code;
    const way = `${rule.from?.map(stage).join(', ') ?? t().anyStage} → ${stage(rule.to)}`;
    return html`<div class="line">
      <span class="grow said">
        <span class="name" dir="auto">${rule.name}</span> ${rule.enabled ? nothing : html`<allo-badge>${t().off}</allo-badge>`}<br />
        <span class="muted small" dir="auto">${[way, ...rule.conditions.map((c) => this.said(c))].join(' · ')}</span>
      </span>
      <button
        class="button"
        aria-label="${rule.enabled ? t().switchOff : t().switchOn}: ${rule.name}"
        @click=${() => void this.send(() => stagesApi.editRule(rule.id, { ...rule, enabled: !rule.enabled }))}
      >
        ${rule.enabled ? t().switchOff : t().switchOn}
      </button>
      <button
        class="button quiet icon-only"
        data-edit=${rule.id}
        aria-label=${t().edit(rule.name)}
        title=${t().edit(rule.name)}
        @click=${() => (this.editing = rule.id)}
      >
        ${icon('pencil')}
      </button>
      <button
        class="button quiet icon-only"
        aria-label=${t().remove(rule.name)}
        title=${t().remove(rule.name)}
        @click=${() => void this.ask(rule)}
      >
        ${icon('close')}
      </button>
    </div>`;
  }

  private said(c: RuleCondition): string {
    if (c.fact === 'contact') return c.fresher ? t().fresherSaid(c.days) : t().olderSaid(c.days);
    if (c.fact === 'events') return t().eventsSaid(c, t().kinds[c.kind] ?? c.kind);
    const field = this.known.find(({ key }) => key === c.key);
    const words = [field?.label[locale.get()] ?? c.key, operatorWords()[c.op] ?? c.op, valueWords(c, field, locale.get())];
    return words.filter(Boolean).join(' ');
  }

  private question(rule: StageRule) {
    return html`<allo-dialog heading=${t().removeTitle} @dialog-closed=${() => (this.doomed = null)}>
      <div class="ask">
        <p dir="auto">${t().removeText(rule.name)}</p>
        <div class="row">
          <button
            class="button danger"
            @click=${() => {
              this.dialog.close();
              void this.send(() => stagesApi.removeRule(rule.id));
            }}
          >
            ${t().removeDo}
          </button>
          <button class="button quiet" @click=${() => this.dialog.close()}>${t().cancel}</button>
        </div>
      </div>
    </allo-dialog>`;
  }

  private async ask(rule: StageRule) {
    this.doomed = rule;
    await this.updateComplete;
    await this.dialog.show();
  }

  /** The focus goes on where the editing began. */
  private async end(rule: StageRule | null) {
    this.editing = null;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(rule ? `[data-edit="${rule.id}"]` : '#new')?.focus();
  }

  private async send(order: () => Promise<unknown>) {
    try {
      await order();
    } catch (err) {
      toast('danger', errorText(err));
    }
    this.emit('stages-changed');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-stage-rules': StageRules;
  }
}
