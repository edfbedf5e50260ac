import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Dossier, DossierEntry, DossierKind } from '../../server/dossier/contract.ts';
import { errorText } from '../core/error-words.ts';
import { day } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import { c } from './card-strings.ts';
import { dossierApi } from './dossier-api.ts';

const KINDS: readonly DossierKind[] = ['need', 'objection', 'role', 'manner', 'strength', 'weakness'];
const BLANK = { kind: 'need' as DossierKind, text: '', answer: '', source: '' };

/** What was learnt about a client, by kind, each with where it is known from and when. */
@customElement('allo-dossier')
export class ClientDossier extends AlloElement {
  @property({ type: Number }) client = 0;
  @property({ type: Number }) version = 0;
  @state() private data: Loading<Dossier> = LOADING;
  @state() private form = BLANK;
  @state() private saving = false;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      form {
        display: grid;
        grid-template-columns: 12rem 1fr 1fr auto;
        gap: var(--space-3);
        align-items: end;
        margin-bottom: var(--space-4);
        padding-bottom: var(--space-4);
        border-bottom: 1px solid var(--border);
      }
      section + section {
        margin-top: var(--space-4);
      }
      h2 {
        font-size: var(--text-m);
        color: var(--text-muted);
        margin-bottom: var(--space-1);
      }
      li {
        display: flex;
        gap: var(--space-2);
        align-items: flex-start;
        padding: var(--space-1) 0;
      }
      p {
        overflow-wrap: anywhere;
      }
      @media (max-width: 760px) {
        form {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('client')) this.data = LOADING;
    if (changed.has('client') || changed.has('version')) void this.load();
  }

  private async load() {
    const id = this.client;
    try {
      const reply = await dossierApi.read(id);
      if (id === this.client) this.data = ready(reply);
    } catch (err) {
      if (id === this.client) this.data = failed(err);
    }
  }

  override render() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(5)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const { items, can } = this.data.value;
    return html`<div class="panel">
      ${can.add ? this.add() : nothing}
      ${items.length === 0 ? empty({ icon: 'note', title: c().noDossier, text: c().noDossierText }) : nothing}
      ${KINDS.map((kind) =>
        this.group(
          kind,
          items.filter((e) => e.kind === kind),
          can.add,
        ),
      )}
    </div>`;
  }

  private group(kind: DossierKind, items: readonly DossierEntry[], may: boolean) {
    if (items.length === 0) return nothing;
    return html`<section>
      <h2>${c().dossier[kind]}</h2>
      <ul>
        ${items.map(
          (e) =>
            html`<li>
              <div class="grow">
                <p dir="auto">${e.text}</p>
                ${e.answer ? html`<p dir="auto">→ ${e.answer}</p>` : nothing}
                <p class="muted small">${[e.source, e.user?.name, day(e.at)].filter(Boolean).join(' · ')}</p>
              </div>
              ${
                may
                  ? html`<button
                      class="button quiet icon-only"
                      aria-label="${c().removeEntry}: ${e.text}"
                      title=${c().removeEntry}
                      @click=${() => void this.send(() => dossierApi.edit(this.client, e.id, { archived: true }))}
                    >
                      ${icon('close')}
                    </button>`
                  : nothing
              }
            </li>`,
        )}
      </ul>
    </section>`;
  }

  private add() {
    const { form } = this;
    const type = (change: Partial<typeof BLANK>) => (this.form = { ...form, ...change });
    return html`<form @submit=${this.submit}>
      <label class="field"
        ><span>${c().dossier[form.kind]}</span
        ><select @change=${(e: Event) => type({ kind: (e.target as HTMLSelectElement).value as DossierKind })}>
          ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === form.kind}>${c().dossier[kind]}</option>`)}
        </select></label
      >
      ${field({ id: 'text', label: c().learnt, value: form.text, maxLength: 2000, onInput: (text) => type({ text }) })}
      ${
        form.kind === 'objection'
          ? field({ id: 'answer', label: c().answer, value: form.answer, maxLength: 2000, onInput: (answer) => type({ answer }) })
          : field({
              id: 'source',
              label: c().source,
              value: form.source,
              maxLength: 200,
              placeholder: c().sourcePlaceholder,
              onInput: (source) => type({ source }),
            })
      }
      <button class="button primary" ?disabled=${this.saving || !form.text.trim()}>${icon('plus')}${c().add}</button>
    </form>`;
  }

  private submit(e: Event) {
    e.preventDefault();
    const { kind, text, answer, source } = this.form;
    if (!text.trim() || this.saving) return;
    void this.send(async () => {
      await dossierApi.add(this.client, { kind, text, source, answer: kind === 'objection' ? answer : '' });
      this.form = { ...BLANK, kind };
    });
  }

  private async send(run: () => Promise<unknown>) {
    this.saving = true;
    try {
      await run();
      await this.load();
    } catch (err) {
      toast('danger', errorText(err));
    } finally {
      this.saving = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-dossier': ClientDossier;
  }
}
