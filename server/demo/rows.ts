import { parsePhone } from '../core/phone.ts';
import type { DemoCall, DemoSegment } from './calls.ts';

/** Calls as the call log has them: the same rows that a bridge's facts come to. */

export interface RowContext {
  readonly pbx: string;
  readonly country: string;
  /** Id of the first call. */
  readonly firstId: number;
  readonly userIds: ReadonlyMap<string, number>;
  readonly extensions: ReadonlyMap<string, string>;
  /** E.164 -> the clients that have it. */
  readonly owners: ReadonlyMap<string, readonly number[]>;
  /** Outcome -> its flags, JSON. */
  readonly flags: ReadonlyMap<string, string>;
}

const RANK = { offered: 0, dialled: 1, talked: 2 } as const;

/** Login -> the most of what they did. */
const partsOf = (call: DemoCall): Map<string, keyof typeof RANK> => {
  const parts = new Map<string, keyof typeof RANK>();
  const add = (login: string | null, part: keyof typeof RANK) => {
    if (login !== null && RANK[part] >= RANK[parts.get(login) ?? 'offered']) parts.set(login, part);
  };
  add(call.initiator, 'dialled');
  for (const { kind, operator, endReason } of call.segments)
    if (kind === 'talk') add(operator, 'talked');
    else if (kind === 'offer' && endReason !== 'answered') add(operator, 'offered');
  return parts;
};

/** Seconds of the start as Asterisk writes them, and a number that tells calls of one second apart. */
const linkedid = (call: DemoCall, n: number): string => `${Math.floor(call.startedAt / 1000)}.${n}`;

export const rowsOf = (calls: readonly DemoCall[], at: RowContext) => {
  const rows = calls.map((call, i) => {
    const id = at.firstId + i;
    const key = linkedid(call, 2 * i);
    const outer = call.direction === 'internal' ? null : parsePhone(call.direction === 'out' ? call.to : call.from, at.country).e164;
    const owners = (outer !== null && at.owners.get(outer)) || [];
    const parts = partsOf(call);
    const talk = call.segments.find((s) => s.kind === 'talk');
    const talkMs = talk ? talk.to - talk.from : 0;
    const flags = call.outcome === null ? null : (at.flags.get(call.outcome) ?? '[]');
    const by = talk?.operator ?? call.initiator;
    return { call, id, key, outer, parts, talkMs, flags, by, clientId: owners.length === 1 ? owners[0]! : null };
  });
  const segment = (id: number, key: string, call: DemoCall, s: DemoSegment, n: number) => ({
    call_id: id,
    // The caller's channel waits in the queue; each phone that rings has one of its own.
    segment_key: s.kind === 'queue' ? `queue:${key}:1` : `${s.kind}:${key.replace(/\.(\d+)$/, (_, c) => `.${Number(c) + 1}`)}:${n}`,
    kind: s.kind,
    user_id: s.operator === null ? null : at.userIds.get(s.operator)!,
    extension: s.operator === null ? null : at.extensions.get(s.operator)!,
    queue: s.kind === 'talk' ? null : call.queue,
    started_at: s.from,
    ended_at: s.to,
    end_reason: s.endReason,
  });
  return {
    calls: rows.map(({ call, id, key, outer, talkMs, flags, clientId }) => ({
      id,
      pbx: at.pbx,
      linkedid: key,
      direction: call.direction,
      from_raw: call.from,
      to_raw: call.to,
      from_e164: call.direction === 'in' ? outer : null,
      to_e164: call.direction === 'out' ? outer : null,
      caller_name: call.fromName,
      client_id: clientId,
      queue: call.queue,
      started_at: call.startedAt,
      answered_at: call.answeredAt,
      ended_at: call.endedAt,
      end_reason: call.endReason,
      wait_ms: (call.answeredAt ?? call.endedAt) - call.startedAt,
      talk_ms: talkMs,
      outcome: call.outcome,
      outcome_flags: flags,
      note: call.note,
    })),
    call_segments: rows.flatMap(({ call, id, key }) => call.segments.map((s, n) => segment(id, key, call, s, n + 1))),
    call_operators: rows.flatMap(({ call, id, parts }) =>
      [...parts].map(([login, part]) => ({ call_id: id, user_id: at.userIds.get(login)!, part, started_at: call.startedAt })),
    ),
    call_outcomes: rows.flatMap(({ call, id, by, flags }) =>
      call.outcome === null || by === null
        ? []
        : [{ call_id: id, user_id: at.userIds.get(by)!, outcome: call.outcome, flags, note: call.note, at: call.endedAt + 7000 }],
    ),
    timeline: rows.flatMap(({ call, key, outer, talkMs, by, clientId }) =>
      clientId === null
        ? []
        : [
            {
              clientId,
              at: call.startedAt,
              kind: 'call',
              ref: `${at.pbx}:${key}`,
              userId: by === null ? null : at.userIds.get(by)!,
              data: {
                direction: call.direction,
                number: outer,
                queue: call.queue,
                answeredAt: call.answeredAt,
                endedAt: call.endedAt,
                endReason: call.endReason,
                talkMs,
                outcome: call.outcome,
              },
            },
          ],
    ),
  };
};
