import { createCallWriter } from '../../server/calls/writer.ts';
import type { Fact } from '../../cti/index.ts';
import type { Engine } from './db.ts';
import { startServer } from './server.ts';

/** A server with operators Anna (101) and Boris (102), a client Ivan Petrov, and the writer of the call log as the bridge's process has it. */
export const startCallCentre = async (engine: Engine, env: Record<string, string> = {}) => {
  const server = await startServer({ engine, env });
  const { db, bus, app } = server;
  const operator = async (name: string, extension: string) => {
    const client = await server.signIn('operator', { name });
    await db('extensions').insert({ pbx: 'main', extension, user_id: client.userId });
    bus.emit('user.changed', { id: client.userId });
    return client;
  };
  const anna = await operator('Anna', '101');
  const boris = await operator('Boris', '102');
  const admin = await server.signIn('administrator');
  const created = await admin.post('/api/clients', { name: 'Ivan Petrov', phones: [{ raw: '8 (916) 123-45-67' }] });
  const ivan = created.body.client.id as number;

  const writer = createCallWriter(app.deps, { retryMs: 5, gatherMs: 0 });
  return {
    ...server,
    anna,
    boris,
    admin,
    ivan,
    writer,
    async write(facts: readonly Fact[]): Promise<void> {
      facts.forEach((fact) => writer.hear(fact));
      const left = await writer.drain(15_000);
      if (left > 0) throw new Error(`${left} calls unwritten`);
    },
    /** What the log says, without the ids that rows happened to get. */
    async log() {
      const calls = await db('calls').orderBy(['pbx', 'linkedid']);
      const segments = await db('call_segments').orderBy(['call_id', 'segment_key']);
      const operators = await db('call_operators').orderBy(['call_id', 'user_id']);
      const timeline = await db('timeline').where('kind', 'call').orderBy(['ref', 'client_id']);
      return { calls, segments, operators, timeline };
    },
  };
};

/** Waits until it is so; says what it was last when it never is. */
export const until = async <T>(read: () => T | Promise<T>, isSo: (value: T) => boolean, ms = 5_000): Promise<T> => {
  const end = Date.now() + ms;
  for (;;) {
    const value = await read();
    if (isSo(value)) return value;
    if (Date.now() > end) throw new Error(`never came: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
