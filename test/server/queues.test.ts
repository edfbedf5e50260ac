import { afterAll, beforeAll, expect, test } from 'vitest';
import { setQueueRecording, setQueueWrapUp, setQueues } from '../../server/cli-queues.ts';
import { startCallCentre } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
  });
  afterAll(() => centre.close());
  const said: string[] = [];
  const set = (login: string, ...places: string[]) => setQueues(centre.app.deps, login, places, (text) => said.push(text));
  const queues = () => centre.db('queue_members').where('user_id', centre.anna.userId).orderBy('queue').pluck('queue');

  test('the queues of an operator are set, in the place of those before; the next shift wants them', async () => {
    await set(centre.anna.login, 'main:support', 'main:sales', 'main:sales');
    expect(await queues()).toEqual(['sales', 'support']);
    expect((await centre.anna.post('/api/agents/shift', { on: true })).body.pending).toEqual(['sales', 'support']);
    await set(centre.anna.login, 'main:support');
    expect(await queues()).toEqual(['support']);
    expect(await centre.db('queues').orderBy('name').pluck('name')).toEqual(['sales', 'support']);
    await set(centre.anna.login);
    expect(await queues()).toEqual([]);
    expect(said.at(-1)).toContain('no queue');
  });

  test.each([
    ['nobody', 'main:support'],
    [null, 'support'],
    [null, 'main:'],
    [null, 'else:support'],
    [null, 'main:a b\r\nAction: x'],
  ])('refused, and nothing changed: %s %s', async (login, place) => {
    await set(centre.anna.login, 'main:support');
    await expect(set(login ?? centre.anna.login, place)).rejects.toThrow();
    expect(await queues()).toEqual(['support']);
  });

  test('what of a queue is recorded, and for how long; what makes no sense changes nothing', async () => {
    await set(centre.anna.login, 'main:support');
    const rule = () => centre.db('queues').where({ name: 'support' }).first('record', 'keep_days');
    const record = (place: string, what: string, days?: string) => setQueueRecording(centre.app.deps, place, what, days, () => {});
    expect(await rule()).toEqual({ record: 'none', keep_days: 90 });
    await record('main:support', 'all', '30');
    expect(await rule()).toEqual({ record: 'all', keep_days: 30 });
    for (const [place, what, days] of [
      ['main:none', 'all'],
      ['support', 'all'],
      ['main:support', 'some'],
      ['main:support', 'none', '-1'],
      ['main:support', 'none', 'x'],
    ])
      // prettier-ignore
      await expect(record(place!, what!, days)).rejects.toThrow();
    expect(await rule()).toEqual({ record: 'all', keep_days: 30 });
    await record('main:support', 'none');
    expect(await rule()).toEqual({ record: 'none', keep_days: 30 });
  });

  test('the time after the calls of a queue, from the command line; what makes no sense changes nothing', async () => {
    await set(centre.anna.login, 'main:support');
    const rule = (place: string, seconds: string, most?: string, outcome?: string) =>
      setQueueWrapUp(centre.app.deps, place, { seconds, most, outcome }, (text) => said.push(text));
    await rule('main:support', '45', '120', 'required');
    const stands = { seconds: 45, maxSeconds: 120, required: true };
    expect(await centre.app.deps.queueAfterCall('main', 'support')).toEqual(stands);
    for (const [place, seconds, most, outcome] of [
      ['main:nowhere', '5'],
      ['support', '5'],
      ['main:support', 'soon'],
      ['main:support', '-1'],
      ['main:support', '3601'],
      ['main:support', '60', '30'],
      ['main:support', '60', '90', 'perhaps'],
    ] as const)
      await expect(rule(place, seconds, most, outcome)).rejects.toThrow();
    expect(await centre.app.deps.queueAfterCall('main', 'support')).toEqual(stands);
    expect(await centre.app.deps.queueAfterCall('main', 'nowhere')).toBeNull();
    await rule('main:support', '0');
    expect(await centre.app.deps.queueAfterCall('main', 'support')).toEqual({ seconds: 0, maxSeconds: 0, required: true });
  });
});
