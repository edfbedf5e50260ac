import { z } from 'zod';

export const Role = z.enum(['operator', 'supervisor', 'manager', 'complaints', 'administrator']);
export type Role = z.infer<typeof Role>;

export const Language = z.enum(['ru', 'en']);
export const Theme = z.enum(['auto', 'light', 'dark']);

export const Id = z.number().int().positive();
/** An id in a path. */
export const IdParam = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });

/** A user as others see them. */
export const UserBrief = z.object({ id: Id, name: z.string(), role: Role });
export type UserBrief = z.infer<typeof UserBrief>;

export const User = UserBrief.extend({
  login: z.string(),
  departmentId: Id.nullable(),
  language: Language,
  theme: Theme,
  timeZone: z.string(),
  /** Epoch ms; set when the person has left: cannot sign in, keeps their history. */
  leftAt: z.number().nullable(),
  extension: z.object({ pbx: z.string(), extension: z.string() }).nullable(),
});
export type User = z.infer<typeof User>;
