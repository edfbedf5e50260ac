import type { Feature } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { openBatch } from '../core/batches.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import type { User, UserBrief } from '../users/contract.ts';
import { HandoverDraft, HandoverList, HandoverPreview, HandoverQuery, HandoverReply, HeldKind, Holder, PeopleReply } from './contract.ts'; // prettier-ignore
import type { Handover, HandoverRule, Share } from './contract.ts';
import { deputyRoutes } from './deputy-routes.ts';
import { takers } from './plan.ts';
import { handoverPolicy } from './policy.ts';
import { claimHandover, findHandover, insertHandover, isOnItsWay, listHandovers, waitingHandovers } from './queries.ts';
import type { Counts, StoredHandover } from './queries.ts';
import { batchOf, beginUndo, previewHandover, runHandover } from './run.ts';
import type { HandoverDeps } from './run.ts';

/** Whoever has not said for so long that they work on it is taken for dead. */
const DEAD_MS = 60_000;
const SWEEP_MS = 15_000;
const PAGE = 30;

/** From users: also those who have left. */
export interface Employees {
  find(id: number): Promise<User | null>;
  /** By id, behind `after`. */
  page(after: number, limit: number): Promise<User[]>;
  /** Signs them out everywhere, takes their phone and their queues; they are kept out. @throws AppError conflict (the last administrator) */
  leave(id: number, by: { actorId: number; ip?: string }): Promise<void>;
}

const bad = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path: `body.${path}`, code }] });

/** /api/handover: what a person has goes to colleagues, for good or while they are away. */
export const handoverFeature = (deps: HandoverDeps, employees: Employees): Feature => ({
  routes: [...deputyRoutes(deps, employees.find), ...peopleRoutes(deps, employees), ...handoverRoutes(deps, employees)],
  async start(roles) {
    if (!roles.has('worker')) return () => {};
    deps.jobs.handle('handover.run', async ({ id }) => {
      if (!(await claimHandover(deps.db, id, deps.now(), DEAD_MS))) return;
      await runHandover(deps, id);
      deps.push([(await findHandover(deps.db, id))!.actorId], { topic: 'handover', id });
    });
    // What was being done when a process died, or whose job was lost.
    const sweep = async () => {
      for (const id of await waitingHandovers(deps.db, deps.now(), DEAD_MS)) await deps.jobs.add('handover.run', { id });
    };
    const tidy = () => void sweep().catch((err: unknown) => deps.log.warn({ err }, 'hand-overs: sweep'));
    tidy();
    const timer = setInterval(tidy, SWEEP_MS);
    return () => clearInterval(timer);
  },
});

/** @throws AppError not_found: there is no such person, or not for this actor */
const personFor = async (employees: Employees, actor: Actor, id: number): Promise<User> => {
  const person = await employees.find(id);
  if (!person || !handoverPolicy.about(actor, person)) throw new AppError('not_found', 'no such person of mine');
  return person;
};

const briefOf = ({ id, name, role }: User): UserBrief => ({ id, name, role });

const peopleRoutes = (deps: HandoverDeps, employees: Employees): Route[] => [
  route({
    method: 'get',
    path: '/handover/people',
    summary: 'Everybody, also who has left, and what a rule can go by',
    reply: PeopleReply,
    can: handoverPolicy.use,
    async handle({ actor }) {
      const all: User[] = [];
      for (let page = await employees.page(0, 500); page.length > 0; page = await employees.page(all.at(-1)!.id, 500)) all.push(...page);
      const items = all
        .map((user) => ({ ...briefOf(user), departmentId: user.departmentId, leftAt: user.leftAt, can: handoverPolicy.about(actor, user) }))
        .sort((a, b) => a.name.localeCompare(b.name, 'ru') || a.id - b.id);
      const departments = (await deps.departments(deps.db)).map(({ id, name }) => ({ id, name }));
      return { items, departments, stages: await deps.clientStages(deps.db), can: { leave: handoverPolicy.leave(actor) } };
    },
  }),
  route({
    method: 'get',
    path: '/handover/people/:id',
    summary: 'What a person has now, by kind',
    params: IdParam,
    reply: Holder,
    can: handoverPolicy.use,
    async handle({ params: { id }, actor }) {
      const person = await personFor(employees, actor, id);
      const held: Holder['held'] = [];
      for (const kind of HeldKind.options) held.push({ kind, n: await deps.holdings[kind].count(deps.db, id) });
      const can = { handOver: true, leave: handoverPolicy.leave(actor) && person.leftAt === null && id !== actor.id };
      return { user: briefOf(person), departmentId: person.departmentId, leftAt: person.leftAt, extension: person.extension?.extension ?? null, held, can }; // prettier-ignore
    },
  }),
  route({
    method: 'post',
    path: '/handover/people/:id/leave',
    summary: 'The person has left: signed out everywhere, without phone and queues, at once',
    params: IdParam,
    can: handoverPolicy.leave,
    async handle({ params: { id }, actor, req }) {
      await personFor(employees, actor, id);
      if (id === actor.id) throw new AppError('conflict', 'nobody shuts themselves out', { reason: 'themselves' });
      await employees.leave(id, { actorId: actor.id, ...(req.ip === undefined ? {} : { ip: req.ip }) });
    },
  }),
];

const handoverRoutes = (deps: HandoverDeps, employees: Employees): Route[] => {
  const { db, now, audit } = deps;

  /** @throws AppError not_found, invalid */
  const check = async (actor: Actor, { fromId, rule }: { fromId: number; rule: HandoverRule }): Promise<User> => {
    const person = await personFor(employees, actor, fromId);
    for (const id of takers(rule)) {
      if (id === fromId) throw bad('rule.to', 'themselves');
      if (!(await deps.directory.actorOf(id))) throw bad('rule.to', 'unknown_user');
    }
    return person;
  };
  const shares = async (counts: Counts): Promise<Share[]> => {
    const users = await deps.directory.briefs([...new Set(Object.values(counts).flatMap(({ to }) => Object.keys(to).map(Number)))]);
    return HeldKind.options.flatMap((kind) => {
      const of = counts[kind];
      if (!of) return [];
      const to = Object.entries(of.to).flatMap(([id, n]) => (users.has(Number(id)) ? [{ user: users.get(Number(id))!, n }] : []));
      return [{ kind, to, kept: of.kept }];
    });
  };
  const present = async (actor: Actor, jobs: readonly StoredHandover[]): Promise<Handover[]> => {
    const users = await deps.directory.briefs([...new Set(jobs.flatMap(({ fromId, actorId }) => [fromId, actorId]))]);
    const shown: Handover[] = [];
    for (const { fromId, actorId, rule, state, counts, id, createdAt, finishedAt } of jobs) {
      const person = await employees.find(fromId);
      if (!person || !handoverPolicy.about(actor, person)) continue;
      shown.push({ id, rule, state, createdAt, finishedAt, from: users.get(fromId) ?? null, actor: users.get(actorId) ?? null, items: await shares(counts), can: { undo: state === 'done' && person.leftAt === null && handoverPolicy.undo(actor, actorId) } }); // prettier-ignore
    }
    return shown;
  };
  const one = async (actor: Actor, id: number): Promise<Handover> => {
    const job = await findHandover(db, id);
    const [shown] = job ? await present(actor, [job]) : [];
    if (!shown) throw new AppError('not_found', 'no such hand-over of mine');
    return shown;
  };
  /** In their own order, each once. */
  const ordered = (kinds: readonly HeldKind[]): HeldKind[] => HeldKind.options.filter((kind) => kinds.includes(kind));

  return [
    route({
      method: 'get',
      path: '/handover',
      summary: 'What was handed over, the latest first',
      query: HandoverQuery,
      reply: HandoverList,
      can: handoverPolicy.use,
      async handle({ query: { before }, actor }) {
        const jobs = await listHandovers(db, before, PAGE);
        return { items: await present(actor, jobs), next: jobs.length === PAGE ? jobs.at(-1)!.id : null };
      },
    }),
    route({
      method: 'post',
      path: '/handover/preview',
      summary: 'What would become whose; nothing is written',
      body: HandoverDraft,
      reply: HandoverPreview,
      can: handoverPolicy.use,
      async handle({ body, actor }) {
        await check(actor, body);
        return { items: await shares(await previewHandover(deps, { ...body, kinds: ordered(body.kinds), reach: actor.reach.bulk })) };
      },
    }),
    route({
      method: 'post',
      path: '/handover',
      summary: 'Hand over: in the background, as one thing that can be undone',
      body: HandoverDraft,
      reply: HandoverReply,
      status: 201,
      can: handoverPolicy.use,
      async handle({ body, actor }) {
        const { fromId, rule } = body;
        await check(actor, body);
        const kinds = ordered(body.kinds);
        const id = await inTransaction(db, async (trx) => {
          // the person's row: two hand-overs at once would give one another's away
          await trx('users').where({ id: fromId }).forUpdate().first('id');
          if (await isOnItsWay(trx, fromId)) throw new AppError('conflict', 'one is on its way', { reason: 'running' });
          const made = await insertHandover(trx, { fromId, actorId: actor.id, rule, kinds, at: now() });
          await openBatch(trx, { batch: batchOf(made), actorId: actor.id, at: now(), details: { fromId, kinds } });
          await audit(trx, {
            actorId: actor.id,
            what: 'handover.started',
            table: 'handovers',
            rowId: made,
            details: { fromId, rule, kinds },
          });
          return made;
        });
        await deps.jobs.add('handover.run', { id });
        return { handover: await one(actor, id) };
      },
    }),
    route({
      method: 'get',
      path: '/handover/:id',
      summary: 'How far a hand-over is',
      params: IdParam,
      reply: HandoverReply,
      can: handoverPolicy.use,
      handle: async ({ params: { id }, actor }) => ({ handover: await one(actor, id) }),
    }),
    route({
      method: 'post',
      path: '/handover/:id/undo',
      summary: 'Everything goes back to whom it came from; what has gone on since or is done stays',
      params: IdParam,
      reply: HandoverReply,
      can: handoverPolicy.use,
      async handle({ params: { id }, actor }) {
        const asked = await one(actor, id);
        if (asked.state === 'done' && !asked.can.undo)
          throw new AppError('forbidden', 'what somebody else handed over, or of somebody who has left');
        const begun = await inTransaction(db, (trx) => beginUndo(deps, trx, id, actor.id));
        if (!begun) throw new AppError('conflict', 'not to be undone', { reason: (await findHandover(db, id))!.state });
        await deps.jobs.add('handover.run', { id });
        return { handover: await one(actor, id) };
      },
    }),
  ];
};
