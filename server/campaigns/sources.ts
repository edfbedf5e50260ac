import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { parsePhone } from '../core/phone.ts';
import type { ContactsAdded, ContactsFrom } from './contract.ts';
import type { Listed } from './lists.ts';
import { numbersOf } from './rows.ts';
import type { ContactRow } from './rows.ts';

/** Where people of a campaign come from, page after page. */
export interface Source {
  /** For the audit. */
  readonly from: { readonly kind: 'list' | ContactsFrom['kind']; readonly name: string };
  readonly pages: Iterable<readonly Listed[]> | AsyncIterable<readonly Listed[]>;
  /** Whole once the pages have been read. */
  readonly refused: Pick<ContactsAdded, 'rejected' | 'rejectedCount'>;
}

type SourceDeps = Pick<Deps, 'db' | 'missedNumbers' | 'segmentClients' | 'clientList' | 'config'>;

/** Clients a page. */
const PAGE = 1_000;
const MOST_SHOWN = 100;
const MOST_NUMBERS = 5;

/** Clients of the base whom a saved filter finds for this actor, each with their phones in the order of the card. */
const clientsOf = (deps: SourceDeps, actor: Actor, from: Source['from'] & { segmentId: number }): Source => {
  const refused: Source['refused'] = { rejected: [], rejectedCount: 0 };
  const pages = async function* () {
    for (let after = 0, more = true; more;) {
      const ids = await deps.segmentClients(deps.db, actor, from.segmentId, after, PAGE);
      const clients = await deps.clientList.rows(deps.db, actor, ids, ['phones'], { language: 'en', timeZone: 'UTC' });
      yield clients.flatMap(({ id, name, cells: { phones = '' } }): Listed[] => {
        const numbers = [...new Set(phones.split('; ').flatMap((phone) => parsePhone(phone, deps.config.defaultCountry).e164 ?? []))];
        if (numbers.length > 0) return [{ name, numbers: numbers.slice(0, MOST_NUMBERS), data: {}, clientId: id }];
        const why = phones === '' ? 'no-number' : 'not-a-number';
        if (refused.rejectedCount++ < MOST_SHOWN) refused.rejected.push({ line: null, clientId: id, text: name, why });
        return [];
      });
      after = ids.at(-1) ?? after;
      more = ids.length === PAGE;
    }
  };
  return { from, pages: pages(), refused };
};

/** People whom another source of Allo's has. The pages of a filter @throw AppError not_found when it is not for this actor, conflict when a field of it is gone */
export const sourceOf = async (deps: SourceDeps, actor: Actor, { dryRun: _, ...source }: ContactsFrom): Promise<Source> => {
  if (source.kind === 'segment') return clientsOf(deps, actor, source);
  const refused = { rejected: [], rejectedCount: 0 };
  if (source.kind === 'missed') {
    const people = (await deps.missedNumbers()).map((number) => ({ name: '', numbers: [number], data: {}, clientId: null }));
    return { from: source, pages: [people], refused };
  }
  const query = deps.db<ContactRow>('campaign_contacts').where({ campaign_id: source.campaignId });
  if (source.results.length > 0) void query.where((any) => any.whereIn('outcome', source.results).orWhereIn('reason', source.results));
  const people = ((await query) as ContactRow[]).map((row) => ({
    name: row.name,
    numbers: numbersOf(row),
    data: row.data === null ? {} : (JSON.parse(row.data) as Record<string, string>),
    clientId: row.client_id,
  }));
  return { from: source, pages: [people], refused };
};
