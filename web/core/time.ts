import type { ReactiveController, ReactiveControllerHost } from 'lit';

let offsetMs = 0;

/** Server's clock against this computer's; a `Date` header has whole seconds, so less than two says nothing. */
export const noteServerTime = (header: string | null): void => {
  const at = header ? Date.parse(header) : Number.NaN;
  if (Number.isNaN(at)) return;
  const difference = at - Date.now();
  offsetMs = Math.abs(difference) > 2000 ? difference : 0;
};

/** Epoch ms by the server's clock, in which every `…At` is given. */
export const serverNow = (): number => Date.now() + offsetMs;

const hosts = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Re-renders the element once a second while `active()`; one timer for all of them. */
export class Ticking implements ReactiveController {
  hostConnected: () => void;
  hostDisconnected: () => void;

  constructor(host: ReactiveControllerHost, active: () => boolean) {
    const tick = () => {
      if (active()) host.requestUpdate();
    };
    this.hostConnected = () => {
      hosts.add(tick);
      timer ??= setInterval(() => hosts.forEach((run) => run()), 1000);
    };
    this.hostDisconnected = () => {
      hosts.delete(tick);
      if (hosts.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
    host.addController(this);
  }
}
