import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator } from '../../cti/simulator/index.ts';
import type { Simulator } from '../../cti/simulator/index.ts';
import { queuesConf } from '../../server/queues/conf.ts';
import type { Queue } from '../../server/queues/contract.ts';
import { queuesAt } from '../../server/pbx/contract.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

const openPbx = (port = 0): Promise<Simulator> =>
  startSimulator({
    port,
    user: 'allo',
    secret: 'secret',
    queues: ['support', 'sales'].map((name, i) => ({ name, number: `700${i}`, strategy: 'rrmemory', ringMs: 5_000, retryMs: 100, members: i === 0 ? ['103'] : [] })), // prettier-ignore
    extensions: ['101', '102', '103'].map((extension) => ({ extension, name: `Phone ${extension}` })),
    seed: 1,
  });

eachDatabase((_, engine) => {
  let pbx: Simulator;
  let folder: string;
  let file: string;
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  let vera: typeof centre.anna;
  let id: number;
  beforeAll(async () => {
    pbx = await openPbx();
    folder = await mkdtemp(join(tmpdir(), 'allo-queues-'));
    file = join(folder, 'queues_allo.conf');
    centre = await startCallCentre(engine, { PBX: `main=ami://allo:secret@127.0.0.1:${pbx.port}?queues=${encodeURIComponent(file)}` });
    vera = await centre.signIn('supervisor', { name: 'Vera' });
    await until(async () => (await centre.anna.get('/api/pbx')).body.items[0].state, (state) => state === 'connected'); // prettier-ignore
    await until(async () => (await list()).found, (found) => found.length === 2); // prettier-ignore
  });
  afterAll(async () => {
    await centre.close();
    await pbx.stop();
    await rm(folder, { recursive: true });
  });
  const list = async () => (await centre.admin.get('/api/queues')).body;
  const members = async () => (await vera.get(`/api/queues/${id}/members`)).body;
  const put = async (items: { userId: number; penalty: number }[], version?: number) =>
    vera.put(`/api/queues/${id}/members`, { version: version ?? (await members()).version, items });
  /** As the PBX has it. */
  const there = async () =>
    ((await centre.bus.ask(queuesAt('main'), {}, 2_000)) as { name: string; members: { agent: string; penalty: number }[] }[])
      .find(({ name }) => name === 'support')!
      .members.map(({ agent, penalty }) => `${agent}/${penalty}`)
      .sort();
  const isThere = (wanted: string[]) => until(there, (now) => now.join() === wanted.join());

  test('a queue of the PBX is found and taken over; one that it has not is said to be missing', async () => {
    const { status, body } = await centre.admin.post('/api/queues', { pbx: 'main', name: 'support' });
    expect(status).toBe(201);
    ({ id } = body.queue);
    expect(await list()).toMatchObject({ found: [{ pbx: 'main', name: 'sales' }], missing: [], writable: ['main'] });
    await centre.admin.post('/api/queues', { pbx: 'main', name: 'renamed' });
    expect((await list()).missing).toEqual(['main:renamed']);
    expect((await centre.admin.post('/api/queues', { pbx: 'main', name: 'support' })).status).toBe(409);
    for (const draft of [{ pbx: 'else', name: 'x' }, { pbx: 'main', name: 'a]\n[b' }, { pbx: 'main', name: 'general' }, { pbx: 'main' }])
      expect((await centre.admin.post('/api/queues', draft)).status).toBe(400);
    expect((await vera.post('/api/queues', { pbx: 'main', name: 'sales' })).status).toBe(403);
  });

  test('members with their skill follow at once whoever is on shift; the static one is shown and left alone', async () => {
    await centre.anna.post('/api/agents/shift', { on: true });
    await isThere(['103/1']);
    expect((await put([{ userId: centre.anna.userId, penalty: 2 }, { userId: centre.boris.userId, penalty: 0 }])).status).toBe(200); // prettier-ignore
    await isThere(['101/2', '103/1']);
    expect(await until(members, (m) => m.items[1]?.state === 'joined')).toMatchObject({
      items: [
        { user: { name: 'Boris' }, penalty: 0, state: 'off' },
        { user: { name: 'Anna' }, penalty: 2, extension: '101' },
      ],
      others: [{ extension: '103', penalty: 1, fixed: true }],
    });
    await put([{ userId: centre.anna.userId, penalty: 5 }]);
    await isThere(['101/5', '103/1']);
    await put([]);
    await isThere(['103/1']);
    expect(await centre.db('audit').where({ what: 'queue.members', row_id: String(id) }).pluck('actor_id')).toEqual(Array(3).fill(vera.userId)); // prettier-ignore
  });

  test('two supervisors at once: one is told; bad lists change nothing', async () => {
    const { version } = await members();
    const answers = await Promise.all([1, 2].map((penalty) => put([{ userId: centre.anna.userId, penalty }], version)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const before = await centre.db('queue_members').select();
    const anna = centre.anna.userId;
    for (const items of [
      [{ userId: anna, penalty: -1 }],
      [{ userId: 999_999, penalty: 0 }],
      [
        { userId: anna, penalty: 0 },
        { userId: anna, penalty: 1 },
      ],
      'all',
    ])
      // prettier-ignore
      expect((await put(items as never)).status).toBe(400);
    expect((await centre.anna.put(`/api/queues/${id}/members`, { version, items: [] })).status).toBe(403);
    expect(await centre.db('queue_members').select()).toEqual(before);
    const edits = await Promise.all([30, 45].map((targetSeconds) => centre.admin.patch(`/api/queues/${id}`, { targetSeconds, version: version + 1 }))); // prettier-ignore
    expect(edits.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('after the PBX has been restarted, the members are as they were, skill and all', async () => {
    await put([{ userId: centre.anna.userId, penalty: 3 }]);
    await isThere(['101/3', '103/1']);
    const { port } = pbx;
    await pbx.stop();
    pbx = await openPbx(port);
    await until(there, (now) => now.join() === '101/3,103/1', 20_000);
  }, 30_000);

  test('queues.conf: looked at, saved, written and read anew; over a file of somebody else nothing is written', async () => {
    await centre.admin.patch(`/api/queues/${id}`, { strategy: 'ringall', ringSeconds: 25, weight: 7, announceSeconds: 30, record: 'all', keepDays: 10 }); // prettier-ignore
    const conf = async () => (await centre.admin.get('/api/queues/conf?pbx=main')).body;
    expect(await conf()).toMatchObject({ file, stands: 'absent' });
    const { text } = await conf();
    expect(text).toMatch(/\[support\]\nstrategy = ringall\ntimeout = 25\nretry = 1\nweight = 7/);
    expect(text).toMatch(/announce-position = yes\nannounce-frequency = 30/);
    // the connection for orders may come back a little after the other; to write the same again is no harm
    await until(async () => (await centre.admin.post('/api/queues/conf', { pbx: 'main' })).body, (body) => body.file === file && body.reloaded, 20_000); // prettier-ignore
    expect(await readFile(file, 'utf8')).toBe(text);
    expect((await list()).missing).toEqual([]);
    expect((await conf()).stands).toBe('same');
    expect((await centre.admin.get('/api/queues/conf/file?pbx=main')).body).toBe(text);
    await centre.admin.patch(`/api/queues/${id}`, { weight: 8 });
    expect((await conf()).stands).toBe('older');
    await writeFile(file, '[theirs]\n');
    expect((await conf()).stands).toBe('foreign');
    expect(await centre.admin.post('/api/queues/conf', { pbx: 'main' })).toMatchObject({ status: 409, body: { error: { data: { reason: 'foreign_file' } } } }); // prettier-ignore
    expect(await readFile(file, 'utf8')).toBe('[theirs]\n');
    expect((await vera.get('/api/queues/conf?pbx=main')).status).toBe(403);
    expect((await centre.admin.get('/api/queues/conf?pbx=else')).status).toBe(404);
  });

  test('a name that would be another section is left out', () => {
    const queue = { name: 'a]\n[general', strategy: 'rrmemory' } as Queue;
    expect(queuesConf([queue, { ...queue, name: 'general' }])).not.toMatch(/\[/);
  });
});
