import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Deps, Feature } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { closeBatch } from '../core/batches.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { SHEET_MEDIA, writeSheet } from '../core/sheets/write.ts';
import { IdParam } from '../users/contract.ts';
import { DryRun, ImportEdit, ImportList, ImportReply, ImportUndone, ImportUpload } from './contract.ts';
import type { Import } from './contract.ts';
import { createIntake, refused } from './intake.ts';
import type { Intake } from './intake.ts';
import { OWN_TARGETS, draftOf } from './mapping.ts';
import { profileRoutes } from './profile-routes.ts';
import { createProfiles } from './profiles.ts';
import { importPolicy } from './policy.ts';
import { claim, findImport, listImports, madeBy, moveState, rejectedOf, updateImport, waiting } from './queries.ts'; // prettier-ignore
import type { StoredImport } from './queries.ts';
import { batchOf, openImportBatch, runImport } from './run.ts';

/** Lines shown before the mapping is chosen, and tried before the run. */
const SAMPLE = 5;
const TRIAL = 500;
/** Whoever has not said for so long that they work on it is taken for dead. */
const DEAD_MS = 60_000;
const SWEEP_MS = 15_000;
const PAGE = 500;

/** /api/imports: files that become clients. */
export const importsFeature = (deps: Deps): Feature => {
  const pathOf = (id: number): string => join(deps.config.dataDir, 'imports', `${id}.bin`);
  const work = async (id: number): Promise<void> => {
    if (await claim(deps.db, id, deps.now(), DEAD_MS)) await runImport(deps, id, pathOf(id));
  };
  const intake = createIntake(deps, pathOf);
  const profiles = createProfiles(deps, intake);
  return {
    // "profiles" stands before ":id"
    routes: [...profileRoutes(deps, profiles), ...importRoutes(deps, pathOf, intake)],
    async start(roles) {
      if (!roles.has('worker')) return () => {};
      deps.jobs.handle('imports.run', ({ id }) => work(id));
      // What was being done when a process died, or whose job was lost.
      const sweep = async () => {
        for (const id of await waiting(deps.db, deps.now(), DEAD_MS)) await deps.jobs.add('imports.run', { id });
        await profiles.sweep();
      };
      const tidy = () => void sweep().catch((err: unknown) => deps.log.warn({ err }, 'imports: sweep'));
      tidy();
      const timer = setInterval(tidy, SWEEP_MS);
      return () => clearInterval(timer);
    },
  };
};

const importRoutes = (deps: Deps, pathOf: (id: number) => string, intake: Intake): Route[] => {
  const { db, now, audit } = deps;

  const mine = async (actor: Actor, id: number): Promise<StoredImport> => {
    const job = await findImport(db, id);
    if (!job || (job.actorId !== actor.id && actor.role !== 'administrator')) throw new AppError('not_found', 'no such import of mine');
    return job;
  };
  const present = async (jobs: readonly StoredImport[]): Promise<Import[]> => {
    const users = await deps.directory.briefs([...new Set(jobs.map(({ actorId }) => actorId))]);
    return jobs.map(({ actorId, bytes, bytesRead, line: _, ...job }) => ({
      ...job,
      actor: users.get(actorId) ?? null,
      progress: job.state === 'done' ? 1 : bytesRead > 0 ? Math.min(1, bytesRead / Math.max(1, bytes)) : null,
    }));
  };
  const reply = async (id: number) => {
    const job = (await findImport(db, id))!;
    const sample = job.state === 'ready' ? (await head(job, SAMPLE)).slice(1).map(({ cells }) => [...cells]) : [];
    return { import: (await present([job]))[0]!, sample };
  };

  const { head, look, receive, admit } = intake;

  return [
    route({
      method: 'get',
      path: '/imports',
      summary: 'Files that I have brought in; an administrator sees those of everybody',
      reply: ImportList,
      can: importPolicy.list,
      handle: async ({ actor }) => ({ items: await present(await listImports(db, actor.role === 'administrator' ? null : actor.id)), can: { import: importPolicy.run(actor) } }), // prettier-ignore
    }),
    route({
      method: 'post',
      path: '/imports',
      summary: 'A file as the body (application/octet-stream): CSV, TXT, XLSX, DBF, XML, vCard; XLS and ODS where LibreOffice is installed',
      query: ImportUpload,
      reply: ImportReply,
      status: 201,
      can: importPolicy.run,
      async handle({ query: { name }, actor, req }) {
        const upload = pathOf(0).replace(/0\.bin$/, `${actor.id}-${now()}.part`);
        try {
          await receive(req, upload);
          const id = await admit(upload, name, actor);
          const { bytes } = (await findImport(db, id))!;
          await audit(db, { actorId: actor.id, what: 'import.uploaded', table: 'imports', rowId: id, details: { name, bytes } });
          return await reply(id);
        } finally {
          await rm(upload, { force: true });
        }
      },
    }),
    route({
      method: 'get',
      path: '/imports/:id',
      summary: 'How far an import is',
      params: IdParam,
      reply: ImportReply,
      can: importPolicy.run,
      async handle({ params: { id }, actor }) {
        await mine(actor, id);
        return reply(id);
      },
    }),
    route({
      method: 'patch',
      path: '/imports/:id',
      summary: 'What the columns mean, what is a match and what becomes of it',
      params: IdParam,
      body: ImportEdit,
      reply: ImportReply,
      can: importPolicy.run,
      async handle({ params: { id }, body: { mapping, rules, encoding, delimiter }, actor }) {
        const job = await mine(actor, id);
        if (job.state !== 'ready') throw new AppError('conflict', 'it runs already', { reason: job.state });
        if (encoding || delimiter)
          await look(job, { format: job.format, encoding: encoding ?? job.encoding, delimiter: delimiter ?? job.delimiter }, actor);
        const { columns } = (await findImport(db, id))!;
        if (mapping) {
          const writable = (await deps.clientList.catalogue(actor)).filter(({ own, writable: may }) => !own && may).map(({ key }) => key);
          const wrong = mapping.find((target) => target !== null && !OWN_TARGETS.includes(target) && !writable.includes(target));
          if (mapping.length !== columns.length || wrong !== undefined) throw refused('no_such_field', 'mapping');
        }
        await updateImport(db, id, { ...(mapping ? { mapping: JSON.stringify(mapping) } : {}), ...(rules ? { rules: JSON.stringify(rules) } : {}) }); // prettier-ignore
        return reply(id);
      },
    }),
    route({
      method: 'post',
      path: '/imports/:id/check',
      summary: 'What would become of the first lines; nothing is written',
      params: IdParam,
      reply: DryRun,
      can: importPolicy.run,
      async handle({ params: { id }, actor }) {
        const job = await mine(actor, id);
        const [, ...lines] = await head(job, TRIAL + 1);
        const trial = lines.slice(0, TRIAL);
        const brought = trial.flatMap((line) =>
          'fault' in line ? [] : [{ line: line.line, ...draftOf(line.cells, job.mapping, job.rules.kind) }],
        );
        const by = { actor, at: now(), batch: batchOf(id), write: false };
        const came = new Map((await deps.bringClients(db, brought, job.rules, by)).map((one) => [one.line, one]));
        const names = new Map(brought.map(({ line, name }) => [line, name]));
        const report = trial.map((line) => {
          const one = came.get(line.line);
          const outcome = one?.outcome ?? 'rejected';
          return { line: line.line, outcome, reason: one ? one.reason : 'fault' in line ? line.fault : null, name: names.get(line.line) ?? '', clientId: one?.clientId ?? null }; // prettier-ignore
        });
        const counts = { made: 0, changed: 0, skipped: 0, rejected: 0 };
        report.forEach(({ outcome }) => counts[outcome]++);
        return { lines: report, counts, whole: lines.length <= TRIAL };
      },
    }),
    route({
      method: 'post',
      path: '/imports/:id/start',
      summary: 'Takes the file in, in the background; or goes on with what was stopped',
      params: IdParam,
      reply: ImportReply,
      can: importPolicy.run,
      async handle({ params: { id }, actor }) {
        const job = await mine(actor, id);
        if (!job.mapping.some((target) => target?.startsWith('name') || target === 'company')) throw refused('name_missing', 'mapping');
        await openImportBatch(deps, job);
        if (!(await moveState(db, id, ['ready', 'stopped'], 'running', { alive_at: null, finished_at: null }))) throw new AppError('conflict', 'it runs or is over', { reason: job.state }); // prettier-ignore
        await audit(db, { actorId: actor.id, what: 'import.started', table: 'imports', rowId: id });
        await deps.jobs.add('imports.run', { id });
        return reply(id);
      },
    }),
    route({
      method: 'post',
      path: '/imports/:id/stop',
      summary: 'Stops behind the lines that are being taken',
      params: IdParam,
      reply: ImportReply,
      can: importPolicy.run,
      async handle({ params: { id }, actor }) {
        const job = await mine(actor, id);
        if (!(await moveState(db, id, ['running'], 'stopped', { alive_at: null }))) throw new AppError('conflict', 'it does not run', { reason: job.state }); // prettier-ignore
        return reply(id);
      },
    }),
    route({
      method: 'post',
      path: '/imports/:id/undo',
      summary: 'Takes the whole import back: who was made goes, who was changed is as before; who has been worked with since stays',
      params: IdParam,
      reply: ImportUndone,
      can: importPolicy.run,
      async handle({ params: { id }, actor }) {
        const job = await mine(actor, id);
        if (!['done', 'stopped', 'failed'].includes(job.state))
          throw new AppError('conflict', 'it runs, or is undone', { reason: job.state });
        const { restored, kept } = await deps.clientBulk.undo(actor, batchOf(id));
        let [archived, seen, after] = [0, 0, 0];
        for (;;) {
          const rows = await madeBy(db, id, after, PAGE);
          if (rows.length === 0) break;
          archived += await inTransaction(db, (trx) => deps.takeBackClients(trx, rows.map(({ clientId }) => clientId), now())); // prettier-ignore
          seen += rows.length;
          after = rows.at(-1)!.line;
        }
        await inTransaction(db, async (trx) => {
          if (!(await moveState(trx, id, [job.state], 'undone'))) throw new AppError('conflict', 'undone meanwhile', { reason: 'undone' });
          if (job.line > 0) await closeBatch(trx, batchOf(id), actor.id, now());
          await audit(trx, { actorId: actor.id, what: 'import.undone', table: 'imports', rowId: id, details: { archived, restored } });
        });
        return { archived, restored, kept: kept + seen - archived };
      },
    }),
    route({
      method: 'get',
      path: '/imports/:id/rejected',
      summary: 'The lines that were not taken, with the reason in a column of its own: mended, the file can be brought in again',
      params: IdParam,
      media: 'text/csv',
      can: importPolicy.run,
      async handle({ params: { id }, actor, res }) {
        const job = await mine(actor, id);
        const rows = async function* () {
          for (let after = 0; ;) {
            const page = await rejectedOf(db, id, after, PAGE);
            if (page.length === 0) return;
            for (const { line, reason, cells } of page) yield [...job.columns.map((_, i) => cells[i] ?? ''), String(line), reason];
            after = page.at(-1)!.line;
          }
        };
        await audit(db, { actorId: actor.id, what: 'import.rejected_saved', table: 'imports', rowId: id });
        res.set('Content-Disposition', `attachment; filename="allo-rejected-${id}.csv"`).set('Content-Type', SHEET_MEDIA.csv);
        const columns = [...job.columns, 'line', 'reason'].map((label) => ({ key: label, label }));
        await pipeline(writeSheet('csv', { columns, rows: rows(), language: 'ru' }), res);
      },
    }),
  ];
};
