import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { EXPORT_COLUMNS } from '../../server/campaigns/contract.ts';
import type { Route } from '../../server/core/http.ts';
import { LiveMessage } from '../../server/realtime/contract.ts';
import { openPage } from '../support/browser.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { engines } from '../support/db.ts';
import { Story } from '../support/facts.ts';
import { ROUTES, TOPICS } from './rights-walk.ts';

/**
 * Everybody's reach is "own", and there is one client of somebody else, with a word that nobody else has in every place a card has. Each way that the
 * program has is gone; a route or a live topic that is new fails here until rights-walk.ts says what it holds.
 */

const NAME = 'Запретнов';
const PHONE = '+79160009911';
const MAIL = 'zapretnov@secret-mail.example';
/** Of the card itself: nobody whose reach does not go there is told of it. */
const CARD = [NAME, 'Тайнастрой', 'zapretnov@', 'сокровенное', 'несказанное', 'утаённый', 'шифроключ'];
/** What is done about the client: whoever leads people sees that, the operators see their own alone. */
const WORK = ['потаённая', 'невысказанная', PHONE.slice(2)];

let centre: Awaited<ReturnType<typeof startCallCentre>>;
type Person = typeof centre.anna;
let routes: readonly Route[] = [];
let walkers: { who: Person; secrets: readonly string[]; name: string }[] = [];
let ids: Record<string, (string | number)[]> = {};
let hidden = 0;
let bodies: Record<string, unknown> = {};
let strings: string[] = [];

beforeAll(async () => {
  centre = await startCallCentre(engines.at(-1)!);
  const { admin, db, boris } = centre;
  const made = async (path: string, body: object) => {
    const answer = await admin.post(path, body);
    expect(answer.status, `${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    return answer.body;
  };
  const { field } = await made('/api/fields', { key: 'cipher', type: 'text', label: { ru: 'Шифр', en: 'Cipher' } });
  const { field: friend } = await made('/api/fields', { key: 'friend', type: 'reference', label: { ru: 'Друг', en: 'Friend' }, settings: { to: 'client' } }); // prettier-ignore
  hidden = (await made('/api/clients', { name: `${NAME} Пётр`, company: 'Тайнастрой', position: 'x', note: 'сокровенное', phones: [{ raw: PHONE }], emails: [{ address: MAIL }], custom: { [field.key]: 'шифроключ' } })).client.id; // prettier-ignore
  const own = (await made('/api/clients', { name: 'Открытов Иван', phones: [{ raw: '+79160001122' }], emails: [{ address: 'open@secret-mail.example' }], custom: { [friend.key]: hidden } })).client.id as number; // prettier-ignore
  const near = (await made('/api/clients', { name: 'Соседов', emails: [{ address: 'near@secret-mail.example' }] })).client.id as number;
  expect((await admin.patch(`/api/clients/${hidden}`, { version: 1, position: 'сокровенное' })).status).toBe(200);
  await made(`/api/clients/${own}/relations`, { toId: hidden, kind: 'relative' });
  await made(`/api/clients/${hidden}/notes`, { text: 'сокровенное', pinned: true });
  await made(`/api/clients/${hidden}/dossier`, { kind: 'need', text: 'несказанное', source: 'call' });
  const file = await fetch(`${centre.url}/api/files?${new URLSearchParams({ kind: 'client', ref: String(hidden), name: 'утаённый.txt' })}`, { method: 'POST', body: 'сокровенное', headers: { cookie: admin.cookie(), 'content-type': 'application/octet-stream' } }); // prettier-ignore
  const fileId = ((await file.json()) as { file: { id: number } }).file.id;
  const people = { operator: await centre.signIn('operator', { name: 'Clara' }), complaints: await centre.signIn('complaints', { name: 'Olga' }), supervisor: await centre.signIn('supervisor', { name: 'Vera' }), manager: await centre.signIn('manager', { name: 'Mira' }) }; // prettier-ignore
  const due = Date.now() + 60_000;
  const task = (await made('/api/tasks', { text: 'потаённая', kind: 'call-back', dueAt: due, clientId: hidden, ownerId: boris.userId }))
    .task.id;
  await made('/api/tasks', { text: 'x', dueAt: due, clientId: hidden }); // of the administrator's own day
  const meeting = (await made('/api/meetings', { title: 'потаённая', start: '2030-01-10T10:00', minutes: 60, timeZone: 'Europe/Moscow', clientId: hidden, ownerId: boris.userId, contacts: [{ email: MAIL, clientId: hidden }] })).meeting.id; // prettier-ignore
  const category = (await admin.get('/api/complaints/setup')).body.categories.find((c: { kind: string }) => c.kind === 'category').id;
  const complaint = (await made('/api/complaints', { categoryId: category, subject: 'невысказанная', clientId: hidden })).id;
  const other = (await made('/api/complaints', { categoryId: category, subject: 'Своё', clientId: own })).id as number;
  await made(`/api/complaints/${other}/links`, { version: 1, otherId: complaint, kind: 'related' });
  const at = Date.now();
  const [missed] = (await db('missed').insert({ number: PHONE, open_key: PHONE, first_at: at, last_at: at, tries: 1 })) as [number];
  const call = new Story({ key: '1790000500.1', from: PHONE, fromName: '' }, at - 60_000).queued(10, 'support').begin(500, 'offer', '102', 'support').end(900, 'offer', 'answered', '102').end(900, 'queue', 'answered').begin(900, 'talk', '102').end(9_000, 'talk', 'customer', '102').hangup(9_000, 'completed'); // prettier-ignore
  await centre.write(call.facts);
  await db('calls').where({ linkedid: '1790000500.1' }).update({ outcome_due: true });
  await db('queues').insert({ pbx: 'main', name: 'support', label: '' }).onConflict(['pbx', 'name']).ignore();
  const campaign = (await made('/api/campaigns', { name: 'C', pbx: 'main', queue: 'support', mode: 'preview', profile: 'RU', purpose: 'service' })).campaign.id; // prettier-ignore
  const [contact] = (await db('campaign_contacts').insert({ campaign_id: campaign, client_id: hidden, name: `${NAME} Пётр`, number: PHONE })) as [number]; // prettier-ignore
  const { segment } = await made('/api/segments', {
    name: 'сокровенное',
    filter: { join: 'all', not: false, items: [] },
    sharedRoles: [],
  });
  const all = { join: 'all', not: false, items: [] };
  const list = { filter: all, columns: ['name', 'phones', 'emails', 'company', 'position', 'note', field.key], sort: 'name', direction: 'asc', language: 'ru' }; // prettier-ignore
  await db('client_stages').where({ code: 'new' }).update({ touch_minutes: 1, meaning: 'lead' });
  await db('clients').where({ id: hidden }).update({ stage: 'new', contact_at: null, created_at: 1 });
  await db('stage_moves').where({ client_id: hidden }).delete();
  await db('clients').whereIn('id', [own, near]).update({ owner_id: people.operator.userId });
  for (const role of Object.keys(people))
    for (const action of ['view', 'edit', 'archive', 'bulk', 'merge', 'export'])
      expect((await admin.put(`/api/rights/${role}/${action}`, { level: 'own' })).status).toBe(204);

  // two more of somebody else's, which were one; and a pair that may be
  const both = [];
  for (const name of [`${NAME} Пётр`, `${NAME} П.`]) both.push((await made('/api/clients', { name })).client.id as number);
  await made('/api/duplicates/merge', { survivorId: both[0], mergedId: both[1], versions: { survivor: 1, merged: 1 } });
  const [low_id, high_id] = [hidden, own].sort((a, b) => a - b);
  await db('duplicates').where({ low_id, high_id }).delete();
  await db('duplicates').insert({ low_id, high_id, score: 90, reasons: 'phone', state: 'open', found_at: at });

  walkers = Object.entries(people).map(([role, who]) => ({ who, name: role, secrets: role === 'operator' ? [...CARD, ...WORK] : CARD }));
  routes = centre.app.features.flatMap((feature) => feature.routes ?? []);
  ids = { clients: [hidden, own, near], tasks: [task], meetings: [meeting], complaints: [complaint, other], calls: ['main:1790000500.1'], files: [fileId], campaigns: [campaign], contacts: [contact], segments: [segment.id], missed: [missed] }; // prettier-ignore
  strings = ['', `q=${NAME}`, `q=${encodeURIComponent(PHONE)}`, `q=${MAIL}`, `number=${encodeURIComponent(PHONE)}`, `clientId=${hidden}`, `client=${hidden}`, `kind=client&ref=${hidden}`, `ref=main:1790000500.1`, `from=${Date.UTC(2030, 0, 10)}&to=${Date.UTC(2030, 0, 11)}&users=${boris.userId}`, 'scope=all', 'scope=all&state=any', `scope=client&clientId=${hidden}`, 'scope=department', 'scope=handed', 'scope=registered', `at=${at - 55_000}`, `from=${at - 3_600_000}&until=${at + 3_600_000}&kind=visits`, `from=${at - 3_600_000}&until=${at + 3_600_000}&kind=handled`, `clientId=${hidden}&categoryId=${category}`, `one=${own}&other=${hidden}`, `by=category&figure=all&from=${at - 3_600_000}&until=${at + 3_600_000}`]; // prettier-ignore
  bodies = {
    'post /segments/rows': { ...list, limit: 50 },
    'post /segments/count': { filter: all },
    'post /segments/export': { ...list, format: 'csv' },
    'post /segments/bulk': { filter: all, ids: [hidden], set: { stage: 'active' }, expected: 1 },
    'post /tasks/parse': { text: `завтра в 10 позвонить ${NAME}` },
    'post /tasks': { text: 'x', dueAt: due, clientId: hidden },
    [`post /campaigns/:id/contacts/from`]: { kind: 'segment', segmentId: segment.id, dryRun: true },
    'post /campaigns/:id/export': { format: 'csv', language: 'ru', words: { columns: Object.fromEntries(EXPORT_COLUMNS.map((key) => [key, key])), codes: {} } }, // prettier-ignore
    'post /handover/preview': { fromId: people.operator.userId, kinds: ['clients'], rule: { kind: 'one', to: boris.userId } },
    'post /duplicates/likely': { kind: 'person', phones: [PHONE] },
    'post /duplicates/merge': { survivorId: own, mergedId: hidden, versions: { survivor: 1, merged: 2 } },
    'post /duplicates/dismiss': { one: own, other: hidden },
    'post /complaints': { categoryId: category, subject: 'x', clientId: hidden },
    'patch /clients/:id': { version: 2, name: 'x' },
    'post /clients/:id/archive': { version: 2 },
    'post /clients/:id/notes': { text: 'x', pinned: false },
    'post /clients/:id/stage': { to: 'active', reason: 'x', version: 2 },
    'post /clients/:id/relations': { toId: hidden, kind: 'relative' },
    'patch /tasks/:id': { version: 1, text: 'x' },
    'post /files/:id/archive': { archived: true },
  };
});
afterAll(() => centre.close());

/** Every address that a route has for the client of somebody else and whatever hangs on it. */
const addresses = ({ path, query }: Route): string[] => {
  const [, first = '', second = ''] = path.split('/');
  const values = (path.includes('/contacts/:') ? ids.contacts : (ids[first] ?? ids[second])) ?? [hidden];
  const keys = Object.keys((query as { shape?: object } | undefined)?.shape ?? {});
  const fitting = strings.filter((text) => text === '' || [...new URLSearchParams(text).keys()].every((key) => keys.includes(key)));
  const paths = path.includes(':') ? values.map((value) => path.replace(/:\w+/, encodeURIComponent(value)).replace(/:\w+/g, '1')) : [path];
  return paths.flatMap((one) => fitting.map((text) => `/api${one}${text && `?${text}`}`));
};
/** What each address answers; `typed`: what was asked, which is no secret to whoever asks. */
const said = async (who: Person, route: Route) => {
  const answers: { address: string; typed: string; status: number; text: string }[] = [];
  for (const address of addresses(route)) {
    const body = route.method === 'get' ? undefined : (bodies[nameOf(route)] ?? {});
    const { status, body: answer } = await who.request(route.method.toUpperCase(), address, body);
    expect(status, address).not.toBe(429); // one who asks too often is told nothing at all
    const text = typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? '');
    answers.push({ address, typed: decodeURIComponent(address) + JSON.stringify(body), status, text });
  }
  return answers;
};
const told = ({ text, typed }: { text: string; typed: string }, secrets: readonly string[]): string[] =>
  secrets.filter((secret) => text.includes(secret) && !typed.includes(secret));
const nameOf = (route: Route) => `${route.method} ${route.path}`;

test('every route is known, and what it may hold', () => {
  expect(routes.map(nameOf).sort()).toEqual(Object.keys(ROUTES).sort());
});

test('no way leads to a client of somebody else, for anybody', async () => {
  const found: string[] = [];
  for (const { who, name, secrets } of walkers)
    for (const route of routes)
      if (ROUTES[nameOf(route)] !== 'session')
        for (const answer of await said(who, route)) {
          const secret = told(answer, secrets).join();
          if (answer.status >= 500 || secret !== '')
            found.push(`${name} ${nameOf(route)} ${answer.address}: ${answer.status} ${secret} ${answer.text.slice(0, 300)}`);
        }
  expect(found).toEqual([]);
  expect(await centre.db('clients').where({ id: hidden }).first('version', 'archived_at')).toEqual({ version: 2, archived_at: null });
}, 120_000);

test('the walk is one that could tell: to an administrator each of these routes does', async () => {
  const silent: string[] = [];
  const names = Object.entries(ROUTES).flatMap(([route, kind]) => (kind === 'client' ? [route] : []));
  for (const route of routes.filter((one) => names.includes(nameOf(one)))) {
    const answers = await said(centre.admin, route);
    if (answers.every((answer) => told(answer, [...CARD, ...WORK]).length === 0)) silent.push(`${nameOf(route)}: ${answers.map(({ status }) => status).join()}`); // prettier-ignore
  }
  expect(silent).toEqual([]);
}, 60_000);

test('and counts say no more than lists do', async () => {
  const [clara] = walkers;
  expect((await clara!.who.post('/api/segments/count', bodies['post /segments/count'])).body).toEqual({ count: 2 });
  expect((await walkers[2]!.who.post('/api/segments/count', bodies['post /segments/count'])).body).toEqual({ count: 0 });
});

test('every live topic is known, and what it may hold', () => {
  expect(LiveMessage.options.map(({ shape }) => shape.topic.value).sort()).toEqual(Object.keys(TOPICS).sort());
});

test('no live page and no stream tells of one either', async () => {
  const pages = await Promise.all(walkers.map(async ({ who, ...walker }) => ({ ...walker, page: await openPage(centre.url, who.cookie()) }))); // prettier-ignore
  const boris = await openPage(centre.url, centre.boris.cookie());
  const stream = async (who: Person) => {
    const frames: string[] = [];
    const ws = new WebSocket(`${centre.url.replace('http', 'ws')}/live/floor`, { headers: { cookie: who.cookie(), origin: centre.url } }); // prettier-ignore
    ws.on('message', (data: Buffer) => frames.push(data.toString('utf8')));
    await new Promise((resolve) => ws.once('open', resolve));
    return { ws, frames };
  };
  const [veras, roots] = [await stream(walkers[2]!.who), await stream(centre.admin)];
  // Clara serves the queue as well: the caller waits for her, too
  await centre.db('queue_members').insert(walkers.slice(0, 1).map(({ who }) => ({ pbx: 'main', queue: 'support', user_id: who.userId, penalty: 0 }))); // prettier-ignore
  const call = new Story({ key: '1790000501.1', from: PHONE, fromName: '' }, Date.now() - 2_000).queued(10, 'support').begin(500, 'offer', '102', 'support'); // prettier-ignore
  const tell = () => call.facts.forEach((fact) => centre.bus.emit('cti.fact', fact));
  tell();
  await centre.admin.patch(`/api/clients/${hidden}`, { version: 2, position: 'сокровенное 2' });
  await centre.admin.post(`/api/tasks/${ids.tasks![0]}/done`, { note: 'done' });
  await until(() => JSON.stringify(boris.frames), (text) => text.includes(NAME)); // prettier-ignore
  // told again: what is reconciled with the bridge meanwhile, which knows of no such call, takes it away
  const shown = () => {
    tell();
    return roots.frames.join();
  };
  await until(shown, (text) => text.includes(NAME));
  for (const { page, name, secrets } of pages) {
    await until(() => page.messages('clients').length, (n) => n > 0); // prettier-ignore
    const text = JSON.stringify(page.frames);
    // a caller's number is shown to whoever may take the call
    expect(
      secrets.filter((secret) => text.includes(secret) && secret !== PHONE.slice(2)),
      name,
    ).toEqual([]);
    page.ws.close();
  }
  expect(CARD.filter((secret) => veras.frames.join().includes(secret))).toEqual([]);
  boris.ws.close();
  veras.ws.close();
  roots.ws.close();
});
