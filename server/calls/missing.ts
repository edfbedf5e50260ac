import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { MISSING_MOST } from './contract.ts';
import type { MissingPage } from './contract.ts';
import { cursorOf, present } from './queries.ts';
import type { CallRecord } from './write.ts';

/** Calls that owe an outcome, newest first, read from their own index. */
export const readMissing = async (
  deps: Deps,
  actor: Actor,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<MissingPage> => {
  const due = () => deps.db<CallRecord>('calls').where('outcome_due', true);
  const cursor = cursorOf(after);
  const query = due();
  if (cursor)
    void query
      .where('started_at', '<=', cursor.at)
      .where((either) => either.where('started_at', '<', cursor.at).orWhere('id', '<', cursor.id));
  const rows = await query
    .orderBy([
      { column: 'started_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const counted = await due().select('id').limit(MISSING_MOST);
  return {
    items: await present(deps, actor, page, null),
    next: rows.length > limit && last ? `${last.started_at}-${last.id}` : null,
    total: counted.length,
  };
};
