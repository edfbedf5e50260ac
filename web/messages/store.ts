import type { Message, MessageDraft, SentMessage } from '../../server/messages/contract.ts';
import { api } from '../core/api.ts';
import { onLive, onReset } from '../core/live.ts';
import { createStore } from '../core/store.ts';

/** Said to me, and not read yet. */
export const unread = createStore<readonly Message[]>([]);
/** Rises when somebody has read something. */
export const receipts = createStore(0);

export const messagesApi = {
  unread: () => api.get<{ items: Message[] }>('/api/messages'),
  read: (id: number) => api.post(`/api/messages/${id}/read`),
  send: (draft: MessageDraft) => api.post<{ message: SentMessage }>('/api/messages', draft),
  sent: () => api.get<{ items: SentMessage[] }>('/api/messages/sent', { limit: 10 }),
};

const without = (id: number) => unread.update((all) => all.filter((one) => one.id !== id));

const load = async () => {
  try {
    unread.set((await messagesApi.unread()).items);
  } catch {
    // that the server is away the banner tells; it is asked again when it is back
  }
};

/** @returns stop */
export const startMessages = (): (() => void) => {
  const stops = [
    onReset(() => void load()),
    onLive('messages', ({ message }) => unread.update((all) => [...all.filter(({ id }) => id !== message.id), message])),
    onLive('message-read', ({ id }) => {
      without(id);
      receipts.update((n) => n + 1);
    }),
  ];
  return () => {
    stops.forEach((stop) => stop());
    unread.set([]);
  };
};

export const markRead = async (id: number): Promise<void> => {
  await messagesApi.read(id);
  without(id);
};
