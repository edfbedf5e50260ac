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

/** Somebody to whom a call can be handed over. */
export const Colleague = UserBrief.extend({ extension: z.string() });
export type Colleague = z.infer<typeof Colleague>;
export const ColleagueList = z.object({ items: z.array(Colleague) });

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

const text = (max: number) => z.string().trim().min(1).max(max);
export const Login = z
  .string()
  .trim()
  .regex(/^[\w.@-]{1,100}$/)
  .transform((login) => login.toLowerCase());
export const Password = z.string().min(10).max(500);
const TimeZone = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'no such time zone');

/** `secret`: the SIP password as pjsip.conf has it; without it a desk phone that has its own (on an edit: the one before stays). */
export const ExtensionDraft = z.object({
  pbx: z.string().regex(/^[\w-]{1,32}$/),
  extension: z.string().regex(/^\d{1,20}$/),
  secret: z.string().min(1).max(200).optional(),
});
export type ExtensionDraft = z.infer<typeof ExtensionDraft>;

const fields = {
  login: Login,
  name: text(200),
  role: Role,
  departmentId: Id.nullable(),
  language: Language,
  timeZone: TimeZone,
  extension: ExtensionDraft.nullable(),
};

/** Without a password one is made, and told in the answer, this once. */
export const UserDraft = z.object({
  ...fields,
  departmentId: fields.departmentId.default(null),
  language: fields.language.default('ru'),
  timeZone: fields.timeZone.default('Europe/Moscow'),
  extension: fields.extension.default(null),
  password: Password.optional(),
});
export type UserDraft = z.infer<typeof UserDraft>;

/** PATCH: what is missing stays. `left`: the person has left (signed out everywhere at once) or is back. */
export const UserEdit = z.object({ ...fields, password: Password, left: z.boolean() }).partial();
export type UserEdit = z.infer<typeof UserEdit>;

export const UserSearch = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export const UserPage = z.object({ items: z.array(User), next: z.number().nullable() });
export type UserPage = z.infer<typeof UserPage>;

export const UserReply = z.object({ user: User, can: z.object({ edit: z.boolean() }) });
export const UserCreated = UserReply.extend({ password: z.string().nullable() });
