import type { Hello, Me } from '../../server/auth/contract.ts';
import type { User } from '../../server/users/contract.ts';
import { api } from '../core/api.ts';

type Preferences = Partial<Pick<User, 'language' | 'theme'>>;

export const authApi = {
  hello: () => api.get<Hello>('/api/auth/hello'),
  me: () => api.get<Me>('/api/auth/me'),
  signIn: (login: string, password: string) => api.post<Me>('/api/auth/sign-in', { login, password }),
  signOut: () => api.post('/api/auth/sign-out'),
  signOutEverywhere: () => api.post('/api/auth/sign-out-everywhere'),
  prefer: (change: Preferences) => api.patch<Me | undefined>('/api/auth/preferences', change),
  password: (current: string, next: string) => api.post('/api/auth/password', { current, next }),
};
