import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { onLive } from '../core/live.ts';

const POLL_MS = 2_000;

/**
 * Looks again when the server tells of an import, and every two seconds while one moves: an administrator is not told of those of others.
 * `busy`: whether one does.
 */
export class Watch implements ReactiveController {
  private readonly load: (id: number | null) => void;
  private readonly busy: () => boolean;
  private stop = () => {};

  constructor(host: ReactiveControllerHost, load: (id: number | null) => void, busy: () => boolean) {
    this.load = load;
    this.busy = busy;
    host.addController(this);
  }

  hostConnected() {
    const deaf = onLive('imports', ({ id }) => this.load(id));
    const timer = setInterval(() => this.busy() && this.load(null), POLL_MS);
    this.stop = () => {
      deaf();
      clearInterval(timer);
    };
  }

  hostDisconnected() {
    this.stop();
  }
}
