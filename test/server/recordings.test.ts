import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fact } from '../../cti/index.ts';
import { finishRecordings, expireRecordings } from '../../server/recordings/jobs.ts';
import { createOutline, durationOf, wavFormat } from '../../server/recordings/peaks.ts';
import { closeRow } from '../../server/recordings/queries.ts';
import { createRecorder } from '../../server/recordings/recorder.ts';
import { pauseRecording } from '../../server/recordings/service.ts';
import { diskStore } from '../../server/recordings/store.ts';
import { until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { CALLER_CHANNEL, REF, startDesk } from '../support/desk.ts';
import { createClient } from '../support/server.ts';

/** 8 kHz, 16 bits, as Asterisk writes it. */
const wav = (samples: readonly number[]): Buffer => {
  const data = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, i) => data.writeInt16LE(sample, i * 2));
  const head = Buffer.from('RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0', 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
};
/** A second of loud, a second of silence. */
const SOUND = wav([...Array.from({ length: 8_000 }, (_, i) => (i % 2 ? 16_384 : -16_384)), ...new Array<number>(8_000).fill(0)]);

describe('the outline', () => {
  test('is the loudest of each slice, in whatever pieces the samples come', () => {
    const format = wavFormat(SOUND)!;
    expect(format).toEqual({ sampleRate: 8_000, offset: 44 });
    expect(durationOf(SOUND.length, format)).toBe(2_000);
    for (const size of [1, 3, 1_000, SOUND.length]) {
      const outline = createOutline(16_000, 8);
      for (let i = 44; i < SOUND.length; i += size) outline.push(SOUND.subarray(i, i + size));
      expect(outline.peaks()).toEqual([50, 50, 50, 50, 0, 0, 0, 0]);
    }
  });

  test('of nothing is silence; of fewer samples than slices as many as there are', () => {
    expect(createOutline(0, 240).peaks()).toEqual([0]);
    const outline = createOutline(2, 240);
    outline.push(wav([-32_768, 32_767]).subarray(44));
    expect(outline.peaks()).toEqual([100, 100]);
  });

  test.each([
    ['empty', Buffer.alloc(0)],
    ['text', Buffer.from('x'.repeat(100))],
    ['stereo', Buffer.from(wav([1]).toString('latin1').replace('\x01\0\x01\0', '\x01\0\x02\0'), 'latin1')],
    ['a chunk that never ends', Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEjunk\xff\xff\xff\x7f', 'latin1'), Buffer.alloc(60)])],
  ])('of a file that is no WAV of ours there is none: %s', (_, bytes) => {
    expect(wavFormat(bytes)).toBeNull();
  });
});

test('the store stays in its folder', async () => {
  const store = diskStore([{ name: 'main', spool: '/nowhere' }]);
  await expect(store.size('main', '../../etc/passwd')).rejects.toThrow('outside');
  expect(() => store.read('main', '/etc/passwd')).toThrow('outside');
  await expect(store.size('other', 'a.wav')).rejects.toThrow('not mounted');
  expect(await store.size('main', 'a.wav')).toBeNull();
});

eachDatabase((_, engine) => {
  let desk: Awaited<ReturnType<typeof startDesk>>;
  let id: number;
  beforeAll(async () => {
    desk = await startDesk(engine);
    await desk.db('queues').where({ name: 'support' }).update({ record: 'all', keep_days: 30 });
    await desk.begin();
  });
  afterAll(() => desk.close());
  const at = (end: string) => `/api/calls/${REF}/${end}`;
  const listed = async (who = desk.anna) => (await who.get(`/api/calls/${REF}`)).body.call.recordings;
  const row = () => desk.db('recordings').first();
  const audio = (who: { request: typeof desk.anna.request }, range?: string, what = 'audio') =>
    who.request('GET', `/api/recordings/${id}/${what}`, undefined, range ? { range } : {});

  test('the queue’s rule begins it with the talk; its file names the call, and nobody', async () => {
    const order = await desk.control.asked('MixMonitor');
    expect(order).toMatchObject({
      Channel: CALLER_CHANNEL,
      File: expect.stringMatching(/^allo\/\d{4}\/\d\d\/\d\d\/1795475505\.0-1\.wav$/),
    });
    await until(
      () => desk.audit('recording.started'),
      (rows) => rows.length === 1,
    );
    expect(await listed()).toMatchObject([{ state: 'recording', endedAt: null, pauses: [] }]);
    id = (await listed())[0].id;
    expect(await desk.anna.post(at('record'))).toMatchObject({ status: 409, body: { error: { data: { reason: 'recording' } } } });
    expect((await desk.boris.post(at('record'))).status).toBe(403);
  });

  test('a pause is silence in the file, and stands in the call', async () => {
    expect((await desk.boris.post(at('record/pause'), { paused: true })).status).toBe(403);
    expect((await desk.anna.post(at('record/pause'), { paused: true })).status).toBe(204);
    expect((await desk.anna.post(at('record/pause'), { paused: true })).status).toBe(204);
    expect(desk.orders().filter((o) => o.Action === 'MixMonitorMute')).toMatchObject([
      { Channel: CALLER_CHANNEL, Direction: 'both', State: '1' },
    ]);
    expect(await listed()).toMatchObject([{ state: 'paused', pauses: [{ from: expect.any(Number), to: null }] }]);
    desk.answers.set('MixMonitorMute', 'Cannot set mute flag');
    expect((await desk.anna.post(at('record/pause'), { paused: false })).status).toBe(502);
    expect((await listed())[0].state).toBe('paused');
    desk.answers.clear();
    expect((await desk.anna.post(at('record/pause'), { paused: false })).status).toBe(204);
    const [recording] = await listed();
    expect(recording.state).toBe('recording');
    expect(recording.pauses[0].to).toBeGreaterThanOrEqual(recording.pauses[0].from);
  });

  test('a pause that the end of the call overtakes does not bring the recording back', async () => {
    const call = { pbx: 'main', linkedid: '1795475505.77' };
    const fresh = { ...call, file: 'allo/overtaken.wav', started_at: 1, state: 'recording', pauses: '[]' };
    await desk.db('recordings').insert(fresh);
    const find = () => desk.db('recordings').where(call).first();
    const deps = { ...desk.app.deps, pbx: () => ({ recordPause: async () => closeRow(desk.db, await find(), 2) }) };
    await expect(pauseRecording(deps as unknown as typeof desk.app.deps, call, desk.anna.userId, true)).rejects.toThrow(
      'not being recorded',
    );
    expect(await find()).toMatchObject({ state: 'closing', ended_at: 2, pauses: '[]' });
    await desk.db('recordings').where(call).delete();
  });

  test('while it goes on nothing is heard', async () => {
    expect((await audio(desk.anna)).status).toBe(409);
  });

  test('after the call its file is found, with its length and its outline', async () => {
    await desk.end();
    await until(row, (r) => r.state === 'closing');
    const store = diskStore(desk.config.pbxs);
    await finishRecordings(desk.app.deps, store);
    expect((await row()).state).toBe('closing'); // the file may still come
    const path = join(desk.spool, 'monitor', (await row()).file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, SOUND);
    await finishRecordings(desk.app.deps, store);
    expect(await listed()).toMatchObject([{ state: 'ready', durationMs: 2_000 }]);
    const { body } = await desk.anna.get(`/api/recordings/${id}/waveform`);
    expect(body.durationMs).toBe(2_000);
    expect(body.peaks).toHaveLength(240);
    expect([body.peaks[0], body.peaks[239]]).toEqual([50, 0]);
  });

  test('heard by who talked and who oversees; by nobody else', async () => {
    expect((await audio(desk.boris)).status).toBe(403);
    expect((await desk.boris.get(`/api/recordings/${id}/waveform`)).status).toBe(403);
    expect((await audio(await desk.signIn('manager'))).status).toBe(403);
    expect((await audio(createClient(desk.url))).status).toBe(401);
    expect(await desk.audit('recording.listened')).toEqual([]);
    expect((await audio(await desk.signIn('complaints'))).status).toBe(200);
    expect((await desk.anna.get('/api/recordings/999999/audio')).status).toBe(404);
  });

  test('ranges; one listening is one row in the audit, however many ranges it asks for', async () => {
    const before = (await desk.audit('recording.listened')).length;
    const whole = await audio(desk.anna);
    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-type')).toBe('audio/wav');
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    expect(whole.headers.get('content-length')).toBe(String(SOUND.length));
    expect(whole.headers.get('cache-control')).toContain('no-store');
    const bytes = async (range: string) => {
      const answer = await fetch(`${desk.url}/api/recordings/${id}/audio`, { headers: { cookie: desk.anna.cookie(), range } });
      return { status: answer.status, range: answer.headers.get('content-range'), body: Buffer.from(await answer.arrayBuffer()) };
    };
    expect(await bytes('bytes=0-3')).toEqual({ status: 206, range: `bytes 0-3/${SOUND.length}`, body: Buffer.from('RIFF') });
    expect(await bytes('bytes=44-')).toMatchObject({ status: 206, body: SOUND.subarray(44) });
    expect(await bytes('bytes=-10')).toMatchObject({ status: 206, body: SOUND.subarray(-10) });
    expect(await bytes(`bytes=${SOUND.length}-`)).toMatchObject({ status: 416, range: `bytes */${SOUND.length}` });
    expect(await bytes('bytes=0-1,5-6')).toMatchObject({ status: 200 });
    expect(await bytes('lines=1-2')).toMatchObject({ status: 200 });
    expect((await desk.audit('recording.listened')).slice(before)).toEqual([
      { actor_id: desk.anna.userId, details: { call: '1795475505.0' } },
    ]);
    await audio(desk.vera, 'bytes=100-');
    expect(await desk.audit('recording.listened')).toHaveLength(before + 2);
  });

  test('to keep it is a right of its own', async () => {
    expect((await audio(desk.anna, undefined, 'download')).status).toBe(403);
    const { status, headers } = await audio(desk.vera, undefined, 'download');
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toBe(`attachment; filename="call-1795475505.0-${id}.wav"`);
    expect(await desk.audit('recording.downloaded')).toMatchObject([{ actor_id: desk.vera.userId }]);
  });

  test('the rule deletes it when its days are over, the audit says so, and the call still tells of it', async () => {
    const store = diskStore(desk.config.pbxs);
    const path = join(desk.spool, 'monitor', (await row()).file);
    const later = (days: number) => ({ ...desk.app.deps, now: () => Number(endedAt) + days * 86_400_000 });
    const endedAt = (await row()).ended_at;
    expect(await expireRecordings(later(29), store)).toBe(0);
    expect(existsSync(path)).toBe(true);
    expect(await expireRecordings(later(31), store)).toBe(1);
    expect(existsSync(path)).toBe(false);
    expect(await expireRecordings(later(31), store)).toBe(0);
    expect(await desk.audit('recording.expired')).toEqual([{ actor_id: null, details: { days: 30 } }]);
    expect(await listed()).toMatchObject([{ state: 'expired' }]);
    expect(await audio(desk.anna)).toMatchObject({ status: 404, body: { error: { data: { reason: 'expired' } } } });
  });

  test('a campaign’s own rule goes before its queue’s, also for how long its recordings are kept', async () => {
    const campaign = {
      name: 'C',
      owner_id: 1,
      pbx: 'main',
      queue: 'support',
      mode: 'preview',
      profile: 'RU',
      purpose: 'service',
      created_at: 1,
    };
    const begin = async (n: number, settings: object, queue: string | null) => {
      const [campaign_id] = (await desk.db('campaigns').insert({ ...campaign, settings: JSON.stringify(settings) })) as [number];
      const linkedid = `allo-c${n}_1-1.${n}`;
      const attempt = {
        campaign_id,
        contact_id: n,
        n: 1,
        number: '+7',
        pbx: 'main',
        channel_id: linkedid,
        mode: 'preview',
        decision: '{}',
        placed_at: 1,
      };
      await desk.db('attempts').insert(attempt);
      const asked: string[] = [];
      const pbx = () => ({ record: async ({ key }: { key: string }) => void asked.push(key) });
      const recorder = createRecorder({ ...desk.app.deps, pbx } as unknown as typeof desk.app.deps);
      const call = { key: linkedid, queue, startedAt: 1 };
      recorder.hear({
        kind: 'segment.started',
        pbx: 'main',
        key: linkedid,
        at: 1,
        call,
        segment: { kind: 'talk', queue },
      } as unknown as Fact);
      await recorder.close();
      return { asked: asked.length, row: await desk.db('recordings').where({ linkedid }).first() };
    };
    expect((await begin(1, {}, 'support')).row).toMatchObject({ queue: 'support' });
    expect(await begin(2, { record: 'none' }, 'support')).toEqual({ asked: 0, row: undefined });
    expect(await begin(3, {}, null)).toEqual({ asked: 0, row: undefined });
    const kept = (await begin(4, { record: 'all', keepDays: 7 }, null)).row;
    expect(kept).toMatchObject({ queue: null, campaign_id: expect.any(Number), state: 'recording' });

    const store = diskStore(desk.config.pbxs);
    const day = 86_400_000;
    await desk.db('recordings').where({ id: kept.id }).update({ state: 'ready', ended_at: day });
    expect(await expireRecordings({ ...desk.app.deps, now: () => 7.5 * day }, store)).toBe(0);
    expect(await expireRecordings({ ...desk.app.deps, now: () => 8.5 * day }, store)).toBe(1);
    await desk.db('recordings').where('linkedid', 'like', 'allo-c%').delete();
    await desk.db('attempts').delete();
    await desk.db('campaigns').delete();
  });

  test('of many nothing is left over; a folder that is away holds up no other, and is tried again', async () => {
    const day = 86_400_000;
    // in a far future: the server's own sweeps let them be
    const base = 50_000 * day;
    const deps = { ...desk.app.deps, now: () => base + 1_000 * day };
    const many = (pbx: string, state: string) =>
      Array.from({ length: 150 }, (_, i) => ({
        ...{ pbx, linkedid: `9.${i}`, file: `allo/${state}-${i}.wav`, queue: null, started_at: 1, ended_at: base + (i >> 3) },
        ...{ state, pauses: '[]', size: 1, peaks: '[1]' },
      }));
    for (const pbx of ['away', 'main'])
      for (const state of ['ready', 'closing']) await desk.db.batchInsert('recordings', many(pbx, state), 50);
    const count = async (pbx: string, state: string) =>
      Number((await desk.db('recordings').where({ pbx, state, queue: null }).count({ n: '*' }))[0]!['n']);
    const store = diskStore(desk.config.pbxs); // it knows no "away"
    expect(await expireRecordings(deps, store)).toBe(150);
    expect([await count('main', 'ready'), await count('main', 'expired'), await count('away', 'ready')]).toEqual([0, 150, 150]);
    const soon = { ...deps, now: () => base + 60_000 };
    const looked: string[] = [];
    const watched = { ...store, size: (pbx: string, file: string) => (looked.push(`${pbx} ${file}`), store.size(pbx, file)) };
    await finishRecordings(soon, watched);
    expect(new Set(looked).size).toBe(300);
    expect(looked).toHaveLength(300);
    await finishRecordings(deps, store);
    expect([await count('main', 'missing'), await count('away', 'missing')]).toEqual([150, 150]);
    await desk.db('recordings').whereIn('pbx', ['away', 'main']).where('linkedid', 'like', '9.%').delete();
  });
});
