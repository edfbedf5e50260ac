import type { Knex } from 'knex';

export const config = { transaction: false };

const INDEX = 'call_segments_kind';

/** MySQL knows no IF NOT EXISTS for an index. */
const there = async (db: Knex): Promise<boolean> => {
  if ((db.client as { dialect: string }).dialect !== 'mysql') return false;
  const [rows] = (await db.raw('SHOW INDEX FROM call_segments WHERE Key_name = ?', [INDEX])) as [unknown[]];
  return rows.length > 0;
};

/** Visits, offers, talks of a period, newest first, without reading the whole log: the calls behind a figure. */
export async function up(db: Knex): Promise<void> {
  if (await there(db)) return;
  if ((db.client as { dialect: string }).dialect === 'mysql')
    await db.schema.alterTable('call_segments', (t) => t.index(['kind', 'started_at', 'queue'], INDEX));
  else await db.raw('CREATE INDEX IF NOT EXISTS call_segments_kind ON call_segments (kind, started_at, queue)');
}

export const down = (db: Knex): Promise<void> =>
  db.schema.alterTable('call_segments', (t) => t.dropIndex(['kind', 'started_at', 'queue'], INDEX));
