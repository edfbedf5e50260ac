import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import type { ExportDraft } from './contract.ts';
import { MEDIA, READ, csvOf, fileName, xlsxOf } from './files.ts';
import { reportPolicy } from './policy.ts';
import { nextDue, periodOf } from './schedule.ts';
import { advanceSchedule, deleteSchedule, dueSchedules } from './schedule-rows.ts';
import type { StoredSchedule } from './schedule-rows.ts';

const BATCH = 20;
const dayOf = (at: number, timeZone: string): string => new Intl.DateTimeFormat('ru-RU', { timeZone, day: '2-digit', month: '2-digit', year: 'numeric' }).format(at); // prettier-ignore

const SAID = {
  ru: (title: string, days: string) => `Отчёт «${title}» за ${days} — во вложении.`,
  en: (title: string, days: string) => `The report “${title}” for ${days} is attached.`,
};

type MailingDeps = Pick<Deps, 'db' | 'directory' | 'now' | 'sendMail' | 'audit' | 'config' | 'log' | 'queueBriefs'>;

/** The rights are those of the moment: whoever has left, or may export no more, is sent nothing, and the schedule ends. */
const end = (deps: MailingDeps, { id, userId }: StoredSchedule): Promise<void> =>
  inTransaction(deps.db, async (trx) => {
    if (await deleteSchedule(trx, id, userId))
      await deps.audit(trx, { actorId: null, what: 'reports.schedule-ended', table: 'report_schedules', rowId: id, details: { userId } });
  });

const send = async (deps: MailingDeps, schedule: StoredSchedule): Promise<(() => void) | null> => {
  const { id, userId, every, address, title } = schedule;
  const actor = await deps.directory.actorOf(userId);
  if (!actor || !reportPolicy.export({ ...actor, sessionId: '' })) {
    await end(deps, schedule);
    return null;
  }
  const timeZone = await deps.directory.timeZoneOf(userId);
  const [from, until] = periodOf(every, deps.now(), timeZone);
  const draft: ExportDraft = { ...schedule.draft, query: { ...schedule.draft.query, from, until } };
  const report = await READ[draft.report](deps, draft.query, timeZone);
  const content = draft.format === 'csv' ? csvOf(draft, report) : await xlsxOf(draft, report);
  const [first, last] = [dayOf(from, timeZone), dayOf(until - 1, timeZone)];
  const days = first === last ? first : `${first} – ${last}`;
  return inTransaction(deps.db, async (trx) => {
    if (!(await advanceSchedule(trx, schedule, nextDue(schedule, deps.now(), timeZone), deps.now()))) return null;
    const { wake } = await deps.sendMail(trx, {
      effect: `report:${id}:${schedule.nextAt}`,
      to: { address },
      subject: `${title}: ${days}`,
      text: `${SAID[draft.language](title, days)}\n\n${deps.config.publicUrl}/reports\n`,
      attachments: [{ name: fileName(draft, timeZone), type: MEDIA[draft.format], content }],
      kind: 'report',
      ref: String(id),
      askedBy: userId,
    });
    const details = { report: draft.report, format: draft.format, from, until, rows: report.rows.length, address };
    await deps.audit(trx, { actorId: userId, what: 'reports.mailed', table: 'report_schedules', rowId: id, details });
    return wake;
  });
};

/** Sends the reports that are due, each once. After days of standstill only the latest goes. One that fails does not keep the others waiting. */
export const mailReports = async (deps: MailingDeps): Promise<void> => {
  for (const schedule of await dueSchedules(deps.db, deps.now(), BATCH)) {
    try {
      (await send(deps, schedule))?.();
    } catch (err) {
      deps.log.error({ err, schedule: schedule.id }, 'reports: not sent by mail, tried again');
    }
  }
};
