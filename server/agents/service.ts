import { createHmac } from 'node:crypto';
import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { inTransaction, isDuplicate } from '../core/db.ts';
import { AppError } from '../core/errors.ts';
import { readBreak, readRequest } from './breaks.ts';
import type { Shift, SipAccount } from './contract.ts';
import type { Membership } from './membership.ts';
import { unreachableSince } from './presence.ts';
import { beginShift, endShift, planQueues, queuesOf, shiftOf } from './queries.ts';

type Modes = Shift['modes'];

/** A browser can be the phone when the PBX speaks SIP over WebSocket and we hold the extension's secret. */
const modesOf = async (deps: Deps, userId: number, pbx: string): Promise<Modes> => {
  const { sipUrl } = deps.config.pbxs.find(({ name }) => name === pbx) ?? { sipUrl: null };
  return sipUrl !== null && (await deps.directory.sealedSipSecret(userId)) !== null ? ['softphone', 'desk'] : ['desk'];
};

export const readShift = async (deps: Deps, userId: number): Promise<Shift> => {
  const phone = await deps.directory.extensionOf(userId);
  const modes = phone ? await modesOf(deps, userId, phone.pbx) : [];
  const shift = await shiftOf(deps.db, userId);
  const rows = shift ? await queuesOf(deps.db, userId) : [];
  return {
    extension: phone?.extension ?? null,
    pbx: phone?.pbx ?? null,
    mode: shift?.mode ?? modes[0] ?? 'desk',
    modes,
    since: shift?.since ?? null,
    queues: rows.filter((row) => row.state === 'joined').map((row) => row.queue),
    unreachableSince: shift ? await unreachableSince(deps.db, userId) : null,
    pending: rows.filter((row) => row.state === 'joining').map((row) => row.queue),
    break: shift ? await readBreak(deps.db, userId) : null,
    asked: shift ? await readRequest(deps.db, userId) : null,
  };
};

export const pushShift = async (deps: Deps, userId: number): Promise<void> => {
  deps.push([userId], { topic: 'shift', shift: await readShift(deps, userId) });
  deps.bus.emit('shift.changed', { userId });
};

/** A break that was asked for in a call begins after it: its clock starts on the operator's screen. Every node hears of it. */
export const showBreak = async (deps: Deps, userId: number): Promise<void> => {
  if (await readBreak(deps.db, userId)) deps.pushHere([userId], { topic: 'shift', shift: await readShift(deps, userId) });
};

/** How long the answer waits for the PBX; what it has not done by then is shown as pending, and swept. */
const PBX_MS = 3_000;

export const settleSoon = async (deps: Deps, membership: Membership, userId: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, PBX_MS)));
  const settled = membership.settleUser(userId).catch((err: unknown) => deps.log.error({ err, userId }, 'queue members: not settled'));
  await Promise.race([settled, late]);
  clearTimeout(timer);
};

const begin = async (deps: Deps, actor: Actor, asked: Modes[number] | undefined): Promise<void> => {
  const phone = await deps.directory.extensionOf(actor.id);
  if (!phone) throw new AppError('conflict', 'the user has no extension', { reason: 'no_extension' });
  const modes = await modesOf(deps, actor.id, phone.pbx);
  const mode = asked ?? modes[0]!;
  if (!modes.includes(mode))
    throw new AppError('invalid', `no ${mode} here`, { issues: [{ path: 'body.mode', code: 'unsupported_mode' }] });

  const now = deps.now();
  try {
    await inTransaction(deps.db, async (trx) => {
      const before = await shiftOf(trx, actor.id);
      if (before && before.pbx === phone.pbx && before.extension === phone.extension) {
        if (before.mode === mode) return planQueues(trx, before);
        await trx('shifts').where('user_id', actor.id).update({ mode });
        await deps.audit(trx, { actorId: actor.id, what: 'shift.mode', table: 'shifts', rowId: actor.id, details: { mode } });
        return planQueues(trx, { ...before, mode });
      }
      if (before) await endShift(trx, actor.id, now);
      await beginShift(trx, { user_id: actor.id, ...phone, mode, since: now });
      await deps.audit(trx, { actorId: actor.id, what: 'shift.started', table: 'shifts', rowId: actor.id, details: { ...phone, mode } });
    });
  } catch (err) {
    if (!isDuplicate(err)) throw err; // two pages at once: the other one has begun it
  }
};

/** Ends somebody's shift, if there is one. */
export const end = (deps: Deps, userId: number, actorId: number | null): Promise<void> =>
  inTransaction(deps.db, async (trx) => {
    if (!(await shiftOf(trx, userId))) return;
    await endShift(trx, userId, deps.now());
    await deps.pauses.lift(trx, userId, 'break');
    await deps.pauses.lift(trx, userId, 'cool-off');
    await trx('break_requests').where('user_id', userId).delete();
    await deps.remind(trx, { kind: 'break', ref: userId }, []);
    await deps.audit(trx, { actorId, what: 'shift.ended', table: 'shifts', rowId: userId });
  });

export const setShift = async (
  deps: Deps,
  membership: Membership,
  actor: Actor,
  draft: { on: boolean; mode?: Modes[number] | undefined },
): Promise<Shift> => {
  if (draft.on) await begin(deps, actor, draft.mode);
  else await end(deps, actor.id, actor.id);
  await settleSoon(deps, membership, actor.id);
  await deps.pauses.settle(actor.id);
  await pushShift(deps, actor.id);
  return readShift(deps, actor.id);
};

/** An administrator changed the user's extension or queues, or they have left: a running shift follows. */
export const followUser = async (deps: Deps, membership: Membership, userId: number): Promise<void> => {
  const shift = await shiftOf(deps.db, userId);
  if (!shift) return;
  const phone = await deps.directory.extensionOf(userId);
  if (phone && phone.pbx === shift.pbx && phone.extension === shift.extension)
    await inTransaction(deps.db, (trx) => planQueues(trx, shift));
  else await end(deps, userId, null);
  await membership.settleUser(userId);
  await pushShift(deps, userId);
};

const TURN_DAY_MS = 86_400_000;

/** Credentials that run out by themselves, by which coturn knows us without a database (its REST API: user EXPIRY:NAME, HMAC-SHA1 of it). */
export const turnServers = (turn: Deps['config']['turn'], userId: number, now: number): SipAccount['iceServers'] => {
  if (!turn) return [];
  const username = `${Math.floor((now + TURN_DAY_MS) / 1000)}:${userId}`;
  const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
  return turn.urls.map((urls) => ({ urls, username, credential }));
};

/** For the browser of the extension's owner, and nobody else: the one place where a SIP secret is opened. */
export const readSipAccount = async (deps: Deps, userId: number): Promise<SipAccount> => {
  const phone = await deps.directory.extensionOf(userId);
  const pbx = deps.config.pbxs.find(({ name }) => name === phone?.pbx);
  const sealed = phone && pbx?.sipUrl ? await deps.directory.sealedSipSecret(userId) : null;
  if (!phone || !pbx || sealed === null) throw new AppError('not_found', 'the user has no phone in the browser');
  return {
    extension: phone.extension,
    password: deps.secrets.open(sealed),
    domain: pbx.host,
    server: '/sip',
    iceServers: turnServers(deps.config.turn, userId, deps.now()),
  };
};
