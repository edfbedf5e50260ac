import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { closeBatch, findBatch, openBatch } from '../core/batches.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import type { Reach } from '../core/reach.ts';
import { SHEET_MEDIA, writeSheet } from '../core/sheets/write.ts';
import { BatchParams, BulkAsk, BulkReply, ExportAsk, MOST_BULK, UndoReply } from './contract.ts';
import type { FilterGroup } from './contract.ts';
import { segmentPolicy } from './policy.ts';
import { compiling, found, pageOf } from './rows.ts';

/** What is done to all whom a filter finds: changed at once, taken away as a file. */

/** Clients a page while walking. */
const PAGE = 1_000;
/** What a vCard has places for. */
const CARD_COLUMNS = ['name', 'company', 'position', 'phones', 'emails', 'note'];

/** In both: a mass action reaches no further than reading does. */
const both = (query: ReturnType<typeof found>, deps: Deps, how: Awaited<ReturnType<typeof compiling>>, reach: Reach) =>
  reach === 'all' ? query : query.whereIn('c.id', deps.clientList.base(how.db, reach).select('c.id'));

export const massRoutes = (deps: Deps): Route[] => {
  const { db, now, audit } = deps;

  const chosen = async (actor: Actor, filter: FilterGroup, ids: readonly number[] | null, reach: Reach) => {
    const how = await compiling(deps, db, actor, filter);
    const query = (walked: boolean) => {
      const all = found(deps, { ...how, walked }, actor.reach.view, filter);
      return both(ids ? all.whereIn('c.id', [...ids]) : all, deps, how, reach);
    };
    return { how, query };
  };

  return [
    route({
      method: 'post',
      path: '/segments/bulk',
      summary: 'Change all whom a filter finds, as one thing that can be undone',
      body: BulkAsk,
      reply: BulkReply,
      can: segmentPolicy.bulk,
      async handle({ body: { filter, ids, set, expected }, actor }) {
        const { query } = await chosen(actor, filter, ids, actor.reach.bulk);
        const whom = (await query(false).orderBy('c.id').limit(MOST_BULK + 1).pluck('c.id')) as number[]; // prettier-ignore
        if (whom.length > MOST_BULK) throw new AppError('too_large', 'too many at once', { most: MOST_BULK });
        if (whom.length !== expected) throw new AppError('conflict', 'others are found now', { reason: 'changed', count: whom.length });
        const batch = `bulk:${randomUUID()}`;
        await openBatch(db, { batch, actorId: actor.id, at: now(), details: { count: whom.length, fields: Object.keys(set) } });
        await audit(db, { actorId: actor.id, what: 'clients.bulk_edited', table: 'batches', rowId: batch, details: { count: whom.length, fields: Object.keys(set) } }); // prettier-ignore
        return { batch, ...(await deps.clientBulk.edit(actor, whom, set, batch)) };
      },
    }),
    route({
      method: 'post',
      path: '/segments/batches/:batch/undo',
      summary: 'Undo a bulk change; what somebody has changed since stays as it is',
      params: BatchParams,
      reply: UndoReply,
      can: segmentPolicy.bulk,
      async handle({ params: { batch }, actor }) {
        const had = batch.startsWith('bulk:') ? await findBatch(db, batch) : null;
        if (!had || (had.actorId !== actor.id && actor.role !== 'administrator')) throw new AppError('not_found', 'no such change of mine');
        if (had.undoneAt !== null) throw new AppError('conflict', 'undone already', { reason: 'undone' });
        const undone = await deps.clientBulk.undo(actor, batch);
        await inTransaction(db, async (trx) => {
          await closeBatch(trx, batch, actor.id, now());
          await audit(trx, { actorId: actor.id, what: 'clients.bulk_undone', table: 'batches', rowId: batch, details: undone });
        });
        return undone;
      },
    }),
    route({
      method: 'post',
      path: '/segments/export',
      summary: 'All whom a filter finds as a file: CSV, XLSX, DBF, XML or vCard',
      body: ExportAsk,
      media: 'application/octet-stream',
      can: segmentPolicy.export,
      async handle({ body: { filter, ids, columns, sort, direction, format, language }, actor, res }) {
        const { how, query } = await chosen(actor, filter, ids, actor.reach.export);
        const keys = format === 'vcf' ? CARD_COLUMNS : columns;
        const fields = keys.flatMap((key) => how.fields.get(key) ?? []);
        if (fields.length !== keys.length) throw new AppError('invalid', 'no such column', { issues: [{ path: 'body.columns', code: 'no_such_field' }] }); // prettier-ignore
        const [{ count }] = (await query(false).count({ count: '*' })) as [{ count: number }];
        await audit(db, { actorId: actor.id, what: 'clients.exported', table: 'clients', details: { format, columns: keys, rows: Number(count), filter } }); // prettier-ignore
        deps.sighted(actor.id, 'exported', Number(count));
        const rows = async function* () {
          for (let after: string | undefined, more = true; more;) {
            const page = await pageOf(query(true), { sort, direction }, after, PAGE);
            const listed = await deps.clientList.rows(db, actor, page.ids, keys, { language, timeZone: how.timeZone });
            for (const { cells } of listed) yield keys.map((key) => cells[key] ?? '');
            after = page.next ?? undefined;
            more = page.next !== null;
          }
        };
        const sheet = { columns: fields.map(({ key, label }) => ({ key, label: label[language] })), rows: rows(), language };
        res.set('Content-Disposition', `attachment; filename="allo-clients.${format}"`);
        res.set('Content-Type', SHEET_MEDIA[format]);
        await pipeline(writeSheet(format, sheet), res);
      },
    }),
  ];
};
