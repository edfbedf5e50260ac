import { incomingPath, isActive, pathOf } from '../calls/desk.ts';
import { desk } from '../calls/store.ts';
import { onAction } from '../core/keys.ts';
import { navigate } from '../core/router.ts';
import { me } from '../core/session.ts';
import { closeCard, toCardBeside } from './allo-tabs.ts';
import type { PhonePanel } from './allo-phone-panel.ts';

/** The rules of the house: seen by those above the operators, changed by the administrator. */
export const maySet = (): boolean => ['supervisor', 'manager', 'administrator'].includes(me()?.user.role ?? '');

export const mayAdminister = (): boolean => me()?.user.role === 'administrator';

/** What goes on now: for those who lead it. */
export const mayWatch = (): boolean => ['supervisor', 'administrator'].includes(me()?.user.role ?? '');

/** What the keys do that no element of its own listens for. @returns remove */
export const shellKeys = (on: {
  phone: () => PhonePanel;
  search: () => void;
  help: () => void;
  task: () => void;
  complain: () => void;
  notifications: () => void;
}): (() => void) => {
  const current = () => desk.get().calls.find(isActive);
  const always = (run: () => void) => () => {
    run();
    return true;
  };
  return onAction({
    search: always(on.search),
    task: always(on.task),
    help: always(on.help),
    home: always(() => navigate('/')),
    clients: always(() => navigate('/clients')),
    calls: always(() => navigate('/calls')),
    settings() {
      if (maySet()) navigate('/settings');
      return maySet();
    },
    reports() {
      if (maySet()) navigate('/reports');
      return maySet();
    },
    missed: always(() => navigate('/missed')),
    floor() {
      if (mayWatch()) navigate('/floor');
      return mayWatch();
    },
    complaints: always(() => navigate('/complaints')),
    complain: always(on.complain),
    notifications: always(on.notifications),
    create: always(() => navigate('/clients/new')),
    cardNext: () => toCardBeside(1),
    cardBefore: () => toCardBeside(-1),
    cardClose: () => closeCard(),
    answer: () => on.phone().answer(current()),
    hangUp: () => on.phone().hangUp(current()),
    mute: () => on.phone().inBrowser((phone) => phone.toggleMute()),
    hold: () => on.phone().inBrowser((phone) => void phone.toggleHold()),
    transfer: () => on.phone().inBrowser((phone) => void phone.toggleTransfer()),
    keypad: () => on.phone().inBrowser((phone) => void phone.toggleKeypad()),
    join: () => on.phone().inBrowser((phone) => void phone.join()),
    swap: () => on.phone().inBrowser((phone) => void phone.swap()),
    conference: () => on.phone().inBrowser((phone) => void phone.merge()),
    devices: () => on.phone().inBrowser((phone) => phone.toggleSettings()),
    note: () => on.phone().focusNote(),
    card() {
      const call = current();
      if (call) navigate(pathOf(call) ?? incomingPath(call.ref));
      return Boolean(call);
    },
  });
};
