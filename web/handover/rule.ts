import type { HandoverRule } from '../../server/handover/contract.ts';

/** A rule as it is being filled in. */
export interface RuleForm {
  kind: HandoverRule['kind'];
  one: number | null;
  evenly: readonly number[];
  by: 'department' | 'stage' | 'city';
  cases: readonly { value: string; to: number | null }[];
  otherwise: number | null;
}

export const emptyRule = (): RuleForm => ({
  kind: 'one',
  one: null,
  evenly: [],
  by: 'department',
  cases: [{ value: '', to: null }],
  otherwise: null,
});

/** Null: something is missing. */
export const ruleOf = (form: RuleForm): HandoverRule | null => {
  if (form.kind === 'one') return form.one === null ? null : { kind: 'one', to: form.one };
  if (form.kind === 'evenly') return form.evenly.length === 0 ? null : { kind: 'evenly', to: [...form.evenly] };
  const cases = form.cases.flatMap(({ value, to }) => (value.trim() === '' || to === null ? [] : [{ value: value.trim(), to }]));
  if (form.otherwise === null || cases.length === 0 || cases.length < form.cases.length) return null;
  return { kind: 'by', by: form.by, cases, otherwise: form.otherwise };
};
