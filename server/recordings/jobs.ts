import type { Knex } from 'knex';
import type { Deps, Feature } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { createOutline, durationOf, wavFormat } from './peaks.ts';
import { recordings } from './queries.ts';
import type { RecordingRow } from './queries.ts';
import type { RecordingStore } from './store.ts';

export type KeepDeps = Pick<Deps, 'db' | 'now' | 'audit' | 'log' | 'queueRule' | 'campaignRecording' | 'bus'>;

/** Slices of the outline. */
const PEAKS = 240;
/** So long after the end a file may still come: a slow mount, an Asterisk that was away. */
const PATIENCE_MS = 10 * 60_000;
/** Of calls outside any queue. */
const KEEP_DAYS = 90;
const DAY_MS = 86_400_000;
const BATCH = 100;

const HEAD = 1_024;

/** @returns what the file holds; null: no sound that we can read */
const examine = async (store: RecordingStore, { pbx, file }: RecordingRow, bytes: number) => {
  const chunks: Buffer[] = [];
  for await (const piece of store.read(pbx, file, { start: 0, end: Math.min(bytes, HEAD) - 1 })) chunks.push(piece as Buffer);
  const format = wavFormat(Buffer.concat(chunks));
  if (!format) return null;
  const outline = createOutline((bytes - format.offset) >> 1, PEAKS);
  if (bytes > format.offset)
    for await (const piece of store.read(pbx, file, { start: format.offset, end: bytes - 1 })) outline.push(piece as Buffer);
  return { durationMs: durationOf(bytes, format), peaks: outline.peaks() };
};

const finish = async (deps: KeepDeps, store: RecordingStore, row: RecordingRow): Promise<void> => {
  const found = await store.size(row.pbx, row.file);
  const change = (to: Partial<RecordingRow>) => recordings(deps.db).where({ id: row.id, state: 'closing' }).update(to);
  if (!found || found.bytes === 0) {
    if (deps.now() - row.ended_at! > PATIENCE_MS) await change({ state: 'missing' });
    return;
  }
  const sound = await examine(store, row, found.bytes);
  if (sound) await change({ state: 'ready', size: found.bytes, duration_ms: sound.durationMs, peaks: JSON.stringify(sound.peaks) });
  else await change({ state: 'missing', size: found.bytes });
};

/** Rows in the order of their end, a batch at a time, each once: those that stay as they are hold up none that come after them. */
async function* inOrder(rows: () => Knex.QueryBuilder<RecordingRow, RecordingRow[]>): AsyncGenerator<RecordingRow> {
  for (let last: RecordingRow | null = null; ;) {
    const { ended_at, id }: Pick<RecordingRow, 'ended_at' | 'id'> = last ?? { ended_at: -1, id: 0 };
    const batch: RecordingRow[] = await rows()
      .where((after) => after.where('ended_at', '>', ended_at!).orWhere((same) => same.where({ ended_at }).where('id', '>', id)))
      .orderBy(['ended_at', 'id'])
      .limit(BATCH);
    yield* batch;
    if (batch.length < BATCH) return;
    last = batch.at(-1)!;
  }
}

/** Looks at the files of what has ended. One that cannot be read does not keep the others waiting. */
export const finishRecordings = async (deps: KeepDeps, store: RecordingStore): Promise<void> => {
  for await (const row of inOrder(() => recordings(deps.db).where('state', 'closing'))) {
    try {
      await finish(deps, store, row);
    } catch (err) {
      deps.log.error({ err, recording: row.id }, 'recording: its file could not be looked at');
      if (deps.now() - row.ended_at! > PATIENCE_MS) await recordings(deps.db).where('id', row.id).update({ state: 'missing' });
    }
  }
};

type Group = Pick<RecordingRow, 'pbx' | 'queue' | 'campaign_id'>;

const daysOf = async (deps: KeepDeps, { pbx, queue, campaign_id }: Group): Promise<number> =>
  (campaign_id === null ? null : (await deps.campaignRecording.of(campaign_id))?.keepDays) ??
  (queue === null ? null : (await deps.queueRule(pbx, queue))?.keepDays) ??
  KEEP_DAYS;

/**
 * Deletes what the rules of campaigns and queues keep no longer: first the file, then the row says so. A file that cannot be deleted is tried again the
 * next time, and holds up no other queue. @returns how many
 */
export const expireRecordings = async (deps: KeepDeps, store: RecordingStore): Promise<number> => {
  const groups = await deps.db('recordings').where('state', 'ready').distinct<Group[]>('pbx', 'queue', 'campaign_id');
  let count = 0;
  for (const group of groups) {
    const { pbx } = group;
    const days = await daysOf(deps, group);
    if (days === 0) continue;
    const before = deps.now() - days * DAY_MS;
    for await (const row of inOrder(() =>
      recordings(deps.db)
        .where({ ...group, state: 'ready' })
        .where('ended_at', '<', before),
    )) {
      try {
        await store.remove(pbx, row.file);
      } catch (err) {
        deps.log.error({ err, recording: row.id }, 'recording: its file could not be deleted');
        break; // the folder is away or not ours to write: neither are the others of this queue
      }
      await inTransaction(deps.db, async (trx) => {
        await recordings(trx).where('id', row.id).update({ state: 'expired', peaks: null });
        await deps.audit(trx, { actorId: null, what: 'recording.expired', table: 'recordings', rowId: row.id, details: { days } });
      });
      count += 1;
    }
  }
  return count;
};

const FINISH_MS = 30_000;
const EXPIRE_MS = 3_600_000;

export const recordingJobs =
  (deps: KeepDeps & Pick<Deps, 'jobs'>, store: RecordingStore): NonNullable<Feature['start']> =>
  async (roles) => {
    if (!roles.has('worker')) return () => {};
    deps.jobs.handle('recordings.finish', () => finishRecordings(deps, store));
    deps.jobs.handle('recordings.expire', async () => {
      const gone = await expireRecordings(deps, store);
      if (gone > 0) deps.log.info({ gone }, 'recordings deleted by rule');
    });
    const sweep = (name: 'recordings.finish' | 'recordings.expire') => () =>
      deps.jobs.add(name, {}).catch((err: unknown) => deps.log.warn({ err }, 'recordings: sweep'));
    const timers = [setInterval(sweep('recordings.finish'), FINISH_MS), setInterval(sweep('recordings.expire'), EXPIRE_MS)];
    return () => timers.forEach((timer) => clearInterval(timer));
  };
