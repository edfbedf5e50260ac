import type { Knex } from 'knex';

export const config = { transaction: false };

/** The clocks of a complaint, worked out from what happened to it; written anew whenever something does. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_clocks')) return;
  await db.schema.createTable('complaint_clocks', (t) => {
    t.integer('complaint_id').unsigned().notNullable().references('complaints.id').onDelete('RESTRICT');
    // acknowledge | first-answer | next-answer | resolve
    t.string('kind', 14).notNullable();
    // the client writes again, the complaint is reopened: another round
    t.integer('round').unsigned().notNullable();
    t.bigInteger('started_at').notNullable();
    t.bigInteger('target_ms').notNullable();
    // null while it is paused; then left_ms says what is left
    t.bigInteger('due_at').nullable();
    t.bigInteger('left_ms').nullable();
    t.bigInteger('stopped_at').nullable();
    t.boolean('met').nullable();
    // when somebody has to be told next, and at which step: warn, breach, chief, director
    t.bigInteger('alarm_at').nullable();
    t.string('alarm', 10).nullable();
    t.primary(['complaint_id', 'kind', 'round']);
    t.index(['alarm_at'], 'complaint_clocks_alarm');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_clocks');
