import type { Knex } from 'knex';

export const config = { transaction: false };

/** Everything of a person given to colleagues as one thing: how far it has come, so that a killed one goes on; what was before stands in `changes`. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('handovers')) return;
  await db.schema.createTable('handovers', (t) => {
    t.increments('id');
    t.integer('from_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.integer('actor_id').unsigned().notNullable().references('users.id').onDelete('RESTRICT');
    t.text('rule').notNullable(); // JSON
    t.text('kinds').notNullable(); // JSON list, in the order in which they go
    // running | done | undoing | undone
    t.string('state', 10).notNullable();
    // where it is: the place of the kind in the list, the id behind which it goes on, how many were dealt out in turn
    t.integer('at_kind').notNullable().defaultTo(0);
    t.integer('after_id').unsigned().notNullable().defaultTo(0);
    t.integer('turn').notNullable().defaultTo(0);
    t.text('counts').notNullable(); // JSON: by kind, by whose they became; "kept" of a kind: those that stayed
    t.bigInteger('alive_at').nullable();
    t.bigInteger('created_at').notNullable();
    t.bigInteger('finished_at').nullable();
    t.index(['state', 'alive_at'], 'handovers_state');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('handovers');
