import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { outcomeWords } from '../calls/strings.ts';
import { match } from '../core/router.ts';
import type { Place } from '../core/router.ts';
import { lazyPage } from './lazy.ts';

type Page = (params: Record<string, string>, query: string) => TemplateResult;

const reports = lazyPage(() => import('../reports/allo-reports.ts'));
const mail = lazyPage(() => import('../mail/allo-mail.ts'));
const segments = lazyPage(() => import('../segments/allo-segments.ts'));
const callLog = lazyPage(() => import('../calls/allo-call-log.ts'));

const calendars = lazyPage(() => import('../calendars/allo-calendars.ts'));

const words = (code: string) => outcomeWords(code);

/** Every page and its address. The first that fits. */
const PAGES: readonly [string, Page][] = [
  ['/', () => html`<allo-today></allo-today>`],
  ['/clients', (_, query) => html`<allo-clients .query=${query}></allo-clients>`],
  ['/clients/new', (_, query) => html`<allo-client-new .query=${query}></allo-client-new>`],
  ['/clients/lists', () => segments(() => html`<allo-segments></allo-segments>`)],
  ['/clients/:id', ({ id }) => html`<allo-client .client=${Number(id)} .outcomeWords=${words}></allo-client>`],
  ['/calls', () => html`<allo-calls></allo-calls>`],
  ['/calls/log', (_, query) => callLog(() => html`<allo-call-log .query=${query}></allo-call-log>`)],
  ['/calls/:ref', ({ ref }) => html`<allo-call .ref=${ref!}></allo-call>`],
  ['/reports', (_, query) => reports(() => html`<allo-reports .query=${query} .outcomeWords=${words}></allo-reports>`)],
  ['/missed', () => html`<allo-missed></allo-missed>`],
  ['/floor', () => html`<allo-floor></allo-floor>`],
  ['/settings', () => html`<allo-queues .words=${words}></allo-queues>`],
  ['/settings/outcomes', () => html`<allo-outcomes .words=${words}></allo-outcomes>`],
  ['/settings/mail', () => mail(() => html`<allo-mail></allo-mail>`)],
  ['/settings/calendars', () => calendars(() => html`<allo-calendars></allo-calendars>`)],
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
