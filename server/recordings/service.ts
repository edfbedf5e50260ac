import type { Deps } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { closeRow, pausesOf, recordings, runningOf } from './queries.ts';
import type { CallName, RecordingRow } from './queries.ts';

export type RecordDeps = Pick<Deps, 'db' | 'pbx' | 'now' | 'audit' | 'jobs' | 'log' | 'bus' | 'campaignRecording'>;

/** After the end of a call Asterisk still writes the last of it. */
const FILE_MS = 1_500;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10).replaceAll('-', '/');

const tell = (deps: RecordDeps, { pbx, linkedid }: CallName, recording: 'recording' | 'paused' | null): void =>
  deps.bus.emit('call.recorded', { ref: `${pbx}:${linkedid}`, recording });

/** Tells nothing of who spoke: the call's id and which recording of it. */
const fileOf = ({ linkedid }: CallName, count: number, at: number): string =>
  `allo/${day(at)}/${linkedid.replace(/[^\w.-]/g, '_').replace(/^\.+/, '_')}-${count}.wav`;

export const isRecordedAlready = (err: unknown): boolean => err instanceof AppError && err.code === 'conflict';

/** One recording of a call at a time. @throws AppError conflict when it is being recorded, pbx_* */
export const startRecording = async (
  deps: RecordDeps,
  call: CallName & { queue: string | null; startedAt: number },
  actorId: number | null,
): Promise<RecordingRow> => {
  const { pbx, linkedid, queue } = call;
  const already = () => new AppError('conflict', 'this call is being recorded', { reason: 'recording' });
  if (await runningOf(deps.db, call)) throw already();
  const [{ count }] = (await recordings(deps.db).where({ pbx, linkedid }).count({ count: '*' })) as unknown as [{ count: number }];
  // by the call's own day: a second bridge that starts the same one at midnight must meet the first one's row
  const file = fileOf(call, Number(count) + 1, call.startedAt);
  const campaign_id = (await deps.campaignRecording.ofCall(call))?.id ?? null;
  const begun = { started_by: actorId, started_at: deps.now(), state: 'recording' as const, pauses: '[]' };
  const fresh = { pbx, linkedid, file, queue, campaign_id, ...begun };
  try {
    await recordings(deps.db).insert(fresh);
  } catch (err) {
    if (await recordings(deps.db).where({ pbx, file }).first('id')) throw already();
    throw err;
  }
  const row = (await recordings(deps.db).where({ pbx, file }).first())!;
  try {
    await deps.pbx(pbx).record({ key: linkedid, file });
  } catch (err) {
    // after a time-out there may be a file: the row stays, and is looked at when the call is over
    if (!(err instanceof AppError && err.code === 'pbx_timeout')) await recordings(deps.db).where('id', row.id).delete();
    throw err;
  }
  await deps.audit(deps.db, { actorId, what: 'recording.started', table: 'recordings', rowId: row.id, details: { call: linkedid } });
  tell(deps, call, 'recording');
  return row;
};

const running = async (deps: RecordDeps, call: CallName): Promise<RecordingRow> => {
  const row = await runningOf(deps.db, call);
  if (!row) throw new AppError('conflict', 'this call is not being recorded', { reason: 'not_recording' });
  return row;
};

/** What is said from now on is silence in the file, or is heard again. The same again changes nothing. */
export const pauseRecording = async (deps: RecordDeps, call: CallName, actorId: number, paused: boolean): Promise<void> => {
  const row = await running(deps, call);
  if ((row.state === 'paused') === paused) return;
  await deps.pbx(call.pbx).recordPause({ key: call.linkedid, paused });
  const at = deps.now();
  const pauses = paused ? [...pausesOf(row), [at, null]] : pausesOf(row).map(([from, to]) => [from, to ?? at]);
  // the call may have ended meanwhile, and the recording with it
  const changed = await recordings(deps.db)
    .where({ id: row.id, state: row.state })
    .update({ state: paused ? 'paused' : 'recording', pauses: JSON.stringify(pauses) });
  if (changed === 0 && (await running(deps, call)).state === (paused ? 'paused' : 'recording')) return;
  if (changed === 0) throw new AppError('conflict', 'this call is not being recorded', { reason: 'not_recording' });
  tell(deps, call, paused ? 'paused' : 'recording');
  const what = paused ? 'recording.paused' : 'recording.resumed';
  await deps.audit(deps.db, { actorId, what, table: 'recordings', rowId: row.id });
};

export const stopRecording = async (deps: RecordDeps, call: CallName, actorId: number): Promise<void> => {
  const row = await running(deps, call);
  await deps.pbx(call.pbx).recordStop({ key: call.linkedid });
  await closeRow(deps.db, row, deps.now());
  tell(deps, call, null);
  await deps.audit(deps.db, { actorId, what: 'recording.stopped', table: 'recordings', rowId: row.id });
  await finishSoon(deps);
};

/** The call is over, as Asterisk tells, at `at` by its clock. */
export const endRecordings = async (deps: RecordDeps, call: CallName, at: number): Promise<void> => {
  const row = await runningOf(deps.db, call);
  if (!row) return;
  await closeRow(deps.db, row, at);
  await finishSoon(deps);
};

/** A sweep finds what this misses. */
const finishSoon = (deps: RecordDeps): Promise<void> =>
  deps.jobs.add('recordings.finish', {}, FILE_MS).catch((err: unknown) => deps.log.warn({ err }, 'recordings: not finished at once'));
