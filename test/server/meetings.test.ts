import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/db.ts';
import { startCallCentre } from '../support/call-centre.ts';

describe.each(engines)('%s', (engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  type Person = typeof centre.anna;
  let room = 0;
  const pushed: { userIds: readonly number[] | 'all'; message: { topic: string } }[] = [];
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    centre.bus.on('live.push', (event) => void pushed.push(event));
    room = (await centre.admin.post('/api/meetings/resources', { name: 'Blue room', seats: 6 })).body.resource.id;
  });
  afterAll(() => centre?.close());

  const at = (text: string) => Date.parse(`${text}+03:00`);
  const make = async (draft: object = {}, who: Person = centre.anna) => {
    const made = await who.post('/api/meetings', { title: 'Review', start: '2030-01-07T10:00', minutes: 60, timeZone: 'Europe/Moscow', ...draft }); // prettier-ignore
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.meeting;
  };
  const slots = async (who: Person, from: string, to: string, of: { users?: number[]; resources?: number[] } = {}) =>
    (await who.get(`/api/meetings?from=${at(`${from}T00:00`)}&to=${at(`${to}T00:00`)}&users=${(of.users ?? []).join()}&resources=${(of.resources ?? []).join()}`)).body.items; // prettier-ignore
  const starts = (items: { from: number; title: string }[], title = 'Review') =>
    items.filter((one) => one.title === title).map(({ from }) => new Date(from + 3 * 3_600_000).toISOString().slice(8, 16));
  const clear = () => centre.db('meeting_people').update({ span: 9 });

  test('a meeting: who takes part is told, stands in the history of its client, and only once in the calendar', async () => {
    pushed.length = 0;
    const meeting = await make({ userIds: [centre.boris.userId], clientId: centre.ivan, place: 'Here', contacts: [{ email: 'Ivan@Client.example', clientId: centre.ivan }] }); // prettier-ignore
    expect(meeting).toMatchObject({ version: 1, owner: { name: 'Anna' }, client: { name: 'Ivan Petrov' }, contacts: [{ email: 'ivan@client.example' }], can: { edit: true, answer: false } }); // prettier-ignore
    expect(meeting.people.map(({ answer, user }: { answer: string; user: { name: string } }) => [user.name, answer])).toEqual([['Anna', 'accepted'], ['Boris', 'asked']]); // prettier-ignore
    expect(pushed).toContainEqual({ userIds: [centre.anna.userId, centre.boris.userId], message: { topic: 'meetings', id: meeting.id } });
    const [entry] = (await centre.anna.get(`/api/clients/${centre.ivan}/timeline?kind=meeting`)).body.items;
    expect(entry).toMatchObject({ ref: String(meeting.id), data: { text: 'Review', cancelled: false } });
    const both = await slots(centre.anna, '2030-01-07', '2030-01-08', { users: [centre.anna.userId, centre.boris.userId] });
    expect(both).toMatchObject([{ meetingId: meeting.id, users: [{ answer: 'accepted' }, { answer: 'asked' }] }]);
    await clear();
  });

  test('of whom one may not read only that they are busy; nobody else opens or changes it', async () => {
    const sales = (await centre.admin.post('/api/rights/departments', { name: 'Sales' })).body.department.id as number;
    const peer = await centre.signIn('operator', { name: 'Peer', departmentId: sales });
    const near = await centre.signIn('operator', { name: 'Near', departmentId: sales });
    const meeting = await make({ title: 'Secret', clientId: null }, peer);
    const seen = await slots(centre.anna, '2030-01-07', '2030-01-08', { users: [peer.userId] });
    expect(seen).toEqual([{ meetingId: null, version: null, occurrence: null, from: at('2030-01-07T10:00'), to: at('2030-01-07T11:00'), allDay: false, busy: true, title: '', kind: null, place: '', client: null, users: [{ id: peer.userId, answer: 'accepted' }], resourceIds: [], can: { edit: false } }]); // prettier-ignore
    expect(await slots(near, '2030-01-07', '2030-01-08', { users: [peer.userId] })).toMatchObject([
      { title: 'Secret', can: { edit: false } },
    ]);
    const path = `/api/meetings/${meeting.id}`;
    for (const [who, status] of [[centre.anna, 403], [near, 200], [peer, 200]] as const) expect((await who.get(path)).status).toBe(status); // prettier-ignore
    for (const who of [centre.anna, near]) {
      expect((await who.patch(path, { version: 1, title: 'Mine' })).status).toBe(403);
      expect((await who.post(`${path}/cancel`, { version: 1 })).status).toBe(403);
      expect((await who.post(`${path}/answer`, { answer: 'accepted' })).status).toBe(403);
    }
    expect((await centre.anna.post('/api/meetings', { title: 'X', start: '2030-01-07T10:00', minutes: 5, timeZone: 'UTC', ownerId: peer.userId })).status).toBe(403); // prettier-ignore
    expect((await centre.db('meetings').where({ id: meeting.id }).first()).title).toBe('Secret');
    await clear();
  });

  test('this, this and following, all: each moves what it says and nothing else', async () => {
    const { id } = await make({ rule: 'FREQ=DAILY;COUNT=6' });
    const move = async (version: number, body: object, which = id) => (await centre.anna.patch(`/api/meetings/${which}`, { version, ...body })); // prettier-ignore
    const shown = async () => starts(await slots(centre.anna, '2030-01-01', '2030-02-01'));
    const one = await move(1, { scope: 'this', occurrence: '2030-01-08T10:00', start: '2030-01-08T15:00' });
    expect(one.body.meeting).toMatchObject({ seriesId: id, occurrence: '2030-01-08T10:00', rule: null });
    expect(await shown()).toEqual(['07T10:00', '08T15:00', '09T10:00', '10T10:00', '11T10:00', '12T10:00']);
    const rest = await move(2, { scope: 'following', occurrence: '2030-01-10T10:00', start: '2030-01-10T12:00', title: 'Review' });
    expect(rest.body.meeting).toMatchObject({ rule: 'FREQ=DAILY;COUNT=3', start: '2030-01-10T12:00' });
    expect(await shown()).toEqual(['07T10:00', '08T15:00', '09T10:00', '10T12:00', '11T12:00', '12T12:00']);
    const gone = await centre.anna.post(`/api/meetings/${id}/cancel`, { version: 3, scope: 'this', occurrence: '2030-01-09T10:00' });
    expect(gone.body.meeting.except).toEqual(['2030-01-09T10:00']);
    // a day later and half an hour: what differs and what is cancelled go along
    const all = await move(4, { scope: 'all', occurrence: '2030-01-07T10:00', start: '2030-01-08T10:30' });
    expect(all.body.meeting).toMatchObject({ start: '2030-01-08T10:30', except: ['2030-01-10T10:30'] });
    expect(await shown()).toEqual(['08T10:30', '08T15:00', '10T12:00', '11T12:00', '12T12:00']);
    expect((await centre.anna.post(`/api/meetings/${id}/restore`, { version: 5, occurrence: '2030-01-10T10:30' })).status).toBe(200);
    expect(await shown()).toContain('10T10:30');
    const none = await move(6, { scope: 'this', occurrence: '2030-01-30T10:30', title: 'X' });
    expect(none).toMatchObject({
      status: 400,
      body: { error: { data: { issues: [{ path: 'body.occurrence', code: 'no_such_occurrence' }] } } },
    });
    await centre.anna.post(`/api/meetings/${id}/cancel`, { version: 6 });
    expect(await shown()).toEqual(['10T12:00', '11T12:00', '12T12:00']);
    expect((await centre.anna.post(`/api/meetings/${id}/restore`, { version: 7 })).status).toBe(200);
    expect(await shown()).toHaveLength(6);
    await clear();
  });

  test('two move it at once: the second is told, and nothing of theirs is written', async () => {
    const { id } = await make({ rule: 'FREQ=WEEKLY' });
    const both = await Promise.all([11, 12].map((hour) => centre.anna.patch(`/api/meetings/${id}`, { version: 1, scope: 'this', occurrence: '2030-01-14T10:00', start: `2030-01-14T${hour}:00` }))); // prettier-ignore
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)!.body.error.data).toMatchObject({ version: 2 });
    expect(await centre.db('meetings').where({ series_id: id })).toHaveLength(1);
    await clear();
  });

  test('a room is taken once, by a series too; who asks second is told what stands there', async () => {
    await make({ resourceIds: [room], rule: 'FREQ=WEEKLY' });
    const ask = { title: 'Mine', timeZone: 'Europe/Moscow', minutes: 30, resourceIds: [room] };
    const taken = await centre.boris.post('/api/meetings', { ...ask, start: '2030-03-04T10:30' });
    expect(taken).toMatchObject({ status: 409, body: { error: { data: { reason: 'resource_taken', resourceId: room, from: at('2030-03-04T10:00') } } } }); // prettier-ignore
    const race = await Promise.all(
      [centre.anna, centre.boris].map((who) => who.post('/api/meetings', { ...ask, start: '2030-03-05T10:30' })),
    );
    expect(race.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await slots(centre.boris, '2030-03-04', '2030-03-06', { resources: [room] })).toHaveLength(2);
    await clear();
  });

  test('an invitation is answered, asked anew when the time moves, and gone when it is cancelled', async () => {
    const meeting = await make({ userIds: [centre.boris.userId] });
    const invited = async () => (await centre.boris.get('/api/meetings/invited')).body.items.map((one: { id: number }) => one.id);
    expect(await invited()).toEqual([meeting.id]);
    expect((await centre.boris.post(`/api/meetings/${meeting.id}/answer`, { answer: 'declined' })).status).toBe(200);
    expect(await invited()).toEqual([]);
    await centre.anna.patch(`/api/meetings/${meeting.id}`, { version: 1, place: 'There' });
    expect(await invited()).toEqual([]);
    await centre.anna.patch(`/api/meetings/${meeting.id}`, { version: 2, start: '2030-01-07T16:00' });
    expect(await invited()).toEqual([meeting.id]);
    // told at first and when the time moved, not of the place
    const { items } = (await centre.boris.get('/api/notifications?limit=100')).body as {
      items: { kind: string; about: { ref: string } }[];
    };
    expect(items.filter(({ kind, about }) => kind === 'invitation' && about.ref === String(meeting.id))).toHaveLength(2);
    await centre.anna.post(`/api/meetings/${meeting.id}/cancel`, { version: 3 });
    expect(await invited()).toEqual([]);
    expect((await centre.boris.post(`/api/meetings/${meeting.id}/answer`, { answer: 'accepted' })).status).toBe(409);
  });

  test('the result of a meeting with a client is asked for when it is over, and stands in the history', async () => {
    const ago = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 11);
    const meeting = await make({ start: `${ago}10:00`, timeZone: 'UTC', clientId: centre.ivan, title: 'Demo' });
    const asked = async () => (await centre.anna.get('/api/meetings/asked')).body.items;
    expect(await asked()).toMatchObject([{ meetingId: meeting.id, occurrence: `${ago}10:00`, client: { name: 'Ivan Petrov' } }]);
    const path = `/api/meetings/${meeting.id}/result`;
    expect((await centre.boris.put(path, { text: 'x' })).status).toBe(403);
    expect((await centre.anna.put(path, { text: 'They buy' })).body.meeting.results).toMatchObject([{ text: 'They buy', user: { name: 'Anna' } }]); // prettier-ignore
    expect((await centre.anna.put(path, { text: 'They buy two' })).status).toBe(200);
    expect(await asked()).toEqual([]);
    const entries = (await centre.anna.get(`/api/clients/${centre.ivan}/timeline?kind=meeting`)).body.items;
    expect(entries.filter((one: { ref: string }) => one.ref === String(meeting.id))).toMatchObject([{ data: { note: 'They buy two' } }]);
    const later = await make({ clientId: centre.ivan });
    expect((await centre.anna.put(`/api/meetings/${later.id}/result`, { text: 'x' })).status).toBe(400);
  });

  test.each([
    [{ minutes: 60 * 24 * 365 * 40 }, 'body.minutes', 'too_big'],
    [{ start: '2030-02-30T10:00' }, 'body.start', 'custom'],
    [{ timeZone: 'Mars/Olympus' }, 'body.timeZone', 'custom'],
    [{ rule: 'FREQ=SECONDLY' }, 'body.rule', 'rule_not_understood'],
    [{ allDay: true }, 'body.allDay', 'whole_days'],
    [{ userIds: [999_999] }, 'body.userIds', 'unknown_user'],
    [{ clientId: 999_999 }, 'body.clientId', 'unknown_client'],
    [{ resourceIds: [999_999] }, 'body.resourceIds', 'unknown_resource'],
  ])('bad input %j changes nothing: %s', async (draft, path, code) => {
    const [{ n }] = (await centre.db('meetings').count({ n: '*' })) as [{ n: number }];
    const answer = await centre.anna.post('/api/meetings', { title: 'Bad', start: '2030-01-07T10:00', minutes: 60, timeZone: 'Europe/Moscow', ...draft }); // prettier-ignore
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid', data: { issues: [{ path, code }] } } } });
    expect(await centre.db('meetings').count({ n: '*' })).toEqual([{ n }]);
  });

  test('the first free times that people and a room have in common', async () => {
    const [anna, boris] = [centre.anna.userId, centre.boris.userId];
    const free = async (query: string, who: Person = centre.anna) => (await who.get(`/api/meetings/free?${query}`)).body;
    const shown = (body: { items: { from: number }[] }) =>
      body.items.map(({ from }) => new Date(from + 3 * 3_600_000).toISOString().slice(8, 16));
    // Wednesday 9 January 2030, by the calendar's nine to six
    const day = `from=${at('2030-01-09T00:00')}&days=3`;
    const both = `${day}&users=${anna},${boris}&resources=${room}&minutes=60&limit=3`;
    expect(shown(await free(both))).toEqual(['09T09:00', '09T10:00', '09T11:00']);
    const mine = await make({ start: '2030-01-09T09:30', minutes: 45 });
    await make({ start: '2030-01-09T11:30', minutes: 240, resourceIds: [room] }, centre.boris);
    const asked = await make({ start: '2030-01-09T16:00', minutes: 60, userIds: [anna] }, centre.boris);
    expect(shown(await free(both))).toEqual(['09T10:15', '09T17:00', '10T09:00']);
    // what is to be moved is in nobody's way; who has declined is free, whoever asked them is not
    expect(shown(await free(`${both}&except=${mine.id}`))[0]).toBe('09T09:00');
    await centre.anna.post(`/api/meetings/${asked.id}/answer`, { answer: 'declined' });
    expect(shown(await free(`${day}&users=${anna}&minutes=300&limit=1`))).toEqual(['09T10:15']);
    expect(shown(await free(both))[1]).toBe('09T17:00');
    // the whole day is longer than anybody's
    expect((await free(`${day}&users=${anna}&minutes=1440`)).items).toEqual([]);
    const night = {
      version: 0,
      kind: 'cycle',
      holidays: false,
      cycle: { anchor: '2030-01-09', days: [[{ from: 1320, to: 1800 }], [], []] },
    };
    expect((await centre.admin.put(`/api/schedules/${boris}`, night)).status).toBe(200);
    expect(await free(both)).toEqual({ items: [], never: [] });
    expect(shown(await free(`${day}&users=${boris}&minutes=60&limit=1`))).toEqual(['09T22:00']);
    await centre
      .db('absences')
      .insert({ user_id: anna, kind: 'vacation', from_day: '2030-01-08', to_day: '2030-01-20', note: '', created_by: anna, created_at: 1 });
    expect(await free(`${day}&users=${anna}&minutes=60`)).toMatchObject({ items: [], never: [{ id: anna }] });
    await centre.db('absences').delete();
    await centre.db('schedules').delete();
    for (const wrong of [`${day}&users=${anna}`, `${day}&users=999999&minutes=60`, `${day}&minutes=60&days=63`, 'minutes=0'])
      expect((await centre.anna.get(`/api/meetings/free?${wrong}`)).status, wrong).toBe(400);
    await clear();
  });

  test('a meeting becomes somebody else’s, by whoever leads both', async () => {
    const sales = (await centre.admin.post('/api/rights/departments', { name: 'Meeters' })).body.department.id as number;
    const [vera, igor, olga] = [
      await centre.signIn('supervisor', { name: 'Vera', departmentId: sales }),
      await centre.signIn('operator', { name: 'Igor', departmentId: sales }),
      await centre.signIn('operator', { name: 'Olga', departmentId: sales }),
    ];
    const { id } = await make({ userIds: [olga.userId] }, igor);
    const path = `/api/meetings/${id}`;
    expect((await igor.patch(path, { version: 1, ownerId: olga.userId, userIds: [] })).status).toBe(403);
    expect((await vera.patch(path, { version: 1, ownerId: centre.anna.userId })).status).toBe(403);
    expect((await vera.patch(path, { version: 1, ownerId: 999_999 })).status).toBe(400);
    const given = await vera.patch(path, { version: 1, ownerId: olga.userId, userIds: [] });
    expect(given.body.meeting, JSON.stringify(given.body)).toMatchObject({
      owner: { name: 'Olga' },
      people: [{ user: { name: 'Olga' }, answer: 'accepted' }],
    });
    expect(await slots(igor, '2030-01-07', '2030-01-08')).toEqual([]);
    expect(await slots(olga, '2030-01-07', '2030-01-08')).toMatchObject([{ meetingId: id }]);
    await clear();
  });
});
