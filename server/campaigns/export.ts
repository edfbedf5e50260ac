import { pipeline } from 'node:stream/promises';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { SHEET_MEDIA, writeSheet } from '../core/sheets/write.ts';
import { momentText, wallOf } from '../core/zone.ts';
import { IdParam } from '../users/contract.ts';
import { CampaignExport, EXPORT_COLUMNS } from './contract.ts';
import type { Answer, Script } from './contract.ts';
import { campaignPolicy as may } from './policy.ts';
import type { AttemptRow, ContactRow } from './rows.ts';
import { loaded, scriptOf } from './service.ts';

/** A campaign's people, how it ended for each and what they answered, as a file: the rows are ours, the words those that the browser shows. */

/** People a page. */
const PAGE = 500;

const moment = (at: number, timeZone: string): string => momentText(wallOf(at, timeZone));

/** As the script says it, where it still has the choice. */
const said = (script: Script | null, question: string, value: Answer): string => {
  const options = script?.steps.find(({ id }) => id === question)?.options ?? [];
  return [value].flat().map((each) => options.find((option) => option.value === each)?.text ?? String(each)).join('; '); // prettier-ignore
};

type Words = CampaignExport['words'];
interface How {
  actor: Actor;
  campaignId: number;
  questions: readonly string[];
  script: Script | null;
  timeZone: string;
  words: Words;
}

/** Whose name and numbers this actor may take away: everybody who is no client, and the clients within their reach. */
const mayTake = async (deps: Deps, actor: Actor, clientIds: readonly number[]): Promise<Set<number>> =>
  new Set((await deps.clientList.base(deps.db, actor.reach.export).whereIn('c.id', clientIds).pluck('c.id')) as number[]);

async function* rowsOf(deps: Deps, { actor, campaignId, questions, script, timeZone, words }: How): AsyncIterable<string[]> {
  const { db } = deps;
  const lists = new Map(((await db('campaign_lists').where({ campaign_id: campaignId })) as { id: number; kind: string; name: string }[]).map(({ id, kind, name }) => [id, name || (words.codes[kind] ?? kind)])); // prettier-ignore
  for (let after = 0, more = true; more;) {
    const people = (await db<ContactRow>('campaign_contacts').where({ campaign_id: campaignId }).where('id', '>', after).orderBy('id').limit(PAGE)) as ContactRow[]; // prettier-ignore
    const ids = people.map(({ id }) => id);
    const open = await mayTake(deps, actor, people.flatMap(({ client_id }) => client_id ?? [])); // prettier-ignore
    const attempts = (await db<AttemptRow>('attempts')
      .whereIn('contact_id', ids)
      .whereNot('state', 'refused')
      .orderBy('id')) as AttemptRow[];
    const last = new Map(attempts.map((attempt) => [attempt.contact_id, attempt]));
    const answers = (await db('answers').whereIn('contact_id', ids)) as { contact_id: number; question: string; value: string }[];
    const answered = new Map(answers.map(({ contact_id, question, value }) => [`${contact_id} ${question}`, said(script, question, JSON.parse(value) as Answer)])); // prettier-ignore
    const users = await deps.directory.briefs([...new Set(attempts.flatMap(({ operator_id }) => operator_id ?? []))]);
    const code = (of: string | null | undefined) => (of == null ? '' : (words.codes[of] ?? of));
    for (const person of people) {
      const attempt = last.get(person.id);
      const shown = person.client_id === null || open.has(person.client_id);
      yield [
        shown ? person.name : '',
        shown ? person.number : '',
        lists.get(person.list_id ?? 0) ?? '',
        code(person.state),
        code(person.reason),
        String(person.attempts),
        attempt ? moment(attempt.placed_at, timeZone) : '',
        code(attempt?.result),
        users.get(attempt?.operator_id ?? 0)?.name ?? '',
        code(person.outcome),
        ...questions.map((question) => answered.get(`${person.id} ${question}`) ?? ''),
      ];
    }
    after = ids.at(-1) ?? after;
    more = ids.length === PAGE;
  }
}

export const exportRoutes = (deps: Deps): Route[] => [
  route({
    method: 'post',
    path: '/campaigns/:id/export',
    summary: 'The people of a campaign, how it ended for each and what they answered, as CSV or XLSX',
    params: IdParam,
    body: CampaignExport,
    media: 'application/octet-stream',
    can: may.export,
    async handle({ params: { id }, body: { format, language, words }, actor, res }) {
      await loaded(deps, id);
      const { script } = await scriptOf(deps, id);
      const asked = (await deps
        .db('answers')
        .where({ campaign_id: id })
        .distinct('question')
        .orderBy('question')
        .pluck('question')) as string[];
      const inScript = (script?.steps ?? []).map((step) => step.id).filter((step) => asked.includes(step));
      const questions = [...inScript, ...asked.filter((question) => !inScript.includes(question))];
      const label = (question: string) => script?.steps.find((step) => step.id === question)?.text.slice(0, 200) || question;
      const { timeZone } = await deps.calendars.of(null);
      const [{ rows }] = (await deps.db('campaign_contacts').where({ campaign_id: id }).count({ rows: '*' })) as [{ rows: number }];
      await deps.audit(deps.db, {
        actorId: actor.id,
        what: 'campaign.exported',
        table: 'campaigns',
        rowId: id,
        details: { format, questions, rows: Number(rows) },
      });
      deps.sighted(actor.id, 'exported', Number(rows));
      const sheet = {
        columns: [
          ...EXPORT_COLUMNS.map((key) => ({ key, label: words.columns[key] })),
          ...questions.map((key) => ({ key, label: label(key) })),
        ],
        rows: rowsOf(deps, { actor, campaignId: id, questions, script, timeZone, words }),
        language,
      };
      res.set('Content-Disposition', `attachment; filename="allo-campaign-${id}.${format}"`);
      res.set('Content-Type', SHEET_MEDIA[format]);
      await pipeline(writeSheet(format, sheet), res);
    },
  }),
];
