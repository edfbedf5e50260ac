import { z } from 'zod';
import { Role } from '../users/contract.ts';

/** Which card a field stands on. */
export const FieldSubject = z.enum(['company', 'person']);

export const FieldType = z.enum([
  'text',
  'number',
  'money',
  'date',
  'list',
  'multi-list',
  'tags',
  'reference',
  'phone',
  'email',
  'address',
  'file',
  'formula',
  'inn',
  'kpp',
  'ogrn',
  'accounts',
  'messengers',
]);
export type FieldType = z.infer<typeof FieldType>;

/** Those an administrator may add; the others are shipped once. */
export const ADDABLE = ['text', 'number', 'money', 'date', 'list', 'multi-list', 'reference', 'phone', 'email', 'address', 'file', 'formula'] as const; // prettier-ignore

export const FieldOperator = z.enum(['eq', 'ne', 'begins', 'contains', 'lt', 'le', 'gt', 'ge', 'between', 'in', 'not-in', 'all-of', 'empty', 'filled']); // prettier-ignore
export type FieldOperator = z.infer<typeof FieldOperator>;

export const Messenger = z.enum(['telegram', 'whatsapp', 'viber', 'vk', 'max', 'skype', 'other']);

/** What a field holds once it is normalised; null: nothing. */
export const FieldValue = z.union([
  z.string(),
  z.number(),
  z.array(z.string()),
  z.array(z.number()),
  /** money: minor units */
  z.object({ amount: z.number().int(), currency: z.string() }),
  /** phone: as it was typed, and E.164 where the plan has such a number */
  z.object({ raw: z.string(), e164: z.string().nullable(), extension: z.string().nullable() }),
  /** address: as it was typed, and tidied */
  z.object({ raw: z.string(), text: z.string() }),
  z.array(z.object({ account: z.string(), bik: z.string(), bank: z.string() })),
  z.array(z.object({ kind: Messenger, handle: z.string() })),
]);
export type FieldValue = z.infer<typeof FieldValue>;

const Words = z
  .string()
  .trim()
  .max(100)
  .regex(/^[^\p{Cc}]*$/u);
export const FieldLabel = z.object({ ru: Words.min(1), en: Words.min(1) });

export const FieldOption = z.object({
  code: z.string().regex(/^[\w./+-]{1,60}$/),
  label: FieldLabel,
  /** No longer offered; cards keep it. */
  archived: z.boolean().optional(),
});

/** Of the types that need some; what does not belong to a type is refused. */
export const FieldSettings = z.strictObject({
  /** text: several lines */
  lines: z.boolean().optional(),
  /** number: digits after the point; a unit shown behind it */
  decimals: z.number().int().min(0).max(6).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  unit: z.string().trim().max(20).optional(),
  /** money: ISO 4217 */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  /** list, multi-list */
  options: z.array(FieldOption).max(500).optional(),
  /** reference */
  to: z.enum(['client', 'user']).optional(),
  /** formula */
  expression: z.string().trim().min(1).max(1000).optional(),
});
export type FieldSettings = z.infer<typeof FieldSettings>;

/** stage null: at every stage. */
export const FieldRequired = z.object({ kind: FieldSubject, stage: z.string().max(40).nullable() });

const Key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);

export const FieldDef = z.object({
  /** Never changes: by it the API, imports and filters name the field. */
  key: Key,
  type: FieldType,
  label: FieldLabel,
  hint: z.string(),
  kinds: z.array(FieldSubject),
  /** The group it stands in on the form: main, contacts, requisites, or an administrator's own words. */
  section: z.string(),
  /** Its place on the form of each kind. */
  position: z.object({ company: z.number().int(), person: z.number().int() }),
  required: z.array(FieldRequired),
  settings: FieldSettings,
  searchable: z.boolean(),
  /** null: everybody who reads (writes) the card. */
  readRoles: z.array(Role).nullable(),
  writeRoles: z.array(Role).nullable(),
  shipped: z.boolean(),
  archivedAt: z.number().nullable(),
});
export type FieldDef = z.infer<typeof FieldDef>;

/** GET /api/fields: in the order of a company's form; the archived ones too, for the cards and filters that have them. */
export const FieldList = z.object({ items: z.array(FieldDef), can: z.object({ edit: z.boolean() }) });
export type FieldList = z.infer<typeof FieldList>;

const fields = {
  label: FieldLabel,
  hint: z.string().trim().max(300),
  kinds: z.array(FieldSubject).min(1).max(2),
  section: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\p{Cc}]*$/u),
  required: z.array(FieldRequired).max(40),
  settings: FieldSettings,
  searchable: z.boolean(),
  readRoles: z.array(Role).max(5).nullable(),
  writeRoles: z.array(Role).max(5).nullable(),
};

export const FieldDraft = z.object({
  /** Missing: made from the label. */
  key: Key.optional(),
  type: z.enum(ADDABLE),
  label: fields.label,
  hint: fields.hint.default(''),
  kinds: fields.kinds.default(['company', 'person']),
  section: fields.section.default('main'),
  required: fields.required.default([]),
  settings: fields.settings.default({}),
  searchable: fields.searchable.default(false),
  readRoles: fields.readRoles.default(null),
  writeRoles: fields.writeRoles.default(null),
});
export type FieldDraft = z.input<typeof FieldDraft>;

/** PATCH: what is missing stays; a field's type never changes. */
export const FieldEdit = z.object(fields).partial();
export type FieldEdit = z.input<typeof FieldEdit>;

/** Archived: on no form, cards keep what it held. Refused with what uses it (conflict, `uses`) unless `force`. */
export const FieldArchiving = z.object({ archived: z.boolean(), force: z.boolean().default(false) });

/** The order of one kind's form. Fields that are not named come after. */
export const FieldLayout = z.object({
  kind: FieldSubject,
  items: z.array(z.object({ key: Key, section: fields.section })).max(500),
});
export type FieldLayout = z.infer<typeof FieldLayout>;

export const FieldKey = z.object({ key: Key });
export const FieldReply = z.object({ field: FieldDef });
export type FieldReply = z.infer<typeof FieldReply>;

/** A formula tried with values of one's own, by key, before anybody sees it. */
export const FormulaTrial = z.object({
  expression: z.string().max(1000),
  values: z.record(z.string().max(60), z.union([z.string().max(2000), z.number(), z.null()])).default({}),
});
export const FormulaResult = z.object({
  /** null: it comes to nothing, or it cannot be read */
  value: z.union([z.string(), z.number()]).nullable(),
  /** Where it cannot be read: offset in the text and a code. */
  fault: z.object({ at: z.number().int(), code: z.string() }).nullable(),
  /** The fields it reads. */
  reads: z.array(z.string()),
});
export type FormulaResult = z.infer<typeof FormulaResult>;
