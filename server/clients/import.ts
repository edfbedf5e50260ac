import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { readCompanyName } from '../core/legal-form.ts';
import { parsePhone } from '../core/phone.ts';
import { isWithin } from '../core/reach.ts';
import { insertClients } from './bulk.ts';
import type { BulkClient } from './bulk.ts';
import { ClientDraft } from './contract.ts';
import { prepareCustom, refuse } from './custom.ts';
import type { CardBasics } from './custom.ts';
import { emailKey, sortKey } from './normalise.ts';
import { clientPolicy } from './policy.ts';
import { FIRST_STAGE, archiveClient, cityKey, findClient, findClients } from './queries.ts';
import type { StoredClient } from './queries.ts';
import { editClient } from './service.ts';
import { havers } from './traits.ts';

/** Lines of a file as cards: who is there already, what each becomes. All in the caller's transaction, so that a line is taken once. */

export interface Brought {
  line: number;
  name: string;
  kind: 'company' | 'person';
  company: string;
  position: string;
  note: string;
  phones: string[];
  emails: string[];
  custom: Record<string, string>;
}
export interface Came {
  line: number;
  outcome: 'made' | 'changed' | 'skipped' | 'rejected';
  reason: string | null;
  clientId: number | null;
}
export interface BringRules {
  match: readonly ('phone' | 'email' | 'inn' | 'name_city' | 'name')[];
  onMatch: 'skip' | 'fill' | 'overwrite';
}
type BringDeps = Pick<Deps, 'fields' | 'audit' | 'config' | 'attachedFiles'>;

/** In a key between what no text holds. */
const BETWEEN = '\u0000';
/** Namesakes in one city that are read; of more the first ones. */
const MOST_NAMESAKES = 100;
const asAddress = (typed = '') => ({ raw: typed, text: typed });

/** The keys by which a line finds a client, in the order of the rules. */
const keysOf = (line: Brought, { match }: BringRules, country: string): string[] =>
  match.flatMap((rule) => {
    if (rule === 'phone') return line.phones.map((raw) => parsePhone(raw, country)).flatMap(({ e164, digits }) => (e164 ? `phone ${e164}` : digits.length >= 6 ? `phone ${digits}` : [])); // prettier-ignore
    if (rule === 'email') return line.emails.map((address) => `email ${emailKey(address)}`);
    if (rule === 'inn') return line.custom.inn ? [`inn ${line.custom.inn.replace(/\D/g, '')}`] : [];
    if (rule === 'name_city') {
      const name = sortKey(line.kind === 'company' ? readCompanyName(line.name).name : line.name);
      const city = cityKey({
        city: line.custom.city ?? '',
        address: asAddress(line.custom.address),
        legal_address: asAddress(line.custom.legal_address),
      });
      return name === '' || city === '' ? [] : [`name_city ${name}${BETWEEN}${city}`];
    }
    return [`name ${sortKey(line.name)} ${line.company.trim().toLowerCase()}`];
  });

/** By key: the client who has it. Of several the one with the smallest id, so that it is the same each time. */
const owners = async (db: Knex, keys: readonly string[]): Promise<Map<string, number>> => {
  const found = new Map<string, number>();
  const add = (key: string, id: number) => found.set(key, Math.min(id, found.get(key) ?? Infinity));
  const of = (kind: string) => [...new Set(keys.filter((key) => key.startsWith(`${kind} `)).map((key) => key.slice(kind.length + 1)))];
  const live = (table: string) => db(`${table} as t`).join('clients as c', 'c.id', 't.client_id').whereNull('c.archived_at');
  const [numbers, emails, inns, names] = [of('phone'), of('email'), of('inn'), of('name')];
  const e164 = numbers.filter((number) => number.startsWith('+'));
  const digits = numbers.filter((number) => !number.startsWith('+'));
  if (e164.length > 0) for (const row of (await live('phones').whereIn('t.e164', e164).select('t.e164 as key', 'c.id as id')) as { key: string; id: number }[]) add(`phone ${row.key}`, row.id); // prettier-ignore
  if (digits.length > 0) for (const row of (await live('phones').whereIn('t.digits', digits).select('t.digits as key', 'c.id as id')) as { key: string; id: number }[]) add(`phone ${row.key}`, row.id); // prettier-ignore
  if (emails.length > 0) for (const row of (await live('emails').whereIn('t.address_key', emails).select('t.address_key as key', 'c.id as id')) as { key: string; id: number }[]) add(`email ${row.key}`, row.id); // prettier-ignore
  if (inns.length > 0) for (const row of (await live('client_values').where('t.field', 'inn').whereIn('t.text', inns).select('t.text as key', 'c.id as id')) as { key: string; id: number }[]) add(`inn ${row.key}`, row.id); // prettier-ignore
  const places = of('name_city').map((key) => key.split(BETWEEN));
  const named = await havers(db, 'clients', 'sort_key = ? AND city = ? AND archived_at IS NULL', places, MOST_NAMESAKES, 'id');
  for (const [place, ids] of named) ids.forEach((id) => add(`name_city ${place}`, id));
  if (names.length > 0) {
    const sorted = [...new Set(names.map((name) => name.split(' ').slice(0, -1).join(' ')).concat(names.map((name) => name.trim())))];
    const rows = (await db('clients').whereNull('archived_at').whereIn('sort_key', sorted).select('id', 'sort_key', 'company')) as { id: number; sort_key: string; company: string }[]; // prettier-ignore
    for (const row of rows) add(`name ${row.sort_key} ${row.company.toLowerCase()}`, row.id);
  }
  return found;
};

const codeOf = (err: unknown): string => {
  if (!(err instanceof AppError)) throw err;
  const issue = (err.data.issues as { path: string; code: string }[] | undefined)?.[0];
  return issue ? `${issue.path.replace(/^body\.(custom\.)?/, '')}: ${issue.code}` : err.code;
};

/** @throws AppError invalid */
const drafted = ({ name, kind, company, position, note, phones, emails }: Brought): BulkClient['draft'] => {
  const read = ClientDraft.safeParse({
    name: kind === 'company' ? readCompanyName(name).name : name, kind, company, position, note,
    phones: phones.map((raw) => ({ raw })), emails: emails.map((address) => ({ address })),
  }); // prettier-ignore
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  const path = issue.path.join('.');
  throw new AppError('invalid', path, {
    issues: [{ path: `body.${path}`, code: path === 'name' && issue.code === 'too_small' ? 'required' : issue.code }],
  });
};

/** What of the line a card gets that is there already; null: nothing. */
const editFor = (stored: StoredClient, line: Brought, { onMatch }: BringRules, country: string) => {
  if (onMatch === 'skip') return null;
  const over = onMatch === 'overwrite';
  const draft = drafted(line);
  const numbers = new Set(stored.phones.map(({ raw, e164 }) => e164 ?? parsePhone(raw, country).digits));
  const phones = draft.phones.filter(({ raw }) => { const { e164, digits } = parsePhone(raw, country); return !numbers.has(e164 ?? digits); }); // prettier-ignore
  const addresses = new Set(stored.emails.map(({ address }) => emailKey(address)));
  const emails = draft.emails.filter(({ address }) => !addresses.has(emailKey(address)));
  const text = (field: 'company' | 'position' | 'note') =>
    draft[field] !== '' && (over || stored[field] === '') ? { [field]: draft[field] } : {};
  const held = stored.phones.map(({ raw, purpose, bestTime, badSince }) => ({ raw, purpose, bestTime, badSince }));
  return {
    edit: {
      ...(over ? { name: draft.name } : {}),
      ...text('company'),
      ...text('position'),
      ...text('note'),
      // Numbers and addresses are added in either case: overwriting them would lose those that only we have.
      ...(phones.length > 0 ? { phones: [...held, ...phones].slice(0, 20) } : {}),
      ...(emails.length > 0 ? { emails: [...stored.emails.map(({ address }) => ({ address })), ...emails].slice(0, 20) } : {}),
    },
    custom: Object.fromEntries(Object.entries(line.custom).filter(([key]) => over || stored.custom[key] === undefined)),
  };
};

/**
 * Takes lines as far as none of them needs one that was only just made: the caller goes on with the rest.
 * @param write false: nothing is written, and nobody gets an id
 * @returns what became of the first lines, at least one
 */
export const bringClients = async (
  deps: BringDeps,
  trx: Knex,
  lines: readonly Brought[],
  rules: BringRules,
  by: { actor: Actor; at: number; batch: string; write: boolean },
): Promise<Came[]> => {
  const country = deps.config.defaultCountry;
  const keys = new Map(lines.map((line) => [line.line, keysOf(line, rules, country)]));
  const owner = await owners(trx, [...keys.values()].flat());
  const defs = await deps.fields.list(trx);
  const known = rules.onMatch === 'skip' ? new Map<number, StoredClient>() : await findClients(trx, [...new Set(owner.values())]);
  const came: Came[] = [];
  const fresh: { client: BulkClient; came: Came }[] = [];
  const fromHere = new Set<string>();
  for (const line of lines) {
    const mine = keys.get(line.line)!;
    if (by.write && mine.some((key) => fromHere.has(key))) break;
    const found = mine.map((key) => owner.get(key)).find((id) => id !== undefined);
    const one: Came = { line: line.line, outcome: 'skipped', reason: null, clientId: found ?? null };
    try {
      if (found === undefined && mine.some((key) => fromHere.has(key))) one.reason = 'twice';
      else if (found === undefined) {
        const client = prepared(deps, defs, line, by);
        one.outcome = 'made';
        fresh.push({ client, came: one });
        mine.forEach((key) => fromHere.add(key));
      } else if (rules.onMatch !== 'skip') {
        const change = (stored: StoredClient | undefined) => changeKnown(deps, trx, stored, line, rules, country, by);
        const changed = await change(known.get(found)).catch(async (err: unknown) => {
          if (!(err instanceof AppError) || err.code !== 'conflict') throw err;
          return change((await findClient(trx, found)) ?? undefined); // somebody has saved the card since the batch was begun
        });
        if (changed) one.outcome = 'changed';
        // The next line may be of the same client.
        if (changed && by.write) known.set(found, (await findClient(trx, found))!);
      }
    } catch (err) {
      Object.assign(one, { outcome: 'rejected', reason: codeOf(err).slice(0, 120) });
    }
    came.push(one);
  }
  if (by.write && fresh.length > 0) {
    const ids = await insertClients(trx, fresh.map(({ client }) => client), country); // prettier-ignore
    fresh.forEach((each, i) => (each.came.clientId = ids[i]!));
  }
  return came;
};

const prepared = (deps: BringDeps, defs: Awaited<ReturnType<Deps['fields']['list']>>, line: Brought, { actor, at }: { actor: Actor; at: number }): BulkClient => {
  const draft = drafted(line);
  const bad = draft.phones.findIndex(({ raw }) => !/\d/.test(raw));
  if (bad >= 0) throw new AppError('invalid', 'no digits', { issues: [{ path: 'body.phones', code: 'no_digits' }] });
  const card: CardBasics = { ...draft, stage: FIRST_STAGE, createdAt: at };
  const { prepared: custom, issues } = prepareCustom(deps.fields, defs, card, { given: line.custom, before: {}, actor });
  refuse(issues);
  return { draft, departmentId: actor.departmentId, ownerId: null, createdAt: at, prepared: custom };
}; // prettier-ignore

const changeKnown = async (deps: BringDeps, trx: Knex, stored: StoredClient | undefined, line: Brought, rules: BringRules, country: string, { actor, at, batch, write }: { actor: Actor; at: number; batch: string; write: boolean }): Promise<boolean> => {
  if (!stored) return false;
  const change = editFor(stored, line, rules, country);
  if (change === null) return false;
  if (!clientPolicy.edit(actor, stored) || !isWithin(actor.reach.edit, stored)) throw new AppError('forbidden', 'not to be edited');
  if (!write) return Object.keys(change.edit).length + Object.keys(change.custom).length > 0;
  return (await editClient(deps, trx, stored, { ...change.edit, custom: change.custom, version: stored.version }, { actor, at, batch })).length > 0;
}; // prettier-ignore

/** Takes back those whom an import made. Who has been changed, called or planned for since stays. In the caller's transaction. @returns how many went */
export const takeBack = async (trx: Knex, ids: readonly number[], at: number): Promise<number> => {
  let gone = 0;
  for (const id of ids) {
    const stored = await findClient(trx, id);
    if (!stored || stored.archivedAt !== null || stored.version !== 1) continue;
    const [{ n }] = (await trx('timeline').where({ client_id: id }).whereNot({ kind: 'created' }).count({ n: '*' })) as [{ n: number }];
    if (Number(n) > 0) continue;
    await archiveClient(trx, id, { version: 1, now: at });
    gone++;
  }
  return gone;
};
