import type { Deps, Feature } from '../deps.ts';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { readDepartments, readLevels } from './book.ts';
import { DepartmentDraft, DepartmentReply, LevelDraft, RightParams, RightsReply } from './contract.ts';
import { departmentTree, rightsPolicy } from './policy.ts';

const bad = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path: `body.${path}`, code }] });

/** /api/rights: how far each role reaches, and the tree of departments that the reach goes by. */
export const rightsFeature = ({ db, bus, audit, now }: Deps): Feature => ({
  routes: [
    route({
      method: 'get',
      path: '/rights',
      summary: 'How far each role reaches with clients, and the departments',
      reply: RightsReply,
      can: rightsPolicy.read,
      handle: async ({ actor }) => ({
        levels: await readLevels(db),
        departments: await readDepartments(db),
        can: { edit: rightsPolicy.edit(actor) },
      }),
    }),
    route({
      method: 'post',
      path: '/rights/departments',
      summary: 'A new department',
      body: DepartmentDraft,
      reply: DepartmentReply,
      status: 201,
      can: rightsPolicy.edit,
      async handle({ body: { name, parentId }, actor }) {
        const department = await inTransaction(db, async (trx) => {
          const all = await readDepartments(trx);
          if (parentId !== null && !all.some(({ id }) => id === parentId)) throw bad('parentId', 'unknown_department');
          const [id] = (await trx('departments')
            .insert({ name, parent_id: parentId, created_at: now() })
            .catch((err: unknown) => {
              throw isDuplicate(err) ? bad('name', 'taken') : err;
            })) as [number];
          await audit(trx, { actorId: actor.id, what: 'department.created', table: 'departments', rowId: id });
          return { id, name, parentId };
        });
        bus.emit('rights.changed', {});
        return { department };
      },
    }),
    route({
      method: 'put',
      path: '/rights/departments/:id',
      summary: 'Renames a department, or makes it a part of another one; never of one below it',
      params: IdParam,
      body: DepartmentDraft,
      reply: DepartmentReply,
      can: rightsPolicy.edit,
      async handle({ params: { id }, body: { name, parentId }, actor }) {
        await inTransaction(db, async (trx) => {
          // Locked together: two moves at once must not make a circle.
          await trx('departments').select('id').forUpdate();
          const all = await readDepartments(trx);
          if (!all.some((each) => each.id === id)) throw new AppError('not_found', 'no such department');
          if (parentId !== null && !all.some((each) => each.id === parentId)) throw bad('parentId', 'unknown_department');
          const parents = new Map(all.map((each) => [each.id, each.parentId]));
          if (parentId !== null && departmentTree(id, parents).includes(parentId)) throw bad('parentId', 'circle');
          await trx('departments')
            .where({ id })
            .update({ name, parent_id: parentId })
            .catch((err: unknown) => {
              throw isDuplicate(err) ? bad('name', 'taken') : err;
            });
          await audit(trx, { actorId: actor.id, what: 'department.changed', table: 'departments', rowId: id, details: { name, parentId } });
        });
        bus.emit('rights.changed', {});
        return { department: { id, name, parentId } };
      },
    }),
    route({
      method: 'put',
      path: '/rights/:role/:action',
      summary: 'How far a role reaches with an action',
      params: RightParams,
      body: LevelDraft,
      can: rightsPolicy.edit,
      async handle({ params: { role, action }, body: { level }, actor }) {
        await inTransaction(db, async (trx) => {
          await trx('rights').insert({ role, action, level }).onConflict(['role', 'action']).merge(['level']);
          await audit(trx, { actorId: actor.id, what: 'rights.changed', table: 'rights', details: { role, action, level } });
        });
        bus.emit('rights.changed', {});
      },
    }),
  ],
});
