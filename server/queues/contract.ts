import { z } from 'zod';
import { CallBackRule } from '../callbacks/contract.ts';
import { OutcomeCode } from '../outcomes/contract.ts';
import { Id, UserBrief } from '../users/contract.ts';

const HOUR_S = 3600;
/** Those of app_queue that need nothing else. */
const Strategy = z.enum(['rrmemory', 'ringall', 'leastrecent', 'fewestcalls', 'random', 'linear']);
const Seconds = z.number().int().min(0).max(HOUR_S);

/** T of a service level, s: up to each of these waits are counted, so that it can be asked for long after. */
export const TARGET_SECONDS = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600] as const;
export type TargetSeconds = (typeof TARGET_SECONDS)[number];

/** What a queue's calls are measured by: so many per cent of them answered within so many seconds. */
export interface ServiceTarget {
  seconds: TargetSeconds;
  percent: number;
}
/** Of a queue that Allo does not know, or knows no more. */
export const USUAL_TARGET: ServiceTarget = { seconds: 20, percent: 80 };

/** "PBX:NAME" -> what people call it ('': the name), and its target. */
export type QueueBriefs = ReadonlyMap<string, { label: string; target: ServiceTarget }>;

/** Queues of one PBX that have another target than the usual one, by the target. */
export const targetClasses = (briefs: QueueBriefs): { pbx: string; queues: string[]; target: ServiceTarget }[] => {
  const classes = new Map<string, { pbx: string; queues: string[]; target: ServiceTarget }>();
  for (const [ref, { target }] of briefs) {
    if (target.seconds === USUAL_TARGET.seconds && target.percent === USUAL_TARGET.percent) continue;
    const pbx = ref.slice(0, ref.indexOf(':'));
    const name = `${pbx} ${target.seconds} ${target.percent}`;
    const found = classes.get(name) ?? { pbx, queues: [], target };
    classes.set(name, found);
    found.queues.push(ref.slice(pbx.length + 1));
  }
  return [...classes.values()];
};

/** A queue of the PBX and what Allo does with its calls. `name` is Asterisk's, `label` what people call it ('': the name). */
export const Queue = z.object({
  id: Id,
  pbx: z.string(),
  name: z.string(),
  label: z.string(),
  record: z.enum(['none', 'all']),
  /** Days that recordings are kept; 0: for ever. */
  keepDays: z.number().int(),
  /** Time after a call in which no other comes; 0: none. */
  wrapUpSeconds: z.number().int(),
  /** As far as an operator may extend it. */
  wrapUpMaxSeconds: z.number().int(),
  /** The time after a call lasts until it has an outcome. */
  outcomeRequired: z.boolean(),
  /** Outcomes, or groups of them, that it offers; none: all. */
  outcomes: z.array(OutcomeCode),
  /** Its service level: so many per cent answered within T, s. */
  targetSeconds: z.literal(TARGET_SECONDS),
  targetPercent: z.number().int(),
  /** Of queues.conf: how members are rung, how long each, which queue is served first, how often the caller hears the position (0: never). */
  strategy: Strategy,
  ringSeconds: z.number().int(),
  weight: z.number().int(),
  announceSeconds: z.number().int(),
  callBack: CallBackRule,
  /** Rises with every change. */
  version: z.number().int(),
});
export type Queue = z.infer<typeof Queue>;

const QueueName = z.object({ pbx: z.string().regex(/^[\w-]{1,32}$/), name: z.string().regex(/^[\w.-]{1,80}$/) });

/** `missing`: "PBX:NAME" that Allo knows and the PBX has not; `found`: the other way round. Of PBXs that answer. */
export const QueueList = z.object({
  items: z.array(Queue),
  missing: z.array(z.string()),
  found: z.array(QueueName),
  /** PBXs into whose file Allo may write the queues. */
  writable: z.array(z.string()),
  pbxs: z.array(z.string()),
  can: z.object({ edit: z.boolean(), members: z.boolean() }),
});
export type QueueList = z.infer<typeof QueueList>;

/** POST: makes a queue known, new or one that the PBX has. */
export const QueueDraft = QueueName;

/** PATCH: what is missing stays. `version`: of what was edited; another one meanwhile is a conflict. */
export const QueueEdit = z
  .object({
    label: z
      .string()
      .trim()
      .max(200)
      .regex(/^[^\p{Cc}]*$/u),
    wrapUpSeconds: Seconds,
    wrapUpMaxSeconds: Seconds,
    outcomeRequired: z.boolean(),
    outcomes: z.array(OutcomeCode).max(200),
    record: z.enum(['none', 'all']),
    keepDays: z.number().int().min(0).max(36_500),
    targetSeconds: z.literal(TARGET_SECONDS),
    targetPercent: z.number().int().min(1).max(100),
    strategy: Strategy,
    ringSeconds: z.number().int().min(5).max(120),
    weight: z.number().int().min(0).max(100),
    announceSeconds: z.number().int().min(0).max(600),
    callBack: CallBackRule,
    version: z.number().int(),
  })
  .partial();
export type QueueEdit = z.infer<typeof QueueEdit>;

export const QueueReply = z.object({ queue: Queue });
export type QueueReply = z.infer<typeof QueueReply>;

/** An operator of the queue. `penalty`: skill, 0 the best; whoever has more is rung when nobody with less is free. */
const QueueMember = z.object({
  user: UserBrief,
  extension: z.string().nullable(),
  penalty: z.number().int(),
  /** Now: in the queue, on the way into it (the PBX did not do it yet), not on shift. */
  state: z.enum(['joined', 'joining', 'off']),
});
export const QueueMembers = z.object({
  version: z.number().int(),
  items: z.array(QueueMember),
  /** In the queue at the PBX without being of Allo: written into queues.conf (`fixed`), or added by somebody else. null: the PBX does not answer. */
  others: z.array(z.object({ extension: z.string(), name: z.string(), penalty: z.number().int(), fixed: z.boolean() })).nullable(),
});
export type QueueMembers = z.infer<typeof QueueMembers>;
export const QueueMembersDraft = z.object({
  version: z.number().int(),
  items: z.array(z.object({ userId: Id, penalty: z.number().int().min(0).max(100) })).max(2000),
});
export type QueueMembersDraft = z.infer<typeof QueueMembersDraft>;

export const PbxQuery = z.object({ pbx: z.string().min(1).max(32) });
/** The queues of a PBX as its queues.conf would have them. */
export const QueuesConf = z.object({
  text: z.string(),
  /** Where Allo may write it; null: nowhere. */
  file: z.string().nullable(),
  /** What stands there: this, another text of Allo's, somebody else's; absent: nothing. */
  stands: z.enum(['same', 'older', 'foreign', 'absent']).nullable(),
});
export type QueuesConf = z.infer<typeof QueuesConf>;
export const ConfWritten = z.object({ file: z.string(), reloaded: z.boolean() });
