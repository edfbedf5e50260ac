import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Core, Deps, Feature } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { CodeParam, OutcomeDraft, OutcomeEdit, OutcomeList, OutcomeMove, OutcomeReply, OutcomeTree } from './contract.ts';
import { outcomePolicy } from './policy.ts';
import { OWN, deleteOutcome, insertOutcome, isUsed, orderOutcomes, readOutcomes, updateOutcome, usedCodes } from './queries.ts';
import type { StoredOutcome } from './queries.ts';
import { isGroup, isIn, isOffered, mayStandIn } from './tree.ts';

const invalid = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path, code }] });

/** What the other features are handed. */
export const outcomesDeps = (
  core: Pick<Core, 'db'>,
  offeredBy: Deps['queueOutcomes'],
): Pick<Deps, 'outcomeFor' | 'areOutcomes' | 'outcomesWith'> => ({
  async outcomeFor(code, { pbx, queue }) {
    const all = await readOutcomes(core.db);
    const chosen = all.find((each) => each.code === code);
    if (!chosen || !isOffered(all, chosen) || isGroup(all, code)) return null;
    const only = queue === null ? [] : ((await offeredBy())[`${pbx}:${queue}`] ?? []);
    return isIn(all, code, only) ? chosen : null;
  },
  async areOutcomes(codes) {
    const known = new Set((await readOutcomes(core.db)).map(({ code }) => code));
    return codes.every((code) => known.has(code));
  },
  outcomesWith: async (flag) => (await readOutcomes(core.db)).filter(({ flags }) => flags.includes(flag)).map(({ code }) => code),
});

/** /api/outcomes */
export const outcomesFeature = (deps: Pick<Deps, 'db' | 'audit' | 'now' | 'queueOutcomes'>): Feature => {
  const find = (all: readonly StoredOutcome[], code: string): StoredOutcome => {
    const found = all.find((each) => each.code === code);
    if (!found) throw new AppError('not_found', 'no such outcome');
    return found;
  };
  const checkParent = (all: readonly StoredOutcome[], code: string | null, parent: string | null | undefined) => {
    if (parent != null && !mayStandIn(all, code, parent)) throw invalid('body.parent', 'no_such_group');
  };
  const told = (trx: Knex, actor: Actor, what: string, code: string, details: object) =>
    deps.audit(trx, { actorId: actor.id, what, table: 'outcomes', rowId: code, details });

  return {
    routes: [
      route({
        method: 'get',
        path: '/outcomes',
        summary: 'The outcomes an operator may choose from, in their groups',
        reply: OutcomeList,
        can: signedIn,
        async handle() {
          const all = await readOutcomes(deps.db);
          const items = all
            .filter((each) => isOffered(all, each))
            .map(({ code, label, parent, needsNote, nextStep, offered }) => ({ code, label, parent, needsNote, nextStep, offered }));
          const labels = Object.fromEntries(all.flatMap(({ code, label }) => (label === null ? [] : [[code, label]])));
          return { items, only: await deps.queueOutcomes(), labels };
        },
      }),
      route({
        method: 'get',
        path: '/outcomes/tree',
        summary: 'All outcomes, the retired ones too, with what they mean',
        reply: OutcomeTree,
        can: outcomePolicy.tree,
        async handle({ actor }) {
          const used = await usedCodes(deps.db);
          const items = (await readOutcomes(deps.db)).map((each) => ({ ...each, used: !each.code.startsWith(OWN) || used.has(each.code) }));
          return { items, can: { edit: outcomePolicy.edit(actor) } };
        },
      }),
      route({
        method: 'post',
        path: '/outcomes',
        summary: 'A new outcome, or a group to be',
        body: OutcomeDraft,
        reply: OutcomeReply,
        status: 201,
        can: outcomePolicy.edit,
        handle: ({ body, actor }) =>
          inTransaction(deps.db, async (trx) => {
            checkParent(await readOutcomes(trx), null, body.parent);
            const outcome = { ...body, code: OWN + randomBytes(5).toString('hex'), retiredAt: null };
            await insertOutcome(trx, outcome);
            await told(trx, actor, 'outcome.created', outcome.code, body);
            return { outcome: { ...outcome, used: false } };
          }),
      }),
      route({
        method: 'patch',
        path: '/outcomes/:code',
        summary: 'Changes an outcome, or retires it; calls keep what they were given',
        params: CodeParam,
        body: OutcomeEdit,
        reply: OutcomeReply,
        can: outcomePolicy.edit,
        handle: ({ params, body: { retired, ...edit }, actor }) =>
          inTransaction(deps.db, async (trx) => {
            const all = await readOutcomes(trx);
            const before = find(all, params.code);
            checkParent(all, params.code, edit.parent);
            if (edit.label === null && params.code.startsWith(OWN)) throw invalid('body.label', 'required');
            const retiredAt = retired === undefined ? before.retiredAt : retired ? (before.retiredAt ?? deps.now()) : null;
            const after = { ...before, ...(edit as Partial<StoredOutcome>), retiredAt };
            await updateOutcome(trx, after);
            await told(trx, actor, retired ? 'outcome.retired' : 'outcome.edited', params.code, { ...edit, retired });
            return { outcome: { ...after, used: await isUsed(trx, params.code) } };
          }),
      }),
      route({
        method: 'post',
        path: '/outcomes/:code/move',
        summary: 'Up or down among those of its group',
        params: CodeParam,
        body: OutcomeMove,
        can: outcomePolicy.edit,
        handle: ({ params, body, actor }) =>
          inTransaction(deps.db, async (trx) => {
            const all = await readOutcomes(trx);
            const { parent } = find(all, params.code);
            const siblings = all.filter((each) => each.parent === parent && each.retiredAt === null).map(({ code }) => code);
            const other = siblings[siblings.indexOf(params.code) + body.by];
            if (other === undefined || !siblings.includes(params.code)) return;
            const codes = all.map(({ code }) => code);
            const [i, j] = [codes.indexOf(params.code), codes.indexOf(other)];
            [codes[i], codes[j]] = [other, params.code];
            await orderOutcomes(trx, codes);
            await told(trx, actor, 'outcome.moved', params.code, body);
          }),
      }),
      route({
        method: 'delete',
        path: '/outcomes/:code',
        summary: 'Deletes an outcome that no call ever had',
        params: CodeParam,
        can: outcomePolicy.edit,
        handle: ({ params, actor }) =>
          inTransaction(deps.db, async (trx) => {
            const all = await readOutcomes(trx);
            const gone = find(all, params.code);
            if (isGroup(all, params.code)) throw new AppError('conflict', 'outcomes stand in it', { reason: 'not_empty' });
            if (await isUsed(trx, params.code)) throw new AppError('conflict', 'calls have it, or it is shipped', { reason: 'used' });
            await deleteOutcome(trx, params.code);
            await told(trx, actor, 'outcome.deleted', params.code, { label: gone.label });
          }),
      }),
    ],
  };
};
