import { z } from 'zod';
import { ClientBrief } from '../clients/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

export const TaskKind = z.enum(['task', 'call-back']);
export type TaskKind = z.infer<typeof TaskKind>;

const line = (max: number) =>
  z
    .string()
    .transform((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim())
    .pipe(z.string().max(max));
const Text = line(500).pipe(z.string().min(1));
/** Epoch ms; up to the year 9999. */
const Moment = z.number().int().min(0).max(253_402_300_799_000);

export const Task = z.object({
  id: Id,
  kind: TaskKind,
  text: z.string(),
  dueAt: z.number(),
  owner: UserBrief.nullable(),
  author: UserBrief.nullable(),
  client: ClientBrief.nullable(),
  /** To call: the task's own number, or else the client's first. */
  phone: z.string().nullable(),
  /** The call that promised it. */
  callRef: z.string().nullable(),
  doneAt: z.number().nullable(),
  doneNote: z.string(),
  createdAt: z.number(),
  /** Counts the changes; sent back with an edit (409 conflict). */
  version: z.number().int(),
  can: z.object({ edit: z.boolean(), assign: z.boolean() }),
});
export type Task = z.infer<typeof Task>;
export const TaskReply = z.object({ task: Task });
export type TaskReply = z.infer<typeof TaskReply>;

export const TaskDraft = z.object({
  kind: TaskKind.default('task'),
  text: Text,
  dueAt: Moment,
  /** Missing: whoever makes it. */
  ownerId: Id.optional(),
  clientId: Id.nullable().default(null),
  phone: line(60).default(''),
});
export type TaskDraft = z.input<typeof TaskDraft>;

/** PATCH: what is missing stays. */
export const TaskEdit = z.object({
  version: z.number().int(),
  kind: TaskKind.optional(),
  text: Text.optional(),
  dueAt: Moment.optional(),
  ownerId: Id.optional(),
  clientId: Id.nullable().optional(),
});
export type TaskEdit = z.input<typeof TaskEdit>;

export const DoneDraft = z.object({ note: line(2000).default('') });

/**
 * GET /api/tasks: by due time, the earliest first. mine: what I own; all: everybody's, for supervisors; client: of one client, for whoever may
 * read the card. from <= dueAt < to.
 */
export const TaskQuery = z.object({
  scope: z.enum(['mine', 'all', 'client']).default('mine'),
  clientId: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  state: z.enum(['open', 'done', 'any']).default('open'),
  from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  to: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  /** `next` of the page before. */
  after: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type TaskQuery = z.infer<typeof TaskQuery>;
export const TaskPage = z.object({ items: z.array(Task), next: z.string().nullable() });
export type TaskPage = z.infer<typeof TaskPage>;

/** POST /api/tasks/parse: one typed line, read in the time zone of whoever typed it. Nothing is saved. */
export const LineDraft = z.object({ text: Text });
export const ParsedLine = z.object({
  /** Without the words of the time. */
  text: z.string(),
  kind: TaskKind,
  /** Null: the line names no time. */
  dueAt: z.number().nullable(),
  /** The time that was named is over. */
  past: z.boolean(),
  /** Whom it may mean, likeliest first. */
  clients: z.array(ClientBrief),
});
export type ParsedLine = z.infer<typeof ParsedLine>;
