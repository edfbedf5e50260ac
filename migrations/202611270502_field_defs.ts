import type { Knex } from 'knex';

export const config = { transaction: false };

type Option = readonly [code: string, ru: string, en: string];
interface Shipped {
  key: string;
  type: string;
  ru: string;
  en: string;
  /** company, person or both */
  kinds: readonly string[];
  section: string;
  options?: readonly Option[];
  searchable?: boolean;
}

const BOTH = ['company', 'person'];
const COMPANY = ['company'];
const PERSON = ['person'];
const LANGUAGES: readonly Option[] = [
  ['ru', 'Русский', 'Russian'],
  ['en', 'Английский', 'English'],
  ['kk', 'Казахский', 'Kazakh'],
  ['uz', 'Узбекский', 'Uzbek'],
  ['hy', 'Армянский', 'Armenian'],
  ['az', 'Азербайджанский', 'Azerbaijani'],
  ['tt', 'Татарский', 'Tatar'],
  ['de', 'Немецкий', 'German'],
  ['zh', 'Китайский', 'Chinese'],
  ['tr', 'Турецкий', 'Turkish'],
];
const ZONES: readonly Option[] = [
  ['Europe/Kaliningrad', 'Калининград, UTC+2', 'Kaliningrad, UTC+2'],
  ['Europe/Moscow', 'Москва, UTC+3', 'Moscow, UTC+3'],
  ['Europe/Samara', 'Самара, UTC+4', 'Samara, UTC+4'],
  ['Asia/Yekaterinburg', 'Екатеринбург, UTC+5', 'Yekaterinburg, UTC+5'],
  ['Asia/Omsk', 'Омск, UTC+6', 'Omsk, UTC+6'],
  ['Asia/Novosibirsk', 'Новосибирск, UTC+7', 'Novosibirsk, UTC+7'],
  ['Asia/Krasnoyarsk', 'Красноярск, UTC+7', 'Krasnoyarsk, UTC+7'],
  ['Asia/Irkutsk', 'Иркутск, UTC+8', 'Irkutsk, UTC+8'],
  ['Asia/Yakutsk', 'Якутск, UTC+9', 'Yakutsk, UTC+9'],
  ['Asia/Vladivostok', 'Владивосток, UTC+10', 'Vladivostok, UTC+10'],
  ['Asia/Magadan', 'Магадан, UTC+11', 'Magadan, UTC+11'],
  ['Asia/Kamchatka', 'Камчатка, UTC+12', 'Kamchatka, UTC+12'],
  ['Europe/London', 'Лондон', 'London'],
  ['Europe/Berlin', 'Берлин', 'Berlin'],
  ['America/New_York', 'Нью-Йорк', 'New York'],
  ['America/Los_Angeles', 'Лос-Анджелес', 'Los Angeles'],
  ['Asia/Dubai', 'Дубай', 'Dubai'],
  ['Asia/Shanghai', 'Шанхай', 'Shanghai'],
];
const SOURCES: readonly Option[] = [
  ['call', 'Звонок', 'Call'],
  ['site', 'Сайт', 'Web site'],
  ['advertising', 'Реклама', 'Advertising'],
  ['recommendation', 'Рекомендация', 'Recommendation'],
  ['exhibition', 'Выставка', 'Exhibition'],
  ['cold', 'Холодный звонок', 'Cold call'],
  ['import', 'Импорт', 'Import'],
];
const SEXES: readonly Option[] = [
  ['female', 'Женский', 'Female'],
  ['male', 'Мужской', 'Male'],
];

/** The standard set: these can be hidden, renamed and required like an administrator's own, and not deleted. In the order of the form. */
const SHIPPED: readonly Shipped[] = [
  { key: 'tags', type: 'tags', ru: 'Метки', en: 'Tags', kinds: BOTH, section: 'main' },
  { key: 'source', type: 'list', ru: 'Источник', en: 'Source', kinds: BOTH, section: 'main', options: SOURCES },
  { key: 'birthday', type: 'date', ru: 'День рождения', en: 'Birthday', kinds: PERSON, section: 'main' },
  { key: 'sex', type: 'list', ru: 'Пол', en: 'Sex', kinds: PERSON, section: 'main', options: SEXES },
  { key: 'language', type: 'list', ru: 'Язык общения', en: 'Language', kinds: BOTH, section: 'main', options: LANGUAGES },
  { key: 'time_zone', type: 'list', ru: 'Часовой пояс', en: 'Time zone', kinds: BOTH, section: 'main', options: ZONES },
  { key: 'messengers', type: 'messengers', ru: 'Мессенджеры', en: 'Messengers', kinds: BOTH, section: 'contacts', searchable: true },
  { key: 'site', type: 'text', ru: 'Сайт', en: 'Web site', kinds: COMPANY, section: 'contacts' },
  { key: 'address', type: 'address', ru: 'Адрес', en: 'Address', kinds: BOTH, section: 'contacts' },
  { key: 'legal_address', type: 'address', ru: 'Юридический адрес', en: 'Registered address', kinds: COMPANY, section: 'requisites' },
  { key: 'inn', type: 'inn', ru: 'ИНН', en: 'Tax number (INN)', kinds: BOTH, section: 'requisites', searchable: true },
  { key: 'kpp', type: 'kpp', ru: 'КПП', en: 'KPP', kinds: COMPANY, section: 'requisites' },
  { key: 'ogrn', type: 'ogrn', ru: 'ОГРН / ОГРНИП', en: 'OGRN / OGRNIP', kinds: BOTH, section: 'requisites', searchable: true },
  { key: 'accounts', type: 'accounts', ru: 'Банковские счета', en: 'Bank accounts', kinds: BOTH, section: 'requisites' },
];

const rowOf = (field: Shipped, position: number) => ({
  field: field.key,
  type: field.type,
  label_ru: field.ru,
  label_en: field.en,
  hint: '',
  kinds: JSON.stringify(field.kinds),
  section: field.section,
  position_company: position,
  position_person: position,
  required: '[]',
  settings: JSON.stringify(field.options ? { options: field.options.map(([code, ru, en]) => ({ code, label: { ru, en } })) } : {}),
  searchable: field.searchable ?? false,
  read_roles: 'null',
  write_roles: 'null',
  shipped: true,
  created_at: 0,
});

/** What a client's card may hold beside its own columns: rows, so that the administrator adds one without a restart. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('field_defs')) return;
  await db.schema.createTable('field_defs', (t) => {
    t.increments('id');
    t.string('field', 40).notNullable().collate('utf8mb4_bin').unique({ indexName: 'field_defs_field' });
    t.string('type', 20).notNullable();
    t.string('label_ru', 100).notNullable();
    t.string('label_en', 100).notNullable();
    t.string('hint', 300).notNullable();
    t.string('kinds', 60).notNullable(); // JSON list of company, person
    t.string('section', 60).notNullable();
    t.integer('position_company').unsigned().notNullable();
    t.integer('position_person').unsigned().notNullable();
    t.text('required').notNullable(); // JSON list of { kind, stage }; stage null: at every stage
    t.text('settings', 'mediumtext').notNullable(); // JSON: options of a list, a formula's text ...
    t.boolean('searchable').notNullable(); // found by the search box
    t.string('read_roles', 200).notNullable(); // JSON list of roles; null: all
    t.string('write_roles', 200).notNullable();
    t.boolean('shipped').notNullable();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('archived_at').nullable();
    // cards up to this id have been read anew since the field was changed; null: nothing to do
    t.integer('indexing_from').unsigned().nullable();
    t.integer('indexed_day').unsigned().nullable(); // of a formula that knows today's date
  });
  await db('field_defs').insert(SHIPPED.map((field, i) => rowOf(field, (i + 1) * 10)));
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('field_defs');
