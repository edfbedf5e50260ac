import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { AlarmStep } from './contract.ts';
import { LETTERS } from './public-pages.ts';
import type { ComplaintRow } from './rows.ts';
import { readSettings } from './settings.ts';

export type Staff = Awaited<ReturnType<Deps['directory']['staff']>>;

/** As many are told of one thing: where everybody is, nobody is. */
const MOST = 5;
/** By when somebody has to look at what went wrong. */
const LOOK_MS = 3_600_000;

/**
 * Whom a step concerns. warn, breach: the owner, or else whoever could become it; chief: the supervisors of the department, or else all of them;
 * director: the managers, or else the administrators. Pure.
 */
export const concerned = (staff: Staff, row: Pick<ComplaintRow, 'owner_id' | 'department_id'>, step: AlarmStep): number[] => {
  const ids = (fits: (one: Staff[number]) => boolean) =>
    staff
      .filter(fits)
      .map(({ id }) => id)
      .sort((a, b) => a - b)
      .slice(0, MOST);
  const first = (...lists: number[][]): number[] => lists.find((list) => list.length > 0) ?? [];
  const chiefs = first(
    ids((one) => one.role === 'supervisor' && one.departmentId !== null && one.departmentId === row.department_id),
    ids((one) => one.role === 'supervisor'),
    ids((one) => one.role === 'administrator'),
  );
  if (step === 'chief') return chiefs;
  if (step === 'director') return first(ids((one) => one.role === 'manager'), ids((one) => one.role === 'administrator')); // prettier-ignore
  return first(ids((one) => one.id === row.owner_id), ids((one) => one.role === 'complaints'), chiefs); // prettier-ignore
};

/** Letters to the addresses of the step, by its natural key: an alarm that is fired again writes none. @returns wakes the outbox */
const write = async (deps: Deps, trx: Knex, row: ComplaintRow, { clock, round, step }: Alarm): Promise<(() => void)[]> => {
  if (step === 'warn' || deps.config.mail === null) return [];
  const { alarmMail } = await readSettings(trx);
  const link = `${deps.config.publicUrl.replace(/\/$/, '')}/complaints/${row.id}`;
  const letters = LETTERS[deps.config.defaultCountry === 'RU' ? 'ru' : 'en'];
  const wakes: (() => void)[] = [];
  for (const address of new Set(alarmMail[step])) {
    const effect = `complaint:${row.id}:alarm:${clock}:${round}:${step}:${address}`;
    const { wake } = await deps.sendMail(trx, { effect, to: { address }, ...letters.alarm(row.number, row.subject, clock, link), kind: 'complaint', ref: String(row.id), askedBy: null }); // prettier-ignore
    wakes.push(wake);
  }
  return wakes;
};

/** What went wrong, by its natural key: a clock and its round, or the id of a promise or a hand-over. */
export interface Alarm {
  readonly clock: string;
  readonly round: number;
  readonly step: AlarmStep;
}

/** As people are told of it. */
const noticeOf = ({ id, number, subject }: ComplaintRow, { clock, round, step }: Alarm) => ({
  kind: step === 'warn' ? ('complaint-warned' as const) : ('complaint-breached' as const),
  effect: `complaint:${id}:${clock}:${round}:${step}`,
  about: { kind: 'complaint' as const, ref: id },
  params: { number, subject },
});

/**
 * Tells whom it concerns, once however often it is asked for: the row of the alarm, a line in the complaint's history, letters and tasks are written
 * together, in the transaction that holds the complaint. A warning makes no task. @returns tells the open pages, once that has committed
 */
export const fire = async (
  deps: Deps,
  trx: Knex,
  row: ComplaintRow,
  alarm: Alarm,
  staff: Staff,
  now: number,
  people: readonly number[] = concerned(staff, row, alarm.step),
): Promise<() => void> => {
  const key = { complaint_id: row.id, ...alarm };
  if (await trx('complaint_alarms').where(key).first('id')) return () => {};
  await trx('complaint_alarms').insert({ ...key, at: now });
  await trx('complaint_moves').insert({ complaint_id: row.id, kind: 'alarm', from_value: alarm.clock, to_value: alarm.step, note: '', user_id: null, at: now, version: row.version }); // prettier-ignore
  const tells: (() => void)[] = [() => deps.pushDue(people, { topic: 'complaint-alarm', id: row.id, number: row.number, subject: row.subject, ...alarm })]; // prettier-ignore
  tells.push(await deps.notify(trx, people, noticeOf(row, alarm)));
  tells.push(...(await write(deps, trx, row, alarm)));
  if (alarm.step !== 'warn')
    for (const ownerId of people) {
      const text = `${row.number}: ${row.subject}`.slice(0, 500);
      const task = await deps.planTask(trx, { kind: 'task', ownerId, authorId: ownerId, clientId: row.client_id, phone: '', dueAt: now + LOOK_MS, text, at: now }); // prettier-ignore
      tells.push(task.tell);
    }
  return () => tells.forEach((tell) => tell());
};
