import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { writeChanges } from '../core/changes.ts';
import type { Change } from '../core/changes.ts';
import { AppError } from '../core/errors.ts';
import { readCompanyName } from '../core/legal-form.ts';
import type { FieldDef } from '../fields/contract.ts';
import type { ClientDraft } from './contract.ts';
import { missingFields, prepareCustom, refuse } from './custom.ts';
import type { Issue, Prepared } from './custom.ts';
import { FIRST_STAGE, changesOf, insertClient, updateClient } from './queries.ts';
import type { Edit, StoredClient } from './queries.ts';
import { addTimeline } from './timeline.ts';

/** The one way in for a card, whoever brings it: form, API, import. Each write with its journal, its row of history and its audit entry. */

type WriteDeps = Pick<Deps, 'fields' | 'audit' | 'config' | 'attachedFiles'>;

/** Who writes, when, and as a part of what. `actor` null: the program itself. */
export interface Writing {
  actor: Pick<Actor, 'id' | 'role'> | null;
  at: number;
  batch?: string;
}

/** As a history shows it: long texts are cut, the journal has them whole. */
const MOST_SHOWN = 300;
const shown = (value: unknown): unknown => {
  const text = JSON.stringify(value ?? null);
  return text.length <= MOST_SHOWN ? (value ?? null) : `${(typeof value === 'string' ? value : text).slice(0, MOST_SHOWN)}…`;
};

/** Names of companies are written alike; those of people as they come. */
const namedAlike = <D extends { kind?: 'company' | 'person' | undefined; name?: string | undefined }>(draft: D, kind = draft.kind): D =>
  kind === 'company' && draft.name !== undefined ? { ...draft, name: readCompanyName(draft.name).name } : draft;

/** File fields that name what does not hang on this card. */
const strangeFiles = async (
  deps: WriteDeps,
  trx: Knex,
  clientId: number,
  defs: readonly FieldDef[],
  { changes }: Prepared,
): Promise<Issue[]> => {
  const issues: Issue[] = [];
  for (const { field, after } of changes) {
    if (after === null || defs.find(({ key }) => key === field)?.type !== 'file') continue;
    const ids = after as number[];
    const attached = await deps.attachedFiles(trx, { kind: 'client', ref: String(clientId) }, ids);
    if (attached.length < ids.length) issues.push({ key: field, code: 'not_a_file' });
  }
  return issues;
};

/**
 * In a transaction.
 * @throws AppError invalid, naming each field that is wrong or that a new card must have
 * @returns the id
 */
export const createClient = async (
  deps: WriteDeps,
  trx: Knex,
  draft: z.output<typeof ClientDraft>,
  of: { departmentId: number | null; ownerId: number | null },
  { actor, at, batch }: Writing,
): Promise<number> => {
  const { custom: given, ...named } = namedAlike(draft);
  const defs = await deps.fields.list(trx);
  const card = { ...named, stage: FIRST_STAGE, createdAt: at };
  const { prepared, issues } = prepareCustom(deps.fields, defs, card, { given, before: {}, actor });
  // A new card has no files yet that a field could name.
  issues.push(...(await strangeFiles(deps, trx, 0, defs, prepared)));
  const required = missingFields(defs, card, prepared.custom).filter((key) => !issues.some((issue) => issue.key === key));
  refuse([...issues, ...required.map((key) => ({ key, code: 'required' }))]);
  const id = await insertClient(trx, named, { ...of, now: at, country: deps.config.defaultCountry, prepared });
  await addTimeline(trx, { clientId: id, at, kind: 'created', ref: 'created', userId: actor?.id ?? null, data: batch ? { batch } : {} });
  await deps.audit(trx, { actorId: actor?.id ?? null, what: 'client.created', table: 'clients', rowId: id, ...(batch ? { details: { batch } } : {}) }); // prettier-ignore
  return id;
};

/**
 * In a transaction: what of the edit is a change is written, with what stood there before.
 * @throws AppError conflict when somebody else has saved since `version`, invalid naming each field
 * @returns the fields that were changed; none: nothing was written
 */
export const editClient = async (
  deps: WriteDeps,
  trx: Knex,
  stored: StoredClient,
  { version, custom: given = {}, ...edit }: Edit & { version: number; custom?: Record<string, unknown> | undefined },
  { actor, at, batch }: Writing,
): Promise<string[]> => {
  if (stored.version !== version) throw new AppError('conflict', 'the client was changed meanwhile', { version: stored.version });
  const named = namedAlike(edit, edit.kind ?? stored.kind) as Edit;
  const defs = await deps.fields.list(trx);
  const card = { ...stored, ...named };
  const { prepared, issues } = prepareCustom(deps.fields, defs, card, { given, before: stored.custom, actor });
  // What was missing before this edit may go on missing: whoever mends one field need not know the others.
  const emptied = missingFields(defs, card, prepared.custom).filter((key) => stored.custom[key] !== undefined || given[key] !== undefined || card.kind !== stored.kind); // prettier-ignore
  const strange = await strangeFiles(deps, trx, stored.id, defs, prepared);
  refuse([...issues, ...strange, ...emptied.map((key) => ({ key, code: 'required' }))]);
  const changes = [...changesOf(stored, named), ...prepared.changes];
  if (changes.length === 0) return [];
  const country = deps.config.defaultCountry;
  await updateClient(trx, stored, named, { version, now: at, country, prepared });
  await journal(deps, trx, stored.id, version + 1, changes, { actor, at, ...(batch ? { batch } : {}) });
  return changes.map(({ field }) => field);
};

/** What was changed on a card: the journal, a row of its history, an audit entry. In the transaction that changes it. */
export const journal = async (
  deps: Pick<Deps, 'audit'>,
  trx: Knex,
  clientId: number,
  version: number,
  changes: readonly Pick<Change, 'field' | 'before' | 'after'>[],
  { actor, at, batch }: Writing,
): Promise<void> => {
  const actorId = actor?.id ?? null;
  const fields = changes.map(({ field }) => field);
  await writeChanges(
    trx,
    { actorId, at, batch: batch ?? null },
    changes.map((change) => ({ table: 'clients', rowId: clientId, ...change })),
  );
  const data = { fields, changes: changes.slice(0, 20).map(({ field, before, after }) => ({ field, before: shown(before), after: shown(after) })) }; // prettier-ignore
  await addTimeline(trx, {
    clientId,
    at,
    kind: 'edited',
    ref: `${version}`,
    userId: actorId,
    data: { ...data, ...(batch ? { batch } : {}) },
  });
  const before = Object.fromEntries(changes.slice(0, 20).map((change) => [change.field, shown(change.before)]));
  await deps.audit(trx, { actorId, what: 'client.edited', table: 'clients', rowId: clientId, details: { before } });
};
