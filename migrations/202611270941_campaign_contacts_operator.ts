import type { Knex } from 'knex';

export const config = { transaction: false };

const INDEX = 'campaign_contacts_operator';
const COLUMNS = ['operator_id', 'state', 'id'];

const there = async (db: Knex): Promise<boolean> =>
  (db.client as { dialect: string }).dialect === 'sqlite3'
    ? (await db('sqlite_master').where({ type: 'index', name: INDEX }).first('name')) !== undefined
    : ((await db.raw('SHOW INDEX FROM campaign_contacts WHERE Key_name = ?', [INDEX])) as [unknown[]])[0].length > 0;

/** The call-backs that campaigns have promised in one operator's name. */
export async function up(db: Knex): Promise<void> {
  if (!(await there(db))) await db.schema.alterTable('campaign_contacts', (t) => t.index(COLUMNS, INDEX));
}

export const down = (db: Knex): Promise<void> => db.schema.alterTable('campaign_contacts', (t) => t.dropIndex([], INDEX));
