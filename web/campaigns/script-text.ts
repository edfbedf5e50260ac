import type { Deed, Script, Step } from '../../server/campaigns/contract.ts';

/** What follows from an answer; `when`: the choice in its words, '': any answer. */
export type DeedForm = Omit<Deed, 'when'> & { when: string } & (
    | { do: 'field'; field: string; value: string }
    | { do: 'interest'; topic: number; strength: number }
    | { do: 'task'; text: string; days: number }
  );

/** A script as its editor shows it: steps are known by their place. Pure. */
export interface StepForm {
  /** Of the step as it is stored, so that answers, quotas and rules go on to mean it; null: a new one. */
  was: Step | null;
  text: string;
  kind: Step['kind'];
  required: boolean;
  /** A line each; "choice -> 3" jumps to the third step, "-> 0" to the end. */
  options: string;
  /** '': the step after it. */
  next: string;
  deeds: readonly DeedForm[];
}

const place = (steps: readonly Step[], next: string | null): string =>
  next === null ? '' : next === 'end' ? '0' : String(steps.findIndex(({ id }) => id === next) + 1);

export const formsOf = (script: Script | null): { steps: StepForm[]; objections: string; closing: string } => ({
  steps: (script?.steps ?? []).map((step) => ({
    was: step,
    text: step.text,
    kind: step.kind,
    required: step.required,
    options: step.options.map(({ text, next }) => (next === null ? text : `${text} -> ${place(script!.steps, next)}`)).join('\n'),
    next: place(script!.steps, step.next),
    deeds: step.deeds.map((deed) => ({ ...deed, when: step.options.find(({ value }) => value === deed.when)?.text ?? '' })),
  })),
  objections: (script?.objections ?? []).map(({ title, text }) => `${title}: ${text}`).join('\n'),
  closing: script?.closing ?? '',
});

const choiceOf = (line: string): { text: string; to: string } => {
  const [, text = line, to = ''] = /^(.*?)\s*->\s*(\d+)\s*$/.exec(line) ?? [];
  return { text: text.trim(), to };
};
/** The choices of a form in their words. */
export const choicesOf = (options: string): string[] =>
  options
    .split('\n')
    .map((line) => choiceOf(line).text)
    .filter(Boolean);

/** A key that is not among these yet. */
export const fresh = (letter: string, taken: Set<string>): string => {
  let n = 1;
  while (taken.has(`${letter}${n}`)) n += 1;
  taken.add(`${letter}${n}`);
  return `${letter}${n}`;
};

/**
 * Keys of the choices in their order: a choice of the same words keeps its own; the others are matched by their place, when nothing was added or taken away
 * (somebody has mended a word), or are new.
 */
const valuesOf = (texts: readonly string[], was: Step | null): string[] => {
  const old = was?.options ?? [];
  const kept = texts.map((text) => old.find((option) => option.text === text)?.value ?? null);
  const taken = new Set([...kept.flatMap((value) => value ?? []), ...old.map(({ value }) => value)]);
  const used = new Set<string>();
  return kept.map((value, i) => {
    const beside = texts.length === old.length ? old[i]!.value : null;
    const own = value ?? (beside !== null && !kept.includes(beside) ? beside : null);
    const key = own === null || used.has(own) ? fresh('o', taken) : own;
    used.add(key);
    return key;
  });
};

/** Null: a step jumps to where there is none, a question has no choices, or a rule speaks of a choice that is gone or says nothing to do. */
export const scriptOf = (forms: readonly StepForm[], objections: string, closing: string): Script | null => {
  const taken = new Set(forms.flatMap(({ was }) => was?.id ?? []));
  const ids = forms.map(({ was }) => was?.id ?? fresh('s', taken));
  const target = (text: string): string | null | undefined => {
    if (text.trim() === '') return null;
    const n = Number(text);
    if (n === 0) return 'end';
    return Number.isInteger(n) ? ids[n - 1] : undefined;
  };
  let sound = forms.length > 0;
  const steps = forms.map((form, i): Step => {
    const asks = form.kind === 'single' || form.kind === 'multiple';
    const lines = asks ? form.options.split('\n').filter((line) => line.trim() !== '') : [];
    const read = lines.map((line) => {
      const { text, to } = choiceOf(line);
      const next = target(to);
      if (next === undefined) sound = false;
      return { text, next: next ?? null };
    });
    const values = valuesOf(read.map(({ text }) => text), form.was); // prettier-ignore
    const options = read.map((option, k) => ({ value: values[k]!, ...option }));
    const next = target(form.next);
    const deeds = form.deeds.map((deed): Deed => {
      const chosen = deed.when === '' ? null : options.find(({ text }) => text === deed.when)?.value;
      if (chosen === undefined || (deed.do === 'field' && deed.field === '') || (deed.do === 'task' && deed.text.trim() === '') || (deed.do === 'interest' && deed.topic === 0)) sound = false; // prettier-ignore
      return { ...deed, when: chosen ?? null };
    });
    if (next === undefined || (asks && options.length === 0)) sound = false;
    return {
      id: ids[i]!,
      text: form.text.trim(),
      kind: form.kind,
      required: form.required,
      options,
      next: next ?? null,
      deeds: form.kind === 'none' ? [] : deeds,
    };
  });
  const said = objections.split('\n').flatMap((line) => {
    const cut = line.indexOf(':');
    return cut > 0 ? [{ title: line.slice(0, cut).trim(), text: line.slice(cut + 1).trim() }] : [];
  });
  return sound ? { steps, objections: said, closing: closing.trim() } : null;
};
