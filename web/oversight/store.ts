import { onLive } from '../core/live.ts';
import { toast } from '../core/toasts.ts';
import { t } from './strings.ts';

/** Tells the chief at once. @returns stop */
export const startOversight = (): (() => void) =>
  onLive('oversight', ({ user, kind, n }) =>
    toast('danger', t().told(user.name, t().kinds[kind].toLowerCase(), n), { href: '/settings/oversight', text: t().show }),
  );
