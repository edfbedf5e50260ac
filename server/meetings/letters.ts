import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { StoredMeeting } from './queries.ts';

const when = (locale: string, { startsAt, timeZone, allDay }: StoredMeeting): string =>
  new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'full', ...(!allDay && { timeStyle: 'short' }) }).format(startsAt);

/**
 * A letter to each address, in both languages since nobody knows which one is read there. One for each version of the meeting: asked for again it is
 * not sent again. Without mail there is none.
 */
export const inviteByMail = async (deps: Deps, trx: Knex, meeting: StoredMeeting, addresses: readonly string[]): Promise<void> => {
  if (deps.config.mail === null || meeting.cancelledAt !== null) return;
  const owner = (await deps.directory.briefs([meeting.ownerId])).get(meeting.ownerId);
  const { title, place, timeZone, rule } = meeting;
  const lines = [
    `${title}`,
    `${when('ru-RU', meeting)} · ${when('en-GB', meeting)} (${timeZone})`,
    ...(place ? [place] : []),
    ...(rule ? [`RRULE:${rule}`] : []),
    ...(owner ? ['', owner.name] : []),
  ];
  for (const address of addresses)
    await deps.sendMail(trx, {
      effect: `meeting:${meeting.id}:${meeting.version}:${address}`,
      to: { address },
      subject: `Приглашение / Invitation: ${title}`,
      text: lines.join('\n'),
      kind: 'meeting',
      ref: String(meeting.id),
      askedBy: meeting.ownerId,
    });
};
