import type { Knex } from 'knex';

export const config = { transaction: false };

const hasIndex = async (db: Knex): Promise<boolean> =>
  (db.client as { dialect: string }).dialect === 'sqlite3'
    ? (await db('sqlite_master').where({ type: 'index', name: 'complaint_handovers_at' }).first('name')) !== undefined
    : ((await db.raw("SHOW INDEX FROM complaint_handovers WHERE Key_name = 'complaint_handovers_at'")) as [unknown[]])[0].length > 0;

/** The hand-overs of a period, with what their times are counted from. */
export async function up(db: Knex): Promise<void> {
  if (await hasIndex(db)) return;
  await db.schema.alterTable('complaint_handovers', (t) =>
    t.index(['at', 'to_department_id', 'state', 'answered_at', 'deadline_at', 'complaint_id'], 'complaint_handovers_at'),
  );
}

export const down = (db: Knex): Promise<void> =>
  db.schema.alterTable('complaint_handovers', (t) => t.dropIndex([], 'complaint_handovers_at'));
