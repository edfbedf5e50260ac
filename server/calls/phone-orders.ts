import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { parsePhone } from '../core/phone.ts';
import type { LiveCalls } from './live.ts';
import { callPolicy } from './policy.ts';
import { partIn, rowByRef, splitRef } from './queries.ts';
import { refOf } from './shape.ts';

/** What an operator tells their own phone to do, through the PBX. */

export const refused = (path: string, code: string) => new AppError('invalid', `${path}: ${code}`, { issues: [{ path, code }] });

export const ownPhone = async (deps: Deps, actor: Actor): Promise<{ pbx: string; extension: string }> => {
  const phone = await deps.directory.extensionOf(actor.id);
  if (!phone) throw new AppError('conflict', 'the user has no extension', { reason: 'no_extension' });
  return phone;
};

const SPELLING = /[\s().\-–/]/g;
const INNER = /^[0-9*#]{1,20}$/;

/** What goes into the dial string: E.164 where the plan knows the number, else an inner or short number as it is. */
export const dialable = (number: string, country: string): string | null => {
  const { e164 } = parsePhone(number, country);
  if (e164) return e164;
  const bare = number.normalize('NFKC').replace(SPELLING, '');
  return INNER.test(bare) ? bare : null;
};

export const dial = async (
  deps: Deps,
  actor: Actor,
  draft: { number: string; clientId?: number | undefined },
): Promise<{ ref: string }> => {
  const { pbx, extension } = await ownPhone(deps, actor);
  const number = dialable(draft.number, deps.config.defaultCountry);
  if (number === null || number === extension) throw refused('body.number', 'not_a_number');
  if (draft.clientId !== undefined && !(await deps.mayReadClient(actor, draft.clientId)) && !(await deps.callGrants(actor, draft.clientId)))
    throw refused('body.clientId', 'unknown_client');
  const { key } = await deps.pbx(pbx).originate({ extension, number });
  const ref = refOf(pbx, key);
  await deps.audit(deps.db, { actorId: actor.id, what: 'call.dialled', table: 'calls', rowId: ref });
  return { ref };
};

/** The order concerns the operator's own leg only, so whoever is not in the call cannot touch it. */
export const legOf = async (
  deps: Deps,
  live: LiveCalls,
  actor: Actor,
  ref: string,
): Promise<{ pbx: string; key: string; extension: string }> => {
  const { pbx, linkedid } = splitRef(ref);
  const phone = await ownPhone(deps, actor);
  const mine = live.find(ref, actor.id);
  const up = mine && ['ringing', 'dialling', 'talking'].includes(mine.phase);
  if (!up) {
    const row = await rowByRef(deps.db, ref);
    if (!row && !live.call(ref)) throw new AppError('not_found', 'no such call');
    const part = row ? await partIn(deps.db, row.id, actor.id) : null;
    if (!mine && !callPolicy.read(actor, part)) throw new AppError('forbidden', `${actor.role}: another operator's call`);
    if (mine || part === null || row?.ended_at !== null)
      throw new AppError('conflict', 'the operator is not in this call now', { reason: 'not_in_call' });
  }
  if (phone.pbx !== pbx) throw new AppError('conflict', 'the call is on another PBX', { reason: 'not_in_call' });
  return { pbx, key: linkedid, extension: phone.extension };
};

export const hangUp = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string): Promise<void> => {
  const { pbx, key, extension } = await legOf(deps, live, actor, ref);
  await deps.pbx(pbx).hangup({ key, extension });
};

export const answer = async (deps: Deps, live: LiveCalls, actor: Actor, ref: string): Promise<void> => {
  const { pbx, key, extension } = await legOf(deps, live, actor, ref);
  await deps.pbx(pbx).answer({ key, extension });
};
