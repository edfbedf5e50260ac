import { setTimeout as sleep } from 'node:timers/promises';
import { answer } from '../../server/complaints/answer.ts';
import { changeComplaint } from '../../server/complaints/service.ts';
import { smtpMailer } from '../../server/core/mail.ts';
import { sendDue } from '../../server/mail/jobs.ts';
import { startWorker } from './worker.ts';

/**
 * Answers and closes whatever is neither, and sends what is due, side by side as the program does; ends when nothing is left. To be killed in the
 * middle. LATER: ms by which its clock is ahead, so that what a dead process was sending is due again.
 */
const later = Number(process.env.LATER ?? 0);
const { deps, end } = startWorker({ now: () => Date.now() + later });
const mailer = smtpMailer(deps.config.mail!);
const by = (id: number, what: string) => ({ id, actorId: null, seen: null, what });

const work = async () => {
  const open = (await deps.db('complaints').whereNot('status', 'closed').orderBy('id').pluck('id')) as number[];
  for (const id of open) {
    const answered = await deps.db('complaint_entries').where({ complaint_id: id, kind: 'out' }).first('id');
    if (!answered)
      await changeComplaint(deps, by(id, 'complaint.entry.out'), (change) =>
        answer(deps, change, { channel: 'email', subject: '', text: `answer ${id}`, actorId: 0 }),
      );
    await changeComplaint(deps, by(id, 'complaint.status'), async (change) => {
      await answer(deps, change, { channel: 'email', subject: '', text: `letter ${id}`, actorId: 0 });
      await change.turn('closed');
    });
  }
};
let working = true;
const send = async () => {
  for (;;) {
    const last = !working;
    const sent = await sendDue(deps, mailer);
    if (last && sent === 0) return;
    // SQLite answers at once: without a pause nothing else would have its turn
    await sleep(2);
  }
};
await Promise.all([work().finally(() => (working = false)), send()]);
mailer.close();
await end();
