import { z } from 'zod';
import { CatalogueField } from '../clients/contract.ts';
import { FieldOperator } from '../fields/contract.ts';
import { Id, Language, Role, UserBrief } from '../users/contract.ts';

const Key = z.string().regex(/^[a-z][a-z0-9_.]{0,60}$/);
const Scalar = z.union([z.string().max(500), z.number()]);

/** One question: a field of the card or a fact ("calls.count"), how it compares, with what. `args` narrow a fact: {days: 30, outcome: "none"}. */
export const FilterCondition = z.object({
  field: Key,
  op: FieldOperator,
  value: z.union([Scalar, z.array(Scalar).max(200), z.null()]).default(null),
  args: z.record(z.string().max(40), Scalar).default({}),
});
export type FilterCondition = z.infer<typeof FilterCondition>;

/** Questions joined by "all of" or "any of", denied as a whole by `not`. Nested: at most MOST_DEEP, MOST_NODES in all. */
export const FilterGroup = z
  .object({
    join: z.enum(['all', 'any']),
    not: z.boolean().default(false),
    get items() {
      return z.array(z.union([FilterCondition, FilterGroup])).max(60);
    },
  })
  .meta({ id: 'FilterGroup' });
export type FilterGroup = z.infer<typeof FilterGroup>;
export type FilterNode = FilterCondition | FilterGroup;
export const MOST_DEEP = 6;
export const MOST_NODES = 100;

/** What lists can be sorted by: each has an index. */
export const SegmentSort = z.enum(['name', 'created_at', 'updated_at', 'contact_at']);
export type SegmentSort = z.infer<typeof SegmentSort>;
export const Direction = z.enum(['asc', 'desc']);
export type Direction = z.infer<typeof Direction>;
const Columns = z.array(Key).max(40);

export const SegmentField = CatalogueField.extend({
  /** Of a fact: what narrows it. */
  args: z.array(
    z.object({
      key: z.string(),
      label: z.object({ ru: z.string(), en: z.string() }),
      options: z.array(z.object({ code: z.string(), label: z.object({ ru: z.string(), en: z.string() }) })).nullable(),
    }),
  ),
  fact: z.boolean(),
});
export type SegmentField = z.infer<typeof SegmentField>;
/** GET /api/segments/fields: what can be asked, and the people and departments that references lead to. */
export const SegmentFields = z.object({
  items: z.array(SegmentField),
  users: z.array(z.object({ id: Id, name: z.string() })),
  departments: z.array(z.object({ id: Id, name: z.string() })),
});
export type SegmentFields = z.infer<typeof SegmentFields>;

export const Segment = z.object({
  id: Id,
  name: z.string(),
  owner: UserBrief.nullable(),
  sharedRoles: z.array(Role),
  filter: FilterGroup,
  columns: Columns,
  sort: SegmentSort,
  direction: Direction,
  version: z.number().int(),
  /** Fields that are no more, or not the reader's to see: the list cannot be had until the filter is mended. */
  broken: z.array(z.string()),
  can: z.object({ edit: z.boolean() }),
});
export type Segment = z.infer<typeof Segment>;
export const SegmentList = z.object({
  items: z.array(Segment),
  /** With which the reader's list opens. */
  defaultId: Id.nullable(),
  can: z.object({ share: z.boolean(), export: z.boolean(), bulk: z.boolean() }),
});
export type SegmentList = z.infer<typeof SegmentList>;

const fields = {
  name: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .regex(/^[^\p{Cc}]*$/u),
  sharedRoles: z.array(Role).max(5),
  filter: FilterGroup,
  columns: Columns,
  sort: SegmentSort,
  direction: Direction,
};
export const SegmentDraft = z.object({
  ...fields,
  sharedRoles: fields.sharedRoles.default([]),
  columns: fields.columns.default([]),
  sort: fields.sort.default('name'),
  direction: fields.direction.default('asc'),
});
export type SegmentDraft = z.input<typeof SegmentDraft>;
export const SegmentEdit = z.object(fields).partial().extend({ version: z.number().int() });
export type SegmentEdit = z.input<typeof SegmentEdit>;
export const SegmentReply = z.object({ segment: Segment });
export type SegmentReply = z.infer<typeof SegmentReply>;
export const DefaultDraft = z.object({ id: Id.nullable() });

/** POST /api/segments/rows: a page of the list that the filter makes. */
export const RowsAsk = z.object({
  filter: FilterGroup,
  columns: Columns.default([]),
  sort: SegmentSort.default('name'),
  direction: Direction.default('asc'),
  language: Language.default('ru'),
  after: z.string().max(1000).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type RowsAsk = z.input<typeof RowsAsk>;
export const SegmentRow = z.object({ id: Id, kind: z.string(), name: z.string(), cells: z.record(z.string(), z.string()) });
export type SegmentRow = z.infer<typeof SegmentRow>;
export const RowsPage = z.object({ items: z.array(SegmentRow), next: z.string().nullable() });
export type RowsPage = z.infer<typeof RowsPage>;

export const CountAsk = z.object({ filter: FilterGroup });
export const CountReply = z.object({ count: z.number().int() });

/** Whom: all that the filter finds, or these of them. */
const Whom = { filter: FilterGroup, ids: z.array(Id).max(5_000).nullable().default(null) };
export const MOST_BULK = 20_000;
export const BulkAsk = z.object({
  ...Whom,
  set: z
    .object({
      ownerId: Id.nullable(),
      departmentId: Id.nullable(),
      stage: z.string().max(40),
      reason: z.string().trim().max(300),
      custom: z.record(z.string().max(60), z.unknown()),
    })
    .partial(),
  /** How many the user was told of; when it is others by now, nothing is changed (conflict). */
  expected: z.number().int(),
});
export type BulkAsk = z.input<typeof BulkAsk>;
/** refused: what could not be changed, and why, of the first hundred. */
export const BulkReply = z.object({
  batch: z.string(),
  changed: z.number().int(),
  refused: z.array(z.object({ id: Id, code: z.string() })),
});
export type BulkReply = z.infer<typeof BulkReply>;
export const BatchParams = z.object({ batch: z.string().regex(/^[a-z]+:[0-9a-f-]{1,40}$/) });
export const UndoReply = z.object({ restored: z.number().int(), kept: z.number().int() });

export const ExportFormat = z.enum(['csv', 'xlsx', 'dbf', 'xml', 'vcf']);
export type ExportFormat = z.infer<typeof ExportFormat>;
export const ExportAsk = z.object({
  ...Whom,
  columns: Columns.min(1),
  sort: SegmentSort.default('name'),
  direction: Direction.default('asc'),
  format: ExportFormat,
  language: Language.default('ru'),
});
export type ExportAsk = z.input<typeof ExportAsk>;
