import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import type { CatalogueField } from './contract.ts';

/** The one list of what a client has: lists, filters, imports, exports and segments take their fields from here. */

type Own = Pick<CatalogueField, 'key' | 'type' | 'operators'> & { ru: string; en: string; writable?: boolean; to?: CatalogueField['to'] };

const ORDER: CatalogueField['operators'] = ['lt', 'le', 'gt', 'ge', 'between', 'empty', 'filled'];
const ONE_OF: CatalogueField['operators'] = ['in', 'not-in', 'empty', 'filled'];

const OWN: readonly Own[] = [
  { key: 'name', type: 'text', ru: 'Имя', en: 'Name', operators: ['eq', 'ne', 'begins', 'contains'] },
  { key: 'kind', type: 'list', ru: 'Вид', en: 'Kind', operators: ['in', 'not-in'] },
  { key: 'company', type: 'text', ru: 'Компания', en: 'Company', operators: ['eq', 'ne', 'begins', 'contains', 'empty', 'filled'] },
  { key: 'position', type: 'text', ru: 'Должность', en: 'Position', operators: ['eq', 'ne', 'begins', 'contains', 'empty', 'filled'] },
  { key: 'phones', type: 'phones', ru: 'Телефоны', en: 'Phones', operators: ['eq', 'begins', 'empty', 'filled'] },
  { key: 'emails', type: 'emails', ru: 'Почта', en: 'E-mails', operators: ['eq', 'begins', 'empty', 'filled'] },
  { key: 'roles', type: 'multi-list', ru: 'Роли', en: 'Roles', operators: ['in', 'not-in', 'all-of'] },
  { key: 'stage', type: 'list', ru: 'Стадия', en: 'Stage', operators: ['in', 'not-in'] },
  { key: 'owner', type: 'reference', ru: 'Ответственный', en: 'Responsible', operators: ONE_OF, to: 'user' },
  { key: 'department', type: 'reference', ru: 'Отдел', en: 'Department', operators: ONE_OF, to: 'department', writable: false },
  { key: 'note', type: 'text', ru: 'Заметка', en: 'Note', operators: ['contains', 'empty', 'filled'] },
  { key: 'created_at', type: 'moment', ru: 'Карточка создана', en: 'Card created', operators: ORDER, writable: false },
  { key: 'updated_at', type: 'moment', ru: 'Карточка изменена', en: 'Card changed', operators: ORDER, writable: false },
  { key: 'contact_at', type: 'moment', ru: 'Последний контакт', en: 'Last contact', operators: ORDER, writable: false },
];

const option = (code: string, ru: string, en: string) => ({ code, label: { ru, en } });
const KINDS = [option('company', 'Компания', 'Company'), option('person', 'Человек', 'Person')];
const ROLES = [
  option('client', 'Клиент', 'Client'),
  option('supplier', 'Поставщик', 'Supplier'),
  option('competitor', 'Конкурент', 'Competitor'),
  option('partner', 'Партнёр', 'Partner'),
];

const BOTH: CatalogueField['kinds'] = ['company', 'person'];

/** In the order in which a chooser shows them: first those of the card itself. Archived fields are among them, for the filters that have them. */
export const catalogue = async (
  deps: Pick<Deps, 'fields' | 'clientStages'>,
  db: Knex,
  actor: Pick<Actor, 'role'>,
): Promise<CatalogueField[]> => {
  const stages = await deps.clientStages(db);
  const options: Record<string, CatalogueField['options']> = { kind: KINDS, roles: ROLES, stage: stages };
  const own = OWN.map(({ key, type, operators, ru, en, writable = true, to = null }): CatalogueField => ({
    key, type, operators, label: { ru, en }, kinds: key === 'position' ? ['person'] : BOTH, own: true, options: options[key] ?? null, to, writable, archived: false,
  })); // prettier-ignore
  const typed = (await deps.fields.list(db))
    .filter((def) => deps.fields.mayRead(actor, def))
    .map((def): CatalogueField => ({
      key: def.key,
      type: def.type,
      label: def.label,
      kinds: def.kinds,
      own: false,
      options: def.settings.options?.map(({ code, label }) => ({ code, label })) ?? null,
      to: def.settings.to ?? null,
      operators: [...deps.fields.operators(def.type)],
      writable: def.type !== 'formula' && def.archivedAt === null && deps.fields.mayWrite(actor, def),
      archived: def.archivedAt !== null,
    }));
  return [...own, ...typed];
};
