import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { ImportRules } from './contract.ts';
import { proposeMapping, signatureOf } from './mapping.ts';
import { findImport, insertImport, rememberedMapping, updateImport } from './queries.ts';
import type { StoredImport } from './queries.ts';
import { officeKind, toXlsx } from './read/office.ts';
import { kindOf, readTable } from './read/table.ts';
import type { Kind } from './read/table.ts';
import type { Line } from './read/csv.ts';

/** A file on its way in, whoever brings it: somebody at a screen, or a profile. */

const MOST_BYTES = 500_000_000;

export const refused = (code: string, path = 'file') =>
  new AppError('invalid', `${path}: ${code}`, { issues: [{ path: `body.${path}`, code }] });

export const createIntake = (deps: Pick<Deps, 'db' | 'now' | 'clientList'>, pathOf: (id: number) => string) => {
  const { db, now } = deps;

  const head = async (job: StoredImport, most: number): Promise<Line[]> => {
    const lines: Line[] = [];
    for await (const line of readTable(pathOf(job.id), job.bytes, job)) if (lines.push(line) > most) break;
    return lines;
  };

  /** What the file is, its columns, and how they may be meant. */
  const look = async (job: StoredImport, kind: Kind, actor: Pick<Actor, 'id' | 'role'>): Promise<void> => {
    const first = (await head({ ...job, ...kind }, 0))[0];
    if (!first || 'fault' in first) throw refused('fault' in (first ?? {}) ? 'broken_quote' : 'empty');
    if (first.cells.length > 500) throw refused('too_many_columns');
    const columns = first.cells.map((cell) => cell.trim().slice(0, 200));
    const signature = signatureOf(columns);
    const remembered = await rememberedMapping(db, actor.id, signature);
    const mapping = remembered ?? proposeMapping(columns, await deps.clientList.catalogue(actor));
    await updateImport(db, job.id, { ...kind, columns: JSON.stringify(columns), signature, mapping: JSON.stringify(mapping), rules: JSON.stringify(ImportRules.parse({})) }); // prettier-ignore
  };

  return {
    head,
    look,
    /** @throws AppError too_large */
    async receive(stream: NodeJS.ReadableStream, path: string): Promise<void> {
      await mkdir(dirname(path), { recursive: true });
      let bytes = 0;
      const counting = new Transform({
        transform(chunk: Buffer, _, next) {
          bytes += chunk.length;
          if (bytes > MOST_BYTES) next(new AppError('too_large', 'the file is too large', { most: MOST_BYTES }));
          else next(null, chunk);
        },
      });
      await pipeline(stream, counting, createWriteStream(path));
    },
    /** Makes an import of the file, which goes into its place; what cannot be read leaves none. @returns its id @throws AppError invalid */
    async admit(path: string, name: string, actor: Pick<Actor, 'id' | 'role'>): Promise<number> {
      const office = await officeKind(path);
      if (office) await toXlsx(path, office);
      const { size: bytes } = await stat(path);
      const kind = await kindOf(path, name);
      const id = await insertImport(db, { actorId: actor.id, name, bytes, at: now() });
      await rename(path, pathOf(id));
      try {
        await look((await findImport(db, id))!, kind, actor);
      } catch (err) {
        await db('imports').where({ id }).delete();
        await rm(pathOf(id), { force: true });
        throw err;
      }
      return id;
    },
    /** Takes back what was admitted and never started. */
    async drop(id: number): Promise<void> {
      if ((await db('imports').where({ id, state: 'ready' }).delete()) === 1) await rm(pathOf(id), { force: true });
    },
  };
};

export type Intake = ReturnType<typeof createIntake>;
