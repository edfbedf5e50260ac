import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { SearchReply } from '../../server/search/contract.ts';
import { api } from '../core/api.ts';
import { learn } from '../core/known.ts';

const TYPING_MS = 100;

/** Asks while one types. The answer to what was typed before is dropped. */
export class Searcher implements ReactiveController {
  q = '';
  reply: SearchReply | null = null;
  /** `done`: `reply` answers `q`. */
  state: 'idle' | 'asking' | 'done' | 'failed' = 'idle';
  error: unknown = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private abort: AbortController | null = null;
  private readonly host: ReactiveControllerHost;
  private readonly answered: () => void;

  constructor(host: ReactiveControllerHost, answered: () => void) {
    this.host = host;
    this.answered = answered;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
  }

  /** `rest`: what of it the server is asked. */
  type(q: string, rest: string, now = false): void {
    this.cancel();
    this.q = q;
    this.state = 'asking';
    this.timer = setTimeout(() => void this.ask(rest), now ? 0 : TYPING_MS);
    this.host.requestUpdate();
  }

  /** What was found is no longer shown, and not kept. */
  close(): void {
    this.cancel();
    this.q = '';
    this.reply = null;
    this.state = 'idle';
    this.host.requestUpdate();
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
      const reply = await api.get<SearchReply>('/api/search', { q }, abort.signal);
      learn(reply.clients);
      this.reply = reply;
      this.state = 'done';
    } catch (err) {
      if (abort.signal.aborted) return;
      this.reply = null;
      this.error = err;
      this.state = 'failed';
    }
    this.host.requestUpdate();
    this.answered();
  }
}
