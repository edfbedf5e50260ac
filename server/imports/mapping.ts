import { createHash } from 'node:crypto';
import { fold } from '../core/words.ts';
import type { CatalogueField } from '../clients/contract.ts';

/** Which field a column means, by what files usually call it: Excel sheets, Outlook in Russian and English, 1C, other CRMs. Pure. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  name: ['name', 'full name', 'display name', 'contact', 'имя', 'фио', 'ф и о', 'имя и фамилия', 'клиент', 'контакт', 'наименование', 'название', 'контрагент', 'краткое имя'], // prettier-ignore
  'name.last': ['last name', 'surname', 'family name', 'фамилия'],
  'name.first': ['first name', 'given name', 'имя контакта'],
  'name.middle': ['middle name', 'отчество'],
  company: ['company', 'organization', 'organisation', 'account name', 'компания', 'организация', 'фирма', 'место работы'],
  position: ['job title', 'title', 'position', 'должность'],
  phones: ['phone', 'phones', 'telephone', 'mobile', 'mobile phone', 'business phone', 'business phone 2', 'home phone', 'home phone 2', 'primary phone', 'other phone', 'company main phone', 'телефон', 'телефоны', 'мобильный', 'мобильный телефон', 'рабочий телефон', 'домашний телефон', 'телефон раб', 'телефон дом', 'телефон переносной', 'рабочий телефон 2', 'номер телефона', 'сотовый', 'основной телефон', 'другой телефон'], // prettier-ignore
  emails: ['e mail', 'email', 'e mail address', 'e mail 2 address', 'e mail 3 address', 'email address', 'mail', 'почта', 'эл почта', 'электронная почта', 'адрес эл почты', 'адрес 2 эл почты', 'адрес 3 эл почты', 'emails'], // prettier-ignore
  note: ['note', 'notes', 'comment', 'comments', 'заметки', 'заметка', 'комментарий', 'примечание', 'описание'],
  kind: ['kind', 'type', 'вид', 'тип', 'юр физ'],
};
/** Fields of the card that imports may set; keys of typed fields come besides. */
export const OWN_TARGETS = ['name', 'name.last', 'name.first', 'name.middle', 'company', 'position', 'phones', 'emails', 'note', 'kind'];

const plain = (header: string): string => fold(header).replace(/[^\p{L}\p{N}]+/gu, ' ').trim(); // prettier-ignore

/** A proposal for each column; phones and e-mails may come from several, everything else from one. */
export const proposeMapping = (columns: readonly string[], fields: readonly CatalogueField[]): (string | null)[] => {
  const typed = fields.filter(({ own, writable, archived }) => !own && writable && !archived);
  const taken = new Set<string>();
  const parts = columns.some((header) => KNOWN['name.last']!.includes(plain(header)));
  return columns.map((header) => {
    const words = plain(header);
    // Beside a surname "Имя" is the first name.
    const first = parts && (words === 'имя' || words === 'name') ? 'name.first' : undefined;
    const own = first ?? Object.entries(KNOWN).find(([key, names]) => key === words || names.includes(words))?.[0];
    const found = own ?? typed.find(({ key, label }) => [key, label.ru, label.en].some((name) => plain(name) === words))?.key ?? null;
    if (found === null || (taken.has(found) && !['phones', 'emails'].includes(found))) return null;
    taken.add(found);
    return found;
  });
};

/** The same columns again. */
export const signatureOf = (columns: readonly string[]): string => createHash('sha256').update(columns.map(plain).join('\n')).digest('hex'); // prettier-ignore

/** What a line says of a client, field by field. */
export interface Drafted {
  name: string;
  kind: 'company' | 'person';
  company: string;
  position: string;
  note: string;
  phones: string[];
  emails: string[];
  custom: Record<string, string>;
}

/** Several numbers in one cell: by lines, semicolons, slashes, "и", and by commas unless one belongs to an extension. */
export const splitPhones = (cell: string): string[] =>
  cell
    .split(/[;\n|]|\s\/\s|\/(?=\s*[+\d(])|,\s*(?=(?:\+|8|7)?[\s(]*\d{3})|\s+и\s+|\s+or\s+/iu)
    .map((part) => part.trim())
    .filter((part) => /\d/.test(part));
export const splitEmails = (cell: string): string[] => cell.split(/[;,\s]+/).filter((part) => part.includes('@'));

const COMPANY = /компан|организ|юр|company|organi|^ооо|^ип$|legal/iu;

export const draftOf = (cells: readonly string[], mapping: readonly (string | null)[], kind: 'company' | 'person'): Drafted => {
  const all = new Map<string, string[]>();
  mapping.forEach((target, i) => {
    const cell = (cells[i] ?? '').trim();
    if (target !== null && cell !== '') all.set(target, [...(all.get(target) ?? []), cell]);
  });
  const one = (target: string) => all.get(target)?.[0] ?? '';
  const given = one('kind');
  const parts = ['name.last', 'name.first', 'name.middle'].map(one).filter((part) => part !== '');
  const company = one('company');
  // An organisation that comes without a person is itself the client.
  const alone = one('name') === '' && parts.length === 0 && company !== '';
  const read = given === '' ? (alone ? 'company' : kind) : COMPANY.test(given) ? 'company' : 'person';
  return {
    name: one('name') || parts.join(' ') || company,
    kind: read,
    company: alone ? '' : company,
    position: one('position'),
    note: (all.get('note') ?? []).join('\n'),
    phones: [...new Set((all.get('phones') ?? []).flatMap(splitPhones))],
    emails: [...new Set((all.get('emails') ?? []).flatMap(splitEmails))],
    custom: Object.fromEntries([...all].filter(([key]) => !OWN_TARGETS.includes(key)).map(([key, values]) => [key, values.join('; ')])),
  };
};
