import type { Knex } from 'knex';

export const config = { transaction: false };

/**
 * Recordings, by the call's natural key: they may be begun before the call's row is written. `file` is below the PBX's monitor folder. state:
 * recording, paused, closing (over, the file not yet looked at), ready, missing (no file came), expired (deleted by rule). pauses: JSON
 * [[from, to]], epoch ms, an open one without `to`. peaks: JSON, 0 to 100 each. started_by: null for the queue's rule.
 */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('recordings')) return;
  await db.schema.createTable('recordings', (t) => {
    t.increments('id');
    t.string('pbx', 32).notNullable().collate('utf8mb4_bin');
    t.string('linkedid', 100).notNullable().collate('utf8mb4_bin');
    t.string('file', 200).notNullable().collate('utf8mb4_bin');
    t.string('queue', 100).nullable();
    t.integer('started_by').unsigned().nullable();
    t.bigInteger('started_at').notNullable();
    t.bigInteger('ended_at').nullable();
    t.integer('duration_ms').nullable();
    t.bigInteger('size').nullable();
    t.string('state', 20).notNullable();
    t.text('pauses').notNullable();
    t.text('peaks').nullable();
    t.unique(['pbx', 'file'], { indexName: 'recordings_pbx_file' });
    t.index(['pbx', 'linkedid'], 'recordings_call');
    t.index(['state', 'ended_at'], 'recordings_state');
  });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('recordings');
