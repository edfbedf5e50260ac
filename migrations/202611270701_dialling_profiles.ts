import type { Knex } from 'knex';

export const config = { transaction: false };

const span = (from: number, to: number) => ({ from: from * 60, to: to * 60 });
const hours = (workdays: [number, number], freeDays: [number, number]) => ({ workdays: span(...workdays), freeDays: span(...freeDays) });

/** What every profile says unless it says otherwise: 8-21 local time, three attempts a number a day, 3 % in 24 hours, 15 seconds of ringing. */
const COMMON = {
  hours: hours([8, 21], [8, 21]),
  hoursFor: {},
  perNumber: [{ days: 1, most: 3 }],
  perNumberFor: {},
  consentFor: [] as string[],
  humanOnlyFor: [] as string[],
  mobileConsentWhenAutomatic: false,
  abandonedRestHours: 0,
  abandonment: { most: 0.03, windowHours: 24 },
  ringSeconds: 15,
  connectWithinMs: 2000,
};

/** Engineering inputs, not legal advice: an administrator reads, changes and adds to them. */
const PROFILES = {
  RU: [
    'Россия',
    {
      ...COMMON,
      // 38-FZ, art. 18(1) and 18(2)
      consentFor: ['ad'],
      humanOnlyFor: ['ad'],
      // 230-FZ
      hoursFor: { debt: hours([8, 22], [9, 20]) },
      perNumberFor: { debt: [{ days: 1, most: 1 }, { days: 7, most: 2 }, { days: 30, most: 8 }] }, // prettier-ignore
    },
  ],
  US: [
    'United States',
    {
      ...COMMON,
      mobileConsentWhenAutomatic: true,
      abandonment: { most: 0.03, windowHours: 720 },
      // Regulation F: seven calls in seven days
      perNumberFor: { debt: [{ days: 1, most: 3 }, { days: 7, most: 7 }] }, // prettier-ignore
    },
  ],
  UK: ['United Kingdom', { ...COMMON, abandonedRestHours: 72 }],
  EU: ['European Union', { ...COMMON, hours: hours([8, 21], [10, 20]), consentFor: ['ad'] }],
} as const;

/** The rules of countries for calling people, as data. */
export async function up(db: Knex): Promise<void> {
  if (await db.schema.hasTable('dialling_profiles')) return;
  await db.schema.createTable('dialling_profiles', (t) => {
    t.string('code', 20).notNullable().collate('utf8mb4_bin').primary();
    t.string('name', 100).notNullable();
    // JSON
    t.text('rules').notNullable();
    t.integer('version').notNullable().defaultTo(1);
  });
  for (const [code, [name, rules]] of Object.entries(PROFILES))
    await db('dialling_profiles').insert({ code, name, rules: JSON.stringify(rules) });
}

export const down = (db: Knex): Promise<void> => db.schema.dropTableIfExists('dialling_profiles');
