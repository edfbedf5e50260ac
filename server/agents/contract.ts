import { z } from 'zod';
import { UserBrief } from '../users/contract.ts';

/** softphone: the browser is the phone. desk: a hard phone, worked by commands through the PBX. */
export const PhoneMode = z.enum(['softphone', 'desk']);

/** Why an operator gets no calls from the queues, although on shift. wrap-up: they write down the last call, or still talk in it.
 *  unreachable: the phone in their browser is lost. break: they are away, or will be after the call. cool-off: they have just rejected one. */
export const PauseReason = z.enum(['wrap-up', 'unreachable', 'break', 'cool-off']);
export type PauseReason = z.infer<typeof PauseReason>;

/** The states of metrics.md. Every moment of a shift is in exactly one of them. */
export const AgentStateName = z.enum(['offline', 'available', 'dialling', 'ringing', 'talking', 'hold', 'wrap-up', 'break', 'unreachable']);
export type AgentStateName = z.infer<typeof AgentStateName>;

/** GET /api/agents/me. `since` null: not on shift. */
export const Shift = z.object({
  extension: z.string().nullable(),
  pbx: z.string().nullable(),
  mode: PhoneMode,
  /** What this extension can do: a PBX without SIP over WebSocket (the simulator) has desk phones only. */
  modes: z.array(PhoneMode),
  since: z.number().nullable(),
  queues: z.array(z.string()),
  /** Queues that could not be joined, yet: the sweep tries again. */
  pending: z.array(z.string()),
  /** Since when the phone in the browser has been lost, which pauses the operator in the queues; null: it is there. */
  unreachableSince: z.number().nullable(),
  /** The break that goes on; `since` null: it begins after the call that goes on. */
  break: z.object({ reason: z.string(), since: z.number().nullable(), limitMinutes: z.number() }).nullable(),
  /** A break that was asked for and nobody has allowed yet. */
  asked: z.object({ reason: z.string(), at: z.number() }).nullable(),
});
export type Shift = z.infer<typeof Shift>;

/** Of somebody on shift. away: paused, after a call; unreachable: their phone is lost. */
export const AgentStateKind = z.enum(['free', 'ringing', 'busy', 'away', 'unreachable']);
export type AgentStateKind = z.infer<typeof AgentStateKind>;
export const AgentState = z.object({ userId: z.number().int(), extension: z.string(), state: AgentStateKind, since: z.number() });
export type AgentState = z.infer<typeof AgentState>;
/** GET /api/agents/states. Whoever is not in it is not on shift. */
export const AgentStates = z.object({ items: z.array(AgentState) });

export const ShiftDraft = z.object({ on: z.boolean(), mode: PhoneMode.optional() });

/** GET /api/agents/sip: reaches only the owner of the extension. `server` is Allo's own proxy, relative to the page. */
export const SipAccount = z.object({
  extension: z.string(),
  password: z.string(),
  domain: z.string(),
  server: z.string(),
  iceServers: z.array(z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() })),
});
export type SipAccount = z.infer<typeof SipAccount>;

/** Why one may be away during a shift. `label` null: the browser's words for the code. `limitMinutes` 0: none. */
export const BreakReason = z.object({
  code: z.string(),
  label: z.string().nullable(),
  limitMinutes: z.number().int(),
  needsApproval: z.boolean(),
});
export type BreakReason = z.infer<typeof BreakReason>;
export const BreakReasonList = z.object({ items: z.array(BreakReason) });

/** PUT: all of them, in their order; one that is missing is offered no longer. A code that is new begins a reason. */
export const BreakReasonsDraft = z.object({
  items: z
    .array(
      z.object({
        code: z.string().regex(/^[a-z0-9-]{1,40}$/),
        label: z
          .string()
          .trim()
          .min(1)
          .max(200)
          .regex(/^[^\p{Cc}]*$/u)
          .nullable(),
        limitMinutes: z.number().int().min(0).max(1440),
        needsApproval: z.boolean(),
      }),
    )
    .max(50),
});
export type BreakReasonsDraft = z.infer<typeof BreakReasonsDraft>;

const Watched = z.object({
  user: UserBrief,
  reason: z.string(),
  label: z.string().nullable(),
  at: z.number(),
  limitMinutes: z.number().int(),
});
/** For whoever leads the floor: breaks that are asked for, and those that are longer than their limit (`at`: their begin). */
export const BreakWatch = z.object({ asked: z.array(Watched), late: z.array(Watched) });
export type BreakWatch = z.infer<typeof BreakWatch>;

/** reason null: the break is over, or is not asked for any more. */
export const BreakDraft = z.object({ reason: z.string().min(1).max(40).nullable() });
