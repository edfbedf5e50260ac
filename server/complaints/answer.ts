import type { Deps } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { MOST_CARRIED } from '../mail/contract.ts';
import { invalid } from './access.ts';
import { LETTERS } from './public-pages.ts';
import { entriesOf } from './rows.ts';
import type { Change } from './service.ts';

const addressOf = async (deps: Deps, { trx, row }: Change): Promise<string | null> =>
  row.contact_email || (row.client_id === null ? null : await deps.clientEmail(trx, row.client_id));

type Carried = Awaited<ReturnType<Deps['keepFiles']['toSend']>>[number];

/** @throws AppError invalid: one is not a file of this complaint, or together they are more than a letter carries */
const carriedBy = async (deps: Deps, { trx, row }: Change, ids: readonly number[]): Promise<Carried[]> => {
  const wanted = [...new Set(ids)];
  const files = await deps.keepFiles.toSend(trx, { kind: 'complaint', ref: String(row.id) }, wanted);
  if (files.length < wanted.length) throw invalid('body.files', 'unknown_file');
  if (files.reduce((sum, { size }) => sum + size, 0) > MOST_CARRIED) throw invalid('body.files', 'too_large');
  return files;
};

/**
 * A letter to the client, in the transaction of what it tells of; in the thread of those before it. `effect`: what it is the effect of.
 * @returns its Message-ID, by which the answer will be known
 * @throws AppError unavailable no_mail, conflict no_address
 */
export const sendLetter = async (
  deps: Deps,
  change: Change,
  letter: { effect: string; subject: string; text: string; askedBy: number | null; files?: readonly Carried[] },
): Promise<{ messageId: string; address: string }> => {
  const { trx, row } = change;
  if (deps.config.mail === null) throw new AppError('unavailable', 'no outgoing mail', { reason: 'no_mail' });
  const address = await addressOf(deps, change);
  if (!address) throw new AppError('conflict', 'no address', { reason: 'no_address' });
  const thread = (await entriesOf(trx, row.id)).flatMap(({ message_id }) => message_id ?? []);
  const last = thread.at(-1);
  const { messageId, wake } = await deps.sendMail(trx, {
    effect: `complaint:${row.id}:${letter.effect}`,
    to: { address },
    subject: letter.subject,
    text: letter.text,
    ...(last !== undefined && { inReplyTo: last, references: thread.slice(-20) }),
    attachments: (letter.files ?? []).map(({ name, media, size, path }) => ({ name, type: media, file: path, size })),
    kind: 'complaint',
    ref: String(row.id),
    askedBy: letter.askedBy,
  });
  change.after(wake);
  return { messageId, address };
};

/** The number stands in the subject: an answer is known by it even where the mail program drops the thread. */
export const subjectOf = (row: Change['row'], subject = ''): string => `${subject || `Re: ${row.subject}`} [${row.number}]`;

/** Once it is closed: asks the client how it was, where there is mail and an address; once for each closing. */
export const askHowItWas = async (deps: Deps, change: Change, actorId: number): Promise<void> => {
  const { row } = change;
  if (deps.config.mail === null || (await addressOf(deps, change)) === null) return;
  const link = `${deps.config.publicUrl.replace(/\/$/, '')}/api/complaints/survey/${row.token}`;
  const letters = LETTERS[deps.config.defaultCountry === 'RU' ? 'ru' : 'en'];
  await sendLetter(deps, change, {
    effect: `survey:${row.version + 1}`,
    ...letters.survey(row.number, row.done_text, link),
    askedBy: actorId,
  });
};

/** What we tell the client. By e-mail it goes out with the transaction; otherwise somebody has told them already. */
export const answer = async (
  deps: Deps,
  change: Change,
  {
    channel,
    subject,
    text,
    files: ids = [],
    actorId,
  }: { channel: 'phone' | 'email' | 'other'; subject: string; text: string; files?: readonly number[]; actorId: number },
): Promise<void> => {
  if (channel !== 'email' && ids.length > 0) throw invalid('body.files', 'not_by_mail');
  const files = await carriedBy(deps, change, ids);
  const letter = { effect: `answer:${change.row.version + 1}`, subject: subjectOf(change.row, subject), text, askedBy: actorId, files };
  const sent = channel === 'email' ? await sendLetter(deps, change, letter) : null;
  const entryId = await change.entry({ kind: 'out', channel, text, address: sent?.address ?? '', message_id: sent?.messageId ?? null });
  for (const { id, name, size } of files) await change.trx('complaint_entry_files').insert({ entry_id: entryId, file_id: id, name, size });
  if (change.row.status === 'new') await change.turn('acknowledged');
};
