import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { WallLayout, WallPicture, Wallboard } from '../../server/wallboards/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { moment } from '../core/format.ts';
import { locale } from '../core/i18n.ts';
import type { Locale } from '../core/i18n.ts';
import { toast } from '../core/toasts.ts';
import type { AlloDialog } from '../ui/allo-dialog.ts';
import '../ui/allo-dialog.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { empty, skeleton, states, trouble } from '../ui/states.ts';
import './allo-wall-editor.ts';
import { firstLayout } from './layout.ts';
import { t } from './strings.ts';

const NAMES: Record<Locale, string> = { ru: 'Русский', en: 'English' };
const PICTURE_MS = 5_000;

/** What hangs on the walls: arranged, and given to screens by links. */
@customElement('allo-wallboards')
export class Wallboards extends AlloElement {
  @query('allo-dialog') private readonly dialog!: AlloDialog;
  @state() private boards: readonly Wallboard[] | null = null;
  @state() private picture: WallPicture | null = null;
  @state() private failure: unknown = null;
  @state() private open: Wallboard | null = null;
  @state() private dirty = false;
  @state() private link: string | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    ...AlloElement.styles,
    states,
    css`
      header,
      .boards {
        margin-bottom: var(--space-3);
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 17rem;
        gap: var(--space-4);
        align-items: start;
      }
      .side {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-3);
      }
      .check {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }
      li {
        padding: var(--space-2) 0;
        border-top: 1px solid var(--border);
      }
      code {
        display: block;
        padding: var(--space-2);
        background: var(--surface-2);
        overflow-wrap: anywhere;
      }
      @media (max-width: 1100px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.load();
    this.timer = setInterval(() => void this.look(), PICTURE_MS);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private async look() {
    try {
      this.picture = (await api.get<{ picture: WallPicture }>('/api/wallboards/picture')).picture;
    } catch (err) {
      this.failure ??= this.picture === null ? err : null;
    }
  }

  private async load() {
    this.failure = null;
    try {
      const { items } = await api.get<{ items: Wallboard[] }>('/api/wallboards');
      this.boards = items;
      this.show(items.find(({ id }) => id === this.open?.id) ?? items[0] ?? null);
    } catch (err) {
      this.failure = err;
    }
    await this.look();
  }

  private show(board: Wallboard | null) {
    this.open = board;
    this.dirty = false;
    this.link = null;
  }

  override render() {
    const { boards, picture, failure } = this;
    if (!boards || !picture)
      return html`<h1 tabindex="-1">${t().title}</h1>
        <div class="panel">${failure ? trouble(failure, () => void this.load()) : skeleton(8)}</div>`;
    const create = html`<button class="button" @click=${() => void this.create()}>${icon('plus')}${t().create}</button>`;
    return html`<header class="row wrap">
        <h1 tabindex="-1" class="grow">${t().title}</h1>
        ${create}
      </header>
      ${
        boards.length === 0
          ? html`<div class="panel">${empty({ icon: 'chart', title: t().none, text: t().noneText })}</div>`
          : html`<nav class="boards row wrap" aria-label=${t().title}>
              ${boards.map(
                (board) =>
                  html`<button
                    class="button ${board.id === this.open?.id ? 'primary' : ''}"
                    aria-pressed=${board.id === this.open?.id ? 'true' : 'false'}
                    @click=${() => this.show(board)}
                  >
                    <span class="cut" dir="auto">${board.name}</span>
                  </button>`,
              )}
            </nav>`
      }
      ${this.open ? this.board(this.open, picture) : nothing}
      <allo-dialog .heading=${t().removeAsk}>
        <p><button class="button danger" @click=${() => void this.takeDown()}>${icon('close')}${t().remove}</button></p>
      </allo-dialog>`;
  }

  private board(board: Wallboard, picture: WallPicture) {
    const edit = (change: Partial<Wallboard>) => this.edit({ ...board, ...change });
    const set = (change: Partial<WallLayout>) => edit({ layout: { ...board.layout, ...change } });
    const value = (e: Event) => (e.target as HTMLInputElement).value;
    return html`<div class="columns">
      <section class="panel">
        <allo-wall-editor
          .layout=${board.layout}
          .picture=${picture}
          @layout-changed=${(e: CustomEvent<WallLayout>) => edit({ layout: e.detail })}
        ></allo-wall-editor>
      </section>
      <div class="side">
        <section class="panel side">
          <label class="field"
            ><span>${t().name}</span><input maxlength="100" .value=${board.name} @change=${(e: Event) => edit({ name: value(e) })}
          /></label>
          <label class="check"
            ><input
              type="checkbox"
              .checked=${board.layout.names}
              @change=${(e: Event) => set({ names: (e.target as HTMLInputElement).checked })}
            />${t().names}</label
          >
          <label class="field"
            ><span>${t().language}</span
            ><select @change=${(e: Event) => set({ language: value(e) as WallLayout['language'] })}>
              <option value="ru" ?selected=${board.layout.language === 'ru'}>${NAMES.ru}</option>
              <option value="en" ?selected=${board.layout.language === 'en'}>${NAMES.en}</option>
            </select></label
          >
          <label class="field"
            ><span>${t().theme}</span
            ><select @change=${(e: Event) => set({ theme: value(e) as WallLayout['theme'] })}>
              ${(['dark', 'light', 'auto'] as const).map((one) => html`<option value=${one} ?selected=${board.layout.theme === one}>${t().themes[one]}</option>`)}
            </select></label
          >
          <button class="button primary" ?disabled=${!this.dirty} @click=${() => void this.save(board)}>${icon('check')}${t().save}</button>
          <button class="button" @click=${() => void this.dialog.show()}>${icon('close')}${t().remove}</button>
        </section>
        ${this.links(board)}
      </div>
    </div>`;
  }

  private links(board: Wallboard) {
    return html`<section class="panel">
      <h2>${t().links}</h2>
      <p class="small muted">${t().linksHint}</p>
      <form class="side" @submit=${(e: SubmitEvent) => void this.newLink(e, board)}>
        <label class="field"><span>${t().linkLabel}</span><input name="label" maxlength="100" /></label>
        <button class="button">${icon('link')}${t().newLink}</button>
      </form>
      ${
        this.link === null
          ? nothing
          : html`<p role="status"><code>${this.link}</code></p>
              <button class="button" @click=${() => void this.copy()}>${t().copy}</button>`
      }
      <ul>
        ${board.links.map(
          ({ id, label, seenAt, createdBy }) =>
            html`<li class="row">
              <span class="grow cut" dir="auto"
                >${label || createdBy?.name || id}
                <span class="small muted">${seenAt === null ? t().never : t().seen(moment(seenAt))}</span></span
              >
              <button class="button" aria-label="${t().revoke}: ${label || id}" @click=${() => void this.revoke(board, id)}>
                ${t().revoke}
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  private edit(board: Wallboard) {
    this.open = board;
    this.dirty = true;
  }

  private async attempt(run: () => Promise<void>) {
    try {
      await run();
    } catch (err) {
      toast('danger', err instanceof ApiError && err.data.reason === 'acted' ? t().changed : errorText(err));
    }
  }

  private create() {
    return this.attempt(async () => {
      const draft = { name: t().firstName, layout: firstLayout(locale.get()) };
      const { wallboard } = await api.post<{ wallboard: Wallboard }>('/api/wallboards', draft);
      this.open = wallboard;
      await this.load();
    });
  }

  private save({ id, name, layout, version }: Wallboard) {
    return this.attempt(async () => {
      await api.put(`/api/wallboards/${id}`, { name, layout, version });
      toast('success', t().saved);
      await this.load();
    });
  }

  private takeDown() {
    return this.attempt(async () => {
      this.dialog.close();
      await api.delete(`/api/wallboards/${this.open!.id}`);
      this.open = null;
      await this.load();
    });
  }

  private newLink(e: SubmitEvent, { id }: Wallboard) {
    e.preventDefault();
    const form = e.target as HTMLFormElement;
    return this.attempt(async () => {
      const label = String(new FormData(form).get('label') ?? '');
      const { token } = await api.post<{ token: string }>(`/api/wallboards/${id}/links`, { label });
      form.reset();
      await this.refreshLinks(id);
      this.link = `${location.origin}/wall.html#${token}`;
    });
  }

  private revoke({ id }: Wallboard, link: number) {
    return this.attempt(async () => {
      await api.delete(`/api/wallboards/${id}/links/${link}`);
      await this.refreshLinks(id);
    });
  }

  /** What is half arranged stays. */
  private async refreshLinks(id: number) {
    const { items } = await api.get<{ items: Wallboard[] }>('/api/wallboards');
    this.boards = items;
    const links = items.find((one) => one.id === id)?.links ?? [];
    if (this.open?.id === id) this.open = { ...this.open, links };
  }

  private async copy() {
    await navigator.clipboard.writeText(this.link!);
    toast('success', t().copied);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-wallboards': Wallboards;
  }
}
