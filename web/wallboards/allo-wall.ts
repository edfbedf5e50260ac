import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { WallFrame, WallLayout, WallPicture } from '../../server/wallboards/contract.ts';
import { api } from '../core/api.ts';
import { duration } from '../core/format.ts';
import { setLook } from '../core/look.ts';
import { noteServerTime, serverNow } from '../core/time.ts';
import { AlloElement } from '../ui/allo-element.ts';
import '../ui/allo-scrub.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';
import { tileStyles } from './tile-styles.ts';
import { placeOf, tileFace } from './tiles.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;
/** The server says something every ten seconds. */
const SILENT_MS = 25_000;
/** So long a new build waits for a moment in which no caller does. */
const RELOAD_MOST_MS = 10 * 60_000;
/** No such link; asked again now and then, because nobody stands before the screen. */
const NO_LINK = 4404;
const NO_LINK_RETRY_MS = 60_000;

/** A screen on the wall: runs for days, by a link, without anybody's hand. */
@customElement('allo-wall')
export class Wall extends AlloElement {
  @state() private board: { name: string; layout: WallLayout } | null = null;
  @state() private picture: WallPicture | null = null;
  @state() private past: WallPicture | null = null;
  /** The past moment that is asked for; null: now. */
  @state() private at: number | null = null;
  @state() private refused = false;
  @state() private lostSince: number | null = null;
  @state() private fault = false;
  private timeZone = 'UTC';
  private build: string | null = null;
  private newBuildAt: number | null = null;
  private heardAt = 0;
  private tries = 0;
  private ws: WebSocket | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    ...AlloElement.styles,
    tileStyles,
    css`
      :host {
        position: fixed;
        inset: 0;
        padding: 0.8vmin;
        background: var(--surface-2);
        color: var(--text);
      }
      .whole {
        height: 100%;
        display: flex;
        flex-direction: column;
        gap: 0.6vmin;
      }
      .whole > .grid {
        flex: 1;
        min-height: 0;
      }
      .old > .grid {
        filter: grayscale(1);
        opacity: 0.5;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 1vw;
        padding: 0.6vmin 1vw;
        font-size: 3.2vmin;
        font-weight: 650;
        background: var(--warning-soft);
        color: var(--warning);
        border-radius: var(--radius-l);
      }
      .history {
        padding: var(--space-2) var(--space-4);
        background: var(--surface);
        border-radius: var(--radius-l);
      }
      .middle {
        height: 100%;
        display: grid;
        place-content: center;
        text-align: center;
        gap: 2vmin;
        font-size: 4vmin;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.connect();
    this.timer = setInterval(() => this.tick(), 1_000);
    addEventListener('keydown', this.key);
    addEventListener('online', this.again);
    addEventListener('hashchange', this.again);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
    clearTimeout(this.retry);
    removeEventListener('keydown', this.key);
    removeEventListener('online', this.again);
    removeEventListener('hashchange', this.again);
    this.ws?.close();
  }

  private get token(): string {
    return location.hash.slice(1);
  }

  private readonly again = () => {
    this.tries = 0;
    this.ws?.close();
    this.connect();
  };

  private connect() {
    clearTimeout(this.retry);
    this.heardAt = Date.now();
    if (!/^[\w-]{1,100}$/.test(this.token)) {
      this.refused = true; // what stands in the address is no link
      return;
    }
    const ws = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/live/wall`, ['allo-wall', this.token]);
    this.ws = ws;
    ws.onmessage = (e: MessageEvent<string>) => this.hear(JSON.parse(e.data) as WallFrame);
    ws.onclose = (e) => {
      if (this.ws !== ws) return;
      this.refused = e.code === NO_LINK;
      this.lostSince ??= Date.now();
      const backoff = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.tries++) * (0.5 + Math.random() / 2);
      this.retry = setTimeout(() => this.connect(), this.refused ? NO_LINK_RETRY_MS : backoff);
    };
  }

  private hear(frame: WallFrame) {
    this.heardAt = Date.now();
    this.tries = 0;
    this.refused = false;
    if ('board' in frame) {
      this.board = frame.board;
      this.timeZone = frame.timeZone;
      setLook({ language: frame.board.layout.language, theme: frame.board.layout.theme });
      document.title = frame.board.name;
      if (this.build !== null && frame.build !== this.build) this.newBuildAt ??= Date.now();
      this.build ??= frame.build;
      return;
    }
    this.lostSince = null;
    this.picture = frame.picture;
    noteServerTime(new Date(frame.picture.at).toUTCString());
  }

  private tick() {
    if (this.ws?.readyState === WebSocket.OPEN && Date.now() - this.heardAt > SILENT_MS) {
      this.lostSince ??= this.heardAt;
      this.again(); // a line that is dead tells nobody
    }
    this.takeBuild();
    this.requestUpdate();
  }

  /** A new build is taken when no caller waits, or after a while in any case. */
  private takeBuild() {
    if (this.newBuildAt === null || this.lostSince !== null) return;
    const quiet = this.picture?.queues.every(({ waiting }) => waiting === 0) ?? true;
    if (quiet || Date.now() - this.newBuildAt > RELOAD_MOST_MS) location.reload();
  }

  private readonly key = (e: KeyboardEvent) => {
    if (e.code === 'KeyH' && !e.ctrlKey && !e.altKey && !e.metaKey) void this.scrub(this.at === null ? serverNow() - 60_000 : null);
    if (e.key === 'Escape' && this.at !== null) void this.scrub(null);
  };

  private async scrub(at: number | null) {
    this.at = at;
    this.fault = false;
    if (at === null) {
      this.past = null;
      return;
    }
    try {
      const { picture } = await api.post<{ picture: WallPicture }>('/api/wall/at', { token: this.token, at: Math.round(at) });
      if (this.at === at) this.past = picture;
    } catch {
      this.fault = true;
    }
  }

  private clock(at: number, seconds: boolean): string {
    const two = '2-digit' as const;
    const options = { hour: two, minute: two, ...(seconds && { second: two }), timeZone: this.timeZone };
    return new Intl.DateTimeFormat('en-GB', options).format(at);
  }

  private age(ms: number): string {
    const minutes = Math.floor(ms / 60_000);
    if (minutes > 59) return duration(ms);
    return minutes > 0 ? t().minutes(minutes) : t().seconds(Math.floor(ms / 1000));
  }

  override render() {
    const picture = this.past ?? this.picture;
    if (this.refused)
      return html`<div class="middle" role="alert">
        <h1>${t().noLink}</h1>
        <span>${t().noLinkText}</span>
      </div>`;
    if (!this.board || !picture) return html`<div class="middle" role="status">${t().connecting}</div>`;
    const old = this.at === null && this.lostSince !== null;
    const still = old || this.at !== null;
    const now = still ? picture.at : serverNow();
    const view = { picture, now, clock: this.clock(now, this.at !== null) };
    return html`<main class="whole ${old ? 'old' : ''}">
      <h1 class="hidden">${this.board.name}</h1>
      ${old ? html`<p class="bar" role="status">${icon('offline')}${t().lost(this.age(Date.now() - this.lostSince!), this.clock(now, false))}</p>` : nothing}
      ${this.at === null ? nothing : this.history(this.at)}
      <div class="grid">
        ${this.board.layout.tiles.map((tile) => {
          const { mood, face } = tileFace(tile, view);
          return html`<section class="tile ${mood}" style=${placeOf(tile)}><div class="face">${face}</div></section>`;
        })}
      </div>
    </main>`;
  }

  private history(at: number) {
    return html`<div class="history">
      <allo-scrub
        .at=${at}
        .now=${serverNow()}
        @scrubbed=${(e: CustomEvent<{ at: number | null }>) => void this.scrub(e.detail.at)}
      ></allo-scrub>
      ${this.fault ? html`<p role="alert">${t().pastFault}</p>` : nothing}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-wall': Wall;
  }
}
