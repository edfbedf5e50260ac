import type { DispatchItem, DispatchList } from '../../server/dispatch/contract.ts';
import type { UserBrief } from '../../server/users/contract.ts';
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { leads } from '../core/lead.ts';
import { onLive } from '../core/live.ts';
import { createStore } from '../core/store.ts';
import { toast } from '../core/toasts.ts';
import { t } from './strings.ts';

/** Rises when what is due has changed. */
export const dispatchVersion = createStore(0);

export type Goal = { userId: number } | { departmentId: number };

export const dispatchApi = {
  list: () => api.get<DispatchList>('/api/dispatch'),
  give: ({ kind, id, version }: Pick<DispatchItem, 'kind' | 'id' | 'version'>, to: Goal) =>
    api.post<{ owner: UserBrief }>(`/api/dispatch/${kind}/${id}/give`, { version, text: t().task, ...to }),
};

/** @returns stop */
export const startDispatch = (): (() => void) => {
  const stops = [
    onLive('dispatch', () => dispatchVersion.update((n) => n + 1)),
    onLive('given', ({ kind, by }) => {
      if (leads.get())
        toast('info', t().forYou(by?.name ?? '', t().kinds[kind].toLowerCase()), {
          href: kind === 'complaint' ? '/complaints' : '/',
          text: t().show,
        });
    }),
  ];
  return () => stops.forEach((stop) => stop());
};

export const dispatchFault = (err: unknown): string => {
  const reason = err instanceof ApiError ? err.data.reason : undefined;
  if (reason === 'acted' || reason === 'closed') return t().acted;
  return reason === 'nobody' ? t().nobody : errorText(err);
};
