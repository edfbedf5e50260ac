import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Complaint, Move, Setup, Status } from '../../server/complaints/contract.ts';
import { moment } from '../core/format.ts';
import { severityWords } from './severity.ts';
import { labelOf, t as common } from './strings.ts';
import { megabytes, t } from './ticket-strings.ts';

/** What was said, the oldest first. */
export const conversation = (complaint: Complaint): TemplateResult[] =>
  complaint.entries.map(
    (entry) =>
      html`<article class="entry ${entry.kind}">
        <p class="muted small">
          <strong>${t().kinds[entry.kind]}</strong> ·
          ${moment(entry.at)}${entry.kind === 'note' ? nothing : html` · ${common().channels[entry.channel] ?? ''}`}
          ${entry.user ? html` · ${entry.user.name}` : nothing} ${entry.address ? html` · ${entry.address}` : nothing}
        </p>
        <p class="body" dir="auto">${entry.text}</p>
        ${entry.files.map((file) => html`<p class="small"><a href="/api/files/${file.id}/content" download dir="auto">${file.name}</a> <span class="muted">${megabytes(file.size)}</span></p>`)}
      </article>`,
  );

/** What a move says of its sides, with names for ids. */
const value = (kind: string, said: string, setup: Setup): string => {
  if (said === '') return '';
  const id = Number(said);
  if (kind === 'status') return common().statuses[said as Status] ?? said;
  if (kind === 'severity') return severityWords(said);
  if (kind === 'owner' || kind === 'corrective' || kind === 'call-back') return setup.people.find((one) => one.id === id)?.name ?? said;
  if (kind === 'department' || kind === 'handover' || kind === 'refused')
    return setup.departments.find((one) => one.id === id)?.name ?? said;
  if (kind === 'category' || kind === 'cause') return labelOf(setup.categories.find((one) => one.id === id)) || said;
  if (kind === 'clocks') return moment(id);
  if (kind === 'registered') return common().channels[said] ?? said;
  if (kind === 'alarm') return common().clocks[said as 'resolve'] ?? common().alarmOf[said] ?? said;
  return said;
};

const sides = (move: Move, setup: Setup): string => {
  if (move.kind === 'call-back' || move.kind === 'corrective')
    return [value(move.kind, move.from, setup), moment(Number(move.to))].join(', ');
  if (move.kind === 'client' || move.kind === 'call') return '';
  return [value(move.kind, move.from, setup), move.kind === 'alarm' ? '' : value(move.kind, move.to, setup)].filter(Boolean).join(' → ');
};

/** What was done, the newest first. */
export const history = (complaint: Complaint, setup: Setup): TemplateResult =>
  html`<ul>
    ${[...complaint.moves].reverse().map(
      (move) =>
        html`<li class="small">
          <span class="muted num">${moment(move.at)}</span>
          ${move.user ? html`${move.user.name}: ` : nothing}${t().moves[move.kind] ?? move.kind}
          <strong dir="auto">${sides(move, setup)}</strong>${move.note ? html` · <span dir="auto">${move.note}</span>` : nothing}
        </li>`,
    )}
  </ul>`;
