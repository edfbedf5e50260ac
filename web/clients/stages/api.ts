import type { Catalogue, Migrations, RuleTrial, Stage, StageRule, UntouchedPage } from '../../../server/clients/contract.ts';
import type { Colleague } from '../../../server/users/contract.ts';
import { ApiError, api } from '../../core/api.ts';
import { learn } from '../../core/known.ts';
import { clientsApi } from '../api.ts';

type StageWrite = Pick<Stage, 'label' | 'meaning' | 'touchMinutes'>;
export type RuleWrite = Omit<StageRule, 'id'>;

const RULES = '/api/clients/stages/rules';

export const stagesApi = {
  create: (draft: StageWrite) => api.post('/api/clients/stages', draft),
  edit: (code: string, edit: Partial<StageWrite & { archived: boolean }>) => api.patch(`/api/clients/stages/${code}`, edit),
  catalogue: () => api.get<Catalogue>('/api/clients/catalogue'),
  createRule: (rule: RuleWrite) => api.post(RULES, rule),
  editRule: (id: number, rule: RuleWrite) => api.put(`${RULES}/${id}`, rule),
  removeRule: (id: number) => api.delete(`${RULES}/${id}`),
  tryRule: (rule: RuleWrite) => api.post<RuleTrial>(`${RULES}/try`, rule),
  migrations: (from: number, until: number) => api.get<Migrations>('/api/clients/stages/migrations', { from, until }),
  async untouched(before: string | undefined): Promise<UntouchedPage> {
    const page = await api.get<UntouchedPage>('/api/clients/untouched', { before });
    learn(page.items.map(({ client }) => client));
    return page;
  },
  colleagues: () => api.get<{ items: Colleague[] }>('/api/users/colleagues'),
  /** On the card as it stands now. */
  async give(clientId: number, ownerId: number): Promise<void> {
    const { client } = await clientsApi.read(clientId);
    await clientsApi.edit(clientId, { version: client.version, ownerId });
  },
};

/** Key of the field whose condition the server refused; null: it refused something else. */
export const wrongField = (err: unknown): string | null => {
  if (!(err instanceof ApiError) || err.code !== 'invalid') return null;
  const [issue] = (err.data.issues ?? []) as { path: string }[];
  return /^(?:body\.conditions|filter)\.([a-z]\w*)$/.exec(issue?.path ?? '')?.[1] ?? null;
};
