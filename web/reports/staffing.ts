import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Staffing } from '../../server/reports/contract.ts';
import { duration } from '../core/format.ts';
import { decimal, percent } from './columns.ts';
import { t } from './strings.ts';

export const staffingStyles = css`
  .week {
    overflow-x: auto;
    border: 1px solid var(--border);
    border-radius: var(--radius-l);
    background: var(--surface);
  }
  .week table {
    width: 100%;
    border-collapse: collapse;
  }
  .week th,
  .week td {
    padding: var(--space-2);
    border-bottom: 1px solid var(--border);
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
  .week th {
    color: var(--text-muted);
    font-size: var(--text-s);
  }
  .week thead th {
    background: var(--surface-2);
  }
  .week td b {
    display: block;
  }
  .heat-1 {
    background: var(--surface-2);
  }
  .heat-2 {
    background: var(--info-soft);
  }
  .heat-3 {
    background: var(--warning-soft);
  }
  .heat-4 {
    background: var(--danger-soft);
  }
`;

/** Hours down, days across: at the phone, and on the rota below it. */
export const staffingTable = (staffing: Staffing): TemplateResult => {
  const at = new Map(staffing.hours.map((h) => [`${h.weekday} ${h.hour}`, h]));
  const hours = [...new Set(staffing.hours.map((h) => h.hour))].sort((a, b) => a - b);
  const most = Math.max(1, ...staffing.hours.map((h) => h.operators));
  return html`<div class="week" tabindex="0" role="region" aria-label=${t().staffingOf}>
      <table>
        <thead>
          <tr>
            <th scope="col"><span class="hidden">${t().groupings.hour}</span></th>
            ${t().weekdays.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${hours.map(
            (hour) =>
              html`<tr>
                <th scope="row" class="num">${String(hour).padStart(2, '0')}:00</th>
                ${t().weekdays.map((_, day) => {
                  const h = at.get(`${day + 1} ${hour}`);
                  if (!h) return html`<td class="muted">·</td>`;
                  const said = t().staffingCell({
                    calls: decimal(h.calls),
                    operators: h.operators,
                    scheduled: h.scheduled,
                    level: percent(h.serviceLevel),
                    asa: duration(h.asa * 1000),
                    occupancy: percent(h.occupancy),
                  });
                  return html`<td class="heat-${Math.ceil((h.operators / most) * 4)}" title=${said}>
                    <b>${h.operators}</b><span class="small muted">${h.scheduled}</span><span class="hidden">${said}</span>
                  </td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="small muted notes">
      <b>${t().atPhone}</b>, ${t().onRota.toLocaleLowerCase()}.
      ${staffing.aht === null ? nothing : t().assumptions(duration(staffing.aht), staffing.weeks, percent(staffing.level), staffing.target)}
    </p>`;
};
