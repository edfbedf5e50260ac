import type { Answer, Script, Step } from '../../server/campaigns/contract.ts';

/** How a script runs. Pure. */

export type Answers = Readonly<Record<string, Answer>>;

/** The step after this one, given its answer; null: the script is over. */
export const nextStep = ({ steps }: Script, step: Step, answer: Answer | undefined): Step | null => {
  const chosen = step.kind === 'single' ? step.options.find(({ value }) => value === answer)?.next : null;
  const next = chosen ?? step.next;
  if (next === 'end') return null;
  if (next !== null) return steps.find(({ id }) => id === next) ?? null;
  return steps[steps.indexOf(step) + 1] ?? null;
};

/** {name} and the columns of the list; what is not known stays empty. */
export const filled = (text: string, fields: Readonly<Record<string, string>>): string =>
  text.replace(/\{([^{}]{1,60})\}/g, (_, name: string) => fields[name.trim().toLowerCase()] ?? '');

/** A question and a choice in their words; by their keys where the script has them no longer. */
export const choiceWords = (script: Script | null, question: string, value: string): { question: string; choice: string } => {
  const step = script?.steps.find(({ id }) => id === question);
  return { question: step?.text || question, choice: step?.options.find((one) => one.value === value)?.text ?? value };
};
