import type { Knex } from 'knex';

export const config = { transaction: false };

/** Who was told that time runs out, or has run out: each step once. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_alarms')) return;
  await db.schema.createTable('complaint_alarms', (t) => {
    t.increments('id');
    t.integer('complaint_id').unsigned().notNullable().references('complaints.id').onDelete('RESTRICT');
    t.string('clock', 20).notNullable();
    t.integer('round').unsigned().notNullable();
    t.string('step', 10).notNullable();
    t.bigInteger('at').notNullable();
    t.unique(['complaint_id', 'clock', 'round', 'step'], { indexName: 'complaint_alarms_once' });
    t.index(['at'], 'complaint_alarms_at');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_alarms');
