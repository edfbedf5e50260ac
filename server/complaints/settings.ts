import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import { AppError } from '../core/errors.ts';
import type { Category, ClockPolicy, Severity, SeverityTable, Status, Template } from './contract.ts';
import { Settings } from './contract.ts';
import type { Settings as SettingsOf } from './contract.ts';

const DEFAULTS: SettingsOf = { repeatDays: 30, reopenDays: 14, callReopens: true, approveAbove: 500_000, currency: 'RUB', departmentId: null, form: false, alarmMail: { breach: [], chief: [], director: [] } }; // prettier-ignore

export const readSettings = async (db: Knex): Promise<SettingsOf> => {
  const row = (await db('complaint_settings').where('id', 1).first('data')) as { data: string } | undefined;
  return Settings.parse({ ...DEFAULTS, ...((row ? JSON.parse(row.data) : {}) as object) });
};

export const writeSettings = async (trx: Knex, settings: SettingsOf): Promise<void> => {
  await trx('complaint_settings')
    .insert({ id: 1, data: JSON.stringify(settings), version: 1 })
    .onConflict('id')
    .merge(['data']);
};

interface CategoryRow {
  id: number;
  kind: Category['kind'];
  code: string | null;
  label: string | null;
  parent_id: number | null;
  position: number;
  retired_at: number | null;
}

/** In their order, the retired too. */
export const readCategories = async (db: Knex): Promise<Category[]> =>
  ((await db('complaint_categories').orderBy(['kind', 'position', 'id'])) as CategoryRow[]).map((row) => ({
    id: row.id,
    kind: row.kind,
    code: row.code,
    label: row.label,
    parentId: row.parent_id,
    retired: row.retired_at !== null,
  }));

/** The category and the groups it stands in, the nearest first. */
export const pathOf = (all: readonly Category[], id: number): number[] => {
  const path: number[] = [];
  for (let at: number | null = id; at !== null && !path.includes(at);) {
    path.push(at);
    at = all.find((each) => each.id === at)?.parentId ?? null;
  }
  return path;
};

interface SeverityRow {
  code: string;
  label_ru: string;
  label_en: string;
  tone: Severity['tone'];
  position: number;
  retired_at: number | null;
}

/** The least grave first, the retired too. */
export const readSeverities = async (db: Knex): Promise<Severity[]> =>
  ((await db('complaint_severities').orderBy(['position', 'code'])) as SeverityRow[]).map((row) => ({
    code: row.code,
    label: { ru: row.label_ru, en: row.label_en },
    tone: row.tone,
    retired: row.retired_at !== null,
  }));

/** The one that is offered by this code; null: none is. */
export const offeredSeverity = async (db: Knex, code: string): Promise<Severity | null> =>
  (await readSeverities(db)).find((one) => one.code === code && !one.retired) ?? null;

/** In their order; a new one gets the next free code. Those that were retired keep when. */
export const writeSeverities = async (trx: Knex, items: SeverityTable['items'], now: number): Promise<void> => {
  const had = new Map(((await trx('complaint_severities')) as SeverityRow[]).map((row) => [row.code, row]));
  let last = Math.max(0, ...[...had.keys()].map((code) => Number(/^s(\d+)$/.exec(code)?.[1] ?? 0)));
  for (const [i, { code, label, tone, retired }] of items.entries()) {
    const before = had.get(code ?? '');
    const row = { label_ru: label.ru, label_en: label.en, tone, position: i + 1, retired_at: retired ? (before?.retired_at ?? now) : null };
    if (before) await trx('complaint_severities').where({ code }).update(row);
    else await trx('complaint_severities').insert({ code: `s${(last += 1)}`, ...row });
  }
};

interface PolicyRow {
  id: number;
  name: string;
  category_id: number | null;
  severity: string | null;
  client_stage: string | null;
  department_id: number | null;
  calendar_id: number | null;
  acknowledge_ms: number | null;
  first_answer_ms: number | null;
  next_answer_ms: number | null;
  resolve_ms: number | null;
  warn_percent: number;
  chief_after_ms: number;
  director_after_ms: number;
}

export const readPolicies = async (db: Knex): Promise<ClockPolicy[]> =>
  ((await db('complaint_policies').orderBy('id')) as PolicyRow[]).map((row) => ({
    id: row.id,
    name: row.name,
    categoryId: row.category_id,
    severity: row.severity,
    clientStage: row.client_stage,
    departmentId: row.department_id,
    calendarId: row.calendar_id,
    acknowledgeMs: row.acknowledge_ms,
    firstAnswerMs: row.first_answer_ms,
    nextAnswerMs: row.next_answer_ms,
    resolveMs: row.resolve_ms,
    warnPercent: row.warn_percent,
    chiefAfterMs: row.chief_after_ms,
    directorAfterMs: row.director_after_ms,
  }));

export const policyColumns = (policy: Omit<ClockPolicy, 'id'>): Omit<PolicyRow, 'id'> => ({
  name: policy.name,
  category_id: policy.categoryId,
  severity: policy.severity,
  client_stage: policy.clientStage,
  department_id: policy.departmentId,
  calendar_id: policy.calendarId,
  acknowledge_ms: policy.acknowledgeMs,
  first_answer_ms: policy.firstAnswerMs,
  next_answer_ms: policy.nextAnswerMs,
  resolve_ms: policy.resolveMs,
  warn_percent: policy.warnPercent,
  chief_after_ms: policy.chiefAfterMs,
  director_after_ms: policy.directorAfterMs,
});

interface Matter {
  readonly categoryPath: readonly number[];
  readonly severity: string;
  readonly departmentId: number | null;
  readonly clientStage: string | null;
}

/** The most particular that fits: a near category weighs more than a far one, that more than severity, client's stage, department. Pure. */
export const policyFor = (policies: readonly ClockPolicy[], matter: Matter): ClockPolicy | null => {
  const weight = (policy: ClockPolicy): number => {
    const depth = policy.categoryId === null ? 0 : matter.categoryPath.indexOf(policy.categoryId);
    if (depth < 0) return -1;
    if (policy.severity !== null && policy.severity !== matter.severity) return -1;
    if (policy.clientStage !== null && policy.clientStage !== matter.clientStage) return -1;
    if (policy.departmentId !== null && policy.departmentId !== matter.departmentId) return -1;
    const category = policy.categoryId === null ? 0 : 1000 - depth;
    return category + (policy.severity === null ? 0 : 4) + (policy.clientStage === null ? 0 : 2) + (policy.departmentId === null ? 0 : 1);
  };
  let best: ClockPolicy | null = null;
  for (const policy of policies) if (weight(policy) >= 0 && (best === null || weight(policy) > weight(best))) best = policy;
  return best;
};

export const readTransitions = async (db: Knex): Promise<{ from: Status; to: Status }[]> =>
  ((await db('complaint_transitions').orderBy(['from_status', 'to_status'])) as { from_status: Status; to_status: Status }[]).map(
    ({ from_status, to_status }) => ({ from: from_status, to: to_status }),
  );

export const writeTransitions = async (trx: Knex, items: readonly { from: Status; to: Status }[]): Promise<void> => {
  await trx('complaint_transitions').delete();
  if (items.length > 0) await trx('complaint_transitions').insert(items.map(({ from, to }) => ({ from_status: from, to_status: to })));
};

export const readTemplates = async (db: Knex): Promise<Template[]> =>
  (await db('complaint_templates')
    .whereNull('retired_at')
    .orderBy(['name', 'id'])
    .select('id', 'language', 'name', 'subject', 'text')) as Template[];

/** Names what clocks are counted with: another name, and they have to be counted anew. */
export const signatureOf = (parts: object): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);

/** Of something with an id. */
export const without = <T extends { id: number }>(all: readonly T[], id: number): Omit<T, 'id'> | null => {
  const { id: found, ...rest } = all.find((one) => one.id === id) ?? { id: null };
  return found === null ? null : (rest as Omit<T, 'id'>);
};

/** In the transaction that changes it; the tables are small. @throws AppError conflict: it is not as the page showed it */
export const asSeen = async (trx: Knex, table: string, seen: unknown, read: () => Promise<unknown>): Promise<void> => {
  if (seen === undefined) return;
  await trx(table).forUpdate().select('*');
  if (!isDeepStrictEqual(await read(), seen)) throw new AppError('conflict', 'changed meanwhile', { reason: 'changed' });
};
