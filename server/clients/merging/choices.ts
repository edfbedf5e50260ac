import type { Deps } from '../../deps.ts';
import type { Actor } from '../../core/authorize.ts';
import { AppError } from '../../core/errors.ts';
import type { Take } from '../../duplicates/contract.ts';
import type { FieldDef, FieldValue } from '../../fields/contract.ts';
import { emailKey } from '../normalise.ts';
import { clientPolicy } from '../policy.ts';
import type { Edit, StoredClient } from '../queries.ts';

/** Which of two cards' values the survivor has in the end. Pure. */

const MOST_LISTED = 20;
const MOST_NOTE = 10_000;

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0); // prettier-ignore

const wrong = (key: string, code: string) => new AppError('invalid', `${key}: ${code}`, { issues: [{ path: `body.take.${key}`, code }] });

/** Where nobody chose: lists and notes are joined; else the survivor's, and where it has nothing the other's. */
const chosen = (take: Take, key: string, joins: boolean, mine: unknown): 'survivor' | 'merged' | 'both' => {
  const said = take[key];
  if (Array.isArray(said)) throw wrong(key, 'not_a_list');
  if (said === 'both' && !joins) throw wrong(key, 'not_both');
  return said ?? (joins ? 'both' : isEmpty(mine) ? 'merged' : 'survivor');
};

const pick = <T>(take: Take, key: string, mine: T, theirs: T, join?: (mine: T, theirs: T) => T): T => {
  const choice = chosen(take, key, join !== undefined, mine);
  return choice === 'both' ? join!(mine, theirs) : choice === 'merged' ? theirs : mine;
};

/** Of two lists: whole, joined, or item by item. */
const pickItems = <T>(take: Take, key: string, mine: readonly T[], theirs: readonly T[], namesOf: (item: T) => readonly string[], join: (mine: readonly T[], theirs: readonly T[]) => T[]): readonly T[] => {
  const said = take[key];
  if (!Array.isArray(said)) return pick<readonly T[]>(take, key, mine, theirs, join);
  const names = new Set([...mine, ...theirs].flatMap(namesOf));
  if (said.some((name) => !names.has(name))) throw wrong(key, 'no_such_item');
  const kept = new Set(said);
  const isKept = (item: T) => namesOf(item).some((name) => kept.has(name));
  return join(mine.filter(isKept), theirs.filter(isKept));
}; // prettier-ignore

const joinBy =
  <T>(key: string, keyOf: (item: T) => string) =>
  (mine: readonly T[], theirs: readonly T[]): T[] => {
    const had = new Set(mine.map(keyOf));
    const all = [...mine, ...theirs.filter((item) => !had.has(keyOf(item)))];
    if (all.length > MOST_LISTED) throw wrong(key, 'too_many');
    return all;
  };

const joinNotes = (mine: string, theirs: string): string => {
  if (theirs === '' || mine.includes(theirs)) return mine;
  const both = mine === '' ? theirs : `${mine}\n\n${theirs}`;
  if (both.length > MOST_NOTE) throw wrong('note', 'too_many');
  return both;
};

/** One number of a switchboard with two extensions is two ways to reach somebody. */
const numberOf = ({ raw, e164, extension }: StoredClient['phones'][number]): string => (e164 ?? raw.replace(/\D/g, '')) + (extension === null ? '' : `x${extension}`); // prettier-ignore

/** Of a list field's entry: an option, the number of a file, an account. */
const nameOf = (item: unknown): string => (typeof item === 'string' ? item : JSON.stringify(item));

type FieldRules = Pick<Deps['fields'], 'mayRead' | 'mayWrite'>;

/**
 * What has to be written on the survivor.
 * @throws AppError invalid when both were chosen where only one can be, or a list becomes too long; forbidden when a field or an owner was chosen that the
 *   actor may not set
 */
export const choose = (
  actor: Actor,
  fields: FieldRules,
  defs: readonly FieldDef[],
  survivor: StoredClient,
  merged: StoredClient,
  take: Take,
): { edit: Edit; custom: Record<string, FieldValue>; stage: string } => {
  const known = new Set(['name', 'company', 'position', 'note', 'roles', 'phones', 'emails', 'owner', 'department', 'stage', ...defs.map(({ key }) => `custom.${key}`)]); // prettier-ignore
  const strange = Object.keys(take).find((key) => !known.has(key));
  if (strange !== undefined) throw wrong(strange, 'no_such_field');
  const phone = ({ raw, purpose, bestTime, badSince }: StoredClient['phones'][number]) => ({ raw, purpose, bestTime, badSince });
  const phones = pickItems(take, 'phones', survivor.phones, merged.phones, (p) => [numberOf(p), p.raw], joinBy('phones', numberOf));
  const emails = pickItems(take, 'emails', survivor.emails, merged.emails, ({ address }) => [address, emailKey(address)], joinBy('emails', ({ address }) => emailKey(address))); // prettier-ignore
  const ownerId = pick(take, 'owner', survivor.ownerId, merged.ownerId);
  if (ownerId !== survivor.ownerId && survivor.ownerId !== null && !clientPolicy.assign(actor, ownerId))
    throw new AppError('forbidden', `${actor.role}: to give a client to another`);
  const custom: Record<string, FieldValue> = {};
  for (const def of defs) {
    if (def.type === 'formula' || def.archivedAt !== null) continue;
    const key = `custom.${def.key}`;
    const [mine, theirs] = [survivor.custom[def.key], merged.custom[def.key]];
    if (take[key] !== undefined && !fields.mayWrite(actor, def)) throw new AppError('forbidden', `${def.key}: not to be chosen by ${actor.role}`); // prettier-ignore
    const isList = Array.isArray(mine) && Array.isArray(theirs);
    const value = isList ? ([...pickItems<unknown>(take, key, mine, theirs, (item) => [nameOf(item)], joinBy(key, nameOf))] as FieldValue) : pick(take, key, mine, theirs); // prettier-ignore
    if (value !== undefined && value !== mine) custom[def.key] = value;
  }
  return {
    edit: {
      name: pick(take, 'name', survivor.name, merged.name),
      company: pick(take, 'company', survivor.company, merged.company),
      position: pick(take, 'position', survivor.position, merged.position),
      note: pick(take, 'note', survivor.note, merged.note, joinNotes),
      roles: [...pickItems(take, 'roles', survivor.roles, merged.roles, (role) => [role], joinBy('roles', String))],
      phones: phones.map(phone),
      emails: emails.map(({ address }) => ({ address })),
      ownerId,
      // No department is a value too: everybody's.
      departmentId: take.department === 'merged' ? merged.departmentId : survivor.departmentId,
    },
    custom,
    stage: chosen(take, 'stage', false, survivor.stage) === 'merged' ? merged.stage : survivor.stage,
  };
};
