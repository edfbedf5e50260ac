import type { Knex } from 'knex';
import type { Deps, Feature } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { fire } from './escalate.ts';
import type { Staff } from './escalate.ts';
import { emptyMailbox } from './mailbox.ts';
import type { TaskRow } from './present.ts';
import { settleReturns } from './returns.ts';
import { PARKED, complaints, lockComplaint } from './rows.ts';
import type { ComplaintRow } from './rows.ts';
import { tellOf } from './service.ts';
import { readTiming, retime } from './timing.ts';
import type { ClockRow, Timing } from './timing.ts';

/** Rows looked at in one go. */
const BATCH = 500;
/** After the hour of a promise without an end: then it is broken. */
const GRACE_MS = 15 * 60_000;

type Held = (trx: Knex, row: ComplaintRow) => Promise<() => void>;

const holding = async (deps: Deps, id: number, run: Held): Promise<void> => {
  const { tell, row } = await inTransaction(deps.db, async (trx) => {
    const row = await lockComplaint(trx, id);
    return { row, tell: await run(trx, row) };
  });
  tell();
  tellOf(deps, row);
};

const count = async (deps: Deps, trx: Knex, row: ComplaintRow, timing: Timing): Promise<number> => {
  const stage = row.client_id === null ? null : await deps.clientStage(trx, row.client_id);
  const timed = await retime(trx, row, timing, stage);
  await complaints(trx).where('id', row.id).update(timed);
  return timed.place;
};

/** Whoever is to be told that time runs out, or has: each step once, though the process dies in between. @returns how many complaints */
const ring = async (deps: Deps, timing: Timing, staff: Staff): Promise<number> => {
  const now = deps.now();
  const due = (await deps
    .db('complaint_clocks')
    .where('alarm_at', '<=', now)
    .orderBy('alarm_at')
    .limit(BATCH)
    .pluck('complaint_id')) as number[];
  const ids = [...new Set(due)];
  for (const id of ids)
    await holding(deps, id, async (trx, row) => {
      const tells: (() => void)[] = [];
      // several steps may be due at once: this program was away
      for (let left = 20; left > 0; left -= 1) {
        const clock = (await trx<ClockRow>('complaint_clocks').where('complaint_id', id).where('alarm_at', '<=', now).orderBy('alarm_at').first()) as ClockRow | undefined; // prettier-ignore
        if (!clock) break;
        tells.push(await fire(deps, trx, row, { clock: clock.kind, round: clock.round, step: clock.alarm! }, staff, now));
        await count(deps, trx, row, timing);
      }
      return () => tells.forEach((tell) => tell());
    });
  return ids.length;
};

const clockText = (place: number): string => (place >= PARKED ? '' : String(place));

/** Policies, calendars or settings are others now: the clocks of what is open are counted anew, and what has moved is recorded. @returns how many */
const recount = async (deps: Deps, timing: Timing): Promise<number> => {
  const old = await complaints(deps.db).where('is_open', 1).whereNot('timed_with', timing.signature).limit(BATCH).pluck('id'); // prettier-ignore
  for (const id of old)
    await holding(deps, id, async (trx, row) => {
      const place = row.is_open === 1 ? await count(deps, trx, row, timing) : row.place;
      if (place !== row.place && row.timed_with !== '')
        await trx('complaint_moves').insert({ complaint_id: id, kind: 'clocks', from_value: clockText(row.place), to_value: clockText(place), note: '', user_id: null, at: deps.now(), version: row.version }); // prettier-ignore
      return () => {};
    });
  return old.length;
};

/** Promises and corrective actions whose time is over: done, or missed, and then a chief is told. @returns how many */
const settle = async (deps: Deps, staff: Staff): Promise<number> => {
  const now = deps.now();
  const due = (await deps
    .db('complaint_tasks')
    .whereNull('settled_at')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(BATCH)) as TaskRow[];
  const over = due.filter((task) => (task.until_at ?? task.due_at + GRACE_MS) <= now);
  const done = await deps.tasksDone(over.map(({ task_id }) => task_id)); // prettier-ignore
  for (const task of over)
    await holding(deps, task.complaint_id, async (trx, row) => {
      await trx('complaint_tasks')
        .where('id', task.id)
        .update({ settled_at: now, done_at: done.get(task.task_id) ?? task.done_at });
      if ((done.get(task.task_id) ?? task.done_at) !== null) return () => {};
      return fire(deps, trx, row, { clock: task.kind, round: task.id, step: 'chief' }, staff, now);
    });
  return over.length;
};

/** The hour of a promised call or the date of a corrective action has come: whoever it is on is told, wherever they are in Allo. @returns how many */
const remind = async (deps: Deps, staff: Staff): Promise<number> => {
  const now = deps.now();
  const told = deps.db('complaint_alarms').whereRaw('complaint_alarms.complaint_id = complaint_tasks.complaint_id').where('step', 'warn').whereRaw('complaint_alarms.clock = complaint_tasks.kind').whereRaw('complaint_alarms.round = complaint_tasks.id'); // prettier-ignore
  const due = (await deps
    .db('complaint_tasks')
    .whereNull('settled_at')
    .where('due_at', '<=', now)
    .whereNotExists(told.select('complaint_alarms.id'))
    .orderBy('due_at')
    .limit(BATCH)) as TaskRow[];
  const done = await deps.tasksDone(due.map(({ task_id }) => task_id)); // prettier-ignore
  const open = due.filter(({ task_id }) => done.get(task_id) == null);
  for (const task of open)
    await holding(deps, task.complaint_id, (trx, row) =>
      fire(deps, trx, row, { clock: task.kind, round: task.id, step: 'warn' }, staff, now, [task.user_id]),
    );
  return open.length;
};

/** Hand-overs that nobody has answered by their deadline. */
const chase = async (deps: Deps, staff: Staff): Promise<number> => {
  const now = deps.now();
  const told = deps.db('complaint_alarms').whereRaw('complaint_alarms.complaint_id = complaint_handovers.complaint_id').where('clock', 'handover').whereRaw('complaint_alarms.round = complaint_handovers.id'); // prettier-ignore
  const late = (await deps
    .db('complaint_handovers')
    .where({ state: 'waiting' })
    .where('deadline_at', '<=', now)
    .whereNotExists(told.select('complaint_alarms.id'))
    .limit(BATCH)
    .select('id', 'complaint_id', 'to_department_id')) as { id: number; complaint_id: number; to_department_id: number }[];
  for (const one of late)
    await holding(deps, one.complaint_id, (trx, row) =>
      fire(deps, trx, { ...row, department_id: one.to_department_id }, { clock: 'handover', round: one.id, step: 'chief' }, staff, now),
    );
  return late.length;
};

/** Whatever is due with complaints, to the end. */
export const sweepComplaints = async (deps: Deps): Promise<void> => {
  const timing = await readTiming(deps);
  const staff = await deps.directory.staff();
  for (const step of [
    () => recount(deps, timing),
    () => ring(deps, timing, staff),
    () => settle(deps, staff),
    () => remind(deps, staff),
    () => chase(deps, staff),
  ])
    while ((await step()) === BATCH);
  while (await settleReturns(deps));
};

const SWEEP_MS = 15_000;
const MAIL_MS = 20_000;

export const complaintJobs = async (deps: Deps, roles: Parameters<NonNullable<Feature['start']>>[0]): Promise<() => void> => {
  if (!roles.has('worker')) return () => {};
  deps.jobs.handle('complaints.sweep', () => sweepComplaints(deps));
  let taking = false;
  deps.jobs.handle('complaints.mail', async () => {
    if (taking) return;
    taking = true;
    try {
      await emptyMailbox(deps);
    } catch (err) {
      deps.log.warn({ err }, 'complaints: the mailbox is asked again in a while');
    } finally {
      taking = false;
    }
  });
  const sweep = () => deps.jobs.add('complaints.sweep', {}).catch((err: unknown) => deps.log.warn({ err }, 'complaints: sweep'));
  const mail = () => deps.jobs.add('complaints.mail', {}).catch((err: unknown) => deps.log.warn({ err }, 'complaints: mail'));
  const timers = [
    setInterval(() => void sweep(), SWEEP_MS),
    ...(deps.config.complaintMailbox ? [setInterval(() => void mail(), MAIL_MS)] : []),
  ];
  return () => timers.forEach((timer) => clearInterval(timer));
};
