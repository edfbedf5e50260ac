import type { Deps } from '../deps.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { ProfileDraft, ProfileEdit, ProfileList, ProfileReply } from './contract.ts';
import type { ImportProfile } from './contract.ts';
import { importPolicy } from './policy.ts';
import { findProfile, insertProfile, lastImports, listProfiles } from './profiles.ts';
import type { Profiles, StoredProfile } from './profiles.ts';
import { findImport } from './queries.ts';

/** /api/imports/profiles */
export const profileRoutes = (deps: Deps, profiles: Profiles): Route[] => {
  const { db, now, audit } = deps;
  const present = async (stored: readonly StoredProfile[]): Promise<ImportProfile[]> => {
    const [users, last] = [await deps.directory.briefs(stored.map(({ ownerId }) => ownerId)), await lastImports(db)];
    return stored.map(({ ownerId, columns: _, mapping: __, rules: ___, ...profile }) => ({
      ...profile,
      owner: users.get(ownerId) ?? null,
      importId: last.get(profile.id) ?? null,
    }));
  };
  const reply = async (id: number) => ({ profile: (await present([(await findProfile(db, id))!]))[0]! });

  return [
    route({
      method: 'get',
      path: '/imports/profiles',
      summary: 'Imports that repeat by themselves',
      reply: ProfileList,
      can: importPolicy.schedule,
      handle: async () => ({ items: await present(await listProfiles(db)) }),
    }),
    route({
      method: 'post',
      path: '/imports/:id/profile',
      summary: 'What was imported here, from now on by itself from a folder or an address, with the same columns',
      params: IdParam,
      body: ProfileDraft,
      reply: ProfileReply,
      status: 201,
      can: importPolicy.schedule,
      async handle({ params: { id }, body, actor }) {
        const job = await findImport(db, id);
        if (!job) throw new AppError('not_found', 'no such import');
        if (job.state === 'ready') throw new AppError('conflict', 'not started yet', { reason: 'ready' });
        const made = await inTransaction(db, async (trx) => {
          const { columns, mapping, rules } = job;
          const profile = await insertProfile(trx, { ...body, ownerId: actor.id, columns, mapping, rules, on: true, nextAt: now() }, now());
          await audit(trx, { actorId: actor.id, what: 'import.scheduled', table: 'import_profiles', rowId: profile, details: body });
          return profile;
        });
        return reply(made);
      },
    }),
    route({
      method: 'patch',
      path: '/imports/profiles/:id',
      summary: 'On or off, and how often',
      params: IdParam,
      body: ProfileEdit,
      reply: ProfileReply,
      can: importPolicy.schedule,
      async handle({ params: { id }, body: { on, everyMinutes }, actor }) {
        if (!(await findProfile(db, id))) throw new AppError('not_found', 'no such profile');
        await inTransaction(db, async (trx) => {
          const set = { ...(on === undefined ? {} : { is_on: on, next_at: now() }), ...(everyMinutes === undefined ? {} : { every_minutes: everyMinutes }) }; // prettier-ignore
          if (Object.keys(set).length > 0) await trx('import_profiles').where({ id }).update(set);
          await audit(trx, { actorId: actor.id, what: 'import.schedule_edited', table: 'import_profiles', rowId: id, details: { on, everyMinutes } }); // prettier-ignore
        });
        return reply(id);
      },
    }),
    route({
      method: 'post',
      path: '/imports/profiles/:id/run',
      summary: 'Looks now',
      params: IdParam,
      reply: ProfileReply,
      can: importPolicy.schedule,
      async handle({ params: { id } }) {
        const profile = await findProfile(db, id);
        if (!profile) throw new AppError('not_found', 'no such profile');
        if (!profile.on) throw new AppError('conflict', 'it is off', { reason: 'off' });
        await db('import_profiles').where({ id }).update({ next_at: now() });
        await profiles.sweep();
        return reply(id);
      },
    }),
  ];
};
