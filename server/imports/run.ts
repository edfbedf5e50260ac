import type { Deps } from '../deps.ts';
import { openBatch } from '../core/batches.ts';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { draftOf } from './mapping.ts';
import { findImport, updateImport, writeRows } from './queries.ts';
import type { RowOutcome, StoredImport } from './queries.ts';
import { readTable } from './read/table.ts';
import type { Line } from './read/csv.ts';

/** The lines of a file, a few hundred a transaction: what became of each is written with it, so a killed import goes on behind the last one. */

const AT_ONCE = 400;
/** Others make clients meanwhile: the ids that were counted ahead are taken, so the same lines are tried anew. */
const TRIES = 8;

export const batchOf = (id: number): string => `import:${id}`;

const codeOf = (err: unknown): string | null => {
  const issues = err instanceof AppError ? (err.data.issues as { code: string }[] | undefined) : undefined;
  return issues?.[0]?.code ?? null;
};

/** In one transaction: as many of these lines as can be taken together. @returns how many */
const takeSome = (deps: Deps, job: StoredImport, actor: Parameters<Deps['bringClients']>[3]['actor'], lines: readonly Line[], bytes: number): Promise<number> =>
  inTransaction(deps.db, async (trx) => {
    const at = deps.now();
    const brought = lines.flatMap((line) => ('fault' in line ? [] : [{ line: line.line, ...draftOf(line.cells, job.mapping, job.rules.kind) }]));
    const came = brought.length === 0 ? [] : await deps.bringClients(trx, brought, job.rules, { actor, at, batch: batchOf(job.id), write: true });
    const byLine = new Map(came.map((one) => [one.line, one]));
    // Up to the first line that was not taken.
    const stop = lines.findIndex((line) => !('fault' in line) && !byLine.has(line.line));
    const done = stop < 0 ? lines : lines.slice(0, stop);
    const rows = done.map((line): RowOutcome => {
      const one = byLine.get(line.line);
      if ('fault' in line) return { line: line.line, outcome: 'rejected', clientId: null, reason: line.fault, cells: line.cells };
      return { line: line.line, outcome: one!.outcome, clientId: one!.clientId, reason: one!.reason, cells: one!.outcome === 'rejected' ? line.cells : null };
    });
    await writeRows(trx, job.id, rows);
    const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
    const now = (await findImport(trx, job.id))!;
    await updateImport(trx, job.id, {
      line: rows.at(-1)!.line, alive_at: at, bytes_read: bytes,
      made: now.made + count('made'), changed: now.changed + count('changed'), skipped: now.skipped + count('skipped'), rejected: now.rejected + count('rejected'),
    });
    return rows.length;
  }); // prettier-ignore

const takeAll = async (deps: Deps, job: StoredImport, actor: Parameters<typeof takeSome>[2], lines: Line[], bytes: number): Promise<void> => {
  let left: readonly Line[] = lines;
  for (let tries = 0; left.length > 0; )
    try {
      left = left.slice(await takeSome(deps, job, actor, left, bytes));
      tries = 0;
    } catch (err) {
      if (!isDuplicate(err) || ++tries >= TRIES) throw err;
    }
}; // prettier-ignore

/**
 * Works until the file ends, somebody stops it, or the process goes. The caller has claimed it.
 * @returns its state then
 */
export const runImport = async (deps: Deps, id: number, path: string): Promise<StoredImport['state']> => {
  const job = (await findImport(deps.db, id))!;
  const person = await deps.directory.actorOf(job.actorId);
  const end = async (state: StoredImport['state'], fault: string | null) => {
    const ended = await deps
      .db('imports')
      .where({ id, state: 'running' })
      .update({ state, fault, finished_at: deps.now(), alive_at: null });
    if (ended === 1) deps.push([job.actorId], { topic: 'imports', id });
    return state;
  };
  if (!person) return end('failed', 'left');
  const actor = { ...person, sessionId: '' };
  let bytes = 0;
  let lines: Line[] = [];
  let header = true;
  let told = 0;
  try {
    for await (const line of readTable(path, job.bytes, job, (n) => (bytes += n))) {
      if (header || line.line <= job.line) {
        header = false;
        continue;
      }
      lines.push(line);
      if (lines.length < AT_ONCE) continue;
      await takeAll(deps, job, actor, lines, bytes);
      lines = [];
      if ((await findImport(deps.db, id))?.state !== 'running') return 'stopped';
      if (deps.now() - told > 1_000) {
        told = deps.now();
        deps.push([job.actorId], { topic: 'imports', id });
      }
    }
    await takeAll(deps, job, actor, lines, bytes);
  } catch (err) {
    const code = codeOf(err);
    if (code === null) throw err;
    await takeAll(deps, job, actor, lines, bytes); // what could be read before the fault
    return end('failed', code);
  }
  return end('done', null);
};

/** Opens the batch once, however often the import is started. */
export const openImportBatch = async (deps: Deps, job: StoredImport): Promise<void> => {
  try {
    await openBatch(deps.db, { batch: batchOf(job.id), actorId: job.actorId, at: deps.now(), details: { name: job.name } });
  } catch (err) {
    if (!isDuplicate(err)) throw err;
  }
};
