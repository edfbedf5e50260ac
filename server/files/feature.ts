import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Deps, Feature } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { FileArchiving, FileList, FileOwner, FileQuery, FileReply, FileUpload } from './contract.ts';
import type { StoredFile } from './contract.ts';
import { disposition, isInline, mediaOf, safeName } from './media.ts';
import { archiveFile, filesOf, findFile, insertFile } from './queries.ts';
import type { FileRow } from './queries.ts';
import { diskStore } from './store.ts';

const SWEEP_MS = 3_600_000;

/** A file is shown by itself: nothing in it may load or run anything. Chromium's own PDF reader does not open inside a sandbox. */
const LOCKED = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'";

/** /api/files: what hangs on a client, a complaint, a task. Who may see and add is asked of the feature that the thing belongs to. */
export const filesFeature = (deps: Deps): Feature => {
  const { db, now } = deps;
  const limit = deps.config.fileLimitBytes;
  const store = diskStore(join(deps.config.dataDir, 'files'));

  const ownerOf = (kind: string) => {
    const owner = Object.hasOwn(deps.fileOwners, kind) ? deps.fileOwners[kind] : undefined;
    if (!owner) throw new AppError('invalid', 'nothing of this kind has files', { issues: [{ path: 'kind', code: 'no_such_kind' }] });
    return owner;
  };
  const demand = async (actor: Actor, { kind, ref }: FileOwner, action: 'read' | 'write') => {
    if (!(await ownerOf(kind).may(actor, ref, action))) throw new AppError('forbidden', `${actor.role}: files of this ${kind}`);
  };
  const load = async (actor: Actor, id: number, action: 'read' | 'write'): Promise<FileRow> => {
    const row = await findFile(db, id);
    if (!row) throw new AppError('not_found', 'no such file');
    await demand(actor, { kind: row.owner_kind, ref: row.owner_ref }, action);
    return row;
  };
  const shown = async (rows: readonly FileRow[]): Promise<StoredFile[]> => {
    const users = await deps.directory.briefs([...new Set(rows.flatMap((row) => row.user_id ?? []))]);
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      media: row.media,
      size: Number(row.size),
      inline: isInline(row.media),
      user: users.get(row.user_id ?? 0) ?? null,
      at: Number(row.at),
      archivedAt: row.archived_at === null ? null : Number(row.archived_at),
    }));
  };

  return {
    routes: [
      route({
        method: 'get',
        path: '/files',
        summary: 'The files of a client, a complaint, a task; newest first',
        query: FileOwner,
        reply: FileList,
        can: signedIn,
        async handle({ query, actor }) {
          await demand(actor, query, 'read');
          return {
            items: await shown(await filesOf(db, query)),
            limit,
            can: { add: await ownerOf(query.kind).may(actor, query.ref, 'write') },
          };
        },
      }),
      route({
        method: 'post',
        path: '/files',
        summary: 'Adds a file; the body is its bytes (application/octet-stream)',
        query: FileUpload,
        reply: FileReply,
        status: 201,
        can: signedIn,
        async handle({ query: { kind, ref, name: given }, actor, req }) {
          await demand(actor, { kind, ref }, 'write');
          if (!req.is('application/octet-stream'))
            throw new AppError('invalid', 'the body must be application/octet-stream', { issues: [{ path: 'body', code: 'media' }] });
          if (Number(req.headers['content-length'] ?? 0) > limit) throw new AppError('too_large', `more than ${limit} bytes`, { limit });
          const { hash, size, head } = await store.put(req, limit);
          if (size === 0) throw new AppError('invalid', 'an empty file', { issues: [{ path: 'body', code: 'empty' }] });
          const at = now();
          const name = safeName(given);
          const row = { owner_kind: kind, owner_ref: ref, name, media: mediaOf(head), size, hash, user_id: actor.id, at };
          const file = await inTransaction(db, async (trx) => {
            const { file: stored, added } = await insertFile(trx, row);
            if (!added) return stored;
            await ownerOf(kind).attached(trx, ref, { id: stored.id, name, at, userId: actor.id });
            await deps.audit(trx, {
              actorId: actor.id,
              what: 'file.added',
              table: 'files',
              rowId: stored.id,
              details: { kind, ref, name, size },
            });
            return stored;
          });
          ownerOf(kind).told(ref);
          return { file: (await shown([file]))[0]! };
        },
      }),
      route({
        method: 'get',
        path: '/files/:id/content',
        summary: 'The bytes; as a file to keep, or shown in place where that is harmless',
        params: IdParam,
        query: FileQuery,
        media: 'application/octet-stream',
        can: signedIn,
        async handle({ params, query, actor, res }) {
          const row = await load(actor, params.id, 'read');
          if (row.archived_at !== null) throw new AppError('not_found', 'the file was removed');
          const bytes = await store.read(row.hash);
          if (!bytes) throw new AppError('not_found', 'the bytes are not in the store');
          const inline = query.inline === '1' && isInline(row.media);
          await deps.audit(db, { actorId: actor.id, what: inline ? 'file.viewed' : 'file.downloaded', table: 'files', rowId: row.id });
          res.set({
            'Content-Type': inline ? row.media : 'application/octet-stream',
            'Content-Length': String(row.size),
            'Content-Disposition': disposition(row.name, inline),
            'Content-Security-Policy': inline && row.media === 'application/pdf' ? LOCKED : `${LOCKED}; sandbox`,
            'X-Content-Type-Options': 'nosniff',
            'Cache-Control': 'private, no-store',
          });
          try {
            await pipeline(bytes, res);
          } catch (err) {
            // whoever reads it has gone away; anything else is a fault of ours
            if ((err as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw err;
          }
        },
      }),
      route({
        method: 'post',
        path: '/files/:id/archive',
        summary: 'Takes a file away, or puts it back; the bytes stay',
        params: IdParam,
        body: FileArchiving,
        reply: FileReply,
        can: signedIn,
        async handle({ params, body: { archived }, actor }) {
          const row = await load(actor, params.id, 'write');
          const at = archived ? (row.archived_at ?? now()) : null;
          await inTransaction(db, async (trx) => {
            await archiveFile(trx, row.id, at);
            await deps.audit(trx, { actorId: actor.id, what: archived ? 'file.removed' : 'file.restored', table: 'files', rowId: row.id });
          });
          ownerOf(row.owner_kind).told(row.owner_ref);
          return { file: (await shown([{ ...row, archived_at: at }]))[0]! };
        },
      }),
    ],
    async start(roles) {
      if (!roles.has('worker')) return () => {};
      const sweep = () => store.sweep(now()).catch((err: unknown) => deps.log.warn({ err }, 'files: sweep'));
      await sweep();
      const timer = setInterval(() => void sweep(), SWEEP_MS);
      return () => clearInterval(timer);
    },
  };
};
