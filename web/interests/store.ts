import type { Topic } from '../../server/interests/contract.ts';
import { onReset } from '../core/live.ts';
import { createStore } from '../core/store.ts';
import { interestsApi } from './api.ts';

/** The catalogue; null before it is known. */
export const topics = createStore<readonly Topic[] | null>(null);

let users = 0;
let stop = () => {};

const load = async (): Promise<void> => {
  try {
    topics.set((await interestsApi.topics()).items);
  } catch {
    // Whatever else the page asks says what is wrong; the next reset asks again.
  }
};

/** Keeps the catalogue as long as somebody shows it. @returns stop */
export const followTopics = (): (() => void) => {
  if (users++ === 0) {
    stop = onReset(() => void load());
    void load();
  }
  return () => {
    if (--users === 0) stop();
  };
};
