import type { Knex } from 'knex';

export const config = { transaction: false };

/** What complaints are about (kind category), and what they came from (kind cause): two trees. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('complaint_categories')) return;
  await db.schema.createTable('complaint_categories', (t) => {
    t.increments('id');
    t.string('kind', 10).notNullable();
    // of the shipped ones: the browser has the words; null: an administrator wrote the label
    t.string('code', 40).nullable().collate('utf8mb4_bin');
    t.string('label', 200).nullable();
    t.integer('parent_id').unsigned().nullable();
    t.integer('position').notNullable();
    t.bigInteger('retired_at').nullable();
  });
  const shipped = {
    category: ['service', 'quality', 'delivery', 'billing', 'staff', 'website', 'other'],
    cause: ['mistake', 'process', 'supplier', 'software', 'expectation', 'unfounded', 'other'],
  };
  for (const [kind, codes] of Object.entries(shipped))
    await db('complaint_categories').insert(
      codes.map((code, i) => ({ kind, code, label: null, parent_id: null, position: i + 1, retired_at: null })),
    );
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('complaint_categories');
