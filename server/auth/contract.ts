import { z } from 'zod';
import { Language, Theme, User } from '../users/contract.ts';

export const SignIn = z.object({ login: z.string().trim().min(1).max(100), password: z.string().min(1).max(500) });

/** POST /sign-in, GET /me. `demo`: the demonstration's extras ("call me now") are to be had. */
export const Me = z.object({ user: User, demo: z.boolean() });
export type Me = z.infer<typeof Me>;

export const Preferences = z.object({ language: Language.optional(), theme: Theme.optional() });
export const PasswordChange = z.object({ current: z.string().min(1).max(500), next: z.string().min(10).max(500) });

/** GET /hello, without a session: what the sign-in page needs. Logins only in demo mode. */
export const Hello = z.object({
  version: z.string(),
  demo: z.object({ logins: z.array(z.object({ login: z.string(), password: z.string(), name: z.string(), role: z.string() })) }).nullable(),
});
export type Hello = z.infer<typeof Hello>;
