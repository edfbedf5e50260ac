import type { Script, Step } from '../../server/campaigns/contract.ts';

/** A script as its editor shows it: steps are known by their place. Pure. */
export interface StepForm {
  text: string;
  kind: Step['kind'];
  required: boolean;
  /** A line each; "choice -> 3" jumps to the third step, "-> 0" to the end. */
  options: string;
  /** '': the step after it. */
  next: string;
}

const place = (steps: readonly Step[], next: string | null): string =>
  next === null ? '' : next === 'end' ? '0' : String(steps.findIndex(({ id }) => id === next) + 1);

export const formsOf = (script: Script | null): { steps: StepForm[]; objections: string } => ({
  steps: (script?.steps ?? []).map((step) => ({
    text: step.text,
    kind: step.kind,
    required: step.required,
    options: step.options.map(({ text, next }) => (next === null ? text : `${text} -> ${place(script!.steps, next)}`)).join('\n'),
    next: place(script!.steps, step.next),
  })),
  objections: (script?.objections ?? []).map(({ title, text }) => `${title}: ${text}`).join('\n'),
});

/** Null: a step jumps to where there is none, or a question has no choices. */
export const scriptOf = (forms: readonly StepForm[], objections: string): Script | null => {
  const target = (text: string): string | null | undefined => {
    if (text.trim() === '') return null;
    const n = Number(text);
    if (n === 0) return 'end';
    return Number.isInteger(n) && n >= 1 && n <= forms.length ? `s${n}` : undefined;
  };
  let sound = forms.length > 0;
  const steps = forms.map((form, i): Step => {
    const asks = form.kind === 'single' || form.kind === 'multiple';
    const lines = asks ? form.options.split('\n').filter((line) => line.trim() !== '') : [];
    const options = lines.map((line, k) => {
      const [, text = line, to = ''] = /^(.*?)\s*->\s*(\d+)\s*$/.exec(line) ?? [];
      const next = target(to);
      if (next === undefined) sound = false;
      return { value: `o${k + 1}`, text: text.trim(), next: next ?? null };
    });
    const next = target(form.next);
    if (next === undefined || (asks && options.length === 0)) sound = false;
    return { id: `s${i + 1}`, text: form.text.trim(), kind: form.kind, required: form.required, options, next: next ?? null };
  });
  const said = objections.split('\n').flatMap((line) => {
    const cut = line.indexOf(':');
    return cut > 0 ? [{ title: line.slice(0, cut).trim(), text: line.slice(cut + 1).trim() }] : [];
  });
  return sound ? { steps, objections: said } : null;
};
