import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Evidence, EvidencePdf } from '../../server/dialling/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { saveFile } from '../core/save-file.ts';
import { formatNumber } from '../core/numbers.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

/** Everything about why and when a number was called: on the screen, on paper, as JSON. */
@customElement('allo-evidence')
export class EvidencePage extends AlloElement {
  @state() private number = '';
  @state() private evidence: Evidence | null = null;
  @state() private error = '';
  @state() private busy = false;

  static override styles = [
    ...AlloElement.styles,
    css`
      form {
        display: grid;
        grid-template-columns: minmax(10rem, 18rem) auto;
        gap: var(--space-2);
        align-items: end;
        margin: var(--space-2) 0;
      }
      form .button {
        justify-self: start;
      }
      li {
        padding: var(--space-2) 0;
        border-top: 1px solid var(--border);
        overflow-wrap: anywhere;
      }
      @media print {
        form,
        .row {
          display: none;
        }
      }
    `,
  ];

  override render() {
    return html`<section class="panel" aria-label=${t().evidence}>
      <h2>${t().evidence}</h2>
      <p class="muted small">${t().evidenceLead}</p>
      <form @submit=${this.show} novalidate>
        ${field({ id: 'evidence-number', label: t().number, type: 'tel', value: this.number, maxLength: 40, onInput: (number) => (this.number = number) })}
        <button class="button">${t().show}</button>
      </form>
      ${this.error ? html`<p class="fault" role="alert">${icon('warning')}${this.error}</p>` : nothing}
      ${this.evidence ? this.found(this.evidence) : nothing}
    </section>`;
  }

  private found({ number, madeAt, doNotCall, consents, attempts }: Evidence) {
    return html`<h3 class="num">${formatNumber(number)} · ${moment(madeAt)}</h3>
      <div class="row">
        <button class="button" @click=${() => print()}>${t().print}</button>
        <button class="button" ?disabled=${this.busy} @click=${this.savePdf}>${icon('download')}${t().savePdf}</button>
        <button class="button" @click=${this.save}>${icon('download')}${t().saveJson}</button>
      </div>
      <ul>
        ${doNotCall.map((entry) => html`<li>${t().doNotCall}: ${moment(entry.at)}, ${t().sources[entry.source]} ${entry.list} ${entry.note} ${entry.by ? t().by(entry.by) : ''}</li>`)}
        ${consents.map((one) => html`<li>${t().consents}: ${moment(one.at)}, ${one.channel}, ${one.source}: “${one.text}” ${one.withdrawnAt === null ? '' : t().withdrawn(moment(one.withdrawnAt))}</li>`)}
      </ul>
      <h3>${t().attempts}</h3>
      ${attempts.length === 0 ? html`<p class="muted">${t().noAttempts}</p>` : nothing}
      <ul>
        ${attempts.map(
          (one) =>
            html`<li>
              <strong>${moment(one.placedAt)}</strong> ${one.campaign} (${one.n}), ${one.mode}, ${one.result ?? ''}
              ${one.operator ? t().by(one.operator) : ''}
              <div class="small muted">
                ${one.decision === null ? '' : `${one.decision.profile} ${t().version(one.decision.profileVersion)}: ${one.decision.rules.map(({ code, said }) => `${t().rules[code]}: ${t().allowed} (${said})`).join('; ')}`}
              </div>
              <div class="small muted">${[one.callerId, one.label, one.contract, one.call].filter(Boolean).join(' · ')}</div>
            </li>`,
        )}
      </ul>`;
  }

  private show = async (e: Event) => {
    e.preventDefault();
    try {
      this.error = '';
      this.evidence = await api.get<Evidence>('/api/dialling/evidence', { number: this.number });
    } catch (err) {
      this.evidence = null;
      this.error = errorText(err);
    }
  };

  private savePdf = async () => {
    const { paper, sources, rules, codes } = t();
    const draft: EvidencePdf = { number: this.evidence!.number, words: { labels: paper, codes: { ...sources, ...rules, ...codes } } };
    this.busy = true;
    try {
      this.error = '';
      saveFile(await api.file('/api/dialling/evidence/pdf', draft));
    } catch (err) {
      this.error = errorText(err);
    } finally {
      this.busy = false;
    }
  };

  private save = () => {
    const blob = new Blob([JSON.stringify(this.evidence, null, 2)], { type: 'application/json' });
    saveFile({ name: `evidence-${this.evidence!.number}.json`, blob });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-evidence': EvidencePage;
  }
}
