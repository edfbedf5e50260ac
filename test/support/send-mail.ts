import { createLog } from '../../server/core/log.ts';
import { openDb } from '../../server/core/db.ts';
import { smtpMailer } from '../../server/core/mail.ts';
import { sendDue } from '../../server/mail/jobs.ts';

/** A worker that is to be killed: sends what is due in this database by this port. */
const [url, port] = process.argv.slice(2);
const db = openDb(url!);
const from = { name: 'Allo', address: 'allo@example.com' };
await sendDue({ db, now: () => Date.now(), log: createLog('silent') }, smtpMailer({ host: '127.0.0.1', port: Number(port), secure: false, auth: null, from })); // prettier-ignore
await db.destroy();
