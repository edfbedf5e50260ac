import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { callWith } from '../calls/store.ts';
import { outcomeWords } from '../calls/strings.ts';
import { match } from '../core/router.ts';
import type { Place } from '../core/router.ts';
import { lazyPage } from './lazy.ts';

type Page = (params: Record<string, string>, query: string) => TemplateResult;

const reports = lazyPage(() => import('../reports/allo-reports.ts'));
const breaks = lazyPage(() => import('../agents/allo-break-reasons.ts'));
const wallboards = lazyPage(() => import('../wallboards/allo-wallboards.ts'));
const mail = lazyPage(() => import('../mail/allo-mail.ts'));
const topics = lazyPage(() => import('../interests/allo-interest-topics.ts'));
const segments = lazyPage(() => import('../segments/allo-segments.ts'));
const imports = lazyPage(() => import('../imports/pages.ts'));
const callLog = lazyPage(() => import('../calls/allo-call-log.ts'));

const campaigns = lazyPage(() => import('../campaigns/allo-campaigns.ts'));
const campaign = lazyPage(() => import('../campaigns/allo-campaign.ts'));
const dialling = lazyPage(() => import('../dialling/allo-dialling.ts'));
const people = lazyPage(() => import('../handover/allo-people.ts'));
const oversight = lazyPage(() => import('../oversight/allo-oversight.ts'));
const rights = lazyPage(() => import('../rights/allo-rights.ts'));
const stages = lazyPage(() => import('../clients/stages/allo-stages.ts'));
const duplicates = lazyPage(() => import('../duplicates/allo-duplicates.ts'));
const merging = lazyPage(() => import('../clients/merging/allo-merge.ts'));
const untouched = lazyPage(() => import('../clients/stages/allo-untouched.ts'));
const fields = lazyPage(() => import('../fields/allo-fields.ts'));
const meetings = lazyPage(() => import('../meetings/allo-meetings.ts'));
const schedules = lazyPage(() => import('../schedules/allo-schedules.ts'));
const calendars = lazyPage(() => import('../calendars/allo-calendars.ts'));

const words = (code: string) => outcomeWords(code);

const complaints = lazyPage(() => import('../complaints/pages.ts'));
const complaintSettings = lazyPage(() => import('../complaints/allo-complaint-settings.ts'));

const tasks = lazyPage(() => import('../tasks/pages.ts'));

/** Every page and its address. The first that fits. */
const PAGES: readonly [string, Page][] = [
  ['/', () => html`<allo-today></allo-today>`],
  ['/clients', (_, query) => html`<allo-clients .query=${query}></allo-clients>`],
  ['/clients/new', (_, query) => html`<allo-client-new .query=${query}></allo-client-new>`],
  ['/clients/lists', () => segments(() => html`<allo-segments></allo-segments>`)],
  ['/clients/imports', () => imports(() => html`<allo-imports></allo-imports>`)],
  ['/clients/imports/:id', ({ id }) => imports(() => html`<allo-import .job=${Number(id)}></allo-import>`)],
  ['/clients/untouched', (_, query) => untouched(() => html`<allo-untouched .query=${query}></allo-untouched>`)],
  ['/clients/duplicates', (_, query) => duplicates(() => html`<allo-duplicates .query=${query}></allo-duplicates>`)],
  ['/clients/merge', (_, query) => merging(() => html`<allo-merge .query=${query}></allo-merge>`)],
  [
    '/clients/:id',
    ({ id }) => html`<allo-client .client=${Number(id)} .call=${callWith(Number(id))} .outcomeWords=${words}></allo-client>`,
  ],
  ['/calls', () => html`<allo-calls></allo-calls>`],
  ['/calls/log', (_, query) => callLog(() => html`<allo-call-log .query=${query}></allo-call-log>`)],
  ['/calls/:ref', ({ ref }) => html`<allo-call .ref=${ref!}></allo-call>`],
  ['/reports', (_, query) => reports(() => html`<allo-reports .query=${query} .outcomeWords=${words}></allo-reports>`)],
  ['/meetings', (_, query) => meetings(() => html`<allo-meetings .query=${query}></allo-meetings>`)],
  ['/schedules', () => schedules(() => html`<allo-schedules></allo-schedules>`)],
  ['/missed', () => html`<allo-missed></allo-missed>`],
  ['/tasks', (_, query) => tasks(() => html`<allo-task-list .query=${query}></allo-task-list>`)],
  ['/tasks/report', (_, query) => tasks(() => html`<allo-task-report .query=${query}></allo-task-report>`)],
  ['/tasks/unplanned', () => tasks(() => html`<allo-unplanned></allo-unplanned>`)],
  ['/tasks/:id', ({ id }) => tasks(() => html`<allo-task .task=${Number(id)}></allo-task>`)],
  ['/complaints', () => complaints(() => html`<allo-complaints></allo-complaints>`)],
  ['/complaints/reports', (_, query) => complaints(() => html`<allo-complaint-reports .query=${query}></allo-complaint-reports>`)],
  ['/complaints/actions', (_, query) => complaints(() => html`<allo-complaint-actions .query=${query}></allo-complaint-actions>`)],
  [
    '/complaints/:id',
    ({ id }, query) => complaints(() => html`<allo-complaint .complaint=${Number(id)} .query=${query}></allo-complaint>`),
  ],
  ['/floor', () => html`<allo-floor></allo-floor>`],
  ['/wallboards', () => wallboards(() => html`<allo-wallboards></allo-wallboards>`)],
  ['/settings', () => html`<allo-queues .words=${words}></allo-queues>`],
  ['/settings/outcomes', () => html`<allo-outcomes .words=${words}></allo-outcomes>`],
  ['/settings/breaks', () => breaks(() => html`<allo-break-reasons></allo-break-reasons>`)],
  ['/settings/fields', () => fields(() => html`<allo-fields></allo-fields>`)],
  ['/settings/people', () => people(() => html`<allo-people></allo-people>`)],
  ['/settings/oversight', () => oversight(() => html`<allo-oversight></allo-oversight>`)],
  ['/settings/rights', () => rights(() => html`<allo-rights></allo-rights>`)],
  ['/settings/stages', () => stages(() => html`<allo-stages></allo-stages>`)],
  ['/settings/mail', () => mail(() => html`<allo-mail></allo-mail>`)],
  ['/campaigns', () => campaigns(() => html`<allo-campaigns></allo-campaigns>`)],
  ['/campaigns/:id', ({ id }) => campaign(() => html`<allo-campaign .campaign=${Number(id)} .words=${words}></allo-campaign>`)],
  ['/settings/dialling', () => dialling(() => html`<allo-dialling></allo-dialling>`)],
  ['/settings/calendars', () => calendars(() => html`<allo-calendars></allo-calendars>`)],
  ['/settings/complaints', () => complaintSettings(() => html`<allo-complaint-settings></allo-complaint-settings>`)],
  ['/settings/interests', () => topics(() => html`<allo-interest-topics></allo-interest-topics>`)],
  ['/incoming/:ref', ({ ref }) => html`<allo-incoming .ref=${ref!}></allo-incoming>`],
];

/** Null: there is no page at this address. */
export const pageAt = (place: Place): TemplateResult | null => {
  for (const [pattern, page] of PAGES) {
    const params = match(pattern, place.path);
    if (params && (params.id === undefined || /^[1-9]\d{0,14}$/.test(params.id))) return page(params, place.query);
  }
  return null;
};
