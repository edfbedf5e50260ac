import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '../support/db.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { Story } from '../support/facts.ts';

describe.each(engines)('%s', (engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let boss: Awaited<ReturnType<typeof centre.signIn>>;
  let stranger: number;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
    const [sales] = (await centre.db('departments').insert({ name: 'sales', created_at: 0 })) as [number];
    boss = await centre.signIn('supervisor', { name: 'Boss', departmentId: sales });
    const made = await boss.post('/api/clients', { name: 'Иванов Степан', phones: [{ raw: '8 912 000-11-22' }] });
    stranger = made.body.client.id;
    const due = Date.UTC(2030, 0, 1);
    await boss.post('/api/tasks', { text: 'Secret of the boss', dueAt: due, clientId: stranger });
    await centre.anna.post('/api/tasks', { text: 'Send the contract', dueAt: due, clientId: centre.ivan });
    await centre.anna.post('/api/tasks', { text: 'Отправить договор', dueAt: due + 1 });
    await centre.boris.post('/api/tasks', { text: 'Contract of Boris', dueAt: due });
    const talk = (key: string, agent: string, from: string) =>
      new Story({ key, from, fromName: '' })
        .queued(10, 'support')
        .begin(500, 'offer', agent, 'support')
        .end(3000, 'offer', 'answered', agent)
        .end(3000, 'queue', 'answered')
        .begin(3000, 'talk', agent)
        .end(9000, 'talk', 'customer')
        .hangup(9000, 'completed').facts;
    await centre.write([...talk('1790000001.1', '101', '+79161234567'), ...talk('1790000002.1', '102', '+79300000001')]);
  });
  afterAll(() => centre?.close());

  const ask = async (who: Pick<typeof boss, 'get'>, q: string) => {
    const { status, body } = await who.get(`/api/search?q=${encodeURIComponent(q)}`);
    expect(status, JSON.stringify(body)).toBe(200);
    const { clients, tasks, calls, ...rest } = body;
    return {
      clients: clients.map((c: { name: string }) => c.name),
      tasks: tasks.map((t: { text: string }) => t.text),
      calls: calls.map((c: { number: string }) => c.number),
      ...rest,
    };
  };

  test('a name finds the client, their tasks and my calls with them', async () => {
    expect(await ask(centre.anna, 'petrov')).toEqual({
      clients: ['Ivan Petrov'],
      tasks: ['Send the contract'],
      calls: ['+79161234567'],
      more: false,
      takenFor: null,
    });
  });

  test('in the other layout, the other alphabet, with a slip: what it was taken for is said', async () => {
    for (const [typed, takenFor] of [
      ['зуекщм', 'petrov'],
      ['петров', 'petrov'],
      ['petrvo', 'petrov'],
    ])
      // prettier-ignore
      expect(await ask(centre.anna, typed!)).toMatchObject({ clients: ['Ivan Petrov'], tasks: ['Send the contract'], takenFor });
  });

  test('what one may not see is not found: not by name, number, task or call', async () => {
    const nothing = { clients: [], tasks: [], calls: [], more: false, takenFor: null };
    for (const q of ['Иванов Степан', 'степан', 'ntgfy', 'stepan', 'стпан', '89120001122', '+7912', 'secret', '9300000001'])
      expect(await ask(centre.anna, q), q).toEqual(nothing);
    expect(await ask(boss, 'степан')).toMatchObject({ clients: ['Иванов Степан'], tasks: ['Secret of the boss'] });
    expect(await ask(centre.anna, 'contract')).toMatchObject({ tasks: ['Send the contract'] });
    expect(await ask(centre.boris, 'petrov')).toMatchObject({ clients: ['Ivan Petrov'], tasks: ['Send the contract'], calls: [] });
    expect(await ask(boss, 'petrov')).toMatchObject({ calls: ['+79161234567'] });
  });

  test('a task by its words, a call by its number', async () => {
    expect(await ask(centre.anna, 'ljujdjh')).toMatchObject({ clients: [], tasks: ['Отправить договор'] });
    expect(await ask(centre.boris, '8 930 000')).toMatchObject({ clients: [], calls: ['+79300000001'] });
  });

  test('a short number shows whose begin so, and a sign alone nobody', async () => {
    expect(await ask(centre.anna, '+7 9')).toMatchObject({ clients: ['Ivan Petrov'] });
    expect(await ask(boss, '+7')).toMatchObject({ clients: ['Иванов Степан', 'Ivan Petrov'] });
    expect(await ask(boss, '+')).toMatchObject({ clients: [], calls: [] });
  });

  test('nothing typed: the clients of my last calls, my calls, what I have to do', async () => {
    expect(await ask(centre.anna, '')).toMatchObject({
      clients: ['Ivan Petrov'],
      tasks: ['Send the contract', 'Отправить договор'],
      calls: ['+79161234567'],
    });
    expect(await ask(centre.boris, ' ')).toMatchObject({ clients: [], tasks: ['Contract of Boris'], calls: ['+79300000001'] });
  });

  test.each(['%', '_', "'; DROP TABLE clients --", '\u0000', '*', '()', '\\', 'а'.repeat(200), '9'.repeat(200), '😀'])(
    'hostile %j is answered, and finds nobody',
    async (q) => {
      expect(await ask(centre.anna, q)).toMatchObject({ clients: [], tasks: [], calls: [] });
    },
  );

  test('what is too long is refused, half a letter is no letter', async () => {
    expect(await centre.anna.get('/api/search?q=%ED%A0%80')).toMatchObject({ status: 200, body: { clients: [] } });
    expect((await centre.anna.get(`/api/search?q=${'a'.repeat(201)}`)).status).toBe(400);
  });

  test('a client who is renamed is found by the new name in spite of a slip, an archived one is not', async () => {
    const made = await centre.anna.post('/api/clients', { name: 'Жолобов' });
    const { id, version } = made.body.client;
    const renamed = await centre.anna.patch(`/api/clients/${id}`, { version, name: 'Кравченко' });
    expect((await ask(centre.anna, 'кравчнко')).clients).toEqual(['Кравченко']);
    expect((await ask(centre.anna, 'жолбов')).clients).toEqual([]);
    await centre.admin.post(`/api/clients/${id}/archive`, { version: renamed.body.client.version });
    expect((await ask(centre.anna, 'кравчнко')).clients).toEqual([]);
  });
});
