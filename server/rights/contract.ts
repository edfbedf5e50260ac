import { z } from 'zod';
import { Id, Role } from '../users/contract.ts';

/** What one may do with clients, each with its own reach. bulk: change many at once; export: take them away as a file. */
export const ClientAction = z.enum(['view', 'edit', 'archive', 'bulk', 'merge', 'export']);
export type ClientAction = z.infer<typeof ClientAction>;

/** own: those whose owner one is. department: besides, those of one's department and of none. tree: and of all departments below it. */
export const Level = z.enum(['none', 'own', 'department', 'tree', 'all']);
export type Level = z.infer<typeof Level>;

export const Department = z.object({ id: Id, name: z.string(), parentId: Id.nullable() });
export type Department = z.infer<typeof Department>;

export const RightsReply = z.object({
  levels: z.record(Role, z.record(ClientAction, Level)),
  departments: z.array(Department),
  can: z.object({ edit: z.boolean() }),
});
export type RightsReply = z.infer<typeof RightsReply>;

export const RightParams = z.object({ role: Role, action: ClientAction });
export const LevelDraft = z.object({ level: Level });
/** parentId null: at the top. */
export const DepartmentDraft = z.object({ name: z.string().trim().min(1).max(100).regex(/^[^\p{Cc}]*$/u), parentId: Id.nullable().default(null) }); // prettier-ignore
export const DepartmentReply = z.object({ department: Department });
