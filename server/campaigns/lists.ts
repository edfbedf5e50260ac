import type { Knex } from 'knex';
import { parsePhone } from '../core/phone.ts';
import type { ContactsAdded } from './contract.ts';

/** A person as a list has them. */
export interface Listed {
  readonly name: string;
  readonly numbers: readonly string[];
  readonly data: Readonly<Record<string, string>>;
  readonly clientId: number | null;
}
type Rejected = ContactsAdded['rejected'][number];

const PHONE = /^(phone|number|mobile|tel|телефон|номер|мобильный|тел)\.?\s*\d*$/iu;
const NAME = /^(name|full name|fio|имя|фио|клиент|контакт)$/iu;

const cells = (line: string, separator: string): string[] => {
  const found: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const c = line[i]!;
    if (quoted) {
      if (c === '"' && line[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === separator) {
      found.push(cell.trim());
      cell = '';
    } else cell += c;
  }
  found.push(cell.trim());
  return found;
};

const clean = (text: string, max: number) =>
  text
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, max);

/**
 * Reads a list of people: lines of cells between semicolons, tabs or commas. A first line in which some cell is called "phone", "телефон" and so on names the
 * columns; without one the cells that are numbers are numbers and the first other one is the name. Pure.
 */
export const readList = (text: string, country: string): { people: Listed[]; rejected: Rejected[]; rejectedCount: number } => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const separator = [';', '\t', ','].find((each) => first.includes(each)) ?? ';';
  const heads = cells(first, separator);
  const named = heads.some((head) => PHONE.test(head)) ? heads : null;
  const people: Listed[] = [];
  const rejected: Rejected[] = [];
  let rejectedCount = 0;
  let begun = named === null;
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    if (!begun) {
      begun = true;
      return;
    }
    const row = cells(line, separator);
    const isPhone = (at: number) => (named ? PHONE.test(named[at] ?? '') : /^[+\d][\d\s().-]{5,}$/.test(row[at]!));
    const phones = row.filter((cell, at) => cell !== '' && isPhone(at));
    const numbers = [...new Set(phones.flatMap((phone) => phone.split(/[,/]/)).flatMap((phone) => parsePhone(phone, country).e164 ?? []))];
    if (numbers.length === 0) {
      if (rejectedCount++ < 100)
        rejected.push({ line: i + 1, clientId: null, text: line.slice(0, 200), why: phones.length === 0 ? 'no-number' : 'not-a-number' });
      return;
    }
    const nameAt = named ? named.findIndex((head) => NAME.test(head)) : row.findIndex((cell, at) => cell !== '' && !isPhone(at));
    const data = named
      ? Object.fromEntries(named.flatMap((head, at) => (at === nameAt || PHONE.test(head) || head === '' || !row[at] ? [] : [[clean(head, 60).toLowerCase(), clean(row[at]!, 500)]]))) // prettier-ignore
      : {};
    people.push({ name: clean(row[nameAt] ?? '', 200), numbers: numbers.slice(0, 5), data, clientId: null });
  });
  return { people, rejected, rejectedCount };
};

/** A row of campaign_lists: what the people are found under in the results. */
export interface ListRow {
  campaign_id: number;
  kind: string;
  name: string;
  user_id: number;
  at: number;
}
type Counted = Omit<ContactsAdded, 'rejected' | 'rejectedCount'>;
const BATCH = 200;

async function* batches(pages: Iterable<readonly Listed[]> | AsyncIterable<readonly Listed[]>): AsyncIterable<readonly Listed[]> {
  for await (const people of pages) for (let i = 0; i < people.length; i += BATCH) yield people.slice(i, i + BATCH);
}

/**
 * Adds people to a campaign, page after page; who is in it already, by their first number, stays as they are. Those on a do-not-call list are counted, and added as stopped, so
 * that it shows why they are not called.
 */
export const addContacts = async (
  db: Knex,
  list: ListRow,
  pages: Iterable<readonly Listed[]> | AsyncIterable<readonly Listed[]>,
  doNotCallAmong: (numbers: readonly string[]) => Promise<ReadonlySet<string>>,
  dryRun: boolean,
): Promise<Counted> => {
  const campaignId = list.campaign_id;
  let listId: number | null = null;
  const counted = { added: 0, duplicates: 0, elsewhere: 0, doNotCall: 0 };
  const seen = new Set<string>();
  for await (const each of batches(pages)) {
    const part = each.filter(({ numbers }) => {
      const again = seen.has(numbers[0]!);
      seen.add(numbers[0]!);
      if (again) counted.duplicates += 1;
      return !again;
    });
    const numbers = part.map((each) => each.numbers[0]!);
    const inIt = new Set<string>(
      await db('campaign_contacts').where({ campaign_id: campaignId }).whereIn('number', numbers).pluck('number'),
    );
    const open = db('campaigns').whereNot('state', 'finished').whereNot('id', campaignId).select('id');
    const other = new Set<string>(
      await db('campaign_contacts')
        .whereIn('number', numbers)
        .whereIn('state', ['ready', 'live'])
        .whereIn('campaign_id', open)
        .pluck('number'),
    );
    const listed = await doNotCallAmong(numbers);
    const rows = part
      .filter((each) => !inIt.has(each.numbers[0]!))
      .map(({ name, numbers: [number, ...more], data, clientId }) => ({
        campaign_id: campaignId,
        client_id: clientId,
        name,
        number: number!,
        more_numbers: more.length > 0 ? JSON.stringify(more) : null,
        data: Object.keys(data).length > 0 ? JSON.stringify(data) : null,
        state: listed.has(number!) ? 'stopped' : 'ready',
        reason: listed.has(number!) ? 'do-not-call' : null,
      }));
    counted.duplicates += part.length - rows.length;
    counted.elsewhere += rows.filter(({ number }) => other.has(number)).length;
    counted.doNotCall += rows.filter(({ number }) => listed.has(number)).length;
    counted.added += rows.length;
    if (dryRun || rows.length === 0) continue;
    listId ??= ((await db('campaign_lists').insert(list)) as [number])[0];
    await db('campaign_contacts')
      .insert(rows.map((row) => ({ ...row, list_id: listId })))
      .onConflict(['campaign_id', 'number'])
      .ignore();
  }
  return counted;
};
