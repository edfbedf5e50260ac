import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ImportRules } from '../../server/imports/contract.ts';
import { icon } from '../ui/icons.ts';
import { t } from './strings.ts';

const ALL = ['phone', 'email', 'inn', 'name_city', 'name'] as const;
type Rule = (typeof ALL)[number];

const radios = (name: string, legend: string, choices: Readonly<Record<string, string>>, value: string, pick: (value: string) => void) =>
  html`<fieldset>
    <legend>${legend}</legend>
    ${Object.entries(choices).map(
      ([key, words]) =>
        html`<label class="choice"
          ><input type="radio" name=${name} .checked=${key === value} @change=${() => pick(key)} />${words}</label
        >`,
    )}
  </fieldset>`;

/** Whom a line is taken for, and what becomes of the card that is there. Those that are ticked come first, in their order. */
export const rulesStep = (rules: ImportRules, change: (rules: ImportRules) => void): TemplateResult => {
  const { match } = rules;
  const tick = (rule: Rule, on: boolean) => change({ ...rules, match: on ? [...match, rule] : match.filter((each) => each !== rule) });
  const earlier = (i: number) => change({ ...rules, match: match.with(i, match[i - 1]!).with(i - 1, match[i]!) });
  const line = (rule: Rule) => {
    const i = match.indexOf(rule);
    const words = t().match[rule]!;
    return html`<li>
      <label
        ><input
          type="checkbox"
          .checked=${i >= 0}
          @change=${(e: Event) => tick(rule, (e.target as HTMLInputElement).checked)}
        />${words}</label
      >
      ${
        i > 0
          ? html`<button
              class="button quiet icon-only up"
              aria-label=${t().earlier(words)}
              title=${t().earlier(words)}
              @click=${() => earlier(i)}
            >
              ${icon('chevron')}
            </button>`
          : nothing
      }
    </li>`;
  };
  return html`<fieldset>
      <legend>${t().matchBy}</legend>
      <ul class="rules">
        ${[...match, ...ALL.filter((rule) => !match.includes(rule))].map(line)}
      </ul>
      ${match.length === 0 ? html`<p class="notice warning" role="status">${t().matchNone}</p>` : nothing}
    </fieldset>
    ${match.length > 0 ? radios('on-match', t().onMatch, t().onMatches, rules.onMatch, (onMatch) => change({ ...rules, onMatch } as ImportRules)) : nothing}
    ${radios('kind', t().kind, t().kinds, rules.kind, (kind) => change({ ...rules, kind } as ImportRules))}`;
};
