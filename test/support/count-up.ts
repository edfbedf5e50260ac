import { inTransaction, openDb } from '../../server/core/db.ts';

/** Another process at the same database: adds one so many times, each in a transaction that reads first. */
const [url, times] = process.argv.slice(2) as [string, string];
const db = openDb(url);
for (let i = 0; i < Number(times); i++)
  await inTransaction(db, async (trx) => {
    const { n } = (await trx('counted').first('n')) as { n: number };
    await trx('counted').update({ n: n + 1 });
  });
await db.destroy();
