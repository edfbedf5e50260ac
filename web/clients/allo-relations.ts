import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClientBrief } from '../../server/clients/contract.ts';
import type { Proposals, RelationDraft, RelationGraph, RelationKind, RelationList } from '../../server/relations/contract.ts';
import { api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { calendarDay } from '../core/format.ts';
import { LOADING, failed, ready } from '../core/loading.ts';
import type { Loading } from '../core/loading.ts';
import { toast } from '../core/toasts.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { field } from '../ui/field.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import '../ui/allo-number.ts';
import './allo-client-picker.ts';
import './allo-graph.ts';
import { c } from './card-strings.ts';

interface Page {
  relations: RelationList;
  proposals: Proposals;
  graph: RelationGraph;
}
const KINDS: readonly RelationKind[] = [
  'contact',
  'director',
  'founder',
  'holding',
  'agent',
  'recommends',
  'relative',
  'competitor',
  'same-group',
];
/** A choice of the form: "director" or, read from the other end, "director<". */
const CHOICES = KINDS.flatMap((kind) => (['competitor', 'relative', 'same-group'].includes(kind) ? [kind] : [kind, `${kind}<`]));
const NOBODY = { name: '', position: '', phone: '', email: '' };
const BLANK = { choice: 'contact<', other: null as ClientBrief | null, position: '', share: '', since: '' };

const dayWords = (text: string | null): string => (text === null ? '…' : calendarDay(text, { dateStyle: 'medium' }));

/**
 * Who belongs to a client: those that were said, those that may, and all of them drawn.
 * @fires dial-wanted - detail: { number: string, clientId: number }
 */
@customElement('allo-relations')
export class Relations extends AlloElement {
  @property({ type: Number }) client = 0;
  @property({ type: Number }) version = 0;
  /** Companies have contact persons. */
  @property({ type: Boolean }) company = false;
  @state() private data: Loading<Page> = LOADING;
  @state() private form: typeof BLANK | null = null;
  @state() private person: typeof NOBODY | null = null;
  @state() private personFault = false;
  @state() private saving = false;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      .panel + .panel {
        margin-top: var(--space-3);
      }
      h2 {
        font-size: var(--text-m);
        margin-bottom: var(--space-2);
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        min-height: 2.5rem;
      }
      li + li {
        border-top: 1px solid var(--border);
      }
      li a {
        overflow-wrap: anywhere;
      }
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
        gap: var(--space-3);
        align-items: end;
        margin-top: var(--space-3);
      }
      .whom {
        grid-column: 1 / -1;
      }
    `,
  ];

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('client')) {
      this.data = LOADING;
      this.form = null;
      this.person = null;
    }
    if (changed.has('client') || changed.has('version')) void this.load();
  }

  private get path() {
    return `/api/clients/${this.client}`;
  }

  private async load() {
    const { path } = this;
    try {
      const [relations, proposals, graph] = await Promise.all([
        api.get<RelationList>(`${path}/relations`),
        api.get<Proposals>(`${path}/proposals`),
        api.get<RelationGraph>(`${path}/graph`),
      ]);
      if (path === this.path) this.data = ready({ relations, proposals, graph });
    } catch (err) {
      if (path === this.path) this.data = failed(err);
    }
  }

  override render() {
    if (this.data.state === 'loading') return html`<div class="panel">${skeleton(5)}</div>`;
    if (this.data.state === 'failed') return html`<div class="panel">${trouble(this.data.error, () => void this.load())}</div>`;
    const { relations, proposals, graph } = this.data.value;
    const may = relations.can.edit;
    return html`<section class="panel">
        ${relations.items.length === 0 ? empty({ icon: 'people', title: c().noRelations, text: c().noRelationsText }) : nothing}
        <ul>
          ${relations.items.map((r) => {
            const words = c().kindOf[r.kind]![r.fromId === this.client ? 0 : 1]!;
            const dates = [r.since, r.until].some(Boolean) ? `${dayWords(r.since)} – ${dayWords(r.until)}` : '';
            const beside = [r.position, r.share === null ? '' : `${r.share / 100}%`, dates, r.note].filter(Boolean).join(' · ');
            return html`<li>
              ${icon(r.other.kind === 'company' ? 'company' : 'person')}
              <span class="grow"
                ><span class="muted">${words}</span>
                <a href="/clients/${r.other.id}" dir="auto">${r.other.name}</a>
                ${r.other.phone ? html`<button class="button quiet" @click=${() => this.emit('dial-wanted', { number: r.other.phone!, clientId: r.other.id })}>${icon('phone')}<allo-number .value=${r.other.phone}></allo-number></button>` : nothing}
                ${beside ? html`<span class="muted small"> · ${beside}</span>` : nothing}</span
              >
              ${
                may
                  ? html`<button
                      class="button quiet icon-only"
                      aria-label=${c().removeRelation(r.other.name)}
                      title=${c().removeRelation(r.other.name)}
                      @click=${() => void this.send(() => api.patch(`${this.path}/relations/${r.id}`, { archived: true }))}
                    >
                      ${icon('close')}
                    </button>`
                  : nothing
              }
            </li>`;
          })}
        </ul>
        ${
          !may
            ? nothing
            : this.form
              ? this.add(this.form)
              : this.person
                ? this.addPerson(this.person)
                : html`<p class="row wrap">
                    ${this.company ? html`<button class="button" @click=${() => this.beginPerson()}>${icon('plus')}${c().addPerson}</button>` : nothing}
                    <button class="button" @click=${() => (this.form = BLANK)}>${icon('plus')}${c().addRelation}</button>
                  </p>`
        }
      </section>
      ${proposals.items.length > 0 && may ? this.proposals(proposals) : nothing}
      ${
        graph.edges.length > 0
          ? html`<section class="panel">
              <h2>${c().graph}</h2>
              <allo-graph .graph=${graph}></allo-graph>
            </section>`
          : nothing
      }`;
  }

  private proposals({ items }: Proposals) {
    return html`<section class="panel">
      <h2>${c().proposals}</h2>
      <ul>
        ${items.map(
          ({ client, reasons }) =>
            html`<li>
              <span class="grow"
                ><a href="/clients/${client.id}" dir="auto">${client.name}</a>
                <span class="muted small">${reasons.map(({ why, value }) => `${c().why[why]}: ${value}`).join(', ')}</span></span
              >
              <button class="button" @click=${() => (this.form = { ...BLANK, choice: 'same-group', other: client })}>${c().confirm}</button>
              <button
                class="button quiet"
                @click=${() => void this.send(() => api.post(`${this.path}/proposals/refuse`, { otherId: client.id }))}
              >
                ${c().refuse}
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  private beginPerson() {
    this.person = NOBODY;
    this.personFault = false;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#person-name')?.focus());
  }

  private addPerson(person: typeof NOBODY) {
    const type = (change: Partial<typeof NOBODY>) => {
      this.person = { ...person, ...change };
      this.personFault = false;
    };
    return html`<form @submit=${this.savePerson} novalidate @keydown=${(e: KeyboardEvent) => e.key === 'Escape' && (this.person = null)}>
      ${field({ id: 'person-name', label: c().personName, value: person.name, maxLength: 200, error: this.personFault ? c().personFault : null, onInput: (name) => type({ name }) })}
      ${field({ id: 'person-position', label: c().position, value: person.position, maxLength: 200, onInput: (position) => type({ position }) })}
      ${field({ id: 'person-phone', label: c().personPhone, type: 'tel', value: person.phone, maxLength: 60, onInput: (phone) => type({ phone }) })}
      ${field({ id: 'person-email', label: c().personEmail, type: 'email', value: person.email, maxLength: 254, onInput: (email) => type({ email }) })}
      <div class="row whom">
        <button class="button primary" ?disabled=${this.saving}>${icon('check')}${c().add}</button>
        <button type="button" class="button quiet" @click=${() => (this.person = null)}>${c().cancel}</button>
      </div>
    </form>`;
  }

  private savePerson(e: Event) {
    e.preventDefault();
    if (!this.person || this.saving) return;
    const { name, position, phone, email } = this.person;
    if (!name.trim() || (email.trim() && !/^\S+@\S+\.\S+$/.test(email.trim()))) {
      this.personFault = true;
      return;
    }
    const draft = {
      name: name.trim(),
      position: position.trim(),
      phones: phone.trim() ? [{ raw: phone.trim() }] : [],
      emails: email.trim() ? [{ address: email.trim() }] : [],
    };
    void this.send(async () => {
      await api.post(`${this.path}/people`, draft);
      this.person = null;
    });
  }

  private add(form: typeof BLANK) {
    const type = (change: Partial<typeof BLANK>) => (this.form = { ...form, ...change });
    const words = (choice: string) => c().kindOf[choice.replace('<', '')]![choice.endsWith('<') ? 1 : 0]!;
    return html`<form @submit=${this.submit}>
      <label class="field"
        ><span>${c().relationKind}</span
        ><select @change=${(e: Event) => type({ choice: (e.target as HTMLSelectElement).value })}>
          ${CHOICES.map((choice) => html`<option value=${choice} ?selected=${choice === form.choice}>${words(choice)}</option>`)}
        </select></label
      >
      ${field({ id: 'position', label: c().position, value: form.position, maxLength: 200, onInput: (position) => type({ position }) })}
      ${field({ id: 'share', label: c().share, value: form.share, maxLength: 6, onInput: (share) => type({ share }) })}
      <label class="field"
        ><span>${c().since}</span
        ><input type="date" .value=${form.since} @input=${(e: Event) => type({ since: (e.target as HTMLInputElement).value })}
      /></label>
      <div class="whom">
        <span class="label">${c().whom}</span>
        ${
          form.other
            ? html`<p>
                <b dir="auto">${form.other.name}</b>
                <button type="button" class="button quiet icon-only" aria-label=${c().cancel} @click=${() => type({ other: null })}>
                  ${icon('close')}
                </button>
              </p>`
            : html`<allo-client-picker
                @client-picked=${(e: CustomEvent<{ client: ClientBrief }>) => type({ other: e.detail.client })}
              ></allo-client-picker>`
        }
      </div>
      <div class="row">
        <button class="button primary" ?disabled=${this.saving || !form.other}>${icon('check')}${c().add}</button>
        <button type="button" class="button quiet" @click=${() => (this.form = null)}>${c().cancel}</button>
      </div>
    </form>`;
  }

  private submit(e: Event) {
    e.preventDefault();
    const { form } = this;
    if (!form?.other || this.saving) return;
    const share = Number(form.share.replace(',', '.'));
    const draft: RelationDraft = {
      toId: form.other.id,
      kind: form.choice.replace('<', '') as RelationKind,
      reverse: form.choice.endsWith('<'),
      position: form.position.trim(),
      share: form.share.trim() === '' || Number.isNaN(share) ? null : Math.round(share * 100),
      since: form.since || null,
    };
    void this.send(async () => {
      await api.post(`${this.path}/relations`, draft);
      this.form = null;
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
    'allo-relations': Relations;
  }
}
