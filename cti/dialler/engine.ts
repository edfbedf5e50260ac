import type { CtiLog, Fact } from '../facts.ts';
import { CALL_BACK, createDialFloor } from './floor.ts';
import { createPacer } from './pacing.ts';
import type { Pacer } from './pacing.ts';
import type { CallBackStore, Dial, DialCallBack, DialCampaign, DialOrder, DialStall, DialStore } from './ports.ts';
import { turns } from './turns.ts';

/**
 * The dialler of one PBX: twice a second it calls back whose turn it is in a queue, then asks each campaign's pace how many calls to place, takes so many people from the store, whose rows are then
 * written, and orders the calls, spaced by the trunk's calls a second. What becomes of them the call log writes down; here is only what the pace needs.
 */
export interface Dialler {
  hear(fact: Fact): void;
  /** One round; rounds do not overlap. */
  tick(): Promise<void>;
  stop(): Promise<void>;
}

export interface DiallerOptions {
  readonly store: DialStore;
  readonly callBacks?: CallBackStore;
  /** Rejects when the PBX does not take the order. */
  readonly dial: (order: DialOrder) => Promise<void>;
  readonly now: () => number;
  readonly log: CtiLog;
  /** ms from round to round; 0: the caller says when. */
  readonly everyMs?: number;
}

const TICK_MS = 500;
/** Calls that fail within this, one after the other, are the trunk's fault. */
const TRUNK_FAILURES = 3;
const TRUNK_REST_MS = 30_000;
/** Causes (Q.850) of the way, not of the number; null: there was no channel at all. */
const NO_WAY = new Set<number | null>([null, 20, 27, 34, 38, 41, 42, 44, 58, 63, 66]);
/** Causes that say that nobody has the number. So many of them one after the other, over all campaigns, are the way's fault after all: a route or a caller ID that the provider does not know. */
const NOBODYS = new Set<number | null>([1, 28]);
const NOBODYS_FAILURES = 8;
/** How long the phone of whoever is called back rings, and how long they wait for an operator at the most. */
const BACK_RINGS_MS = 30_000;
const BACK_WAITS_MS = 30 * 60_000;
/** The list of campaigns is read again after this. */
const CAMPAIGNS_MS = 1_000;

interface Share {
  readonly share: number;
  readonly first: boolean;
}

export const createDialler = ({ store, callBacks, dial, now, log, everyMs = TICK_MS }: DiallerOptions): Dialler => {
  const floor = createDialFloor();
  const pacers = new Map<number, Pacer>();
  const allowance = new Map<number, number>();
  const told = new Map<number, DialStall | null>();
  const readyAgents = new Set<string>();
  let connected = false;
  let running: Promise<void> | null = null;
  let stopped = false;
  let failures = 0;
  let nobodys = 0;
  const isTroubled = () => failures >= TRUNK_FAILURES || nobodys >= NOBODYS_FAILURES;
  let rounds = 0;
  let restUntil = 0;
  let lastTick = now();
  let known: { at: number; all: readonly DialCampaign[] } = { at: -Infinity, all: [] };

  const pacerOf = (campaign: DialCampaign): Pacer => {
    let pacer = pacers.get(campaign.id);
    if (!pacer) pacers.set(campaign.id, (pacer = createPacer({ targetAbandonRate: campaign.abandonment, maxLines: campaign.maxLines, tickMs: TICK_MS }))); // prettier-ignore
    return pacer;
  };

  const heedCall = (fact: Extract<Fact, { key: string }>): void => {
    const call = floor.find(fact.key);
    if (!call) return;
    const pacer = pacers.get(call.campaign);
    const { at, key: id } = fact;
    if (fact.kind === 'call.queued' && call.answeredAt === null) {
      call.answeredAt = at;
      [failures, nobodys] = [0, 0];
      pacer?.observe({ type: 'answer', at, id, kind: 'human' });
    } else if (fact.kind === 'segment.started' && fact.segment.kind === 'talk' && fact.segment.agent !== null && call.agent === null) {
      call.agent = fact.segment.agent;
      call.talkingSince = at;
      readyAgents.delete(call.agent);
      const waited = at - (call.answeredAt ?? at);
      pacer?.observe({ type: 'connect', at, id, agent: call.agent, waited });
    } else if (fact.kind === 'call.ended') {
      floor.drop(id);
      if (call.agent !== null) pacer?.observe({ type: 'talk-end', at, id, agent: call.agent });
      else if (call.answeredAt !== null) pacer?.observe({ type: 'abandon', at, id, waited: at - call.answeredAt });
      else {
        pacer?.observe({ type: 'fail', at, id, reason: fact.call.endReason ?? 'lost' });
        const failed = fact.call.endReason === 'failed';
        nobodys = failed && NOBODYS.has(fact.call.cause) ? nobodys + 1 : 0;
        const noWay = (failed && NO_WAY.has(fact.call.cause)) || nobodys >= NOBODYS_FAILURES;
        failures = noWay ? failures + 1 : 0;
        if (isTroubled()) restUntil = now() + TRUNK_REST_MS;
      }
    }
  };

  /** Who is free again after a call. */
  const noticeReady = (campaign: DialCampaign, idle: readonly string[], at: number) => {
    for (const agent of idle) {
      if (readyAgents.has(agent)) continue;
      readyAgents.add(agent);
      pacerOf(campaign).observe({ type: 'ready', at, agent });
    }
  };

  const hear = (fact: Fact): void => {
    if (fact.kind === 'pbx.status') {
      connected = fact.status.state === 'connected';
      if (fact.status.state === 'standby') floor.forget();
      return;
    }
    if (fact.kind === 'pbx.synced') {
      const live = new Set(fact.live);
      for (const key of [...floor.keys()]) if (!live.has(key) && now() - floor.find(key)!.at > 5_000) floor.drop(key);
    }
    floor.hear(fact);
    if ('key' in fact) heedCall(fact);
  };

  /** `share`: campaigns of the queue; `first`: this one is served first in this round, and takes what does not divide. */
  const wanted = (campaign: DialCampaign, { share, first }: Share, at: number): { count: number; why: DialStall | null } => {
    const { idle, wrapUp, present, inbound } = floor.queue(campaign.queue);
    noticeReady(campaign, idle, at);
    if (present === 0) return { count: 0, why: 'no-operators' };
    if (campaign.yields) return { count: 0, why: 'service-level' };
    const mine = floor.of(campaign.id);
    const dialling = mine.filter(({ answeredAt }) => answeredAt === null);
    const waiting = mine.filter(({ answeredAt, agent }) => answeredAt !== null && agent === null).length;
    const free = Math.max(0, idle.length - inbound.length);
    const pending = floor.unanswered(campaign.queue);
    const mineOf = (calls: number) => Math.ceil(Math.max(0, calls - pending) / share);
    const room = campaign.maxLines - mine.length;
    if (room <= 0) return { count: 0, why: 'lines' };
    let count = mineOf(free);
    if (campaign.mode === 'power' && !campaign.overspent) count = mineOf(Math.ceil(free * campaign.ratio));
    if (campaign.mode === 'predictive' && !campaign.overspent)
      count = pacerOf(campaign).decide({
        now: at,
        idle: Math.floor(free / share) + (first ? free % share : 0),
        talking: mine.flatMap(({ talkingSince }) => talkingSince ?? []),
        wrapUp,
        dialling: dialling.map((call) => call.at),
        waiting,
        lines: mine.length,
      });
    return { count: Math.max(0, Math.min(room, count)), why: free === 0 && dialling.length === 0 ? 'all-busy' : null };
  };

  const place = async (campaign: DialCampaign, one: Dial): Promise<void> => {
    const at = now();
    floor.place(one.channelId, { campaign: campaign.id, queue: campaign.queue, at });
    pacerOf(campaign).observe({ type: 'dial', at, id: one.channelId });
    const { queue, callerId, ringMs, connectWithinMs, message, amd } = campaign;
    try {
      await dial({ id: one.channelId, number: one.number, name: one.name, queue, callerId, ringMs, connectWithinMs, message, amd, campaign: campaign.id }); // prettier-ignore
    } catch (err) {
      const { code } = err as { code?: string };
      // no answer in time: it may ring, and the call log will say
      if (code === 'timeout') return;
      floor.drop(one.channelId);
      pacerOf(campaign).observe({ type: 'fail', at: now(), id: one.channelId, reason: 'refused' });
      if (++failures >= TRUNK_FAILURES) restUntil = now() + TRUNK_REST_MS;
      log.warn({ campaign: campaign.id, code }, 'dialler: the PBX did not take a call');
      await store.unplaced(one.attemptId);
    }
  };

  const callBack = async ({ id, queue }: DialCallBack): Promise<void> => {
    const one = await callBacks!.claim(id);
    if (!one) return;
    floor.place(one.channelId, { campaign: CALL_BACK, queue, at: now() });
    const { channelId, number, name } = one;
    try {
      await dial({ id: channelId, number, name, queue, callerId: '', ringMs: BACK_RINGS_MS, connectWithinMs: BACK_WAITS_MS, message: '', amd: false, campaign: null }); // prettier-ignore
    } catch (err) {
      const { code } = err as { code?: string };
      if (code === 'timeout') return;
      floor.drop(channelId);
      if (++failures >= TRUNK_FAILURES) restUntil = now() + TRUNK_REST_MS;
      log.warn({ queue, code }, 'dialler: the PBX did not take a call back');
      await callBacks!.unplaced(one.attemptId);
    }
  };

  /** Whose turn it is, queue by queue; they go before the campaigns, which find the operators meant for them taken. */
  const serveCallBacks = async (at: number): Promise<void> => {
    if (!callBacks || !connected || at < restUntil) return;
    const due = await callBacks.due();
    for (const queue of new Set(due.map((one) => one.queue))) {
      const { idle, present, inbound } = floor.queue(queue);
      const line = due.filter((one) => one.queue === queue);
      const chosen = turns({ idle: idle.length, present, pending: floor.unanswered(queue), waiting: inbound, line });
      // after a trunk that failed, one call tries it
      for (const one of isTroubled() ? chosen.slice(0, 1) : chosen) if (!stopped) await callBack(one);
    }
  };

  const say = async (campaign: DialCampaign, why: DialStall | null): Promise<void> => {
    if (told.get(campaign.id) === why) return;
    told.set(campaign.id, why);
    await store.stalled(campaign.id, why);
  };

  const serve = async (campaign: DialCampaign, share: Share, sinceMs: number): Promise<void> => {
    const at = now();
    if (!connected) return say(campaign, 'offline');
    if (at < restUntil) return say(campaign, 'trunk');
    const budget = Math.min(
      Math.max(1, campaign.callsPerSecond),
      (allowance.get(campaign.id) ?? 1) + (sinceMs / 1000) * campaign.callsPerSecond,
    );
    const { count, why } = wanted(campaign, share, at);
    // after a trunk that failed, one call tries it
    const most = isTroubled() ? Math.min(1, count) : count;
    const now_ = Math.min(most, Math.floor(budget));
    allowance.set(campaign.id, budget - now_);
    if (now_ <= 0) return say(campaign, why);
    const people = await store.claim(campaign.id, now_);
    allowance.set(campaign.id, budget - people.length);
    for (const one of people) await place(campaign, one);
    await say(campaign, people.length === 0 && floor.of(campaign.id).length === 0 ? 'no-contacts' : null);
  };

  const round = async (): Promise<void> => {
    const at = now();
    const sinceMs = Math.min(2_000, Math.max(0, at - lastTick));
    lastTick = at;
    await serveCallBacks(at).catch((err: unknown) => log.error({ err }, 'dialler: call-backs could not be served'));
    if (at - known.at >= CAMPAIGNS_MS) known = { at, all: await store.campaigns() };
    // each round another one is first
    const turn = known.all.length > 0 ? ++rounds % known.all.length : 0;
    const order = [...known.all.slice(turn), ...known.all.slice(0, turn)];
    const shares = new Map<string, number>();
    for (const { queue } of order) shares.set(queue, (shares.get(queue) ?? 0) + 1);
    const served = new Set<string>();
    const live = new Set(known.all.map(({ id }) => id));
    for (const id of told.keys()) if (!live.has(id)) told.delete(id);
    for (const campaign of order) {
      if (stopped) return;
      const share = { share: shares.get(campaign.queue)!, first: !served.has(campaign.queue) };
      served.add(campaign.queue);
      await serve(campaign, share, sinceMs).catch((err: unknown) =>
        log.error({ err, campaign: campaign.id }, 'dialler: a campaign could not be served'),
      );
    }
  };

  const tick = (): Promise<void> => {
    running ??= round()
      .catch((err: unknown) => log.error({ err }, 'dialler: campaigns could not be read'))
      .finally(() => {
        running = null;
      });
    return running;
  };
  const timer = everyMs > 0 ? setInterval(() => void tick(), everyMs) : null;
  return {
    hear,
    tick,
    async stop() {
      stopped = true;
      if (timer) clearInterval(timer);
      await running;
    },
  };
};
