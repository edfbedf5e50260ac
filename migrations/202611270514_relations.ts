import type { Knex } from 'knex';

export const config = { transaction: false };

/** How clients belong together: from is KIND of to (the holding of, the director of …). */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasTable('relations')))
    await db.schema.createTable('relations', (t) => {
      t.increments('id');
      t.integer('from_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
      t.integer('to_id').unsigned().notNullable().references('clients.id').onDelete('RESTRICT');
      t.string('kind', 20).notNullable().collate('utf8mb4_bin');
      t.string('position', 200).notNullable();
      t.integer('share').unsigned().nullable(); // hundredths of a per cent
      t.string('since', 10).nullable(); // 2026-03-01
      t.string('until', 10).nullable();
      t.string('note', 500).notNullable();
      t.integer('user_id').unsigned().nullable().references('users.id').onDelete('RESTRICT');
      t.bigInteger('at').notNullable();
      t.bigInteger('archived_at').nullable();
      t.index(['from_id', 'id'], 'relations_from');
      t.index(['to_id', 'id'], 'relations_to');
    });
  if (!(await db.schema.hasTable('relation_refusals')))
    await db.schema.createTable('relation_refusals', (t) => {
      t.integer('low_id').unsigned().notNullable(); // the smaller of the two
      t.integer('high_id').unsigned().notNullable();
      t.integer('user_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
      t.bigInteger('at').notNullable();
      t.primary(['low_id', 'high_id']);
    });
}

export async function down(db: Knex): Promise<void> {
  for (const table of ['relation_refusals', 'relations']) await db.schema.dropTableIfExists(table);
}
