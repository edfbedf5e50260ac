import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../support/call-centre.ts';
import { eachDatabase } from '../support/db.ts';
import { CALLER_CHANNEL, OPERATOR_CHANNEL, REF, startDesk } from '../support/desk.ts';

/** Orders to a call over HTTP: who may, what reaches the PBX, what the audit has. */
eachDatabase((_, engine) => {
  let desk: Awaited<ReturnType<typeof startDesk>>;
  beforeAll(async () => {
    desk = await startDesk(engine);
    await desk.begin();
  });
  afterAll(() => desk.close());
  const at = (end: string) => `/api/calls/${REF}/${end}`;
  const last = () => desk.orders().at(-1);

  const OWN: [string, object, object, string, object][] = [
    ['transfer', { number: '202' }, { Action: 'BlindTransfer', Channel: OPERATOR_CHANNEL, Context: 'allo-originate', Exten: '202' }, 'call.transferred', { number: '202' }], // prettier-ignore
    ['transfer', { number: '8 (916) 123-45-67' }, { Action: 'BlindTransfer', Exten: '+79161234567' }, 'call.transferred', { number: '+79161234567' }], // prettier-ignore
    ['attended/cancel', {}, { Action: 'CancelAtxfer', Channel: OPERATOR_CHANNEL }, 'call.consult cancelled', {}],
    ['dtmf', { digits: '1#' }, { Action: 'PlayDTMF', Channel: CALLER_CHANNEL, Digit: '#' }, 'call.keys', { count: 2 }],
  ];
  test.each(OWN)('%s %j: the operator’s own call, and nobody else’s', async (path, body, order, what, details) => {
    const before = desk.orders().length;
    expect(await desk.boris.post(at(path), body)).toMatchObject({ status: 403 });
    expect(await desk.vera.post(at(path), body)).toMatchObject({ status: 409, body: { error: { data: { reason: 'not_in_call' } } } });
    expect(desk.orders()).toHaveLength(before);
    expect((await desk.anna.post(at(path), body)).status).toBe(204);
    expect(last()).toMatchObject(order);
    expect((await desk.audit(what)).at(-1)).toEqual({ actor_id: desk.anna.userId, details });
  });

  test('to a colleague by name', async () => {
    expect((await desk.anna.post(at('transfer'), { userId: desk.boris.userId })).status).toBe(204);
    expect(last()).toMatchObject({ Action: 'BlindTransfer', Exten: '202' });
  });

  test.each([
    ['transfer', { number: '202\r\nAction: Originate' }],
    ['transfer', { number: '202&PJSIP/203' }],
    ['transfer', { number: '201' }],
    ['transfer', { userId: 999_999 }],
    ['transfer', {}],
    ['transfer', { number: '202', userId: 1 }],
    ['attended', { number: 'ivan' }],
    ['dtmf', { digits: '12w' }],
    ['dtmf', { digits: '' }],
    ['dtmf', { digits: '1'.repeat(33) }],
    ['record/pause', { paused: 'yes' }],
  ])('%s %j is refused, and nothing is sent', async (path, body) => {
    const before = desk.orders().length;
    expect((await desk.anna.post(at(path), body)).status).toBe(400);
    expect(desk.orders()).toHaveLength(before);
  });

  const bridge = (event: 'Enter' | 'Leave', unique = 'aaaa') =>
    desk.events.send(
      `Event: Bridge${event}`,
      `BridgeUniqueid: ${unique}`,
      'BridgeTechnology: simple_bridge',
      `Channel: ${OPERATOR_CHANNEL}`,
      'Uniqueid: 1795475505.1',
      'Linkedid: 1795475505.0',
      `Timestamp: ${Date.now() / 1000}`,
    );
  const talkBridge = '67f965e6-7415-4913-8016-19e4afb4e528';
  const consult = async () => (await desk.anna.get('/api/calls/live')).body.items[0]?.consult;

  test('asking first is done when the number is called; the screen is told, and told when it came to nothing', async () => {
    expect(await desk.boris.post(at('attended'), { number: '202' })).toMatchObject({ status: 403 });
    const asked = desk.anna.post(at('attended'), { number: '8 916 123-45-67' });
    // keys of a telephone: A for the plus
    expect(await desk.control.asked('Atxfer')).toMatchObject({ Channel: OPERATOR_CHANNEL, Context: 'allo-attended', Exten: 'A79161234567#' }); // prettier-ignore
    bridge('Leave', talkBridge);
    bridge('Enter');
    expect((await asked).status).toBe(204);
    expect((await desk.audit('call.consulted')).at(-1)).toEqual({ actor_id: desk.anna.userId, details: { number: '+79161234567' } });
    await until(consult, (now) => now === 'ringing');
    bridge('Leave');
    bridge('Enter', talkBridge);
    await until(consult, (now) => now === null);
  });

  test('asking first: a number that Asterisk does not call is told as not reached, and is in no audit', async () => {
    const before = (await desk.audit('call.consulted')).length;
    const asked = desk.anna.post(at('attended'), { userId: desk.boris.userId });
    expect(await desk.control.asked('Atxfer', 2)).toMatchObject({ Exten: '202#' });
    for (const event of ['Hold', 'Unhold'])
      desk.events.send(`Event: ${event}`, `Channel: ${OPERATOR_CHANNEL}`, 'Uniqueid: 1795475505.1', 'Linkedid: 1795475505.0', `Timestamp: ${Date.now() / 1000}`); // prettier-ignore
    expect(await asked).toMatchObject({ status: 502, body: { error: { code: 'pbx_refused', data: { reason: 'unreachable' } } } });
    expect(await desk.audit('call.consulted')).toHaveLength(before);
    expect(await consult()).toBe(null);
  });

  test('a phone that was hung up in between is told as such', async () => {
    desk.answers.set('BlindTransfer', 'No such channel');
    expect(await desk.anna.post(at('transfer'), { number: '202' })).toMatchObject({
      status: 409,
      body: { error: { data: { reason: 'not_in_call' } } },
    });
    desk.answers.clear();
  });

  test('a recording that begins, is paused, goes on and ends is told to the screen', async () => {
    const recording = async () => (await desk.anna.get('/api/calls/live')).body.items[0]?.recording;
    expect(await recording()).toBe(null);
    expect((await desk.anna.post(at('record'))).status).toBe(204);
    expect(await recording()).toBe('recording');
    expect((await desk.anna.post(at('record/pause'), { paused: true })).status).toBe(204);
    expect(await recording()).toBe('paused');
    expect((await desk.anna.post(at('record/stop'))).status).toBe(204);
    expect(await recording()).toBe(null);
  });

  test('what the PBX refuses is told, and is in no audit', async () => {
    desk.answers.set('BlindTransfer', 'Not permitted');
    const before = (await desk.audit('call.transferred')).length;
    expect(await desk.anna.post(at('transfer'), { number: '202' })).toMatchObject({
      status: 502,
      body: { error: { code: 'pbx_refused' } },
    });
    expect(await desk.audit('call.transferred')).toHaveLength(before);
    desk.answers.clear();
  });

  test('hold: a phone that does not heed is told as such', async () => {
    const answer = await desk.anna.post(at('hold'));
    expect(answer).toMatchObject({ status: 502, body: { error: { code: 'pbx_refused', data: { reason: 'unsupported' } } } });
    expect(last()).toMatchObject({ Action: 'PJSIPNotify', Channel: OPERATOR_CHANNEL, Variable: 'Event=hold' });
    expect(await desk.audit('call.held')).toEqual([]);
  });

  test('park: the space comes with the event', async () => {
    const parked = desk.anna.post(at('park'));
    await desk.control.asked('Park');
    desk.events.send('Event: ParkedCall', `ParkeeChannel: ${CALLER_CHANNEL}`, 'ParkingSpace: 703', `Timestamp: ${Date.now() / 1000}`);
    expect(await parked).toMatchObject({ status: 200, body: { space: '703' } });
    desk.events.send('Event: UnParkedCall', `ParkeeChannel: ${CALLER_CHANNEL}`, 'ParkingSpace: 703', `Timestamp: ${Date.now() / 1000}`);
  });

  test('listening in: supervisors alone, in the audit before a word is heard', async () => {
    for (const who of [desk.anna, desk.boris]) expect((await who.post(at('spy'), { mode: 'listen' })).status).toBe(403);
    const manager = await desk.signIn('manager');
    expect((await manager.post(at('spy'), { mode: 'listen' })).status).toBe(403);
    expect(await desk.audit('call.listened')).toEqual([]);
    expect((await desk.vera.post(at('spy'), { mode: 'shout' })).status).toBe(400);
    for (const [mode, options] of [
      ['listen', 'qES'],
      ['whisper', 'qwES'],
      ['barge', 'qBES'],
    ]) {
      expect(await desk.vera.post(at('spy'), { mode })).toMatchObject({ status: 200, body: { heard: '201' } });
      const heard = { Action: 'Originate', Channel: 'PJSIP/203', Application: 'ChanSpy', Data: `${OPERATOR_CHANNEL},${options}` };
      expect(last()).toMatchObject(heard);
      expect((await desk.audit('call.listened')).at(-1)).toEqual({ actor_id: desk.vera.userId, details: { mode, agent: '201' } });
    }
    // Whether the operator is shown it is the country's word.
    const shown = async () => ((await desk.anna.get('/api/calls/live')).body.items as { listened: unknown }[])[0]?.listened;
    expect(await shown()).toBeNull();
    const { rules } = (await desk.db('dialling_profiles').where({ code: 'RU' }).first('rules')) as { rules: string };
    await desk.db('dialling_profiles').where({ code: 'RU' }).update({ rules: JSON.stringify({ ...JSON.parse(rules), listeningShown: true }) }); // prettier-ignore
    expect((await desk.vera.post(at('spy'), { mode: 'whisper' })).status).toBe(200);
    await expect.poll(shown).toEqual({ by: expect.stringMatching(/./), mode: 'whisper', at: expect.any(Number) });
    expect(((await desk.boris.get('/api/calls/live')).body.items as unknown[]).length).toBe(0);
    expect((await desk.anna.get(`/api/calls/${REF}`)).body.can).toMatchObject({ control: true, record: true, spy: false, download: false });
    expect((await desk.vera.get(`/api/calls/${REF}`)).body.can).toMatchObject({ control: false, record: true, spy: true, download: true });
  });

  test('at another PBX the same number is somebody else’s phone: nobody is rung, nobody else is heard', async () => {
    const phone = (who: { userId: number }, pbx: string, extension: string) =>
      desk
        .db('extensions')
        .where({ user_id: who.userId })
        .update({ pbx, extension })
        .then(() => desk.bus.emit('user.changed', { id: who.userId }));
    const before = desk.orders().length;
    await phone(desk.vera, 'elsewhere', '203');
    const refused = { status: 409, body: { error: { data: { reason: 'not_in_call' } } } };
    expect(await desk.vera.post(at('spy'), { mode: 'listen' })).toMatchObject(refused);
    await phone(desk.vera, 'main', '203');
    await phone(desk.boris, 'elsewhere', '201');
    const notThere = { status: 409, body: { error: { data: { reason: 'not_talking' } } } };
    expect(await desk.vera.post(at('spy'), { mode: 'listen', userId: desk.boris.userId })).toMatchObject(notThere);
    await phone(desk.boris, 'main', '202');
    expect(desk.orders()).toHaveLength(before);
  });

  test('a call in which somebody talks is not picked up; one that is none of theirs not either', async () => {
    expect((await desk.boris.post(at('pickup'))).status).toBe(403);
    expect((await desk.vera.post(at('pickup'))).status).toBe(502);
    expect((await desk.boris.post('/api/calls/main:none.1/pickup')).status).toBe(404);
  });

  test('after the end nothing more is ordered', async () => {
    await desk.end();
    const before = desk.orders().length;
    expect((await desk.anna.post(at('transfer'), { number: '202' })).status).toBe(409);
    expect((await desk.vera.post(at('spy'), { mode: 'listen' })).status).toBe(409);
    expect((await desk.anna.post(at('record'))).status).toBe(409);
    expect(desk.orders()).toHaveLength(before);
  });
});
