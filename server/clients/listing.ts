import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { withinReach } from '../core/reach.ts';
import type { Reach } from '../core/reach.ts';
import { momentText, wallOf } from '../core/zone.ts';
import { catalogue } from './catalogue.ts';
import { hangingRows, whereField } from './condition.ts';
import type { Condition } from './condition.ts';
import type { CatalogueField, Client } from './contract.ts';
import { readableCustom, withComputed } from './custom.ts';
import { numberPlanOf } from './number-plan.ts';

/** What lists of clients made elsewhere (saved filters, exports) are handed: whom to choose from, by which fields, and the cells to show. */

type ListDeps = Pick<Deps, 'db' | 'fields' | 'clientStages' | 'directory' | 'departments'>;

interface Row {
  id: number;
  kind: Client['kind'];
  name: string;
  company: string;
  position: string;
  stage: string;
  roles: string;
  note: string;
  custom: string;
  owner_id: number | null;
  department_id: number | null;
  contact_at: number | null;
  created_at: number;
  updated_at: number;
}

export interface ListedClient {
  id: number;
  kind: string;
  name: string;
  /** By key of the column, as text in the reader's language. */
  cells: Record<string, string>;
}

/** Of how many clients the rows that hang on them are read at once. */
const AT_ONCE = 400;

/** So many are quicker sorted than looked for among all. */
const FEW = 3_000;

const moment = (at: number, timeZone: string): string => momentText(wallOf(at, timeZone));

const joined = async (db: Knex, table: 'phones' | 'emails', ids: readonly number[]): Promise<Map<number, string>> => {
  const column = table === 'phones' ? db.raw('COALESCE(e164, raw) AS value') : db.raw('address AS value');
  const rows = (await db(table).select('client_id', column).whereIn('client_id', [...ids]).orderBy(['client_id', 'ordinal'])) as { client_id: number; value: string }[]; // prettier-ignore
  const found = new Map<number, string>();
  for (const { client_id, value } of rows) found.set(client_id, found.has(client_id) ? `${found.get(client_id)}; ${value}` : value);
  return found;
};

export const clientList = (deps: ListDeps, country: string): Deps['clientList'] => ({
  catalogue: (actor) => catalogue(deps, deps.db, actor),
  base: (db: Knex, reach: Reach) => withinReach(db('clients as c').whereNull('c.archived_at'), reach, 'c'),
  where: (q: Knex.QueryBuilder, condition: Condition, timeZone: string) =>
    whereField(q, condition, { fields: deps.fields, plan: numberPlanOf(country), timeZone }),
  async few(db, condition, timeZone) {
    const rows = hangingRows(db, condition, { fields: deps.fields, plan: numberPlanOf(country), timeZone });
    if (!rows) return false;
    const [{ n }] = (await db.count({ n: '*' }).from(
      rows
        .select(db.raw('1'))
        .limit(FEW + 1)
        .as('found'),
    )) as [{ n: number }];
    return Number(n) <= FEW;
  },
  async rows(db, actor, ids, columns, { language, timeZone }) {
    if (ids.length === 0) return [];
    const fields = new Map((await catalogue(deps, db, actor)).map((field) => [field.key, field]));
    const shown = columns.flatMap((key) => fields.get(key) ?? []);
    const typed = shown.some((field) => !field.own);
    const defs = typed ? await deps.fields.list(db) : [];
    const departments = columns.includes('department') ? new Map((await deps.departments(db)).map(({ id, name }) => [id, name])) : new Map<number, string>(); // prettier-ignore
    const listed: ListedClient[] = [];
    for (let from = 0; from < ids.length; from += AT_ONCE)
      listed.push(...(await page(db, actor, ids.slice(from, from + AT_ONCE), shown, defs, departments, language, timeZone, deps)));
    return listed;
  },
});

const page = async (
  db: Knex,
  actor: Pick<Actor, 'role'>,
  ids: readonly number[],
  shown: readonly CatalogueField[],
  defs: Awaited<ReturnType<Deps['fields']['list']>>,
  departments: ReadonlyMap<number, string>,
  language: 'ru' | 'en',
  timeZone: string,
  deps: ListDeps,
): Promise<ListedClient[]> => {
  const rows = (await db('clients').whereIn('id', [...ids])) as Row[];
  const has = (key: string) => shown.some((field) => field.key === key);
  const phones = has('phones') ? await joined(db, 'phones', ids) : new Map<number, string>();
  const emails = has('emails') ? await joined(db, 'emails', ids) : new Map<number, string>();
  const briefs = await deps.directory.briefs([...new Set(rows.flatMap((row) => row.owner_id ?? []))]);
  const typed = shown.filter((field) => !field.own);
  const own = (row: Row, { key, options }: CatalogueField): string => {
    const label = (code: string) => options?.find((option) => option.code === code)?.label[language] ?? code;
    if (key === 'phones') return phones.get(row.id) ?? '';
    if (key === 'emails') return emails.get(row.id) ?? '';
    if (key === 'owner') return briefs.get(row.owner_id ?? 0)?.name ?? '';
    if (key === 'department') return departments.get(row.department_id ?? 0) ?? '';
    if (key === 'roles') return (JSON.parse(row.roles) as string[]).map(label).join('; ');
    if (key === 'kind' || key === 'stage') return label(row[key]);
    if (key === 'created_at' || key === 'updated_at' || key === 'contact_at') return row[key] === null ? '' : moment(Number(row[key]), timeZone); // prettier-ignore
    const value = (row as unknown as Record<string, unknown>)[key];
    return typeof value === 'string' ? value : '';
  };
  const customOf = (row: Row): Client['custom'] => {
    const card = { ...row, createdAt: Number(row.created_at) };
    return readableCustom(deps.fields, defs, actor, withComputed(deps.fields, defs, card, JSON.parse(row.custom) as Client['custom']));
  };
  const byId = new Map(
    rows.map((row) => {
      const custom = typed.length > 0 ? customOf(row) : {};
      const cells: Record<string, string> = {};
      for (const field of shown) {
        const def = field.own ? undefined : defs.find(({ key }) => key === field.key);
        const value = custom[field.key];
        cells[field.key] = field.own ? own(row, field) : def && value !== undefined ? deps.fields.text(def, value, language) : '';
      }
      return [row.id, { id: row.id, kind: row.kind, name: row.name, cells }];
    }),
  );
  return ids.flatMap((id) => byId.get(id) ?? []);
};
