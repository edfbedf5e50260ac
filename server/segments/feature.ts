import type { Deps, Feature } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { brokenFields, checkFilter } from './compile.ts';
import { CountAsk, CountReply, DefaultDraft, RowsAsk, RowsPage, SegmentDraft, SegmentEdit, SegmentFields, SegmentList, SegmentReply } from './contract.ts'; // prettier-ignore
import type { SegmentField } from './contract.ts';
import { massRoutes } from './mass.ts';
import { segmentPolicy } from './policy.ts';
import { defaultSegment, findSegment, insertSegment, listSegments, setDefault, updateSegment } from './queries.ts';
import type { StoredSegment } from './queries.ts';
import { compiling, countFound, found, pageOf } from './rows.ts';

/** /api/segments: lists of clients by saved filters. */
export const segmentsFeature = (deps: Deps): Feature => ({ routes: [...savedRoutes(deps), ...listRoutes(deps), ...massRoutes(deps)] });

/** What campaigns are handed: the ids of a segment's clients in ascending order, behind `afterId`. */
export const segmentClients =
  (deps: Deps): Deps['segmentClients'] =>
  async (db, actor, segmentId, afterId, limit) => {
    const segment = await findSegment(db, segmentId);
    if (!segment || !segmentPolicy.read(actor, segment)) throw new AppError('not_found', 'no such segment');
    // As whoever asks sees it, as in their own list: what its maker reaches is not lent with a shared filter.
    const how = await compiling(deps, db, actor, segment.filter);
    return (await found(deps, { ...how, walked: true }, actor.reach.view, segment.filter).where('c.id', '>', afterId).orderBy('c.id').limit(limit).pluck('c.id')) as number[]; // prettier-ignore
  };

const savedRoutes = (deps: Deps): Route[] => {
  const { db, now, audit } = deps;

  const present = async (actor: Actor, rows: readonly StoredSegment[]) => {
    const how = await compiling(deps, db, actor);
    const users = await deps.directory.briefs([...new Set(rows.map(({ ownerId }) => ownerId))]);
    return rows.map(({ ownerId, ...row }) => ({
      ...row,
      owner: users.get(ownerId) ?? null,
      broken: brokenFields(row.filter, how),
      can: { edit: segmentPolicy.edit(actor, { ownerId }) },
    }));
  };
  const reply = async (actor: Actor, id: number) => ({ segment: (await present(actor, [(await findSegment(db, id))!]))[0]! });

  const editable = async (actor: Actor, id: number): Promise<StoredSegment> => {
    const segment = await findSegment(db, id);
    if (!segment || !segmentPolicy.read(actor, segment)) throw new AppError('not_found', 'no such filter');
    if (!segmentPolicy.edit(actor, segment)) throw new AppError('forbidden', 'a filter of somebody else');
    return segment;
  };
  const mayShare = (actor: Actor, roles: readonly string[] | undefined) => {
    if (roles && roles.length > 0 && !segmentPolicy.share(actor)) throw new AppError('forbidden', `${actor.role}: to share a filter`);
  };

  return [
    route({
      method: 'get',
      path: '/segments',
      summary: 'My saved filters and those that are shared with my role',
      reply: SegmentList,
      can: segmentPolicy.use,
      async handle({ actor }) {
        const items = await present(actor, (await listSegments(db)).filter((segment) => segmentPolicy.read(actor, segment))); // prettier-ignore
        const chosen = await defaultSegment(db, actor.id);
        const can = { share: segmentPolicy.share(actor), export: segmentPolicy.export(actor), bulk: segmentPolicy.bulk(actor) };
        return { items, defaultId: items.some(({ id }) => id === chosen) ? chosen : null, can };
      },
    }),
    route({
      method: 'get',
      path: '/segments/fields',
      summary: 'What a filter can ask: fields of the card and facts about the client',
      reply: SegmentFields,
      can: segmentPolicy.use,
      async handle({ actor }) {
        const fields = (await deps.clientList.catalogue(actor)).map((field): SegmentField => ({ ...field, args: [], fact: false }));
        const facts = deps.clientFacts.map((fact): SegmentField => ({
          key: fact.key, type: fact.type, label: fact.label, kinds: ['company', 'person'], own: false, options: null, to: null, operators: [...fact.operators], writable: false, archived: false, fact: true,
          args: fact.args.map(({ key, label, options }) => ({ key, label, options: options && [...options] })),
        })); // prettier-ignore
        const users = (await deps.directory.staff()).sort((a, b) => a.name.localeCompare(b.name, 'ru') || a.id - b.id);
        const departments = (await deps.departments(db)).map(({ id, name }) => ({ id, name }));
        return { items: [...fields, ...facts], users: users.map(({ id, name }) => ({ id, name })), departments };
      },
    }),
    route({
      method: 'put',
      path: '/segments/default',
      summary: 'With which saved filter my list opens',
      body: DefaultDraft,
      can: segmentPolicy.use,
      async handle({ body: { id }, actor }) {
        const segment = id === null ? null : await findSegment(db, id);
        if (id !== null && (!segment || !segmentPolicy.read(actor, segment))) throw new AppError('not_found', 'no such filter');
        await setDefault(db, actor.id, id);
      },
    }),
    route({
      method: 'post',
      path: '/segments',
      summary: 'Save a filter',
      body: SegmentDraft,
      reply: SegmentReply,
      status: 201,
      can: segmentPolicy.use,
      async handle({ body, actor }) {
        mayShare(actor, body.sharedRoles);
        checkFilter(body.filter, await compiling(deps, db, actor));
        const id = await inTransaction(db, async (trx) => {
          const made = await insertSegment(trx, actor.id, body, now());
          await audit(trx, { actorId: actor.id, what: 'segment.created', table: 'segments', rowId: made });
          return made;
        });
        return reply(actor, id);
      },
    }),
    route({
      method: 'patch',
      path: '/segments/:id',
      summary: 'Change a saved filter',
      params: IdParam,
      body: SegmentEdit,
      reply: SegmentReply,
      can: segmentPolicy.use,
      async handle({ params: { id }, body: { version, ...edit }, actor }) {
        await editable(actor, id);
        mayShare(actor, edit.sharedRoles);
        if (edit.filter) checkFilter(edit.filter, await compiling(deps, db, actor));
        await inTransaction(db, async (trx) => {
          await updateSegment(trx, id, version, edit, now());
          await audit(trx, { actorId: actor.id, what: 'segment.edited', table: 'segments', rowId: id, details: { fields: Object.keys(edit) } });
        }); // prettier-ignore
        return reply(actor, id);
      },
    }),
    route({
      method: 'delete',
      path: '/segments/:id',
      summary: 'Take a saved filter out of the lists',
      params: IdParam,
      can: segmentPolicy.use,
      async handle({ params: { id }, actor }) {
        const { version } = await editable(actor, id);
        await inTransaction(db, async (trx) => {
          await updateSegment(trx, id, version, { archivedAt: now() }, now());
          await audit(trx, { actorId: actor.id, what: 'segment.archived', table: 'segments', rowId: id });
        });
      },
    }),
  ];
};

const listRoutes = (deps: Deps): Route[] => [
  route({
    method: 'post',
    path: '/segments/rows',
    summary: 'A page of the clients that a filter finds, with the columns asked for',
    body: RowsAsk,
    reply: RowsPage,
    can: segmentPolicy.use,
    async handle({ body: { filter, columns, sort, direction, language, after, limit }, actor }) {
      const how = await compiling(deps, deps.db, actor, filter);
      const { ids, next } = await pageOf(
        found(deps, { ...how, walked: true }, actor.reach.view, filter),
        { sort, direction },
        after,
        limit,
      );
      const items = await deps.clientList.rows(deps.db, actor, ids, columns, { language, timeZone: how.timeZone });
      deps.sighted(actor.id, 'listed', items.length);
      return { items, next };
    },
  }),
  route({
    method: 'post',
    path: '/segments/count',
    summary: 'How many clients a filter finds',
    body: CountAsk,
    reply: CountReply,
    can: segmentPolicy.use,
    async handle({ body: { filter }, actor }) {
      return { count: await countFound(deps, await compiling(deps, deps.db, actor, filter), actor.reach.view, filter) };
    },
  }),
];
