import { z } from 'zod';

/** What the dialler and the reports make of an outcome. */
export const OutcomeFlag = z.enum([
  'human',
  'machine',
  'reached',
  'sale',
  'do-not-call',
  'not-interested',
  'unworkable',
  'call-back',
  'completed',
]);

export const OutcomeCode = z.string().regex(/^[a-z0-9-]{1,40}$/);
/** Asks when to call back. */
export const NextStep = z.enum(['none', 'offered', 'required']);
/** After which calls it stands among the choices: where the two sides have talked, or have not. A group goes for whatever stands in it. */
export const Offered = z.enum(['always', 'answered', 'unanswered']);

/** An outcome is a code with flags. Words of the shipped codes are the browser's; `label` is what an administrator wrote. */
export const Outcome = z.object({
  code: OutcomeCode,
  label: z.string().nullable(),
  /** The group it stands in; null: at the top. Whatever others stand in is a group, and cannot be chosen itself. */
  parent: OutcomeCode.nullable(),
  needsNote: z.boolean(),
  nextStep: NextStep,
  offered: Offered,
});
export type Outcome = z.infer<typeof Outcome>;

/** GET /api/outcomes. `only`: by queue ("main:support") the outcomes or groups that it offers; a queue that is missing offers all. */
export const OutcomeList = z.object({
  items: z.array(Outcome),
  only: z.record(z.string(), z.array(OutcomeCode)),
  /** What an administrator wrote, by code; of the retired too, for the calls that have them. */
  labels: z.record(z.string(), z.string()),
});
export type OutcomeList = z.infer<typeof OutcomeList>;

/** As the administrator sees it. */
export const OutcomeNode = Outcome.extend({
  flags: z.array(OutcomeFlag),
  /** Epoch ms; no longer offered, and stays in the calls that have it. */
  retiredAt: z.number().nullable(),
  /** Calls have it, or it is one of the shipped: it can be retired, not deleted. */
  used: z.boolean(),
});
export type OutcomeNode = z.infer<typeof OutcomeNode>;
export const OutcomeTree = z.object({ items: z.array(OutcomeNode), can: z.object({ edit: z.boolean() }) });
export type OutcomeTree = z.infer<typeof OutcomeTree>;

const Label = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u);
const fields = {
  label: Label,
  parent: OutcomeCode.nullable(),
  flags: z.array(OutcomeFlag).max(9),
  needsNote: z.boolean(),
  nextStep: NextStep,
  offered: Offered,
};

export const OutcomeDraft = z.object({
  ...fields,
  parent: fields.parent.default(null),
  flags: fields.flags.default([]),
  needsNote: fields.needsNote.default(false),
  nextStep: fields.nextStep.default('none'),
  offered: fields.offered.default('always'),
});
export type OutcomeDraft = z.input<typeof OutcomeDraft>;

/** PATCH: what is missing stays. `label` null: the shipped words again. */
export const OutcomeEdit = z.object({ ...fields, label: Label.nullable(), retired: z.boolean() }).partial();
export type OutcomeEdit = z.infer<typeof OutcomeEdit>;

/** Up or down among those of its group. */
export const OutcomeMove = z.object({ by: z.union([z.literal(-1), z.literal(1)]) });
export const CodeParam = z.object({ code: OutcomeCode });
export const OutcomeReply = z.object({ outcome: OutcomeNode });
export type OutcomeReply = z.infer<typeof OutcomeReply>;
