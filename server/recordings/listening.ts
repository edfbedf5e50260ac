import type { Request, Response } from 'express';
import { pipeline } from 'node:stream/promises';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import type { RecordingRow } from './queries.ts';
import type { RecordingStore } from './store.ts';

/** A player asks for many ranges of one sound; within this time after the last of them it is still the same listening. */
const LISTENING_MS = 15 * 60_000;
const MAX_HELD = 10_000;

/** One row in the audit for each listening, however many ranges are asked for; what cannot be written there is not heard. */
export const createListenings = (deps: Pick<Deps, 'db' | 'audit' | 'now' | 'sighted'>) => {
  const heard = new Map<string, number>();
  return async (actor: Actor, row: RecordingRow, what: 'recording.listened' | 'recording.downloaded'): Promise<void> => {
    const key = `${what} ${actor.sessionId} ${row.id}`;
    const at = deps.now();
    const before = heard.get(key);
    heard.delete(key);
    if (before === undefined || at - before > LISTENING_MS || what === 'recording.downloaded') {
      deps.sighted(actor.id, 'heard');
      await deps.audit(deps.db, { actorId: actor.id, what, table: 'recordings', rowId: row.id, details: { call: row.linkedid } });
    }
    heard.set(key, at);
    if (heard.size > MAX_HELD) heard.delete(heard.keys().next().value!);
  };
};

/** The file, or the one range that was asked for (RFC 9110; several at once are answered with the whole). */
export const sendSound = async (req: Request, res: Response, store: RecordingStore, row: RecordingRow): Promise<void> => {
  const found = await store.size(row.pbx, row.file);
  if (!found) throw new AppError('not_found', 'the file of the recording is gone', { reason: 'no_file' });
  const { bytes } = found;
  const asked = req.range(bytes);
  res.set({
    'Accept-Ranges': 'bytes',
    'Content-Type': 'audio/wav',
    'Cache-Control': 'private, no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  if (asked === -1) {
    res.status(416).set('Content-Range', `bytes */${bytes}`).end();
    return;
  }
  const range = Array.isArray(asked) && asked.type === 'bytes' && asked.length === 1 ? asked[0]! : null;
  if (range) res.status(206).set('Content-Range', `bytes ${range.start}-${range.end}/${bytes}`);
  const { start, end } = range ?? { start: 0, end: bytes - 1 };
  res.set('Content-Length', String(end - start + 1));
  try {
    await pipeline(store.read(row.pbx, row.file, { start, end }), res);
  } catch (err) {
    // the listener has gone on to another place
    if ((err as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw err;
  }
};
