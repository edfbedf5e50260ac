import type { CalendarList } from '../../server/calendars/contract.ts';
import type { StageList } from '../../server/clients/contract.ts';
import type { CategoryEdit, ClockPolicy, PolicyDraft, Settings, Setup, Severity, SeverityTable, TemplateDraft, Transition } from '../../server/complaints/contract.ts'; // prettier-ignore
import { ApiError, api } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { loadSetup } from './store.ts';
import { t } from './settings-strings.ts';

const at = (what: string, id?: number) => `/api/complaints/${what}${id === undefined ? '' : `/${id}`}`;

/** `seen`: what the page showed; the server refuses when somebody has changed it since. */
export const settingsApi = {
  addCategory: (draft: { kind: 'category' | 'cause'; label: string; parentId: number | null }) => api.post(at('categories'), draft),
  editCategory: (id: number, edit: CategoryEdit) => api.patch(at('categories', id), edit),
  addPolicy: (draft: PolicyDraft) => api.post(at('policies'), draft),
  editPolicy: (id: number, draft: PolicyDraft, seen: PolicyDraft) => api.put(at('policies', id), { ...draft, seen }),
  removePolicy: (id: number) => api.delete(at('policies', id)),
  addTemplate: (draft: TemplateDraft) => api.post(at('templates'), draft),
  editTemplate: (id: number, draft: TemplateDraft, seen: TemplateDraft) => api.put(at('templates', id), { ...draft, seen }),
  removeTemplate: (id: number) => api.delete(at('templates', id)),
  setTransitions: (items: readonly Transition[], seen: readonly Transition[]) => api.put(at('transitions'), { items, seen }),
  setSeverities: (items: SeverityTable['items'], seen: readonly Severity[]) => api.put(at('severities'), { items, seen }),
  set: (settings: Settings, seen: Settings) => api.put(at('settings'), { ...settings, seen }),
};

/** All that the page of settings shows. */
export interface SettingsData {
  readonly setup: Setup;
  readonly policies: readonly ClockPolicy[];
  readonly calendars: readonly { id: number; name: string }[];
  readonly stages: readonly { code: string; label: { ru: string; en: string } }[];
}

/** @throws ApiError */
export const readSettings = async (): Promise<SettingsData> => {
  const setup = await loadSetup(true);
  if (!setup) throw new ApiError('offline', 0);
  if (!setup.can.settings) throw new ApiError('forbidden', 403);
  const [policies, calendars, stages] = await Promise.all([
    api.get<{ items: ClockPolicy[] }>(at('policies')),
    api.get<CalendarList>('/api/calendars'),
    api.get<StageList>('/api/clients/stages'),
  ]);
  return { setup, policies: policies.items, calendars: calendars.items, stages: stages.items };
};

export const isConflict = (err: unknown): boolean => err instanceof ApiError && err.code === 'conflict';

/** What to tell of a refusal: by the code of its first fault, where there are words for it. */
export const settingsFault = (err: unknown): string => {
  if (!(err instanceof ApiError)) return errorText(err);
  if (isConflict(err)) return t().conflict;
  if (err.code === 'not_found') return t().gone;
  const [issue] = (err.data.issues ?? []) as { code: string }[];
  return t().faults[issue?.code ?? ''] ?? errorText(err);
};
