import type { Notification } from '../../server/notifications/contract.ts';

/** The page of what it is about. */
export const placeOf = ({ about: { kind, ref } }: Pick<Notification, 'about'>): string => {
  if (kind === 'task') return `/tasks/${ref}`;
  if (kind === 'meeting') return '/meetings';
  if (kind === 'complaint') return `/complaints/${ref}`;
  if (kind === 'client') return `/clients/${ref}`;
  if (kind === 'handover') return '/clients';
  return kind === 'oversight' ? '/settings/oversight' : '/';
};
