import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBridge } from '../../cti/bridge.ts';
import { createCallWriter } from '../../server/calls/writer.ts';
import { startCallCentre, until } from '../support/call-centre.ts';
import { ALWAYS_OURS, FAST, keepingLog, SECRET } from '../support/cti.ts';
import { eachDatabase } from '../support/db.ts';
import { startFakeAmi } from '../support/fake-ami.ts';
import { traceBytes } from '../support/replay.ts';

const PBXS = ['north', 'south'];

/** Events of a recorded call in pieces, as they come over the wire. */
const pieces = (name: string): string[] =>
  traceBytes(name)
    .toString()
    .split(/\r?\n\r?\n/)
    .filter((block) => /^Timestamp: /m.test(block))
    .map((block) => `${block}\r\n\r\n`);

eachDatabase((_, engine) => {
  let centre: Awaited<ReturnType<typeof startCallCentre>>;
  beforeAll(async () => {
    centre = await startCallCentre(engine);
  });
  afterAll(() => centre.close());

  /** The recorded call through a bridge of its own to each of these PBXs, their events in turn. @returns the log, without what names the row */
  const logged = async (pbxs: readonly string[], trace: string) => {
    const writer = createCallWriter(centre.app.deps, { retryMs: 5 });
    const running = await Promise.all(
      pbxs.map(async (name) => {
        const ami = await startFakeAmi({ secret: SECRET });
        const pbx = { name, host: '127.0.0.1', port: ami.port, user: 'allo', secret: SECRET };
        const bridge = startBridge({ pbx, lease: ALWAYS_OURS, log: keepingLog(), owner: name, onFact: writer.hear }, { ami: FAST });
        await until(
          async () => bridge.status().state,
          (state) => state === 'connected',
        );
        const events = ami.clients.find((client) => !client.actions.some(({ Action }) => Action === 'Events'))!;
        return { ami, bridge, events };
      }),
    );
    for (const piece of pieces(trace)) for (const { events } of running) events.raw(piece);
    await until(
      () => centre.db('calls'),
      (rows) => rows.length >= pbxs.length && rows.every((row) => row.ended_at !== null),
    );
    for (const { ami, bridge } of running) {
      await bridge.stop();
      await ami.close();
    }
    await writer.close();
    const rows = await centre.db('calls').orderBy('linkedid');
    const of = async (pbx: string) => {
      const calls = rows.filter((row) => row.pbx === pbx);
      const segments = await centre
        .db('call_segments')
        .whereIn(
          'call_id',
          calls.map((row) => row.id),
        )
        .orderBy('segment_key');
      return {
        calls: calls.map(({ id: _id, pbx: _pbx, ...row }) => row),
        segments: segments.map(({ id: _id, call_id: _call, ...row }) => row),
      };
    };
    const log = await Promise.all(pbxs.map(of));
    await centre.db('calls').delete();
    await centre.db('timeline').where('kind', 'call').delete();
    return log;
  };

  test.each(['queue-answered', 'blind-transfer', 'attended-transfer', 'queue-ring-all-one-answers'])(
    'two PBXs with the same Uniqueids at the same time, %s: each has its call as if it were alone',
    async (trace) => {
      const [alone] = await logged(['north'], trace);
      expect(alone!.calls.length).toBeGreaterThan(0);
      expect(alone!.segments.length).toBeGreaterThan(1);
      const both = await logged(PBXS, trace);
      expect(both).toEqual([alone, alone]);
    },
  );
});
