/**
 * Every key of Allo, by its place on the keyboard, so that a Russian layout changes nothing. The handlers listen by the names of this table, and the
 * sheet of help is drawn from it. Alt+D, E and F are the browser's own; Ctrl+Alt is AltGr; Alt+Shift switches the layout: none of them stands here.
 */
export const CHORDS = {
  everywhere: {
    search: 'Ctrl+KeyK',
    task: 'Ctrl+Space',
    home: 'Alt+Digit1',
    clients: 'Alt+Digit2',
    calls: 'Alt+Digit3',
    settings: 'Alt+Digit4',
    reports: 'Alt+Digit5',
    missed: 'Alt+KeyQ',
    callBack: 'Alt+KeyZ',
    floor: 'Alt+Digit6',
    complaints: 'Alt+Digit7',
    complain: 'Alt+Digit0',
    notifications: 'Alt+Digit8',
    create: 'Alt+KeyN',
    cardNext: 'Alt+PageDown',
    cardBefore: 'Alt+PageUp',
    cardClose: 'Alt+KeyW',
    devices: 'Alt+KeyV',
    break: 'Alt+KeyB',
    help: '?',
  },
  call: {
    answer: 'Alt+KeyA',
    pickUp: 'Alt+KeyU',
    hangUp: 'Alt+KeyH',
    mute: 'Alt+KeyM',
    hold: 'Alt+KeyL',
    transfer: 'Alt+KeyG',
    join: 'Alt+KeyJ',
    swap: 'Alt+KeyS',
    conference: 'Alt+KeyC',
    keypad: 'Alt+KeyK',
    park: 'Alt+KeyY',
    record: 'Alt+KeyX',
    recordPause: 'Alt+KeyP',
    card: 'Alt+KeyO',
    note: 'Alt+KeyI',
  },
  floor: {
    listen: 'KeyL',
    whisper: 'KeyW',
    barge: 'KeyB',
    take: 'KeyT',
    takeOver: 'KeyO',
    move: 'KeyM',
    end: 'KeyE',
    giveOut: 'KeyG',
  },
  after: {
    outcome: 'Digit',
    save: 'Ctrl+Enter',
    ready: 'Alt+KeyR',
    moreTime: 'Alt+KeyT',
  },
} as const;

type Groups = typeof CHORDS;
export type KeyGroup = keyof Groups;
export type KeyAction = { [G in KeyGroup]: keyof Groups[G] }[KeyGroup] & string;

const BY_ACTION = Object.assign({}, ...Object.values(CHORDS)) as Record<KeyAction, string>;

export const chordOfAction = (action: KeyAction): string => BY_ACTION[action];

/** As it stands on the keys: ["Alt", "A"]. */
export const keysOf = (action: KeyAction): string[] =>
  chordOfAction(action)
    .split('+')
    .map((key) =>
      key === 'Digit'
        ? '1…9, 0'
        : key
            .replace(/^(Key|Digit)/, '')
            .replace('Page', 'Pg')
            .replace('PgDown', 'PgDn'),
    );
