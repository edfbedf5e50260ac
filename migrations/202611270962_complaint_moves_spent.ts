import type { Knex } from 'knex';

export const config = { transaction: false };

const hasIndex = async (db: Knex, name: string): Promise<boolean> =>
  (db.client as { dialect: string }).dialect === 'sqlite3'
    ? (await db('sqlite_master').where({ type: 'index', name }).first('name')) !== undefined
    : ((await db.raw('SHOW INDEX FROM complaint_moves WHERE Key_name = ?', [name])) as [unknown[]])[0].length > 0;

interface Row {
  id: number;
  complaint_id: number;
  at: number;
  registered_at: number;
}

/** Moves read at once. */
const CHUNK = 5_000;

/** Of a move to another status: how long (ms) the complaint had stood in the one it leaves. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('complaint_moves', 'spent_ms')))
    await db.schema.alterTable('complaint_moves', (t) => {
      t.bigInteger('spent_ms').nullable();
    });
  const last = { complaintId: 0, id: 0, at: 0 };
  for (;;) {
    const query = db('complaint_moves as m').join('complaints as c', 'c.id', 'm.complaint_id').where('m.kind', 'status');
    const { complaintId, id } = last;
    void query
      .where('m.complaint_id', '>=', complaintId)
      .where((either) => void either.where('m.complaint_id', '>', complaintId).orWhere('m.id', '>', id));
    const rows = (await query.orderBy(['m.complaint_id', 'm.id']).limit(CHUNK).select('m.id', 'm.complaint_id', 'm.at', 'c.registered_at')) as Row[]; // prettier-ignore
    if (rows.length === 0) break;
    await db.transaction(async (trx) => {
      for (const row of rows) {
        const since = last.complaintId === row.complaint_id ? last.at : row.registered_at;
        await trx('complaint_moves').where('id', row.id).update({ spent_ms: Math.max(0, row.at - since) }); // prettier-ignore
        Object.assign(last, { complaintId: row.complaint_id, id: row.id, at: row.at });
      }
    });
  }
  if (!(await hasIndex(db, 'complaint_moves_spent')))
    await db.schema.alterTable('complaint_moves', (t) =>
      t.index(['kind', 'at', 'from_value', 'spent_ms', 'complaint_id'], 'complaint_moves_spent'),
    );
  if (await hasIndex(db, 'complaint_moves_kind'))
    await db.schema.alterTable('complaint_moves', (t) => t.dropIndex([], 'complaint_moves_kind'));
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('complaint_moves', (t) => t.index(['kind', 'at', 'complaint_id'], 'complaint_moves_kind'));
  await db.schema.alterTable('complaint_moves', (t) => t.dropIndex([], 'complaint_moves_spent'));
  await db.schema.alterTable('complaint_moves', (t) => t.dropColumn('spent_ms'));
}
