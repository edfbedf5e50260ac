import type { Knex } from 'knex';

export const config = { transaction: false };

const STEP = 50_000;

/** The part after the @, by which clients of one firm are found. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasColumn('emails', 'domain')) return;
  await db.schema.alterTable('emails', (t) => {
    t.string('domain', 254).notNullable().defaultTo('').collate('utf8mb4_bin');
  });
  const [{ last }] = (await db('emails').max({ last: 'id' })) as [{ last: number | null }];
  const sqlite = (db.client as { dialect: string }).dialect === 'sqlite3';
  const domain = db.raw(sqlite ? "substr(address_key, instr(address_key, '@') + 1)" : "SUBSTRING_INDEX(address_key, '@', -1)");
  for (let from = 0; from <= (last ?? 0); from += STEP) await db('emails').where('id', '>', from).where('id', '<=', from + STEP).update({ domain }); // prettier-ignore
  await db.schema.alterTable('emails', (t) => {
    t.index(['domain', 'client_id'], 'emails_domain');
  });
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('emails', (t) => {
    t.dropIndex(['domain', 'client_id'], 'emails_domain');
    t.dropColumn('domain');
  });
}
