import type { Knex } from 'knex';

export const config = { transaction: false };

/** The call that a state belongs to ("PBX:LINKEDID"): the one talked in, or written down. */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('agent_states', 'call_ref')))
    await db.schema.alterTable('agent_states', (t) => t.string('call_ref', 140).nullable().collate('utf8mb4_bin'));
}

export async function down(db: Knex): Promise<void> {
  await db.schema.alterTable('agent_states', (t) => t.dropColumn('call_ref'));
}
