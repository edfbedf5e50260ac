import type { Knex } from 'knex';

export const config = { transaction: false };

const NAME = 'call_outcomes_outcome';

const has = async (db: Knex): Promise<boolean> => {
  const sqlite = (db.client as { dialect: string }).dialect === 'sqlite3';
  const found = sqlite
    ? await db('sqlite_master').where({ type: 'index', name: NAME }).first('name')
    : await db('information_schema.statistics').whereRaw('table_schema = DATABASE()').where('index_name', NAME).first('index_name');
  return found !== undefined;
};

/** Finds whether any call has an outcome: one that has is retired, never deleted. */
export async function up(db: Knex): Promise<void> {
  if (!(await has(db))) await db.schema.alterTable('call_outcomes', (t) => t.index(['outcome'], NAME));
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('call_outcomes', (t) => t.dropIndex(['outcome'], NAME));
