import type { Knex } from 'knex';

export const config = { transaction: false };

/** Calls of clients whose complaint was taken for done, or waits for them: written with the call, looked at once the operator has had time to say what it was about. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_returns')) return;
  await db.schema.createTable('complaint_returns', (t) => {
    t.increments('id');
    t.integer('complaint_id').unsigned().notNullable().references('complaints.id').onDelete('CASCADE');
    t.string('call_ref', 140).notNullable().collate('utf8mb4_bin');
    // by the PBX's clock; then ours
    t.bigInteger('started_at').notNullable();
    t.bigInteger('noted_at').notNullable();
    t.bigInteger('settled_at').nullable();
    t.unique(['complaint_id', 'call_ref'], { indexName: 'complaint_returns_once' });
    t.index(['settled_at', 'noted_at'], 'complaint_returns_due');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_returns');
