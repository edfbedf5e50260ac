import type { Knex } from 'knex';

export const config = { transaction: false };

/** Every move between stages, with its cause; since when a client is where it is; the rules that move by themselves. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('clients', 'stage_at')))
    await db.schema.alterTable('clients', (t) => {
      t.bigInteger('stage_at').nullable(); // null: since the card was created
      t.index(['stage', 'stage_at', 'id'], 'clients_stage');
    });
  if (!(await db.schema.hasColumn('client_stages', 'touch_minutes')))
    await db.schema.alterTable('client_stages', (t) => {
      t.integer('touch_minutes').unsigned().nullable();
    });
  if (!(await db.schema.hasTable('stage_moves')))
    await db.schema.createTable('stage_moves', (t) => {
      t.increments('id');
      t.integer('client_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
      t.bigInteger('at').notNullable();
      t.string('from_stage', 40).notNullable();
      t.string('to_stage', 40).notNullable();
      t.integer('rule_id').unsigned().nullable(); // null: by hand
      t.integer('user_id').unsigned().nullable().references('users.id').onDelete('RESTRICT');
      t.string('reason', 200).notNullable();
      t.index(['at', 'id'], 'stage_moves_at');
      t.index(['client_id', 'at'], 'stage_moves_client');
    });
  if (!(await db.schema.hasTable('stage_rules')))
    await db.schema.createTable('stage_rules', (t) => {
      t.increments('id');
      t.string('name', 200).notNullable();
      t.boolean('enabled').notNullable();
      t.text('from_stages').notNullable(); // JSON list; null: any
      t.string('to_stage', 40).notNullable();
      t.text('conditions').notNullable(); // JSON
    });
  if (!(await db.schema.hasTable('stage_alerts')))
    await db.schema.createTable('stage_alerts', (t) => {
      t.integer('client_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
      t.bigInteger('since').notNullable(); // of the stage
      t.bigInteger('at').notNullable();
      t.primary(['client_id', 'since']);
    });
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['stage_alerts', 'stage_rules', 'stage_moves']) await db.schema.dropTableIfExists(table);
}
