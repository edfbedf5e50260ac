import { loadSettings, onSettings, saveSettings } from './settings.ts';
import type { DeviceName, DeviceUse, Settings } from './settings.ts';

/** Of the list, `devicechange` tells; not every system does for every device, so it is looked at as well while it matters. */
const LOOK_MS = 2_000;
/** How long news of a device stands in the panel. */
const NEWS_MS = 10_000;
/**
 * A browser keeps an output that it has stopped for five seconds, and takes it again for the same device. When that device has gone meanwhile, the
 * sound server has carried the output over to another one, where it stays: for so long nothing is played on a device that went away.
 */
const REST_MS = 7_000;
/** What a browser lists beside the devices themselves: the one that the system takes. */
const SYSTEM = new Set(['', 'default', 'communications']);

/** back: a chosen device is there again, and used; switched: the system's own went away, and this one is used now. */
export interface DeviceNews {
  readonly kind: 'back' | 'switched';
  readonly label: string;
}

const kindOf = (use: DeviceUse): MediaDeviceKind => (use === 'microphone' ? 'audioinput' : 'audiooutput');

/** The sound devices of this machine, which of them are chosen, and which of those are there. One for the page. */
export class Devices {
  settings: Settings = loadSettings();
  news: DeviceNews | null = null;
  private all: readonly MediaDeviceInfo[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly urgent = new Set<() => void>();
  private stopListening = () => {};
  private timer: ReturnType<typeof setInterval> | undefined;
  private newsTimer: ReturnType<typeof setTimeout> | undefined;
  /** Labels of chosen devices that went away, and when that was noticed; until they are back and have rested. */
  private readonly gone = new Map<string, number>();

  /** @param changed a device came or went, or another was chosen. @param closely as long as sound depends on it. @returns stop */
  follow(changed: () => void, closely = false): () => void {
    if (this.listeners.size === 0) this.listen();
    this.listeners.add(changed);
    if (closely) this.urgent.add(changed);
    this.look();
    void this.refresh();
    return () => {
      this.listeners.delete(changed);
      this.urgent.delete(changed);
      this.look();
      if (this.listeners.size === 0) this.stopListening();
    };
  }

  /** To choose from. Empty until the microphone has been allowed once: before, a browser tells nobody what there is. */
  of(use: DeviceUse): readonly DeviceName[] {
    return this.all
      .filter((device) => device.kind === kindOf(use) && !SYSTEM.has(device.deviceId))
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  }

  /** The chosen device, if it is there; null: what the system takes. */
  present(use: DeviceUse): DeviceName | null {
    const chosen = this.settings.chosen[use];
    if (!chosen) return null;
    const there = this.of(use);
    return there.find(({ id }) => id === chosen.id) ?? there.find(({ label }) => label !== '' && label === chosen.label) ?? null;
  }

  /** What is chosen and not there. */
  missing(): readonly DeviceName[] {
    const uses = (['microphone', 'voice', 'ring'] as const).filter((use) => this.of(use).length > 0 || this.known);
    const lost = uses.flatMap((use) => (this.settings.chosen[use] && !this.present(use) ? [this.settings.chosen[use]] : []));
    return lost.filter(({ label }, i) => lost.findIndex((other) => other.label === label) === i);
  }

  /** For setSinkId; '' is the system's. */
  sink(use: 'voice' | 'ring'): string {
    const device = this.present(use);
    return device && !this.gone.has(device.label) ? device.id : '';
  }

  /** Changes with the device behind a use, also when the system takes another one. */
  signature(use: DeviceUse): string {
    const system = this.all.find((device) => device.kind === kindOf(use) && device.deviceId === 'default');
    return this.present(use)?.id ?? `system ${system?.label ?? ''} ${system?.groupId ?? ''}`;
  }

  volume(use: 'voice' | 'ring'): number {
    return this.settings.volumes[this.volumeKey(use)] ?? 1;
  }

  choose(use: DeviceUse, device: DeviceName | null): void {
    this.set({ chosen: { ...this.settings.chosen, [use]: device } });
  }

  setVolume(use: 'voice' | 'ring', volume: number): void {
    const key = this.volumeKey(use);
    const { [key]: _, ...others } = this.settings.volumes;
    this.set({ volumes: { ...others, [key]: Math.min(1, Math.max(0, volume)) } });
  }

  setCallWaiting(callWaiting: boolean): void {
    this.set({ callWaiting });
  }

  /** The microphone that the system took went away in a call. */
  switchedTo(label: string): void {
    this.tell({ kind: 'switched', label });
  }

  async refresh(): Promise<void> {
    // Absent on a page that is neither https nor localhost.
    if (!('mediaDevices' in navigator)) return;
    const before = { list: nameList(this.all), missing: this.missing() };
    this.all = await navigator.mediaDevices.enumerateDevices();
    if (nameList(this.all) === before.list) return;
    const missing = this.missing();
    this.noteGone(missing, before.missing);
    const back = before.missing.find(({ label }) => !missing.some((device) => device.label === label));
    if (back) this.tell({ kind: 'back', label: back.label });
    else this.changed();
  }

  private noteGone(missing: readonly DeviceName[], before: readonly DeviceName[]): void {
    const now = performance.now();
    const among = (list: readonly DeviceName[], label: string) => list.some((device) => device.label === label);
    for (const { label } of missing) if (!among(before, label)) this.gone.set(label, now);
    for (const [label, since] of this.gone) {
      if (among(missing, label)) continue;
      const rested = () => {
        // It may have gone again.
        if (this.gone.get(label) !== since || among(this.missing(), label)) return;
        this.gone.delete(label);
        this.changed();
      };
      const rest = since + REST_MS - now;
      if (rest > 0) setTimeout(rested, rest);
      else this.gone.delete(label);
    }
  }

  private get known(): boolean {
    return this.all.some(({ label }) => label !== '');
  }

  private volumeKey(use: 'voice' | 'ring'): string {
    return `${use} ${this.sink(use)}`.trim();
  }

  private set(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
    saveSettings(this.settings);
    this.changed();
  }

  private tell(news: DeviceNews): void {
    this.news = news;
    clearTimeout(this.newsTimer);
    this.newsTimer = setTimeout(() => {
      this.news = null;
      this.changed();
    }, NEWS_MS);
    this.changed();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private look(): void {
    if (this.urgent.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    } else this.timer ??= setInterval(() => void this.refresh(), LOOK_MS);
  }

  private listen(): void {
    const changed = () => void this.refresh();
    if ('mediaDevices' in navigator) navigator.mediaDevices.addEventListener('devicechange', changed);
    const stopSettings = onSettings(() => {
      this.settings = loadSettings();
      this.changed();
    });
    this.stopListening = () => {
      if ('mediaDevices' in navigator) navigator.mediaDevices.removeEventListener('devicechange', changed);
      stopSettings();
    };
  }
}

const nameList = (all: readonly MediaDeviceInfo[]) => all.map((d) => `${d.kind} ${d.deviceId} ${d.label} ${d.groupId}`).join('\n');

let shared: Devices | undefined;

/** Of this page. */
export const devices = (): Devices => (shared ??= new Devices());
