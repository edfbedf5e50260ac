import type { Knex } from 'knex';

export const config = { transaction: false };

export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('call_segments')) return;
  await db.schema.createTable('call_segments', (t) => {
    t.increments('id');
    t.integer('call_id').unsigned().notNullable().references('calls.id').onDelete('CASCADE');
    // the bridge's name of the segment within its call: "talk:1700000000.12:1"
    t.string('segment_key', 160).notNullable().collate('utf8mb4_bin');
    t.string('kind', 16).notNullable();
    t.integer('user_id').unsigned().nullable();
    t.string('extension', 40).nullable();
    t.string('queue', 100).nullable();
    t.bigInteger('started_at').notNullable();
    t.bigInteger('ended_at').nullable();
    t.string('end_reason', 16).nullable();
    t.unique(['call_id', 'segment_key'], { indexName: 'call_segments_key' });
    t.index(['user_id', 'started_at'], 'call_segments_user');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('call_segments');
