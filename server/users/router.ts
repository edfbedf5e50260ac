import { signedIn } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { ColleagueList, IdParam, UserCreated, UserDraft, UserEdit, UserPage, UserReply, UserSearch } from './contract.ts';
import { userPolicy } from './policy.ts';
import { findUser, listColleagues, listUsers } from './queries.ts';
import { createUser, editUser } from './service.ts';
import type { UserDeps } from './service.ts';

/** /api/users. `endSessions`: signs a person out everywhere. */
export const userRoutes = (deps: UserDeps & { endSessions(userId: number): Promise<void> }): Route[] => [
  route({
    method: 'get',
    path: '/users',
    summary: 'Everybody who works or has worked here, by id',
    query: UserSearch,
    reply: UserPage,
    can: userPolicy.list,
    async handle({ query }) {
      const items = await listUsers(deps.db, query);
      return { items, next: items.length === query.limit ? items.at(-1)!.id : null };
    },
  }),
  route({
    method: 'get',
    path: '/users/colleagues',
    summary: 'To whom I can hand a call over: the phones of my PBX',
    reply: ColleagueList,
    can: signedIn,
    handle: async ({ actor }) => ({ items: await listColleagues(deps.db, actor.id) }),
  }),
  route({
    method: 'get',
    path: '/users/:id',
    summary: 'One person',
    params: IdParam,
    reply: UserReply,
    can: userPolicy.list,
    async handle({ params, actor }) {
      const user = await findUser(deps.db, params.id);
      if (!user) throw new AppError('not_found', 'no such user');
      return { user, can: { edit: userPolicy.edit(actor) } };
    },
  }),
  route({
    method: 'post',
    path: '/users',
    summary: 'A new person',
    body: UserDraft,
    reply: UserCreated,
    status: 201,
    can: userPolicy.edit,
    async handle({ body, actor, req }) {
      const { user, password } = await createUser(deps, body, { actorId: actor.id, ip: req.ip });
      return { user, password, can: { edit: true } };
    },
  }),
  route({
    method: 'patch',
    path: '/users/:id',
    summary: 'Changes a person; left: true signs them out and keeps them out',
    params: IdParam,
    body: UserEdit,
    reply: UserReply,
    can: userPolicy.edit,
    async handle({ params, body, actor, req }) {
      const user = await editUser(deps, params.id, body, { actorId: actor.id, ip: req.ip });
      // A role, a department or a password that is gone must not live on in an open session.
      if (body.left || body.password !== undefined || body.role !== undefined) await deps.endSessions(user.id);
      return { user, can: { edit: true } };
    },
  }),
];
