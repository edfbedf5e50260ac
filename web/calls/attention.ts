import type { LiveCall } from '../../server/calls/contract.ts';
import { desk, callerWords } from './store.ts';
import { t } from './strings.ts';

const CALM = '/icon.svg';
const RINGING = '/icon-ringing.svg';

/** While a call rings: the icon of the tab, and a notification when the tab is out of sight. @returns stop */
export const startAttention = (): (() => void) => {
  let shown: { ref: string; notification: Notification | null } | null = null;
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');

  const done = () => {
    shown?.notification?.close();
    shown = null;
    if (icon) icon.href = CALM;
  };

  const call = (ringing: LiveCall) => {
    if (shown?.ref === ringing.ref) return;
    done();
    if (icon) icon.href = RINGING;
    shown = { ref: ringing.ref, notification: notify(ringing) };
  };

  const stop = desk.subscribe(({ calls }) => {
    const ringing = calls.find((c) => c.phase === 'ringing');
    if (ringing) call(ringing);
    else if (shown) done();
  });
  return () => {
    stop();
    done();
  };
};

/** With the tag of the softphone's own, so that there is one for a call. */
const notify = (ringing: LiveCall): Notification | null => {
  if (document.visibilityState !== 'hidden' || !('Notification' in window) || Notification.permission !== 'granted') return null;
  const notification = new Notification(t().announce(callerWords(ringing), ringing.queue ?? ''), {
    tag: 'allo-call',
    icon: '/icon-192.png',
    requireInteraction: true,
  });
  notification.onclick = () => window.focus();
  return notification;
};
