import type { ClientAction, Level, RightsReply } from '../../server/rights/contract.ts';
import type { Role } from '../../server/users/contract.ts';
import { ApiError, api } from '../core/api.ts';

interface Draft {
  name: string;
  parentId: number | null;
}

export const rightsApi = {
  read: () => api.get<RightsReply>('/api/rights'),
  set: (role: Role, action: ClientAction, level: Level) => api.put(`/api/rights/${role}/${action}`, { level }),
  create: (draft: Draft) => api.post('/api/rights/departments', draft),
  edit: (id: number, draft: Draft) => api.put(`/api/rights/departments/${id}`, draft),
};

/** What the server found wrong with a department: which field, and the code of its words. Null: something else went wrong. */
export const departmentFault = (err: unknown): { at: 'name' | 'parentId'; code: string } | null => {
  if (!(err instanceof ApiError) || err.code !== 'invalid') return null;
  const [issue] = (err.data.issues ?? []) as { path: string; code: string }[];
  if (issue?.path === 'body.parentId') return { at: 'parentId', code: issue.code };
  return issue?.path === 'body.name' ? { at: 'name', code: issue.code === 'taken' ? 'taken' : 'name' } : null;
};
