import type { Deps, Feature } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { MessageDraft, SentPage, SentQuery, SentReply, UnreadList } from './contract.ts';
import type { SentMessage } from './contract.ts';
import { messagePolicy } from './policy.ts';
import { findDraft, insertMessage, isReader, listSent, markRead, readersOf, unreadOf } from './queries.ts';
import type { MessageRow } from './queries.ts';

/** /api/messages. @param onShift who is on shift now; from agents */
export const messagesFeature = (deps: Deps, onShift: () => Promise<number[]>): Feature => {
  const shown = ({ id, text, at }: MessageRow, author: SentMessage['author']) => ({ id, author, text, at });

  const presentSent = async (rows: readonly MessageRow[]): Promise<SentMessage[]> => {
    const readers = rows.length > 0 ? await readersOf(deps.db, rows.map((row) => row.id)) : []; // prettier-ignore
    const users = await deps.directory.briefs([
      ...new Set([...rows.map((row) => row.author_id), ...readers.map(({ user_id }) => user_id)]),
    ]);
    return rows.map((row) => ({
      ...shown(row, users.get(row.author_id) ?? null),
      readers: readers
        .filter(({ message_id }) => message_id === row.id)
        .flatMap(({ user_id, read_at }) => {
          const user = users.get(user_id);
          return user ? [{ user, readAt: read_at }] : [];
        }),
    }));
  };

  const readersFor = async (actor: Actor, to: MessageDraft['to']): Promise<number[]> => {
    const wanted = to === 'all' ? await onShift() : [...new Set(to)];
    const ids = wanted.filter((id) => id !== actor.id);
    for (const id of ids)
      if (to !== 'all' && !(await deps.directory.actorOf(id)))
        throw new AppError('invalid', 'nobody', { issues: [{ path: 'body.to', code: 'unknown_user' }] });
    if (ids.length === 0) throw new AppError('conflict', 'there is nobody to read it', { reason: 'nobody' });
    return ids;
  };

  const send = async (actor: Actor, { draft, text, to }: MessageDraft): Promise<MessageRow> => {
    const had = await findDraft(deps.db, actor.id, draft);
    if (had) return had;
    const readers = await readersFor(actor, to);
    const message = { author_id: actor.id, draft, text, at: deps.now() };
    try {
      const id = await inTransaction(deps.db, async (trx) => {
        const made = await insertMessage(trx, message, readers);
        await deps.audit(trx, { actorId: actor.id, what: 'message.sent', table: 'messages', rowId: made, details: { readers: readers.length } }); // prettier-ignore
        return made;
      });
      const author = (await deps.directory.briefs([actor.id])).get(actor.id) ?? null;
      deps.push(readers, { topic: 'messages', message: { id, author, text, at: message.at } });
      return { ...message, id };
    } catch (err) {
      const other = isDuplicate(err) ? await findDraft(deps.db, actor.id, draft) : undefined;
      if (!other) throw err;
      return other;
    }
  };

  return {
    routes: [
      route({
        method: 'get',
        path: '/messages',
        summary: 'What was said to me and I have not read',
        reply: UnreadList,
        can: signedIn,
        async handle({ actor }) {
          const rows = await unreadOf(deps.db, actor.id);
          const authors = await deps.directory.briefs([...new Set(rows.map((row) => row.author_id))]);
          return { items: rows.map((row) => shown(row, authors.get(row.author_id) ?? null)) };
        },
      }),
      route({
        method: 'post',
        path: '/messages/:id/read',
        summary: 'I have read it; whoever sent it is told',
        params: IdParam,
        can: signedIn,
        async handle({ params: { id }, actor }) {
          const at = deps.now();
          const author = await markRead(deps.db, id, actor.id, at);
          if (author === null) {
            if (!(await isReader(deps.db, id, actor.id))) throw new AppError('not_found', 'no such message');
            return;
          }
          deps.push([author], { topic: 'message-read', id, userId: actor.id, at });
          deps.push([actor.id], { topic: 'message-read', id, userId: actor.id, at });
        },
      }),
      route({
        method: 'post',
        path: '/messages',
        summary: 'Says something to one operator or more, or to all on shift',
        body: MessageDraft,
        reply: SentReply,
        can: messagePolicy.send,
        handle: async ({ body, actor }) => ({ message: (await presentSent([await send(actor, body)]))[0]! }),
      }),
      route({
        method: 'get',
        path: '/messages/sent',
        summary: 'What was said, and who has read it; newest first',
        query: SentQuery,
        reply: SentPage,
        can: messagePolicy.send,
        async handle({ query: { after, limit } }) {
          const rows = await listSent(deps.db, after, limit + 1);
          const page = rows.slice(0, limit);
          return { items: await presentSent(page), next: rows.length > limit ? page.at(-1)!.id : null };
        },
      }),
    ],
  };
};
