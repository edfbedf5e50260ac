import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './call-centre.ts';
import type { Engine } from './db.ts';
import { startFakeAmi } from './fake-ami.ts';
import type { Fields } from './fake-ami.ts';
import { traceBytes } from './replay.ts';
import { startServer } from './server.ts';

/** Of the trace: a caller in the queue support, whom 201 answers. */
export const REF = 'main:1795475505.0';
export const OPERATOR_CHANNEL = 'PJSIP/201-00000001';
export const CALLER_CHANNEL = 'PJSIP/trunk-00000000';

/**
 * A server with its real bridge, at a manager whose answers the test gives: Anna has 201 and serves support, Boris 202, Vera supervises with 203.
 * The recordings lie in `spool`.
 */
export const startDesk = async (engine: Engine) => {
  const spool = mkdtempSync(join(tmpdir(), 'allo-spool-'));
  const answers = new Map<string, string>();
  const ami = await startFakeAmi({
    answer(action, client) {
      const refusal = answers.get(action.Action!);
      if (refusal === undefined) return false;
      client.send('Response: Error', `ActionID: ${action.ActionID}`, `Message: ${refusal}`);
      return true;
    },
  });
  const server = await startServer({
    engine,
    env: { PBX: `main=ami://allo:secret@127.0.0.1:${ami.port}?spool=${encodeURIComponent(spool)}` },
  });
  const { db, bus } = server;
  const person = async (role: 'operator' | 'supervisor' | 'manager', name: string, extension: string) => {
    const client = await server.signIn(role, { name });
    await db('extensions').insert({ pbx: 'main', extension, user_id: client.userId });
    bus.emit('user.changed', { id: client.userId });
    return client;
  };
  const anna = await person('operator', 'Anna', '201');
  const boris = await person('operator', 'Boris', '202');
  const vera = await person('supervisor', 'Vera', '203');
  await db('queues').insert({ pbx: 'main', name: 'support', label: '' });
  await db('queue_members').insert({ pbx: 'main', queue: 'support', user_id: anna.userId, penalty: 0 });

  const isControl = (actions: readonly Fields[]) => actions.some((a) => a.Action === 'Events');
  await until(
    () => ami.clients.filter((c) => c.actions.length > 1).length,
    (n) => n >= 2,
  );
  await until(
    async () => (await server.guest.get('/readyz')).status,
    (status) => status === 200,
  );
  const control = ami.clients.find((c) => isControl(c.actions))!;
  const events = ami.clients.find((c) => !isControl(c.actions))!;
  const blocks = traceBytes('queue-answered')
    .toString()
    .split(/\r?\n\r?\n/)
    .filter((block) => /^Timestamp: /m.test(block));
  const talk = blocks.findIndex((block) => block.startsWith('Event: HangupRequest'));
  const tell = (some: string[]) => events.raw(some.join('\r\n\r\n') + '\r\n\r\n');

  return {
    ...server,
    ami,
    answers,
    spool,
    anna,
    boris,
    vera,
    control,
    events,
    /** The call comes, and is answered. */
    async begin() {
      tell(blocks.slice(0, talk));
      await until(
        async () => (await anna.get(`/api/calls/${REF}`)).body.can?.control,
        (control) => control === true,
      );
    },
    async end() {
      tell(blocks.slice(talk));
      await until(
        async () => (await anna.get(`/api/calls/${REF}`)).body.call?.endedAt,
        (at) => typeof at === 'number',
      );
    },
    /** What the bridge was told, without its keep-alive. */
    orders: () => control.actions.filter((a) => !['Ping', 'Events', 'login', 'Login'].includes(a.Action!)),
    audit: async (what: string): Promise<{ actor_id: number | null; details: Record<string, unknown> }[]> =>
      (await db('audit').where({ what }).orderBy('id')).map((row: { actor_id: number | null; details: string }) => ({
        actor_id: row.actor_id,
        details: JSON.parse(row.details) as Record<string, unknown>,
      })),
    close: async () => {
      await server.close();
      await ami.close();
      rmSync(spool, { recursive: true });
    },
  };
};
