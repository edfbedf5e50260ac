import type { Knex } from 'knex';
import type { Deps } from '../deps.ts';
import type { AgentNow } from './state.ts';

/** Whoever rests is told when the break has come to its limit; whoever is at something else now is not. In the transaction of the state. */
export const remindOfBreak = async (deps: Pick<Deps, 'remind'>, trx: Knex, userId: number, now: AgentNow, at: number): Promise<void> => {
  const rule =
    now.state === 'break'
      ? ((await trx('break_reasons').where({ code: now.reason }).first('limit_minutes')) as { limit_minutes: number } | undefined)
      : undefined;
  const minutes = rule?.limit_minutes ?? 0;
  const over = { userId, kind: 'break-over' as const, effect: `break:${userId}:${at}`, at: at + minutes * 60_000, params: { minutes } };
  await deps.remind(trx, { kind: 'break', ref: userId }, minutes > 0 ? [over] : []);
};
