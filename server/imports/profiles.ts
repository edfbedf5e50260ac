import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { ImportRules, Mapping, ProfileSource } from './contract.ts';
import type { Intake } from './intake.ts';
import { signatureOf } from './mapping.ts';
import { findImport, moveState, updateImport } from './queries.ts';
import { openImportBatch } from './run.ts';

/** Imports that repeat by themselves. What was taken in is a row by its bytes: looking again, also after a kill, takes nothing twice. */

interface Row {
  id: number;
  name: string;
  owner_id: number;
  source: string;
  place: string;
  every_minutes: number;
  columns: string;
  mapping: string;
  rules: string;
  is_on: number | boolean;
  next_at: number;
  looked_at: number | null;
  fault: string | null;
}
export interface StoredProfile {
  id: number;
  name: string;
  ownerId: number;
  source: ProfileSource;
  place: string;
  everyMinutes: number;
  columns: string[];
  mapping: (string | null)[];
  rules: ImportRules;
  on: boolean;
  nextAt: number;
  lookedAt: number | null;
  fault: string | null;
}

const fromRow = (row: Row): StoredProfile => ({
  id: row.id,
  name: row.name,
  ownerId: row.owner_id,
  source: ProfileSource.parse(row.source),
  place: row.place,
  everyMinutes: row.every_minutes,
  columns: JSON.parse(row.columns) as string[],
  mapping: Mapping.parse(JSON.parse(row.mapping)),
  rules: ImportRules.parse(JSON.parse(row.rules)),
  on: Boolean(row.is_on),
  nextAt: Number(row.next_at),
  lookedAt: row.looked_at === null ? null : Number(row.looked_at),
  fault: row.fault,
});

export const listProfiles = async (db: Knex): Promise<StoredProfile[]> => ((await db('import_profiles').orderBy(['name', 'id']).limit(200)) as Row[]).map(fromRow); // prettier-ignore
export const findProfile = async (db: Knex, id: number): Promise<StoredProfile | null> => {
  const row = (await db('import_profiles').where({ id }).first()) as Row | undefined;
  return row ? fromRow(row) : null;
};
export const insertProfile = async (trx: Knex, of: Omit<StoredProfile, 'id' | 'lookedAt' | 'fault'>, at: number): Promise<number> => {
  const row = { name: of.name, owner_id: of.ownerId, source: of.source, place: of.place, every_minutes: of.everyMinutes, columns: JSON.stringify(of.columns), mapping: JSON.stringify(of.mapping), rules: JSON.stringify(of.rules), is_on: of.on, next_at: of.nextAt, created_at: at }; // prettier-ignore
  const [id] = (await trx('import_profiles').insert(row)) as [number];
  return id;
};
/** The last import of each. */
export const lastImports = async (db: Knex): Promise<Map<number, number>> => {
  const rows = (await db('import_profile_files').whereNotNull('import_id').groupBy('profile_id').select('profile_id').max({ last: 'import_id' })) as { profile_id: number; last: number }[]; // prettier-ignore
  return new Map(rows.map((row) => [row.profile_id, row.last]));
};

/** A file that was touched within this is perhaps still being written. */
const SETTLED_MS = 5_000;
const HTTP_MS = 60_000;
const MOST_FILES = 100;

class Fault extends Error {}

const codeOf = (err: unknown): string => {
  if (err instanceof Fault) return err.message;
  if (!(err instanceof AppError)) throw err;
  return (err.data.issues as { code: string }[] | undefined)?.[0]?.code ?? err.code;
};

const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

/** Files of a folder below the inbox, the oldest first. */
const inFolder = async (folder: string, now: number): Promise<{ name: string; open: () => Promise<Readable> }[]> => {
  const names = await readdir(folder).catch(() => {
    throw new Fault('no_folder');
  });
  const found = [];
  for (const name of names.filter((one) => !one.startsWith('.')).slice(0, MOST_FILES)) {
    const at = await stat(join(folder, name));
    if (at.isFile() && at.size > 0 && now - at.mtimeMs > SETTLED_MS) found.push({ name, at: at.mtimeMs });
  }
  return found
    .sort((a, b) => a.at - b.at || a.name.localeCompare(b.name))
    .map(({ name }) => ({ name, open: async () => createReadStream(join(folder, name)) }));
};

const overHttp = (address: string): { name: string; open: () => Promise<Readable> }[] => [
  {
    name: basename(new URL(address).pathname) || 'file',
    async open() {
      // a redirect would lead where nobody has allowed it to
      const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(HTTP_MS) }).catch(() => null);
      if (!answer?.ok || !answer.body) throw new Fault('not_reached');
      return Readable.fromWeb(answer.body as ReadableStream);
    },
  },
];

export const createProfiles = (deps: Deps, intake: Intake) => {
  const { db, now, log } = deps;
  const inbox = join(deps.config.dataDir, 'inbox');

  /** Takes a file in, once. */
  const take = async (profile: StoredProfile, actor: Parameters<Intake['admit']>[2], { name, open }: { name: string; open: () => Promise<Readable> }): Promise<void> => {
    const path = join(deps.config.dataDir, 'imports', `profile-${profile.id}-${now()}.part`);
    try {
      await intake.receive(await open(), path);
      const hash = await hashOf(path);
      const key = { profile_id: profile.id, hash };
      if (await db('import_profile_files').where(key).first('hash')) return;
      const said = { ...key, name: name.slice(-200), at: now() };
      let id: number | null = null;
      try {
        id = await intake.admit(path, said.name, actor);
        const job = (await findImport(db, id))!;
        if (signatureOf(job.columns) !== signatureOf(profile.columns)) throw new Fault('other_columns');
        await updateImport(db, id, { mapping: JSON.stringify(profile.mapping), rules: JSON.stringify(profile.rules) });
        await openImportBatch(deps, job);
        await inTransaction(db, async (trx) => {
          await trx('import_profile_files').insert({ ...said, import_id: id });
          await moveState(trx, id!, ['ready'], 'running', { alive_at: null });
          await deps.audit(trx, { actorId: actor.id, what: 'import.started', table: 'imports', rowId: id!, details: { profile: profile.id } });
        });
      } catch (err) {
        if (isDuplicate(err)) return; // another process took the same
        const fault = codeOf(err);
        // it stays ready: somebody may look what its columns mean now
        await db('import_profile_files').insert({ ...said, import_id: id, fault }).onConflict(['profile_id', 'hash']).ignore();
        throw err;
      }
      await deps.jobs.add('imports.run', { id });
    } finally {
      await rm(path, { force: true });
    }
  }; // prettier-ignore

  const look = async (profile: StoredProfile): Promise<string | null> => {
    const actor = await deps.directory.actorOf(profile.ownerId);
    if (!actor) return 'left';
    try {
      const files = profile.source === 'folder' ? await inFolder(join(inbox, profile.place), now()) : overHttp(profile.place);
      let fault: string | null = null;
      for (const file of files)
        try {
          await take(profile, actor, file);
        } catch (err) {
          fault = codeOf(err); // the next file may be a good one
        }
      return fault;
    } catch (err) {
      return codeOf(err);
    }
  };

  return {
    /** Looks where it is time. Each look is claimed by moving its time on. */
    async sweep(): Promise<void> {
      const due = ((await db('import_profiles').where('is_on', true).where('next_at', '<=', now()).orderBy('next_at').limit(20)) as Row[]).map(fromRow); // prettier-ignore
      for (const profile of due) {
        const nextAt = now() + profile.everyMinutes * 60_000;
        if ((await db('import_profiles').where({ id: profile.id, next_at: profile.nextAt }).update({ next_at: nextAt })) !== 1) continue;
        const fault = await look(profile);
        if (fault !== null) log.warn({ profile: profile.id, fault }, 'imports: a profile took nothing');
        await db('import_profiles').where({ id: profile.id }).update({ looked_at: now(), fault });
      }
    },
  };
};

export type Profiles = ReturnType<typeof createProfiles>;
