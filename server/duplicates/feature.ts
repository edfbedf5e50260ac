import type { Deps, Feature } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { reachesAny } from '../core/reach.ts';
import { IdParam } from '../users/contract.ts';
import { ClientDuplicates, Dismissal, DuplicatePage, DuplicateQuery, LikelyDraft, LikelyReply, MergeDraft, MergeList, MergeQuery, MergeReply, MergeUndone, PairQuery, PairReply } from './contract.ts'; // prettier-ignore
import { duplicatePolicy } from './policy.ts';
import { beginScan, decidePair, openPairs, pairOf, pairsWith, readScan } from './queries.ts';
import type { After, Pair } from './queries.ts';
import { LAG_MS, scanJobs } from './scan.ts';
import { LIKELY, likeness } from './score.ts';

/** Pairs read at once, and how often, before a page is answered with what was found so far. */
const READ = 200;
const MOST_READS = 10;
/** While somebody types, less is enough to be shown. */
const TYPING = 20;
const MOST_LIKELY = 5;

const CURSOR = /^(\d{1,3})-(\d{1,15})-(\d{1,15})$/;
const cursorOf = ({ score, low, high }: Pair): string => `${score}-${low}-${high}`;
const readCursor = (text: string | undefined): After | null => {
  if (text === undefined) return null;
  const parts = CURSOR.exec(text);
  if (!parts) throw new AppError('invalid', 'not a cursor of duplicates');
  return { score: Number(parts[1]), low: Number(parts[2]), high: Number(parts[3]) };
};

/** /api/duplicates: cards that may be one client; they become one, and two again. */
export const duplicatesFeature = (deps: Deps): Feature => {
  const { db, now, clientTraits, clientMerging } = deps;

  /** Of these pairs, those of two cards that are still there and that the actor may see. */
  const shown = async (actor: Actor, pairs: readonly Pair[], may: 'see' | 'decide'): Promise<Pair[]> => {
    const traits = await clientTraits.of(db, [...new Set(pairs.flatMap(({ low, high }) => [low, high]))]);
    return pairs.filter(({ low, high }) => {
      const [a, b] = [traits.get(low), traits.get(high)];
      return a && b && a.archivedAt === null && b.archivedAt === null && duplicatePolicy[may](actor, [a, b]);
    });
  };

  /** @throws AppError not_found when one of them is not there, or the actor may not see it */
  const both = async (actor: Actor, one: number, other: number) => {
    const traits = await clientTraits.of(db, [one, other]);
    const [a, b] = [traits.get(one), traits.get(other)];
    if (one === other || !a || !b || !duplicatePolicy.see(actor, [a, b])) throw new AppError('not_found', 'no such two clients');
    return [a, b] as const;
  };

  const scanState = async () => {
    const { at, id, seen, caughtUpAt } = await readScan(db);
    return { seen, caughtUpAt, left: await clientTraits.changedCount(db, { at, id }, now() - LAG_MS) };
  };

  const told = (...ids: number[]) => ids.forEach((id) => deps.bus.emit('client.changed', { id }));

  return {
    start: scanJobs(deps),
    routes: [
      route({
        method: 'get',
        path: '/duplicates',
        summary: 'Pairs of cards that may be one client, the likeliest first',
        query: DuplicateQuery,
        reply: DuplicatePage,
        can: duplicatePolicy.list,
        async handle({ query: { min, after, limit }, actor }) {
          let from = readCursor(after);
          const found: Pair[] = [];
          let more = true;
          for (let n = 0; n < MOST_READS && more && found.length <= limit; n++) {
            const pairs = await openPairs(db, min, from, READ);
            found.push(...(await shown(actor, pairs, 'decide')));
            more = pairs.length === READ;
            from = pairs.at(-1) ?? from;
          }
          const page = found.slice(0, limit);
          const next = found.length > limit ? cursorOf(page.at(-1)!) : more && from ? `${from.score}-${from.low}-${from.high}` : null;
          const briefs = await deps.clientBriefs(page.flatMap(({ low, high }) => [low, high]));
          deps.sighted(actor.id, 'listed', briefs.size);
          const items = page.map(({ low, high, ...pair }) => ({ ...pair, low: briefs.get(low)!, high: briefs.get(high)! }));
          return { items, next, scan: await scanState(), can: { scan: duplicatePolicy.scan(actor) } };
        },
      }),
      route({
        method: 'post',
        path: '/duplicates/scan',
        summary: 'Looks through all cards anew; what people have said of pairs stays',
        can: duplicatePolicy.scan,
        async handle({ actor }) {
          await inTransaction(db, async (trx) => {
            await beginScan(trx, now());
            await deps.audit(trx, { actorId: actor.id, what: 'duplicates.scan', table: 'duplicates' });
          });
          await deps.jobs.add('duplicates.scan', {});
        },
      }),
      route({
        method: 'post',
        path: '/duplicates/likely',
        summary: 'Who somebody may be whose card is only being typed',
        body: LikelyDraft,
        reply: LikelyReply,
        can: signedIn,
        async handle({ body: { inn, address, ...draft }, actor }) {
          const typed = clientTraits.ofDraft({ ...draft, custom: { inn, address: { raw: address, text: address } } });
          const ids = new Set((await clientTraits.sharers(db, [typed])).get(0));
          if (typed.words.join('').length >= 4) for (const { id } of await deps.findClients(actor, draft.name, 20)) ids.add(id);
          const likely = [...(await clientTraits.of(db, [...ids])).values()]
            .filter((one) => one.archivedAt === null && duplicatePolicy.see(actor, [one]))
            .map((one) => ({ id: one.id, ...likeness(typed, one) }))
            .filter(({ score }) => score >= TYPING)
            .sort((a, b) => b.score - a.score || a.id - b.id)
            .slice(0, MOST_LIKELY);
          const briefs = await deps.clientBriefs(likely.map(({ id }) => id));
          deps.sighted(actor.id, 'listed', briefs.size);
          return { items: likely.map(({ id, ...one }) => ({ ...one, client: briefs.get(id)! })) };
        },
      }),
      route({
        method: 'get',
        path: '/clients/:id/duplicates',
        summary: 'Cards that may be of the same client as this one',
        params: IdParam,
        reply: ClientDuplicates,
        can: signedIn,
        async handle({ params: { id }, actor }) {
          if (!(await deps.fileOwners.client!.may(actor, String(id), 'read'))) throw new AppError('forbidden', 'the card of this client');
          const open = (await pairsWith(db, [id])).filter(({ state, score }) => state === 'open' && score >= LIKELY);
          const pairs = (await shown(actor, open, 'see')).sort((a, b) => b.score - a.score).slice(0, MOST_LIKELY);
          const otherOf = ({ low, high }: Pair) => (low === id ? high : low);
          const briefs = await deps.clientBriefs(pairs.map(otherOf));
          deps.sighted(actor.id, 'listed', briefs.size);
          const items = pairs.map((pair) => ({ client: briefs.get(otherOf(pair))!, score: pair.score, reasons: pair.reasons }));
          return { items, can: { merge: reachesAny(actor.reach.merge) } };
        },
      }),
      route({
        method: 'get',
        path: '/duplicates/pair',
        summary: 'Two cards side by side: how alike they are, and what hangs on each',
        query: PairQuery,
        reply: PairReply,
        can: duplicatePolicy.list,
        async handle({ query: { one, other }, actor }) {
          const [a, b] = await both(actor, one, other);
          const briefs = await deps.clientBriefs([one, other]);
          const linked = { one: await clientMerging.linked(db, one), other: await clientMerging.linked(db, other) };
          const merge = a.archivedAt === null && b.archivedAt === null && a.kind === b.kind && duplicatePolicy.decide(actor, [a, b]);
          return { one: briefs.get(one)!, other: briefs.get(other)!, ...likeness(a, b), linked, can: { merge } };
        },
      }),
      route({
        method: 'post',
        path: '/duplicates/dismiss',
        summary: 'These two are not one client: never proposed again; or perhaps they are, after all',
        body: Dismissal,
        can: duplicatePolicy.list,
        async handle({ body: { one, other, dismissed }, actor }) {
          const [a, b] = await both(actor, one, other);
          if (!duplicatePolicy.decide(actor, [a, b])) throw new AppError('forbidden', 'these clients are not yours to tell apart');
          await inTransaction(db, async (trx) => {
            await decidePair(trx, pairOf(one, other), dismissed ? 'dismissed' : 'open', { userId: actor.id, at: now(), ...likeness(a, b) });
            await deps.audit(trx, { actorId: actor.id, what: dismissed ? 'duplicate.dismissed' : 'duplicate.reopened', table: 'clients', rowId: one, details: { other } }); // prettier-ignore
          });
          told(one, other);
        },
      }),
      route({
        method: 'post',
        path: '/duplicates/merge',
        summary: 'Two cards become one, field by field as chosen, with everything that hangs on them; can be undone',
        body: MergeDraft,
        reply: MergeReply,
        can: duplicatePolicy.list,
        async handle({ body, actor }) {
          const { survivorId, mergedId } = body;
          const done = await inTransaction(db, async (trx) => {
            const at = now();
            const traits = await clientTraits.of(trx, [survivorId, mergedId]);
            const merged = await clientMerging.merge(trx, body, { actor, at });
            const alike = likeness(traits.get(survivorId)!, traits.get(mergedId)!);
            await decidePair(trx, pairOf(survivorId, mergedId), 'merged', { userId: actor.id, at, ...alike });
            return merged;
          });
          told(survivorId, mergedId);
          return { ...done, survivorId };
        },
      }),
      route({
        method: 'get',
        path: '/duplicates/merges',
        summary: 'Which cards became one, newest first',
        query: MergeQuery,
        reply: MergeList,
        can: duplicatePolicy.list,
        async handle({ query: { before, limit }, actor }) {
          const found: Awaited<ReturnType<typeof clientMerging.list>> = [];
          let last = before;
          let more = true;
          let traits: Awaited<ReturnType<typeof clientTraits.of>> = new Map();
          for (let n = 0; n < MOST_READS && more && found.length < limit; n++) {
            const rows = await clientMerging.list(db, last, limit);
            traits = new Map([...traits, ...(await clientTraits.of(db, rows.flatMap(({ survivorId, mergedId }) => [survivorId, mergedId])))]);
            found.push(...rows.filter(({ survivorId, mergedId }) => duplicatePolicy.see(actor, [traits.get(survivorId)!, traits.get(mergedId)!])));
            more = rows.length === limit;
            last = rows.at(-1)?.id ?? last;
          }
          const page = found.slice(0, limit);
          const briefs = await deps.clientBriefs(page.flatMap(({ survivorId, mergedId }) => [survivorId, mergedId]));
          const users = await deps.directory.briefs([...new Set(page.map(({ actorId }) => actorId))]);
          const items = page.map(({ id, at, actorId, survivorId, mergedId, undoneAt }) => ({
            id, at, undoneAt, actor: users.get(actorId) ?? null, survivor: briefs.get(survivorId)!, merged: briefs.get(mergedId)!,
            can: { undo: undoneAt === null && duplicatePolicy.decide(actor, [traits.get(survivorId)!, traits.get(mergedId)!]) },
          })); // prettier-ignore
          return { items, next: found.length > limit ? page.at(-1)!.id : more ? (last ?? null) : null };
        }, // prettier-ignore
      }),
      route({
        method: 'post',
        path: '/duplicates/merges/:id/undo',
        summary: 'Both cards as they were; what came to the survivor since stays there',
        params: IdParam,
        reply: MergeUndone,
        can: duplicatePolicy.list,
        async handle({ params: { id }, actor }) {
          const undone = await inTransaction(db, async (trx) => {
            const at = now();
            const done = await clientMerging.undo(trx, id, { actor, at });
            const traits = await clientTraits.of(trx, [done.survivorId, done.mergedId]);
            const alike = likeness(traits.get(done.survivorId)!, traits.get(done.mergedId)!);
            await decidePair(trx, pairOf(done.survivorId, done.mergedId), 'open', { userId: actor.id, at, ...alike });
            return done;
          });
          told(undone.survivorId, undone.mergedId);
          return undone;
        },
      }),
    ],
  };
};
