/** What a device is used for. The ring has its own, so that it is heard by who has put the headset down. */
export type DeviceUse = 'microphone' | 'voice' | 'ring';

/** The label finds a device again whose id the browser has renewed. */
export interface DeviceName {
  readonly id: string;
  readonly label: string;
}

/** What the operator has chosen in this browser. */
export interface Settings {
  /** Null: what the system takes. */
  readonly chosen: Readonly<Record<DeviceUse, DeviceName | null>>;
  /** 0 to 1, by use and device (`ring ID`, the system's own without ID): a loud loudspeaker does not make the headset loud. */
  readonly volumes: Readonly<Record<string, number>>;
  /** Whether a second caller knocks or hears busy; null: as the page has it. */
  readonly callWaiting: boolean | null;
}

export const UNSET: Settings = { chosen: { microphone: null, voice: null, ring: null }, volumes: {}, callWaiting: null };

const KEY = 'allo-softphone settings';
/** Headsets come and go; the oldest volumes are forgotten. */
const MAX_VOLUMES = 40;

const nameOf = (value: unknown): DeviceName | null => {
  const { id, label } = (value ?? {}) as Partial<DeviceName>;
  return typeof id === 'string' && id !== '' && typeof label === 'string' ? { id, label } : null;
};

const isVolume = (entry: [string, unknown]): entry is [string, number] => typeof entry[1] === 'number' && entry[1] >= 0 && entry[1] <= 1; // NaN is neither

/** What makes no sense in the text is as if it had not been chosen. */
export function parseSettings(text: string | null): Settings {
  let value: unknown = null;
  try {
    value = JSON.parse(text ?? 'null');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error; // somebody else's text
  }
  const { chosen, volumes, callWaiting } = (value ?? {}) as { [name in keyof Settings]?: unknown };
  const names = (chosen ?? {}) as Partial<Record<DeviceUse, unknown>>;
  return {
    chosen: { microphone: nameOf(names.microphone), voice: nameOf(names.voice), ring: nameOf(names.ring) },
    volumes: Object.fromEntries(
      Object.entries(volumes ?? {})
        .filter(isVolume)
        .slice(-MAX_VOLUMES),
    ),
    callWaiting: typeof callWaiting === 'boolean' ? callWaiting : null,
  };
}

export const loadSettings = (): Settings => parseSettings(localStorage.getItem(KEY));
export const saveSettings = (settings: Settings): void => localStorage.setItem(KEY, JSON.stringify(settings));

/** @param changed by another tab of this browser. @returns stop */
export function onSettings(changed: () => void): () => void {
  const heard = (event: StorageEvent) => (event.key === KEY || event.key === null) && changed();
  window.addEventListener('storage', heard);
  return () => window.removeEventListener('storage', heard);
}
