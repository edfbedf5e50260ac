import type { Answer, Step } from './contract.ts';

/** Null: fits the question. */
export const faultOf = (step: Step, answer: Answer): 'kind' | 'option' | null => {
  const values = new Set(step.options.map(({ value }) => value));
  switch (step.kind) {
    case 'none':
      return 'kind';
    case 'single':
      return typeof answer === 'string' && values.has(answer) ? null : 'option';
    case 'multiple':
      return Array.isArray(answer) && answer.every((each) => values.has(each)) ? null : 'option';
    case 'number':
      return typeof answer === 'number' && Number.isFinite(answer) ? null : 'kind';
    case 'date':
      return typeof answer === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(answer) ? null : 'kind';
    case 'text':
      return typeof answer === 'string' ? null : 'kind';
  }
};
