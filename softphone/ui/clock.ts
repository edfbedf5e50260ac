import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Re-renders its host once a second while `needed` says so. */
export class Clock implements ReactiveController {
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly host: ReactiveControllerHost;
  private readonly needed: () => boolean;

  constructor(host: ReactiveControllerHost, needed: () => boolean) {
    this.host = host;
    this.needed = needed;
    host.addController(this);
  }

  hostUpdated(): void {
    if (!this.needed()) this.hostDisconnected();
    else this.timer ??= setInterval(() => this.host.requestUpdate(), 1000);
  }

  hostDisconnected(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** `7:05`, `1:02:09`. A clock that was set back counts from nought. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}
