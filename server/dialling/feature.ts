import type { Deps, Feature } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { parsePhone } from '../core/phone.ts';
import { IdParam } from '../users/contract.ts';
import { ClientConsents, ConsentDraft, ConsentQuery, ConsentReply, DncDraft, DncImport, DncImported, DncList, DncQuery, Evidence, EvidencePdf, EvidenceQuery, ProfileDraft, ProfileEdit, ProfileList, ProfileParam, ProfileReply, ProfileVersions } from './contract.ts'; // prettier-ignore
import type { DncEntry } from './contract.ts';
import { evidenceLines, evidencePdf } from './evidence-pdf.ts';
import { diallingPolicy as may } from './policy.ts';
import { addDnc, consentsOf, dncOf, findConsent, findProfile, insertConsent, insertProfile, listDnc, listProfiles, profileVersions, sameConsent, updateProfile, withdrawConsent } from './queries.ts'; // prettier-ignore
import type { DncRow } from './queries.ts';

const MOST_REJECTED = 100;

/** /api/dialling: the rules of calling people, and what proves that they were kept. */
export const diallingFeature = (deps: Deps, attemptsOf: (number: string) => Promise<Evidence['attempts']>): Feature => {
  const numberOf = (raw: string): string => {
    const { e164 } = parsePhone(raw, deps.config.defaultCountry);
    if (!e164) throw new AppError('invalid', 'no such number', { issues: [{ path: 'number', code: 'not_a_number' }] });
    return e164;
  };
  const shown = async (rows: readonly DncRow[]): Promise<DncEntry[]> => {
    const users = await deps.directory.briefs(rows.flatMap(({ user_id }) => user_id ?? []));
    return rows.map((row) => ({
      id: row.id,
      number: row.number,
      source: row.source,
      list: row.list,
      listDate: row.list_date,
      note: row.note,
      callRef: row.call_ref,
      by: users.get(row.user_id ?? 0)?.name ?? null,
      at: row.at,
    }));
  };
  const told = (trx: Parameters<typeof deps.audit>[0], actor: Actor, what: string, rowId: number | string, details: object) =>
    deps.audit(trx, { actorId: actor.id, what, table: 'dialling', rowId, details });

  /** Who leads calling, or may edit a card with this number. @throws AppError forbidden */
  const mayRecord = async (actor: Actor, number: string): Promise<void> => {
    if (may.editDoNotCall(actor)) return;
    for (const { id } of await deps.clientsByNumber(number)) if (await deps.fileOwners.client!.may(actor, String(id), 'write')) return;
    throw new AppError('forbidden', 'a number on no card of theirs');
  };

  /** Whoever looks leaves a trace. */
  const evidenceOf = async (actor: Actor, raw: string, as: 'json' | 'pdf'): Promise<Evidence> => {
    const number = numberOf(raw);
    const [doNotCall, consents, attempts] = await Promise.all([dncOf(deps.db, number), consentsOf(deps.db, number), attemptsOf(number)]);
    await told(deps.db, actor, 'dialling.evidence', number, { as });
    return { number, madeAt: deps.now(), doNotCall: await shown(doNotCall), consents, attempts };
  };

  return {
    routes: [
      route({
        method: 'get',
        path: '/dialling/profiles',
        summary: 'The rules of countries for calling people',
        reply: ProfileList,
        can: may.profiles,
        handle: async ({ actor }) => ({ items: await listProfiles(deps.db), can: { edit: may.editProfiles(actor) } }),
      }),
      route({
        method: 'post',
        path: '/dialling/profiles',
        summary: 'Another profile of rules',
        body: ProfileDraft,
        reply: ProfileReply,
        status: 201,
        can: may.editProfiles,
        async handle({ body, actor }) {
          try {
            await inTransaction(deps.db, async (trx) => {
              await insertProfile(trx, body);
              await told(trx, actor, 'dialling.profile.created', body.code, body);
            });
          } catch (err) {
            if (isDuplicate(err)) throw new AppError('conflict', 'there is one of this code', { reason: 'exists' });
            throw err;
          }
          return { profile: { ...body, version: 1 } };
        },
      }),
      route({
        method: 'patch',
        path: '/dialling/profiles/:code',
        summary: 'Changes the rules: each dial is decided by those of its moment',
        params: ProfileParam,
        body: ProfileEdit,
        reply: ProfileReply,
        can: may.editProfiles,
        handle: ({ params: { code }, body: { version, ...edit }, actor }) =>
          inTransaction(deps.db, async (trx) => {
            const before = await findProfile(trx, code);
            if (!before) throw new AppError('not_found', 'no such profile');
            const next = { ...before, name: edit.name ?? before.name, rules: edit.rules ?? before.rules, version };
            if (!(await updateProfile(trx, next))) throw new AppError('conflict', 'changed meanwhile', { reason: 'changed' });
            await told(trx, actor, 'dialling.profile.edited', code, { before: before.rules, after: next.rules });
            return { profile: { ...next, version: version + 1 } };
          }),
      }),
      route({
        method: 'get',
        path: '/dialling/profiles/:code/versions',
        summary: 'The rules as they were before each change, the latest first',
        params: ProfileParam,
        reply: ProfileVersions,
        can: may.editProfiles,
        async handle({ params: { code } }) {
          if (!(await findProfile(deps.db, code))) throw new AppError('not_found', 'no such profile');
          const versions = await profileVersions(deps.db, code);
          const users = await deps.directory.briefs(versions.flatMap(({ actorId }) => actorId ?? []));
          return { items: versions.map(({ at, actorId, rules }) => ({ at, by: users.get(actorId ?? 0)?.name ?? null, rules })) };
        },
      }),
      route({
        method: 'get',
        path: '/dialling/do-not-call',
        summary: 'Numbers that no campaign calls, the newest first',
        query: DncQuery,
        reply: DncList,
        can: may.doNotCall,
        async handle({ query, actor }) {
          const ask = { ...query, number: query.number === undefined || query.number === '' ? undefined : numberOf(query.number) };
          const rows = await listDnc(deps.db, ask);
          const page = rows.slice(0, query.limit);
          const can = { edit: may.editDoNotCall(actor) };
          return { items: await shown(page), next: rows.length > query.limit ? page.at(-1)!.id : null, can };
        },
      }),
      route({
        method: 'post',
        path: '/dialling/do-not-call',
        summary: 'A number that no campaign calls from now on',
        body: DncDraft,
        can: may.editDoNotCall,
        async handle({ body, actor }) {
          const number = numberOf(body.number);
          await inTransaction(deps.db, async (trx) => {
            await addDnc(trx, [{ number, source: 'own', list: '', list_date: null, note: body.note, call_ref: null, user_id: actor.id, at: deps.now() }]); // prettier-ignore
            await told(trx, actor, 'do-not-call.added', number, { note: body.note });
          });
        },
      }),
      route({
        method: 'post',
        path: '/dialling/do-not-call/import',
        summary: 'A list of numbers not to be called, with its date: a number a line, what stands behind it is passed over',
        body: DncImport,
        reply: DncImported,
        can: may.editDoNotCall,
        async handle({ body: { list, listDate, text }, actor }) {
          const rejected: { line: number; text: string }[] = [];
          let rejectedCount = 0;
          const numbers = new Set<string>();
          text.split(/\r\n|\r|\n/).forEach((line, i) => {
            const raw = line
              .split(/[;,\t]/)[0]!
              .trim()
              .replace(/^"|"$/g, '');
            if (raw === '') return;
            const { e164 } = parsePhone(raw, deps.config.defaultCountry);
            if (e164) numbers.add(e164);
            else if (rejectedCount++ < MOST_REJECTED) rejected.push({ line: i + 1, text: line.slice(0, 100) });
          });
          const at = deps.now();
          const row = (number: string) => ({ number, source: 'import' as const, list, list_date: listDate, note: '', call_ref: null, user_id: actor.id, at }); // prettier-ignore
          const added = await inTransaction(deps.db, async (trx) => {
            const count = await addDnc(trx, [...numbers].map(row)); // prettier-ignore
            await told(trx, actor, 'do-not-call.imported', list, { listDate, numbers: numbers.size, rejected: rejectedCount });
            return count;
          });
          return { added, known: numbers.size - added, rejected, rejectedCount };
        },
      }),
      route({
        method: 'delete',
        path: '/dialling/do-not-call/:id',
        summary: 'Takes a number off: whoever has it has said so',
        params: IdParam,
        can: may.removeDoNotCall,
        async handle({ params: { id }, actor }) {
          await inTransaction(deps.db, async (trx) => {
            const row = (await trx<DncRow>('do_not_call').where({ id }).first()) as DncRow | undefined;
            if (!row) throw new AppError('not_found', 'no such entry');
            await trx('do_not_call').where({ id }).delete();
            await told(trx, actor, 'do-not-call.removed', row.number, { source: row.source, list: row.list, at: row.at });
          });
        },
      }),
      route({
        method: 'get',
        path: '/dialling/consents',
        summary: 'What the numbers of a client have agreed to, and whether one may not be called',
        query: ConsentQuery,
        reply: ClientConsents,
        can: signedIn,
        async handle({ query: { clientId }, actor }) {
          if (!(await deps.clientsSeen(actor, [clientId])).has(clientId)) throw new AppError('forbidden', 'a client of another department');
          const items: ClientConsents['items'] = [];
          for (const number of await deps.clientNumbers(deps.db, clientId))
            items.push({ number, doNotCall: (await dncOf(deps.db, number)).length > 0, consents: await consentsOf(deps.db, number) });
          return {
            items,
            can: { give: may.editDoNotCall(actor) || (await deps.fileOwners.client!.may(actor, String(clientId), 'write')) },
          };
        },
      }),
      route({
        method: 'post',
        path: '/dialling/consents',
        summary: 'Somebody has agreed to be called',
        body: ConsentDraft,
        reply: ConsentReply,
        status: 201,
        can: signedIn,
        async handle({ body, actor }) {
          const number = numberOf(body.number);
          await mayRecord(actor, number);
          return inTransaction(deps.db, async (trx) => {
            const consent = { ...body, number, withdrawnAt: null };
            const there = await sameConsent(trx, consent);
            if (there) return { consent: there };
            const id = await insertConsent(trx, consent, actor.id);
            await told(trx, actor, 'consent.given', id, { number: consent.number, purpose: body.purpose });
            return { consent: { ...consent, id } };
          });
        },
      }),
      route({
        method: 'post',
        path: '/dialling/consents/:id/withdraw',
        summary: 'Takes a consent back, from now on',
        params: IdParam,
        reply: ConsentReply,
        can: signedIn,
        async handle({ params: { id }, actor }) {
          const stored = await findConsent(deps.db, id);
          if (!stored) throw new AppError('not_found', 'no such consent');
          await mayRecord(actor, stored.number);
          return inTransaction(deps.db, async (trx) => {
            await withdrawConsent(trx, id, deps.now());
            await told(trx, actor, 'consent.withdrawn', id, { number: stored.number });
            return { consent: (await findConsent(trx, id))! };
          });
        },
      }),
      route({
        method: 'get',
        path: '/dialling/evidence',
        summary: 'Everything about why and when a number was called by campaigns',
        query: EvidenceQuery,
        reply: Evidence,
        can: may.evidence,
        handle: ({ query, actor }) => evidenceOf(actor, query.number, 'json'),
      }),
      route({
        method: 'post',
        path: '/dialling/evidence/pdf',
        summary: 'The same on paper, in the words of whoever asks',
        body: EvidencePdf,
        media: 'application/pdf',
        can: may.evidence,
        async handle({ body: { number, words }, actor, res }) {
          const evidence = await evidenceOf(actor, number, 'pdf');
          const { timeZone } = await deps.calendars.of(null);
          const title = `${words.labels.title}: ${evidence.number}`;
          const pdf = await evidencePdf(evidenceLines(evidence, { words }, timeZone), { title, at: evidence.madeAt });
          res.set('Content-Disposition', `attachment; filename="evidence-${evidence.number}.pdf"`);
          res.set('Content-Type', 'application/pdf');
          res.end(pdf);
        },
      }),
    ],
  };
};
