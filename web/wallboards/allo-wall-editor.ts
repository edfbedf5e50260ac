import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { WallFigure, WallLayout, WallPicture, WallTile } from '../../server/wallboards/contract.ts';
import { clock } from '../core/format.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { icon } from '../ui/icons.ts';
import { moved, newTile, sized } from './layout.ts';
import { t } from './strings.ts';
import { tileStyles } from './tile-styles.ts';
import { placeOf, tileFace } from './tiles.ts';

const KINDS: readonly WallTile['kind'][] = ['figure', 'queues', 'operators', 'clock', 'text'];
const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Arranges the tiles of a wallboard, by the pointer and by the keyboard.
 * @fires layout-changed - detail: WallLayout
 */
@customElement('allo-wall-editor')
export class WallEditor extends AlloElement {
  @property({ attribute: false }) layout!: WallLayout;
  @property({ attribute: false }) picture!: WallPicture;
  @state() private chosen: string | null = null;
  private drag: { id: string; sizes: boolean; x: number; y: number; from: WallTile } | null = null;

  static override styles = [
    ...AlloElement.styles,
    tileStyles,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      .stage {
        aspect-ratio: 16 / 9;
        padding: var(--space-1);
        background: var(--surface-2);
        color: var(--text);
        border-radius: var(--radius);
      }
      .tile {
        cursor: move;
        touch-action: none;
        user-select: none;
      }
      .tile.on {
        outline: 3px solid var(--accent);
        outline-offset: -1px;
      }
      .corner {
        position: absolute;
        right: 0;
        bottom: 0;
        width: 1.25rem;
        height: 1.25rem;
        cursor: nwse-resize;
        border-right: 3px solid var(--border-strong);
        border-bottom: 3px solid var(--border-strong);
        border-radius: 0 0 var(--radius-l) 0;
      }
      .settings {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: var(--space-3);
        align-items: end;
      }
      fieldset {
        grid-column: 1 / -1;
      }
      .checks {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
        max-height: 8rem;
        overflow-y: auto;
      }
      .checks label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: 1.75rem;
      }
    `,
  ];

  override render() {
    const view = { picture: this.picture, now: this.picture.at, clock: clock(this.picture.at) };
    const chosen = this.layout.tiles.find(({ id }) => id === this.chosen);
    return html`<div class="row wrap" role="group" aria-label=${t().add}>
        <span>${t().add}</span>
        ${KINDS.map((kind) => html`<button class="button" @click=${() => this.add(kind)}>${icon('plus')}${t().kinds[kind]}</button>`)}
      </div>
      <p class="small muted" id="hint">${t().hint}</p>
      <div class="stage">
        <div class="grid" role="list">
          ${repeat(
            this.layout.tiles,
            ({ id }) => id,
            (tile) => {
              const { mood, face } = tileFace(tile, view);
              return html`<div
                class="tile ${mood} ${tile.id === this.chosen ? 'on' : ''}"
                style=${placeOf(tile)}
                role="listitem"
                tabindex="0"
                aria-label=${t().place(this.nameOf(tile), tile.x + 1, tile.y + 1, tile.w, tile.h)}
                aria-describedby="hint"
                @focus=${() => (this.chosen = tile.id)}
                @keydown=${(e: KeyboardEvent) => this.key(e, tile)}
                @pointerdown=${(e: PointerEvent) => this.take(e, tile, false)}
                @pointermove=${this.pull}
                @pointerup=${() => (this.drag = null)}
                @pointercancel=${() => (this.drag = null)}
              >
                <div class="face">${face}</div>
                <span class="corner" @pointerdown=${(e: PointerEvent) => this.take(e, tile, true)}></span>
              </div>`;
            },
          )}
        </div>
      </div>
      ${chosen ? this.settings(chosen) : html`<p class="muted">${t().choose}</p>`}`;
  }

  private nameOf(tile: WallTile): string {
    if (tile.kind === 'figure') return tile.title || t().figures[tile.figure];
    return tile.kind === 'text' && tile.title ? tile.title : t().kinds[tile.kind];
  }

  private change(tiles: WallTile[]) {
    this.emit('layout-changed', { ...this.layout, tiles });
  }

  private put(tile: WallTile) {
    this.change(this.layout.tiles.map((one) => (one.id === tile.id ? tile : one)));
  }

  private add(kind: WallTile['kind']) {
    const tile = newTile(kind, this.layout.tiles, `t${Date.now().toString(36)}`);
    this.chosen = tile.id;
    this.change([...this.layout.tiles, tile]);
  }

  private takeAway({ id }: WallTile) {
    this.chosen = null;
    this.change(this.layout.tiles.filter((one) => one.id !== id));
  }

  private key(e: KeyboardEvent, tile: WallTile) {
    const step = ARROWS[e.key];
    if (e.key === 'Delete') this.takeAway(tile);
    else if (step) this.put(e.shiftKey ? sized(tile, ...step) : moved(tile, ...step));
    else return;
    e.preventDefault();
  }

  private take(e: PointerEvent, tile: WallTile, sizes: boolean) {
    e.stopPropagation();
    const element = (e.currentTarget as HTMLElement).closest<HTMLElement>('.tile')!;
    element.setPointerCapture(e.pointerId);
    element.focus();
    this.chosen = tile.id;
    this.drag = { id: tile.id, sizes, x: e.clientX, y: e.clientY, from: tile };
  }

  private pull(e: PointerEvent) {
    const { drag } = this;
    if (!drag) return;
    const { width, height } = this.renderRoot.querySelector('.grid')!.getBoundingClientRect();
    const [dx, dy] = [Math.round(((e.clientX - drag.x) / width) * 12), Math.round(((e.clientY - drag.y) / height) * 12)];
    this.put(drag.sizes ? sized(drag.from, dx, dy) : moved(drag.from, dx, dy));
  }

  private settings(tile: WallTile) {
    const limits = tile.kind === 'figure' || tile.kind === 'queues';
    const number = (name: 'warn' | 'alarm', words: string) =>
      limits
        ? html`<label class="field"
            ><span>${words}</span
            ><input
              type="number"
              min="0"
              max="100000"
              .value=${String(tile[name] ?? '')}
              @change=${(e: Event) => this.put({ ...tile, [name]: (e.target as HTMLInputElement).value === '' ? null : Math.max(0, Number((e.target as HTMLInputElement).value)) })}
          /></label>`
        : nothing;
    return html`<div class="settings">
      ${
        tile.kind === 'figure'
          ? html`<label class="field"
              ><span>${t().figure}</span
              ><select @change=${(e: Event) => this.put({ ...tile, figure: (e.target as HTMLSelectElement).value as WallFigure })}>
                ${Object.entries(t().figures).map(([code, words]) => html`<option value=${code} ?selected=${code === tile.figure}>${words}</option>`)}
              </select></label
            >`
          : nothing
      }
      ${
        tile.kind === 'figure' || tile.kind === 'text'
          ? html`<label class="field"
              ><span>${tile.kind === 'text' ? t().text : t().heading}</span
              ><input
                maxlength=${tile.kind === 'text' ? 200 : 60}
                .value=${tile.title}
                @change=${(e: Event) => this.put({ ...tile, title: (e.target as HTMLInputElement).value.trim() })}
            /></label>`
          : nothing
      }
      ${number('warn', t().warn)} ${number('alarm', t().alarm)}
      <button class="button" @click=${() => this.takeAway(tile)}>${icon('close')}${t().removeTile}</button>
      ${limits ? html`<p class="small muted">${t().limitHint}</p>` : nothing}
      ${
        tile.kind === 'clock' || tile.kind === 'text'
          ? nothing
          : html`<fieldset>
              <legend class="label">${t().queues}</legend>
              <div class="checks">
                ${this.picture.queues.map(
                  ({ ref, label }) =>
                    html`<label
                      ><input
                        type="checkbox"
                        .checked=${tile.queues.includes(ref)}
                        @change=${(e: Event) => this.put({ ...tile, queues: (e.target as HTMLInputElement).checked ? [...tile.queues, ref] : tile.queues.filter((one) => one !== ref) })}
                      />${label}</label
                    >`,
                )}
              </div>
            </fieldset>`
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-wall-editor': WallEditor;
  }
}
