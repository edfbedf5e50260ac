import type { Knex } from 'knex';

export const config = { transaction: false };

const hasIndex = async (db: Knex): Promise<boolean> =>
  (db.client as { dialect: string }).dialect === 'sqlite3'
    ? (await db('sqlite_master').where({ type: 'index', name: 'complaint_compensations_registered' }).first('name')) !== undefined
    : ((await db.raw("SHOW INDEX FROM complaint_compensations WHERE Key_name = 'complaint_compensations_registered'")) as [unknown[]])[0]
        .length > 0;

/** Rows a statement. */
const CHUNK = 20_000;

/** When the complaint was registered, which never changes: what the complaints of a period cost is found without reading them all. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('complaint_compensations', 'registered_at')))
    await db.schema.alterTable('complaint_compensations', (t) => {
      t.bigInteger('registered_at').notNullable().defaultTo(0);
    });
  const [{ most }] = (await db('complaint_compensations').max({ most: 'id' })) as [{ most: number | null }];
  const registered = '(SELECT c.registered_at FROM complaints c WHERE c.id = complaint_compensations.complaint_id)';
  for (let from = 0; from < (most ?? 0); from += CHUNK)
    await db('complaint_compensations')
      .where('id', '>', from)
      .where('id', '<=', from + CHUNK)
      .update({ registered_at: db.raw(registered) });
  if (!(await hasIndex(db)))
    await db.schema.alterTable('complaint_compensations', (t) =>
      t.index(['state', 'registered_at', 'complaint_id', 'currency', 'amount'], 'complaint_compensations_registered'),
    );
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('complaint_compensations', (t) => t.dropIndex([], 'complaint_compensations_registered'));
  await db.schema.alterTable('complaint_compensations', (t) => t.dropColumn('registered_at'));
}
