import type { Deps } from '../deps.ts';
import { isMine } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import type { Complaint, ComplaintBrief, Handover } from './contract.ts';
import { PARKED, complaints, entriesOf, movesOf } from './rows.ts';
import type { ComplaintRow } from './rows.ts';
import { clocksOfComplaint } from './timing.ts';

/** With the names behind the ids: of a client who is seen, or whose complaint is the actor's to work on. */
export const presentBriefs = async (deps: Deps, actor: Actor, rows: readonly ComplaintRow[]): Promise<ComplaintBrief[]> => {
  const users = await deps.directory.briefs([...new Set(rows.flatMap((row) => row.owner_id ?? []))]);
  const clients = await deps.clientsSeen(actor, [...new Set(rows.flatMap((row) => row.client_id ?? []))]);
  const own = rows.flatMap((row) =>
    row.client_id !== null && isMine(actor, row.owner_id) && !clients.has(row.client_id) ? row.client_id : [],
  );
  for (const [id, brief] of await deps.clientBriefs(own)) clients.set(id, brief);
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    subject: row.subject,
    categoryId: row.category_id,
    severity: row.severity,
    channel: row.channel,
    status: row.status,
    client: clients.get(row.client_id ?? 0) ?? null,
    contactName: row.contact_name,
    owner: users.get(row.owner_id ?? 0) ?? null,
    departmentId: row.department_id,
    registeredAt: row.registered_at,
    dueAt: row.is_open === 1 && row.place < PARKED ? row.place : null,
    closedAt: row.closed_at,
    version: row.version,
  }));
};

export interface CompensationRow {
  id: number;
  complaint_id: number;
  kind: Complaint['compensations'][number]['kind'];
  amount: number;
  currency: string;
  note: string;
  state: Complaint['compensations'][number]['state'];
  user_id: number;
  at: number;
  decided_by: number | null;
  decided_at: number | null;
}
export interface TaskRow {
  id: number;
  complaint_id: number;
  kind: 'corrective' | 'call-back';
  task_id: number;
  user_id: number;
  text: string;
  due_at: number;
  until_at: number | null;
  settled_at: number | null;
  done_at: number | null;
  done_by: number | null;
  result: string;
}
export interface HandoverRow {
  id: number;
  complaint_id: number;
  from_department_id: number | null;
  to_department_id: number;
  user_id: number;
  from_owner_id: number | null;
  reason: string;
  checklist: string;
  at: number;
  deadline_at: number;
  state: Handover['state'];
  answered_by: number | null;
  answered_at: number | null;
  answer: string;
}
export const checklistOf = (row: Pick<HandoverRow, 'checklist'>): Handover['checklist'] =>
  JSON.parse(row.checklist) as Handover['checklist'];

const callsOf = async (deps: Deps, actor: Actor, id: number): Promise<Complaint['calls']> => {
  const rows = (await deps.db('complaint_calls').where('complaint_id', id).orderBy('moment_at').limit(50)) as { call_ref: string; moment_at: number }[]; // prettier-ignore
  return Promise.all(
    rows.map(async ({ call_ref, moment_at }) => {
      const at = call_ref.indexOf(':');
      const call = { pbx: call_ref.slice(0, at), linkedid: call_ref.slice(at + 1) };
      const can = deps.recordings.may(actor, await deps.talkedIn(actor.id, call.pbx, call.linkedid));
      return { ref: call_ref, momentAt: moment_at, recordings: await deps.recordings.of(call), can };
    }),
  );
};

const linksOf = async (deps: Deps, actor: Actor, id: number, mayRead: MayRead): Promise<Complaint['links']> => {
  const pairs = (await deps
    .db('complaint_links')
    .where('complaint_id', id)
    .orWhere('other_id', id)
    .limit(100)) as { complaint_id: number; other_id: number; kind: string }[]; // prettier-ignore
  const otherOf = (pair: (typeof pairs)[number]) => (pair.complaint_id === id ? pair.other_id : pair.complaint_id);
  const rows = await complaints(deps.db).whereIn('id', pairs.map(otherOf));
  const readable: ComplaintRow[] = [];
  for (const row of rows) if (await mayRead(row)) readable.push(row);
  const briefs = new Map((await presentBriefs(deps, actor, readable)).map((brief) => [brief.id, brief]));
  return pairs.flatMap((pair) => {
    const complaint = briefs.get(otherOf(pair));
    return complaint ? [{ kind: pair.kind, complaint }] : [];
  });
};

/** Asks the policy of another complaint. */
type MayRead = (row: ComplaintRow) => Promise<boolean>;

/** The whole ticket, with what of the others beside it the actor may read. */
export const presentComplaint = async (deps: Deps, actor: Actor, row: ComplaintRow, mayRead: MayRead): Promise<Complaint> => {
  const { db } = deps;
  const of = { complaint_id: row.id };
  const entries = await entriesOf(db, row.id);
  const sent = (await db('complaint_entry_files').whereIn('entry_id', entries.filter(({ kind }) => kind === 'out').map(({ id }) => id)).orderBy('file_id')) as { entry_id: number; file_id: number; name: string; size: number }[]; // prettier-ignore
  const moves = await movesOf(db, row.id);
  const compensations = (await db('complaint_compensations').where(of).orderBy('id').limit(100)) as CompensationRow[];
  const tasks = (await db('complaint_tasks').where(of).orderBy('id').limit(100)) as TaskRow[];
  const handovers = (await db('complaint_handovers').where(of).orderBy('id').limit(100)) as HandoverRow[];
  const watchers = (await db('complaint_watchers').where(of).pluck('user_id')) as number[];
  const done = await deps.tasksDone(tasks.map(({ task_id }) => task_id)); // prettier-ignore

  const ids = [entries, moves, compensations, tasks, handovers].flat().map(({ user_id }) => user_id);
  const more = [row.registered_by, ...watchers, ...compensations.map((one) => one.decided_by), ...handovers.map((one) => one.answered_by)];
  const users = await deps.directory.briefs([...new Set([...ids, ...more].filter((id) => id !== null))]);
  const who = (id: number | null) => users.get(id ?? 0) ?? null;
  const near = await complaints(db).whereIn('id', [row.repeat_of, row.merged_into].filter((id) => id !== null)); // prettier-ignore
  const beside: ComplaintRow[] = [];
  for (const one of near) if (await mayRead(one)) beside.push(one);
  const [brief, ...others] = await presentBriefs(deps, actor, [row, ...beside]);
  const other = (id: number | null) => others.find((one) => one.id === id) ?? null;
  return {
    ...brief!,
    contactPhone: row.contact_phone,
    contactEmail: row.contact_email,
    product: row.product,
    queue: row.queue,
    wish: row.wish,
    registeredBy: who(row.registered_by),
    resolvedAt: row.resolved_at,
    causeId: row.cause_id,
    doneText: row.done_text,
    told: row.told === null ? null : Boolean(row.told),
    notToldReason: row.not_told_reason,
    repeatOf: other(row.repeat_of),
    mergedInto: other(row.merged_into),
    satisfaction: row.satisfaction,
    satisfactionText: row.satisfaction_text,
    clocks: (await clocksOfComplaint(db, row.id)).map((clock) => ({
      kind: clock.kind,
      startedAt: clock.started_at,
      targetMs: clock.target_ms,
      dueAt: clock.due_at,
      leftMs: clock.left_ms,
      stoppedAt: clock.stopped_at,
      met: clock.met === null ? null : Boolean(clock.met),
    })),
    entries: entries.map(({ id, kind, channel, at, user_id, text, html, address }) => ({
      id,
      kind,
      channel,
      at,
      user: who(user_id),
      text,
      html,
      address,
      files: sent.filter(({ entry_id }) => entry_id === id).map(({ file_id, name, size }) => ({ id: file_id, name, size })),
    })),
    moves: moves.map(({ id, kind, from_value, to_value, note, user_id, at }) => ({
      id,
      kind,
      from: from_value,
      to: to_value,
      note,
      user: who(user_id),
      at,
    })),
    calls: await callsOf(deps, actor, row.id),
    links: await linksOf(deps, actor, row.id, mayRead),
    watchers: watchers.flatMap((id) => who(id) ?? []),
    compensations: compensations.map(({ id, kind, amount, currency, note, state, user_id, at, decided_by }) => ({ id, kind, amount, currency, note, state, user: who(user_id), at, decidedBy: who(decided_by) })), // prettier-ignore
    tasks: tasks.map(({ id, kind, user_id, text, due_at, until_at, task_id, result }) => ({ id, kind, user: who(user_id), text, dueAt: due_at, untilAt: until_at, doneAt: done.get(task_id) ?? null, result })), // prettier-ignore
    handovers: handovers.map((one) => ({
      id: one.id,
      fromDepartmentId: one.from_department_id,
      toDepartmentId: one.to_department_id,
      user: who(one.user_id),
      reason: one.reason,
      checklist: checklistOf(one),
      at: one.at,
      deadlineAt: one.deadline_at,
      state: one.state,
      answeredBy: who(one.answered_by),
      answer: one.answer,
    })),
  };
};
