import type { Knex } from 'knex';
import { ProfileRules } from './contract.ts';
import type { Consent, Profile, Purpose } from './contract.ts';

interface ProfileRow {
  code: string;
  name: string;
  rules: string;
  version: number;
}
const profileOf = ({ code, name, rules, version }: ProfileRow): Profile => ({
  code,
  name,
  version,
  rules: ProfileRules.parse(JSON.parse(rules)),
});

export const listProfiles = async (db: Knex): Promise<Profile[]> =>
  ((await db('dialling_profiles').orderBy('code')) as ProfileRow[]).map(profileOf);
export const findProfile = async (db: Knex, code: string): Promise<Profile | null> => {
  const row = (await db('dialling_profiles').where({ code }).first()) as ProfileRow | undefined;
  return row ? profileOf(row) : null;
};
/** ISO 3166 of the members of the European Union, which share one profile. */
const EU = new Set('AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' '));
/** The rules where the company itself is: its country's own, or those that its union has. @param country ISO 3166 */
export const homeProfile = async (db: Knex, country: string): Promise<Profile | null> =>
  (await findProfile(db, country)) ?? (country === 'GB' ? findProfile(db, 'UK') : EU.has(country) ? findProfile(db, 'EU') : null);
export const insertProfile = (trx: Knex, { code, name, rules }: Omit<Profile, 'version'>): Promise<unknown> =>
  trx('dialling_profiles').insert({ code, name, rules: JSON.stringify(rules) });
/** @returns false: changed since */
export const updateProfile = async (trx: Knex, { code, name, rules, version }: Profile): Promise<boolean> =>
  (await trx('dialling_profiles')
    .where({ code, version })
    .update({ name, rules: JSON.stringify(rules), version: version + 1 })) > 0;

/** Nobody goes back further. */
const MOST_VERSIONS = 50;
/** As the audit keeps them. */
export const profileVersions = async (db: Knex, code: string): Promise<{ at: number; actorId: number | null; rules: ProfileRules }[]> => {
  const rows = (await db('audit')
    .where({ table_name: 'dialling', row_id: code, what: 'dialling.profile.edited' })
    .orderBy('id', 'desc')
    .limit(MOST_VERSIONS)
    .select('at', 'actor_id', 'details')) as { at: number; actor_id: number | null; details: string }[];
  return rows.map(({ at, actor_id, details }) => ({
    at,
    actorId: actor_id,
    rules: ProfileRules.parse((JSON.parse(details) as { before: unknown }).before),
  }));
};

export interface DncRow {
  id: number;
  number: string;
  source: 'own' | 'import' | 'call';
  list: string;
  list_date: string | null;
  note: string;
  call_ref: string | null;
  user_id: number | null;
  at: number;
}

export const listDnc = async (
  db: Knex,
  ask: { number?: string | undefined; after?: number | undefined; limit: number },
): Promise<DncRow[]> => {
  const query = db<DncRow>('do_not_call')
    .orderBy('id', 'desc')
    .limit(ask.limit + 1);
  if (ask.number !== undefined) void query.where('number', ask.number);
  if (ask.after !== undefined) void query.where('id', '<', ask.after);
  return (await query) as DncRow[];
};
export const dncOf = async (db: Knex, number: string): Promise<DncRow[]> =>
  (await db<DncRow>('do_not_call').where({ number }).orderBy('id')) as DncRow[];
/** @returns how many were not there yet */
export const addDnc = async (trx: Knex, rows: readonly Omit<DncRow, 'id'>[]): Promise<number> => {
  let added = 0;
  for (let i = 0; i < rows.length; i += 200) {
    const part = rows.slice(i, i + 200);
    const known = await countDnc(trx, part);
    await trx('do_not_call').insert(part).onConflict(['number', 'source', 'list']).ignore();
    added += (await countDnc(trx, part)) - known;
  }
  return added;
};
const countDnc = async (db: Knex, rows: readonly Omit<DncRow, 'id'>[]): Promise<number> => {
  const [{ n }] = (await db('do_not_call')
    .where({ source: rows[0]!.source, list: rows[0]!.list })
    .whereIn('number', rows.map((row) => row.number))
    .count({ n: '*' })) as [{ n: number }]; // prettier-ignore
  return Number(n);
};
/** Which of these numbers are on any list. */
export const dncAmong = async (db: Knex, numbers: readonly string[]): Promise<Set<string>> =>
  new Set(await db('do_not_call').whereIn('number', numbers).distinct().pluck('number'));

interface ConsentRow {
  id: number;
  number: string;
  purpose: Purpose;
  source: string;
  channel: string;
  text: string;
  at: number;
  until_at: number | null;
  withdrawn_at: number | null;
}
const consentOf = ({ until_at, withdrawn_at, ...row }: ConsentRow): Consent => ({
  id: row.id,
  number: row.number,
  purpose: row.purpose,
  source: row.source,
  channel: row.channel,
  text: row.text,
  at: row.at,
  until: until_at,
  withdrawnAt: withdrawn_at,
});
export const consentsOf = async (db: Knex, number: string): Promise<Consent[]> =>
  ((await db('consents').where({ number }).orderBy('id')) as ConsentRow[]).map(consentOf);
/** The same that is given twice is one. */
export const sameConsent = async (db: Knex, { number, purpose, source, channel, text, at }: Omit<Consent, 'id' | 'until' | 'withdrawnAt'>): Promise<Consent | null> => {
  const rows = (await db('consents').where({ number, purpose, source, channel, at }).whereNull('withdrawn_at')) as ConsentRow[];
  const row = rows.find((one) => one.text === text);
  return row ? consentOf(row) : null;
}; // prettier-ignore
export const findConsent = async (db: Knex, id: number): Promise<Consent | null> => {
  const row = (await db('consents').where({ id }).first()) as ConsentRow | undefined;
  return row ? consentOf(row) : null;
};
export const insertConsent = async (
  trx: Knex,
  { until, withdrawnAt, ...consent }: Omit<Consent, 'id'>,
  userId: number,
): Promise<number> => {
  const [id] = (await trx('consents').insert({ ...consent, until_at: until, withdrawn_at: withdrawnAt, user_id: userId })) as [number];
  return id;
};
export const withdrawConsent = async (trx: Knex, id: number, at: number): Promise<void> => {
  await trx('consents').where({ id }).whereNull('withdrawn_at').update({ withdrawn_at: at });
};
/** Numbers with a consent for the purpose that holds at `at`. */
export const consentAmong = async (db: Knex, numbers: readonly string[], purpose: Purpose, at: number): Promise<Set<string>> =>
  new Set(
    await db('consents')
      .whereIn('number', numbers)
      .where({ purpose, withdrawn_at: null })
      .where('at', '<=', at)
      .where((open) => open.whereNull('until_at').orWhere('until_at', '>', at))
      .distinct()
      .pluck('number'),
  );
