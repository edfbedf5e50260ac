import type { Me } from '../../server/auth/contract.ts';
import { createStore } from './store.ts';

/** starting: nobody has answered yet who we are. */
export type Session = { state: 'starting' } | { state: 'out'; ended: boolean } | { state: 'in'; me: Me };

export const session = createStore<Session>({ state: 'starting' });

export const me = (): Me | null => {
  const now = session.get();
  return now.state === 'in' ? now.me : null;
};
