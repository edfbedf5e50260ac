import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { lstat, open as openFile, readdir, rm } from 'node:fs/promises';
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
import { importPolicy } from './policy.ts';
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
  fault_file: string | null;
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
  faultFile: string | null;
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
  faultFile: row.fault_file,
});

export const listProfiles = async (db: Knex): Promise<StoredProfile[]> => ((await db('import_profiles').orderBy(['name', 'id']).limit(200)) as Row[]).map(fromRow); // prettier-ignore
export const findProfile = async (db: Knex, id: number): Promise<StoredProfile | null> => {
  const row = (await db('import_profiles').where({ id }).first()) as Row | undefined;
  return row ? fromRow(row) : null;
};
export const insertProfile = async (
  trx: Knex,
  of: Omit<StoredProfile, 'id' | 'lookedAt' | 'fault' | 'faultFile'>,
  at: number,
): Promise<number> => {
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
/** Taken in one look; the others wait for the next. */
const MOST_FILES = 100;
const CHUNK = 400;

/** `again`: the file is not to blame, so the next look tries it anew. */
class Fault extends Error {
  readonly again: boolean;
  constructor(code: string, again: boolean) {
    super(code);
    this.again = again;
  }
}
/** It was in the folder a moment ago. */
const GONE = 'gone';

interface Verdict {
  fault: string;
  again: boolean;
}
/** Of the office suite: it may be installed, or have more time or memory, when it is asked again. */
const OFFICE = new Set(['no_office', 'office_timeout', 'office_failed']);
const verdictOf = (err: unknown): Verdict => {
  if (err instanceof Fault) return { fault: err.message, again: err.again };
  if (!(err instanceof AppError)) return { fault: 'failed', again: true };
  const fault = (err.data.issues as { code: string }[] | undefined)?.[0]?.code ?? err.code;
  return { fault, again: !['invalid', 'too_large'].includes(err.code) || OFFICE.has(fault) };
};

const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

/** A source that breaks off is told from a disk of ours that is full. */
const orFault = (source: AsyncIterable<Uint8Array>, code: string): Readable =>
  Readable.from(
    (async function* () {
      try {
        yield* source;
      } catch {
        throw new Fault(code, true);
      }
    })(),
    { objectMode: false },
  );

interface Source {
  name: string;
  open: () => Promise<Readable>;
}
interface FolderFile extends Source {
  size: number;
  mtime: number;
}

const errno = (err: unknown): string | undefined => (err as NodeJS.ErrnoException).code;

/** Whole files of a folder below the inbox. A link is none: whoever may put files here could reach any file of the server by it. */
const inFolder = async (folder: string, now: number): Promise<FolderFile[]> => {
  const names = await readdir(folder).catch(() => {
    throw new Fault('no_folder', true);
  });
  const found: FolderFile[] = [];
  for (const name of names.filter((one) => !one.startsWith('.'))) {
    const path = join(folder, name);
    const at = await lstat(path).catch((err: unknown) => {
      if (errno(err) === 'ENOENT') return null; // whoever put it there has taken it away
      throw new Fault('not_opened', true);
    });
    if (!at?.isFile() || at.size === 0 || now - at.mtimeMs <= SETTLED_MS) continue;
    const open = async () => {
      // by now it may be gone, or a link
      const file = await openFile(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((err: unknown) => {
        throw new Fault(errno(err) === 'ENOENT' ? GONE : 'not_opened', true);
      });
      return orFault(file.createReadStream(), 'not_opened');
    };
    found.push({ name, size: at.size, mtime: Math.trunc(at.mtimeMs), open });
  }
  return found;
};

const overHttp = (address: string): Source => ({
  name: basename(new URL(address).pathname) || 'file',
  async open() {
    // a redirect would lead where nobody has allowed it to
    const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(HTTP_MS) }).catch(() => null);
    if (!answer?.ok || !answer.body) {
      await answer?.body?.cancel();
      throw new Fault('not_reached', true);
    }
    // not by fromWeb: an answer that breaks off before anybody reads of it would be an error that nobody listens for, and end the process
    return orFault(answer.body as ReadableStream<Uint8Array>, 'not_reached');
  },
});

/** What was seen of a file under its name: as long as it is the same, it need not be opened. */
interface Seen {
  name: string;
  size: number;
  mtime: number;
  fault: string | null;
  again: number | boolean;
  at: number;
}
/** Of a whole look. */
interface Looked {
  fault: string | null;
  file: string | null;
}

export const createProfiles = (deps: Deps, intake: Intake) => {
  const { db, now, log } = deps;
  const inbox = join(deps.config.dataDir, 'inbox');

  /** Takes a file in, once. @throws what it was refused for, also when that is known of its bytes already */
  const take = async (profile: StoredProfile, actor: Parameters<Intake['admit']>[2], { name, open }: Source): Promise<void> => {
    const path = join(deps.config.dataDir, 'imports', `profile-${profile.id}-${randomUUID()}.part`);
    try {
      await intake.receive(await open(), path);
      const hash = await hashOf(path);
      const key = { profile_id: profile.id, hash };
      const known = (await db('import_profile_files').where(key).first('fault')) as { fault: string | null } | undefined;
      if (known?.fault) throw new Fault(known.fault, false);
      if (known) return;
      const said = { ...key, name: name.slice(-200), at: now() };
      let id: number | null = null;
      try {
        id = await intake.admit(path, said.name, actor);
        const job = (await findImport(db, id))!;
        if (signatureOf(job.columns) !== signatureOf(profile.columns)) throw new Fault('other_columns', false);
        await updateImport(db, id, { mapping: JSON.stringify(profile.mapping), rules: JSON.stringify(profile.rules) });
        await openImportBatch(deps, job);
        await inTransaction(db, async (trx) => {
          await trx('import_profile_files').insert({ ...said, import_id: id });
          await moveState(trx, id!, ['ready'], 'running', { alive_at: null });
          await deps.audit(trx, { actorId: actor.id, what: 'import.started', table: 'imports', rowId: id!, details: { profile: profile.id } });
        });
      } catch (err) {
        const { fault, again } = verdictOf(err);
        // another process took the same, or the next look tries anew: an import that nobody will start must not stay
        if (again && id !== null) await intake.drop(id);
        if (isDuplicate(err)) return;
        // it stays ready: somebody may look what its columns mean now
        if (!again) await db('import_profile_files').insert({ ...said, import_id: id, fault }).onConflict(['profile_id', 'hash']).ignore();
        throw err;
      }
      await deps.jobs.add('imports.run', { id });
    } finally {
      await rm(path, { force: true });
    }
  }; // prettier-ignore

  /** @returns null: it is taken in, now or before */
  const tried = async (profile: StoredProfile, actor: Parameters<Intake['admit']>[2], source: Source): Promise<Verdict | null> => {
    try {
      await take(profile, actor, source);
      return null;
    } catch (err) {
      const verdict = verdictOf(err);
      if (verdict.fault === 'failed') log.error({ err, profile: profile.id, file: source.name }, 'imports: a file of a profile');
      return verdict;
    }
  };

  /** Opens only what is new since the last look, however many files lie there. */
  const lookInFolder = async (profile: StoredProfile, actor: Parameters<Intake['admit']>[2]): Promise<Looked> => {
    const files = await inFolder(join(inbox, profile.place), now());
    const rows = (await db('import_profile_seen').where({ profile_id: profile.id }).select('name', 'size', 'mtime', 'fault', 'again', 'at')) as Seen[]; // prettier-ignore
    const seen = new Map(rows.map((row) => [row.name, row]));
    const open: { file: FolderFile; at: number }[] = [];
    const refused: { file: FolderFile; fault: string }[] = [];
    for (const file of files) {
      const row = seen.get(file.name);
      if (!row || Number(row.size) !== file.size || Number(row.mtime) !== file.mtime) open.push({ file, at: 0 });
      else if (row.again) open.push({ file, at: Number(row.at) });
      else if (row.fault !== null) refused.push({ file, fault: row.fault });
    }
    // what failed before comes behind what has never been tried: else a hundred of those would keep all others out
    open.sort((a, b) => a.at - b.at || a.file.mtime - b.file.mtime || a.file.name.localeCompare(b.file.name));
    for (const { file } of open.slice(0, MOST_FILES)) {
      const verdict = await tried(profile, actor, file); // after a bad one the next may be good
      if (verdict?.fault === GONE) continue;
      if (verdict) refused.push({ file, fault: verdict.fault });
      const { name, size, mtime } = file;
      const row = { profile_id: profile.id, name, size, mtime, fault: verdict?.fault ?? null, again: verdict?.again ?? false, at: now() };
      await db('import_profile_seen').insert(row).onConflict(['profile_id', 'name']).merge();
    }
    const here = new Set(files.map(({ name }) => name));
    const gone = rows.map(({ name }) => name).filter((name) => !here.has(name));
    for (let from = 0; from < gone.length; from += CHUNK)
      await db('import_profile_seen')
        .where({ profile_id: profile.id })
        .whereIn('name', gone.slice(from, from + CHUNK))
        .delete();
    const newest = refused.sort((a, b) => b.file.mtime - a.file.mtime)[0];
    return { fault: newest?.fault ?? null, file: newest?.file.name ?? null };
  };

  const look = async (profile: StoredProfile): Promise<Looked> => {
    const actor = await deps.directory.actorOf(profile.ownerId);
    if (!actor) return { fault: 'left', file: null };
    // they were when they made it; their role may be another since
    if (!importPolicy.schedule({ ...actor, sessionId: '' })) return { fault: 'not_allowed', file: null };
    if (profile.source === 'folder')
      return lookInFolder(profile, actor).catch((err: unknown) => {
        if (err instanceof Fault) return { fault: err.message, file: null };
        throw err;
      });
    const source = overHttp(profile.place);
    const verdict = await tried(profile, actor, source);
    return { fault: verdict?.fault ?? null, file: verdict && verdict.fault !== 'not_reached' ? source.name.slice(-255) : null };
  };

  const write = (id: number, { fault, file }: Looked) => db('import_profiles').where({ id }).update({ looked_at: now(), fault, fault_file: file }); // prettier-ignore

  return {
    /** Looks where it is time. Each look is claimed by moving its time on. */
    async sweep(): Promise<void> {
      const due = (await db('import_profiles').where('is_on', true).where('next_at', '<=', now()).orderBy('next_at').limit(20)) as Row[]; // prettier-ignore
      for (const row of due) {
        const { id } = row;
        const nextAt = now() + row.every_minutes * 60_000;
        if ((await db('import_profiles').where({ id, next_at: row.next_at }).update({ next_at: nextAt })) !== 1) continue;
        try {
          const looked = await look(fromRow(row));
          const { fault, file } = looked;
          // once, not at every look at the same file
          if (fault !== null && (fault !== row.fault || file !== row.fault_file)) log.warn({ profile: id, fault, file }, 'imports: a profile has not taken all'); // prettier-ignore
          await write(id, looked);
        } catch (err) {
          // whatever is wrong with this one, the others have their turn
          log.error({ err, profile: id }, 'imports: a profile');
          await write(id, { fault: 'failed', file: null });
        }
      }
    },
  };
};

export type Profiles = ReturnType<typeof createProfiles>;
