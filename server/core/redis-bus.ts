import { randomUUID } from 'node:crypto';
import type { Bus, BusLog } from './bus.ts';
import { AppError } from './errors.ts';
import type { ErrorCode } from './errors.ts';
import { createLocal, overTheWire, within } from './memory-bus.ts';
import { openRedis } from './redis.ts';

interface Question {
  id: string;
  node: string;
  question: unknown;
}
type Answer =
  { id: string; answer: unknown } | { id: string; error: { code: ErrorCode | null; message: string; data: Record<string, unknown> } };

const FLUSH_MS = 1_000;

/**
 * Between processes, over Redis publish/subscribe. Listeners of the process that emits hear it at once, without the way there and back, and also
 * while Redis is away.
 */
export const redisBus = async <E extends object>(url: string, log: BusLog): Promise<Bus<E>> => {
  const node = randomUUID();
  const local = createLocal(log);
  const waiting = new Map<string, (answer: Answer) => void>();
  const publisher = await openRedis(url, log);
  const subscriber = await openRedis(url, log, true);

  const send = (channel: string, message: unknown): Promise<number> => publisher.publish(channel, JSON.stringify(message));
  const failed = (err: unknown) => log.warn({ err }, 'bus: redis refused');

  await subscriber.pSubscribe('allo:event:*', (text, channel) => {
    const { from, event } = JSON.parse(text) as { from: string; event: unknown };
    if (from !== node) local.deliver(channel.slice('allo:event:'.length), event);
  });
  await subscriber.subscribe(`allo:answer:${node}`, (text) => {
    const answer = JSON.parse(text) as Answer;
    waiting.get(answer.id)?.(answer);
  });

  const reply = async (name: string, text: string) => {
    const { id, node: asker, question } = JSON.parse(text) as Question;
    const answerer = local.answererOf(name);
    if (!answerer) return;
    let answer: Answer;
    try {
      answer = { id, answer: await answerer(question as never) };
    } catch (err) {
      const known = err instanceof AppError;
      if (!known) log.error({ err, name }, 'bus: an answerer failed');
      answer = { id, error: { code: known ? err.code : null, message: (err as Error).message, data: known ? err.data : {} } };
    }
    await send(`allo:answer:${asker}`, answer);
  };

  const askOthers = async <A>(name: string, question: unknown, timeoutMs: number): Promise<A> => {
    const id = randomUUID();
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    try {
      const heard = await send(`allo:question:${name}`, { id, node, question } satisfies Question);
      if (heard === 0) throw new AppError('unavailable', `nobody answers "${name}"`);
      const answer = await within(answered, timeoutMs, name);
      if (!('error' in answer)) return answer.answer as A;
      const { code, message, data } = answer.error;
      throw code ? new AppError(code, message, data) : new Error(`the answerer of "${name}" failed: ${message}`);
    } catch (err) {
      if (err instanceof AppError || !publisher.isReady) throw err instanceof AppError ? err : new AppError('unavailable', 'redis is away');
      throw err;
    } finally {
      waiting.delete(id);
    }
  };

  return {
    emit(name, event) {
      local.deliver(name, overTheWire(event));
      send(`allo:event:${name}`, { from: node, event }).catch(failed);
    },
    on: (name, hear) => local.on(name, hear as (event: never) => unknown),
    async ask<Q, A>(name: string, question: Q, timeoutMs: number) {
      const here = local.answererOf(name);
      if (!here) return askOthers<A>(name, question, timeoutMs);
      return overTheWire((await within(here(overTheWire(question) as never), timeoutMs, name)) as A);
    },
    answer(name, answerer) {
      const stop = local.answer(name, answerer as (question: never) => Promise<unknown>);
      const hear = (text: string) => void reply(name, text).catch(failed);
      subscriber.subscribe(`allo:question:${name}`, hear).catch(failed);
      return () => {
        stop();
        subscriber.unsubscribe(`allo:question:${name}`, hear).catch(failed);
      };
    },
    healthy: () => publisher.isReady && subscriber.isReady,
    async close() {
      // what was emitted last is still on its way: the answer to this comes behind it
      if (publisher.isReady) await within(publisher.ping(), FLUSH_MS, 'ping').catch(failed);
      subscriber.destroy();
      publisher.destroy();
    },
  };
};
