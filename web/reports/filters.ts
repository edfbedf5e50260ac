import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { dayOf } from '../core/period.ts';
import { TARGET_SECONDS } from '../core/targets.ts';
import { reportChoice } from '../ui/report-styles.ts';
import type { Choice } from './allo-pick.ts';
import { boundsOf, groupingsOf, PERIODS, REPORTS } from './state.ts';
import type { ReportState } from './state.ts';
import { t } from './strings.ts';

export const filterStyles = [
  reportChoice,
  css`
    .filters {
      margin-bottom: var(--space-4);
    }
    .filters > * {
      flex: 0 1 10.5rem;
      min-width: 7rem;
    }
    .filters > .narrow {
      flex-basis: 7.5rem;
    }
  `,
];

interface Options {
  queues: readonly Choice[];
  users: readonly Choice[];
  now: number;
  change: (change: Partial<ReportState>, replace?: boolean) => void;
}

const choice = <T extends string | number>(label: string, values: readonly T[], now: T, words: (value: T) => string, choose: (value: T) => void, narrow = false): TemplateResult => html`<label
  class="field ${narrow ? 'narrow' : ''}"
  ><span>${label}</span
  ><select @change=${(e: Event) => choose(values[(e.target as HTMLSelectElement).selectedIndex]!)}>
    ${values.map((value) => html`<option ?selected=${value === now} .selected=${value === now}>${words(value)}</option>`)}
  </select></label
>`; // prettier-ignore

/** Which report, of when, of whom, by which rule. */
export const filters = (s: ReportState, { queues, users, now, change }: Options): TemplateResult => {
  const groupings = groupingsOf(s.report);
  const number = (name: 'weeks' | 'level' | 'shrinkage', least: number, most: number) =>
    html`<label class="field narrow"
      ><span>${t()[name]}</span
      ><input
        type="number"
        min=${least}
        max=${most}
        .value=${String(s[name] ?? '')}
        placeholder=${name === 'level' ? t().ownShort : ''}
        @change=${(e: Event) => {
          const field = e.target as HTMLInputElement;
          if (field.value === '' && name === 'level') change({ level: null });
          else if (field.value !== '' && field.checkValidity()) change({ [name]: field.valueAsNumber });
          else field.value = String(s[name] ?? '');
        }}
    /></label>`;
  const day = (name: 'from' | 'until') =>
    html`<label class="field"
      ><span>${t()[name]}</span
      ><input type="date" .value=${s[name]} @change=${(e: Event) => change({ [name]: (e.target as HTMLInputElement).value })}
    /></label>`;
  const ownPeriod = (period: ReportState['period']): Partial<ReportState> => {
    const bounds = boundsOf(s, now);
    return period === 'own' && bounds ? { period, from: dayOf(bounds[0]), until: dayOf(bounds[1] - 1) } : { period };
  };
  const staffing = s.report === 'staffing';
  const oneQueue = [{ value: '', words: t().chooseQueue }, ...queues];
  return html`<div class="tabs" role="group" aria-label=${t().report}>
      ${REPORTS.map(
        (report) =>
          html`<button
            class="button"
            aria-pressed=${s.report === report}
            @click=${() => change({ report, by: groupingsOf(report)[0] ?? 'queue', sort: '', ...(report === 'staffing' && { queues: s.queues.slice(0, 1) }) })}
          >
            ${t().reports[report]}
          </button>`,
      )}
    </div>
    <div class="filters">
      ${
        staffing
          ? choice(t().queues, oneQueue.map((q) => q.value), s.queues[0] ?? '', (v) => oneQueue.find((q) => q.value === v)?.words ?? v, (v) => change({ queues: v ? [v] : [] })) // prettier-ignore
          : html`${choice(
              t().period,
              PERIODS,
              s.period,
              (p) => t().periods[p],
              (p) => change(ownPeriod(p)),
            )}
            ${s.period === 'own' ? html`${day('from')}${day('until')}` : nothing}
            ${
              groupings.length > 0
                ? choice(
                    t().by,
                    groupings,
                    s.by,
                    (by) => t().groupings[by],
                    (by) => change({ by, sort: '' }),
                  )
                : nothing
            }
            ${
              s.report === 'breaks'
                ? nothing
                : html`<allo-pick
                    .label=${t().queues}
                    .choices=${queues}
                    .values=${s.queues}
                    @picked=${(e: CustomEvent<{ values: string[] }>) => change({ queues: e.detail.values })}
                  ></allo-pick>`
            }
            ${
              s.report === 'queues'
                ? nothing
                : html`<allo-pick
                    .label=${t().operators}
                    .choices=${users}
                    .values=${s.users.map(String)}
                    @picked=${(e: CustomEvent<{ values: string[] }>) => change({ users: e.detail.values.map(Number) })}
                  ></allo-pick>`
            }`
      }
      ${
        s.report === 'queues' || staffing
          ? choice(
              t().target,
              [0, ...TARGET_SECONDS],
              s.target ?? 0,
              (n) => (n === 0 ? t().own : String(n)),
              (target) => change({ target: target || null }),
            )
          : nothing
      }
      ${s.report === 'queues' ? choice(t().short, TARGET_SECONDS, s.short as 5, String, (short) => change({ short }), true) : nothing}
      ${staffing ? html`${number('level', 0, 99)}${number('shrinkage', 0, 90)}${number('weeks', 1, 26)}` : nothing}
    </div>`;
};
