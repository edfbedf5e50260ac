import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Deps, Feature } from '../app.ts';
import type { Actor } from '../core/authorize.ts';
import { closeBatch } from '../core/batches.ts';
import { inTransaction } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { SHEET_MEDIA, writeSheet } from '../core/sheets/write.ts';
import { IdParam } from '../users/contract.ts';
import { DryRun, ImportEdit, ImportList, ImportReply, ImportRules, ImportUndone, ImportUpload } from './contract.ts';
import type { Import } from './contract.ts';
import { OWN_TARGETS, draftOf, proposeMapping, signatureOf } from './mapping.ts';
import { importPolicy } from './policy.ts';
import { claim, findImport, insertImport, listImports, madeBy, moveState, rejectedOf, rememberedMapping, updateImport, waiting } from './queries.ts'; // prettier-ignore
import type { StoredImport } from './queries.ts';
import { officeKind, toXlsx } from './read/office.ts';
import { kindOf, readTable } from './read/table.ts';
import type { Kind } from './read/table.ts';
import type { Line } from './read/csv.ts';
import { batchOf, openImportBatch, runImport } from './run.ts';

const MOST_BYTES = 500_000_000;
/** Lines shown before the mapping is chosen, and tried before the run. */
const SAMPLE = 5;
const TRIAL = 500;
/** Whoever has not said for so long that they work on it is taken for dead. */
const DEAD_MS = 60_000;
const SWEEP_MS = 15_000;
const PAGE = 500;

const refused = (code: string, path = 'file') => new AppError('invalid', `${path}: ${code}`, { issues: [{ path: `body.${path}`, code }] });

/** /api/imports: files that become clients. */
export const importsFeature = (deps: Deps): Feature => {
  const pathOf = (id: number): string => join(deps.config.dataDir, 'imports', `${id}.bin`);
  const work = async (id: number): Promise<void> => {
    if (await claim(deps.db, id, deps.now(), DEAD_MS)) await runImport(deps, id, pathOf(id));
  };
  return {
    routes: importRoutes(deps, pathOf),
    async start(roles) {
      if (!roles.has('worker')) return () => {};
      deps.jobs.handle('imports.run', ({ id }) => work(id));
      // What was being done when a process died, or whose job was lost.
      const sweep = async () => {
        for (const id of await waiting(deps.db, deps.now(), DEAD_MS)) await deps.jobs.add('imports.run', { id });
      };
      const tidy = () => void sweep().catch((err: unknown) => deps.log.warn({ err }, 'imports: sweep'));
      tidy();
      const timer = setInterval(tidy, SWEEP_MS);
      return () => clearInterval(timer);
    },
  };
};

const importRoutes = (deps: Deps, pathOf: (id: number) => string): Route[] => {
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
  const head = async (job: StoredImport, most: number): Promise<Line[]> => {
    const lines: Line[] = [];
    for await (const line of readTable(pathOf(job.id), job.bytes, job)) if (lines.push(line) > most) break;
    return lines;
  };
  const reply = async (id: number) => {
    const job = (await findImport(db, id))!;
    const sample = job.state === 'ready' ? (await head(job, SAMPLE)).slice(1).map(({ cells }) => [...cells]) : [];
    return { import: (await present([job]))[0]!, sample };
  };

  /** What the file is, its columns, and how they may be meant. */
  const look = async (job: StoredImport, kind: Kind, actor: Actor): Promise<void> => {
    const first = (await head({ ...job, ...kind }, 0))[0];
    if (!first || 'fault' in first) throw refused('fault' in (first ?? {}) ? 'broken_quote' : 'empty');
    if (first.cells.length > 500) throw refused('too_many_columns');
    const columns = first.cells.map((cell) => cell.trim().slice(0, 200));
    const signature = signatureOf(columns);
    const remembered = await rememberedMapping(db, actor.id, signature);
    const mapping = remembered ?? proposeMapping(columns, await deps.clientList.catalogue(actor));
    await updateImport(db, job.id, { ...kind, columns: JSON.stringify(columns), signature, mapping: JSON.stringify(mapping), rules: JSON.stringify(ImportRules.parse({})) }); // prettier-ignore
  };

  const receive = async (req: NodeJS.ReadableStream, path: string): Promise<void> => {
    let bytes = 0;
    const counting = new Transform({
      transform(chunk: Buffer, _, next) {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) next(new AppError('too_large', 'the file is too large', { most: MOST_BYTES }));
        else next(null, chunk);
      },
    });
    await pipeline(req, counting, createWriteStream(path));
  };

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
        await mkdir(join(deps.config.dataDir, 'imports'), { recursive: true });
        const upload = pathOf(0).replace(/0\.bin$/, `${actor.id}-${now()}.part`);
        try {
          await receive(req, upload);
          const office = await officeKind(upload);
          if (office) await toXlsx(upload, office);
          const { size: bytes } = await stat(upload);
          const kind = await kindOf(upload, name);
          const id = await insertImport(db, { actorId: actor.id, name, bytes, at: now() });
          await rename(upload, pathOf(id));
          try {
            await look((await findImport(db, id))!, kind, actor);
          } catch (err) {
            await db('imports').where({ id }).delete();
            await rm(pathOf(id), { force: true });
            throw err;
          }
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
