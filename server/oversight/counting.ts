import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { dateText, wallOf } from '../core/zone.ts';
import type { SightKind, SightRule } from './contract.ts';
import { chiefsOf } from './policy.ts';
import { readRules, usualOf } from './queries.ts';

/** Counts what everybody looks at, and tells their chief when it is far more than usual. */

type CountDeps = Pick<Deps, 'db' | 'now' | 'log' | 'push' | 'directory' | 'calendars' | 'notify'>;

/** ms for which views are gathered, so that a page costs no write; a process that is killed loses the last of them. */
const GATHER_MS = 2_000;
/** A card that is loaded again within this time is still the same look at it. */
const SAME_LOOK_MS = 15 * 60_000;
const MAX_HELD = 20_000;

/** YYYY-MM-DD where the company works. */
export const dayOf = async (deps: Pick<Deps, 'calendars'>, at: number): Promise<string> =>
  dateText(wallOf(at, (await deps.calendars.of(null)).timeZone));

/** From where on it is unusual. `usual` null: nothing is known of them. Pure. */
export const mostOf = ({ factor, floor }: Pick<SightRule, 'factor' | 'floor'>, usual: number | null): number =>
  Math.max(floor, factor * (usual ?? floor));

/** One row for all of a person's views of a kind on a day. @returns how many these are now */
export const countOn = async (db: Knex, { userId, kind, day, n }: { userId: number; kind: SightKind; day: string; n: number }): Promise<number> => {
  await db('sightings').insert({ user_id: userId, kind, day, n }).onConflict(['user_id', 'kind', 'day']).merge({ n: db.raw('sightings.n + ?', [n]) }); // prettier-ignore
  return ((await db('sightings').where({ user_id: userId, kind, day }).first('n')) as { n: number }).n;
}; // prettier-ignore

/** Raises the alert of the day, once, and tells the chiefs. @returns shows it, once that has committed; null: it is not new */
const raise = async (
  deps: Pick<CountDeps, 'db' | 'notify'>,
  of: { userId: number; kind: SightKind; day: string; n: number; usual: number; most: number; at: number },
  chiefs: readonly number[],
  name: string,
): Promise<(() => void) | null> => {
  const { userId, ...row } = of;
  try {
    return await inTransaction(deps.db, async (trx) => {
      const [id] = (await trx('sighting_alerts').insert({ user_id: userId, ...row })) as [number];
      return deps.notify(trx, chiefs, {
        kind: 'oversight-alert',
        effect: `oversight:${id}`,
        about: { kind: 'oversight', ref: id },
        params: { name },
      });
    });
  } catch (err) {
    if (isDuplicate(err)) return null;
    throw err;
  }
};

export const createSightings = (deps: CountDeps) => {
  const { db, now, log } = deps;
  /** "USER KIND" -> n */
  let gathered = new Map<string, number>();
  const looked = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  const judge = async (userId: number, kind: SightKind, day: string, n: number): Promise<void> => {
    const rule = (await readRules(db)).find((one) => one.kind === kind)!;
    if (n <= rule.floor) return;
    if (await db('sighting_alerts').where({ user_id: userId, kind, day }).first('id')) return;
    const usual = (await usualOf(db, [userId], day)).get(`${userId} ${kind}`) ?? null;
    const most = mostOf(rule, usual);
    if (n <= most) return;
    const staff = await deps.directory.staff();
    const person = staff.find(({ id }) => id === userId);
    const chiefs = person ? chiefsOf(staff, person) : [];
    const tell = await raise(deps, { userId, kind, day, n, usual: usual ?? 0, most, at: now() }, chiefs, person?.name ?? '');
    if (!tell || !person) return;
    log.warn({ userId, kind, n, most }, 'somebody looks at far more than usual');
    tell();
    deps.push(chiefs, { topic: 'oversight', user: { id: userId, name: person.name, role: person.role }, kind, n });
  };

  const write = async (): Promise<void> => {
    const batch = gathered;
    gathered = new Map();
    const day = await dayOf(deps, now());
    for (const [key, n] of batch) {
      const [userId, kind] = [Number(key.split(' ')[0]), key.split(' ')[1] as SightKind];
      try {
        const total = await countOn(db, { userId, kind, day, n });
        batch.delete(key);
        await judge(userId, kind, day, total);
      } catch (err) {
        log.error({ err }, 'views: not counted yet');
      }
    }
    // what could not be written is tried with the next
    for (const [key, n] of batch) gathered.set(key, (gathered.get(key) ?? 0) + n);
  };
  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    writing = writing.then(write).catch((err: unknown) => log.error({ err }, 'views: not counted'));
    return writing;
  };

  return {
    /** `same`: what names the thing, when a second look within some minutes is no other. */
    sighted(userId: number, kind: SightKind, n = 1, same?: string): void {
      if (n <= 0) return;
      if (same !== undefined) {
        const key = `${userId} ${kind} ${same}`;
        const before = looked.get(key);
        looked.delete(key);
        looked.set(key, now());
        if (looked.size > MAX_HELD) looked.delete(looked.keys().next().value!);
        if (before !== undefined && now() - before < SAME_LOOK_MS) return;
      }
      const key = `${userId} ${kind}`;
      gathered.set(key, (gathered.get(key) ?? 0) + n);
      timer ??= setTimeout(() => void flush(), GATHER_MS);
    },
    flush,
  };
};

export type Sightings = ReturnType<typeof createSightings>;
