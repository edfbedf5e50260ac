import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import {
  LinkDraft,
  LinkParam,
  LinkReply,
  WallPastReply,
  WallboardDraft,
  WallboardEdit,
  WallboardList,
  WallboardReply,
} from './contract.ts';
import type { WallLink, WallPicture, Wallboard } from './contract.ts';
import { wallboardPolicy } from './policy.ts';
import { archiveBoard, findBoard, insertBoard, insertLink, layoutOf, linksOf, listBoards, revokeLink, updateBoard } from './queries.ts';
import type { BoardRow, LinkRow } from './queries.ts';
import { hashToken, newToken } from './token.ts';

/** /api/wallboards: what hangs on the walls, and by which links. */
export const wallboardRoutes = (deps: Deps, picture: (actor: Actor) => Promise<WallPicture>): Route[] => {
  const shownLink = async ({ id, label, created_at, created_by, seen_at }: LinkRow): Promise<WallLink> => ({
    id,
    label,
    createdAt: created_at,
    createdBy: (await deps.directory.briefs([created_by])).get(created_by) ?? null,
    seenAt: seen_at,
  });

  const present = async (rows: readonly BoardRow[]): Promise<Wallboard[]> => {
    const links = rows.length > 0 ? await linksOf(deps.db, rows.map((row) => row.id)) : []; // prettier-ignore
    return Promise.all(
      rows.map(async (row) => ({
        id: row.id,
        name: row.name,
        layout: layoutOf(row),
        version: row.version,
        links: await Promise.all(links.filter((link) => link.wallboard_id === row.id).map(shownLink)),
      })),
    );
  };
  const loaded = async (id: number): Promise<BoardRow> => {
    const row = await findBoard(deps.db, id);
    if (!row) throw new AppError('not_found', 'no such wallboard');
    return row;
  };
  const reply = async (id: number) => ({ wallboard: (await present([await loaded(id)]))[0]! });
  const changed = (id: number) => deps.bus.emit('wallboard.changed', { id });
  const audit = (trx: Parameters<Deps['audit']>[0], actor: Actor, what: string, id: number, details: object = {}) =>
    deps.audit(trx, { actorId: actor.id, what: `wallboard.${what}`, table: 'wallboards', rowId: id, details });

  const can = wallboardPolicy.manage;
  return [
    route({
      method: 'get',
      path: '/wallboards',
      summary: 'The wallboards, and the links by which screens show them',
      reply: WallboardList,
      can,
      handle: async () => ({ items: await present(await listBoards(deps.db)) }),
    }),
    route({
      method: 'get',
      path: '/wallboards/picture',
      summary: 'What a wallboard would show now, for whoever arranges one',
      reply: WallPastReply,
      can,
      handle: async ({ actor }) => ({ picture: await picture(actor) }),
    }),
    route({
      method: 'post',
      path: '/wallboards',
      summary: 'Makes a wallboard',
      body: WallboardDraft,
      reply: WallboardReply,
      can,
      async handle({ body: { name, layout }, actor }) {
        const id = await inTransaction(deps.db, async (trx) => {
          const made = await insertBoard(trx, { name, layout, by: actor.id, at: deps.now() });
          await audit(trx, actor, 'created', made);
          return made;
        });
        return reply(id);
      },
    }),
    route({
      method: 'put',
      path: '/wallboards/:id',
      summary: 'Changes what a wallboard shows; its screens follow at once',
      params: IdParam,
      body: WallboardEdit,
      reply: WallboardReply,
      can,
      async handle({ params: { id }, body, actor }) {
        await loaded(id);
        await inTransaction(deps.db, async (trx) => {
          await updateBoard(trx, id, body);
          await audit(trx, actor, 'edited', id);
        });
        changed(id);
        return reply(id);
      },
    }),
    route({
      method: 'delete',
      path: '/wallboards/:id',
      summary: 'Takes a wallboard down, on every screen',
      params: IdParam,
      can,
      async handle({ params: { id }, actor }) {
        await loaded(id);
        await inTransaction(deps.db, async (trx) => {
          if (await archiveBoard(trx, id, deps.now())) await audit(trx, actor, 'archived', id);
        });
        changed(id);
      },
    }),
    route({
      method: 'post',
      path: '/wallboards/:id/links',
      summary: 'A link for a screen that nobody signs in at; it is told once',
      params: IdParam,
      body: LinkDraft,
      reply: LinkReply,
      can,
      async handle({ params: { id }, body: { label }, actor }) {
        await loaded(id);
        const token = newToken();
        const link = { wallboard_id: id, token_hash: hashToken(token), label, created_at: deps.now(), created_by: actor.id };
        const linkId = await inTransaction(deps.db, async (trx) => {
          const made = await insertLink(trx, link);
          await audit(trx, actor, 'linked', id, { link: made });
          return made;
        });
        return { link: await shownLink({ ...link, id: linkId, seen_at: null, revoked_at: null }), token };
      },
    }),
    route({
      method: 'delete',
      path: '/wallboards/:id/links/:link',
      summary: 'The link opens nothing any more; a screen that shows by it goes dark at once',
      params: LinkParam,
      can,
      async handle({ params: { id, link }, actor }) {
        await inTransaction(deps.db, async (trx) => {
          if (!(await revokeLink(trx, id, link, deps.now()))) throw new AppError('not_found', 'no such link');
          await audit(trx, actor, 'unlinked', id, { link });
        });
        changed(id);
      },
    }),
  ];
};
