import { incomingPath, isActive, pathOf } from '../calls/desk.ts';
import { desk } from '../calls/store.ts';
import { onKey } from '../core/keys.ts';
import { navigate } from '../core/router.ts';
import { me } from '../core/session.ts';
import { closeCard, toCardBeside } from './allo-tabs.ts';
import type { PhonePanel } from './allo-phone-panel.ts';

/** The shortcuts, for the sheet of help; the search's and the outcome's own are listed with them. */
export const KEYS = {
  everywhere: [
    ['search', 'Ctrl K'],
    ['home', 'Alt 1'],
    ['clients', 'Alt 2'],
    ['calls', 'Alt 3'],
    ['settings', 'Alt 4'],
    ['create', 'Alt N'],
    ['cardNext', 'Alt PgDn'],
    ['cardBefore', 'Alt PgUp'],
    ['cardClose', 'Alt W'],
    ['task', 'Ctrl Space'],
    ['devices', 'Alt V'],
    ['break', 'Alt B'],
    ['help', '?'],
  ],
  call: [
    ['answer', 'Alt A'],
    ['pickUp', 'Alt U'],
    ['hangUp', 'Alt H'],
    ['mute', 'Alt M'],
    ['recording', 'Alt P'],
    ['hold', 'Alt L'],
    ['transfer', 'Alt G'],
    ['swap', 'Alt S'],
    ['join', 'Alt J'],
    ['conference', 'Alt C'],
    ['keypad', 'Alt K'],
    ['card', 'Alt O'],
  ],
  after: [
    ['outcome', '1…9, 0'],
    ['save', 'Ctrl Enter'],
    ['ready', 'Alt R'],
    ['moreTime', 'Alt T'],
  ],
} as const;

/** The rules of the house: seen by those above the operators, changed by the administrator. */
export const maySet = (): boolean => ['supervisor', 'manager', 'administrator'].includes(me()?.user.role ?? '');

/** @returns remove */
export const shellKeys = (on: { phone: () => PhonePanel; help: () => void; task: () => void }): (() => void) => {
  const current = () => desk.get().calls.find(isActive);
  const openCard = () => {
    const call = current();
    if (call) navigate(pathOf(call) ?? incomingPath(call.ref));
    return Boolean(call);
  };
  const go = (path: string) => () => {
    navigate(path);
    return true;
  };
  const runs: Record<string, () => boolean> = {
    'Alt+KeyA': () => on.phone().answer(current()),
    'Alt+KeyH': () => on.phone().hangUp(current()),
    'Alt+KeyM': () => on.phone().inBrowser((phone) => phone.toggleMute()),
    'Alt+KeyL': () => on.phone().inBrowser((phone) => void phone.toggleHold()),
    'Alt+KeyG': () => on.phone().inBrowser((phone) => void phone.toggleTransfer()),
    'Alt+KeyS': () => on.phone().inBrowser((phone) => void phone.swap()),
    'Alt+KeyJ': () => on.phone().inBrowser((phone) => void phone.join()),
    'Alt+KeyC': () => on.phone().inBrowser((phone) => void phone.merge()),
    'Alt+KeyK': () => on.phone().inBrowser((phone) => void phone.toggleKeypad()),
    'Alt+KeyV': () => on.phone().inBrowser((phone) => phone.toggleSettings()),
    'Alt+KeyO': openCard,
    'Alt+Digit1': go('/'),
    'Alt+Digit2': go('/clients'),
    'Alt+Digit3': go('/calls'),
    'Alt+Digit4': () => maySet() && go('/settings')(),
    'Alt+PageDown': () => toCardBeside(1),
    'Alt+PageUp': () => toCardBeside(-1),
    'Alt+KeyW': () => closeCard(),
    'Alt+KeyN': go('/clients/new'),
    'Ctrl+Space': () => {
      on.task();
      return true;
    },
    '?': () => {
      on.help();
      return true;
    },
  };
  return onKey((chord) => runs[chord]?.() ?? false);
};
