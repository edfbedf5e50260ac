import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ClientBrief } from '../../server/clients/contract.ts';
import { clientsApi } from './api.ts';

const TYPING_MS = 120;
const SHOWN = 8;

/** Looks for clients while one types. The answer to what was typed before is dropped. */
export class Finder implements ReactiveController {
  q = '';
  found: readonly ClientBrief[] = [];
  /** `done`: `found` is the answer to `q`. */
  state: 'idle' | 'asking' | 'done' | 'failed' = 'idle';
  error: unknown = null;
  /** Index of the marked line; the lines after the clients are the host's. */
  marked = 0;
  /** Whom the arrows have marked: they stay so when the answer moves them. */
  private markedId: number | null = null;
  /** Enter was pressed before the answer came: what to do when it is there. */
  private wanted: ((client: ClientBrief) => void) | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private abort: AbortController | null = null;
  private readonly host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
  }

  type(q: string): void {
    this.cancel();
    this.q = q;
    this.marked = 0;
    this.markedId = null;
    this.wanted = null;
    const asked = q.trim();
    this.state = asked ? 'asking' : 'idle';
    if (!asked) this.found = [];
    else this.timer = setTimeout(() => void this.ask(asked), TYPING_MS);
    this.host.requestUpdate();
  }

  mark(step: number, lines: number): void {
    if (lines > 0) this.marked = (this.marked + step + lines) % lines;
    this.markedId = this.found[this.marked]?.id ?? null;
    this.host.requestUpdate();
  }

  /** What is shown while the server is asked answers what was typed before: the choice waits for the answer. */
  enter(choose: (client: ClientBrief) => void): void {
    if (this.state === 'asking') this.wanted = choose;
    else if (this.found[this.marked]) choose(this.found[this.marked]!);
  }

  private cancel(): void {
    clearTimeout(this.timer);
    this.abort?.abort();
    this.abort = null;
  }

  private async ask(q: string): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    try {
      const { items } = await clientsApi.search(q, { limit: SHOWN, signal: abort.signal });
      this.found = items;
      const at = items.findIndex((c) => c.id === this.markedId);
      // Whoever was marked and is not found any more is nobody's choice.
      if (at < 0 && this.markedId !== null) this.wanted = null;
      this.marked = Math.max(0, at);
      this.state = 'done';
    } catch (err) {
      if (abort.signal.aborted) return;
      this.found = [];
      this.error = err;
      this.state = 'failed';
    }
    this.host.requestUpdate();
    const { wanted } = this;
    this.wanted = null;
    if (this.state === 'done' && wanted) this.enter(wanted);
  }
}
