import pLimit from 'p-limit';
import type { Call, Fact } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import type { ClientBrief } from '../clients/contract.ts';
import { originOf } from '../core/number-origin.ts';
import { parsePhone } from '../core/phone.ts';
import type { Listened, LiveCall } from './contract.ts';
import { extensionsOf, fit, handOf, isPlaced, placeOf, rawNumber, refOf, shownNumber } from './shape.ts';
import type { Place } from './shape.ts';

export type LiveDeps = Pick<Deps, 'log' | 'now' | 'directory' | 'clientsByNumber' | 'clientBriefs' | 'pushHere' | 'config' | 'recordings'>;

/** How long after a call its card stays open to its operator, unless the outcome is saved before. */
export const WRAP_UP_MS = 10 * 60_000;

/** States of one call that may wait, while the users are read from a slow database; beyond it only the last is shown. */
const MAX_TO_SHOW = 50;

/** Lookups at once: a flood of calls leaves the pool of connections to others. */
const LOOKUPS = 4;

const ACTIVE: ReadonlySet<LiveCall['phase']> = new Set(['ringing', 'dialling', 'talking']);

interface Shown {
  call: LiveCall;
  /** By our clock, when this operator's part was seen to be over. */
  overSince: number | null;
}

interface Entry {
  readonly ref: string;
  call: Call;
  /** By our clock: of the last news. */
  heardAt: number;
  /** The number that `found` belongs to. */
  number: string;
  /** Who has the number; null: not known yet. */
  found: ClientBrief[] | null;
  /** Chosen by a person, instead of what was found. */
  attached: ClientBrief | null;
  lookup: Promise<void> | null;
  outcome: string | null;
  recording: LiveCall['recording'];
  /** By extension: who has listened in to its talk, and is to be shown. */
  readonly listened: Map<string, Listened>;
  /** What each operator's screen was told last, by user id. */
  readonly shown: Map<number, Shown>;
  /** States that have to be shown yet, in order: a call that rang and stopped within one breath was still missed. */
  readonly toShow: Call[];
  showing: boolean;
}

/** A call nobody tells about any more ended unseen. */
const lost = (call: Call, at: number): Call => ({
  ...call,
  endedAt: at,
  endReason: 'lost',
  segments: call.segments.map((s) => (s.to === null ? { ...s, to: Math.max(s.from, at), endReason: 'lost' as const } : s)),
});

/**
 * The calls that are up, in the memory of each api process, as the facts on the bus tell them; each operator concerned is shown theirs.
 * Nothing here waits for the database but the card: the ring is shown at once, and again when the client is found.
 */
export const createLiveCalls = (deps: LiveDeps) => {
  const { log, now, directory } = deps;
  const watchers = new Set<(ref: string) => void>();
  const changed = (ref: string) => watchers.forEach((hear) => hear(ref));
  const entries = new Map<string, Entry>();
  const few = pLimit(LOOKUPS);

  const toLive = (entry: Entry, call: Call, extension: string, place: Place): LiveCall => {
    const raw = fit(rawNumber(call, call.initiator === extension), 100);
    const e164 = call.direction === 'internal' ? null : parsePhone(raw, deps.config.defaultCountry).e164;
    return {
      ref: entry.ref,
      phase: place.phase,
      direction: call.direction,
      number: shownNumber(e164, raw),
      callerName: fit(call.fromName, 200),
      origin: e164 === null ? null : originOf(e164),
      queue: call.queue === null ? null : fit(call.queue, 100),
      startedAt: call.startedAt,
      offeredAt: place.offeredAt,
      answeredAt: call.answeredAt,
      endedAt: place.endedAt,
      endReason: ACTIVE.has(place.phase) ? null : call.endReason,
      clients: entry.attached ? [entry.attached] : entry.found,
      outcome: entry.outcome,
      ...handOf(call, extension),
      recording: place.phase === 'talking' ? entry.recording : null,
      listened: place.phase === 'talking' ? (entry.listened.get(extension) ?? null) : null,
    };
  };

  const tell = (entry: Entry, userId: number, call: LiveCall) => {
    const before = entry.shown.get(userId);
    const active = ACTIVE.has(call.phase);
    if (!before && !active) return; // began and ended before we heard of it: there is no screen to close
    if (before && JSON.stringify(before.call) === JSON.stringify(call)) return;
    entry.shown.set(userId, { call, overSince: active ? null : (before?.overSince ?? now()) });
    deps.pushHere([userId], { topic: 'calls', call });
  };

  const showState = async (entry: Entry, call: Call) => {
    for (const extension of extensionsOf(call)) {
      const user = await directory.userByExtension(call.pbx, extension);
      const place = user && placeOf(call, extension);
      if (place) tell(entry, user.id, toLive(entry, call, extension, place));
    }
  };

  /** One state after the other, so that a screen never goes back. */
  const show = async (entry: Entry) => {
    if (entry.toShow.at(-1) !== entry.call) entry.toShow.push(entry.call);
    if (entry.toShow.length > MAX_TO_SHOW) entry.toShow.splice(0, entry.toShow.length - 1);
    if (entry.showing) return;
    entry.showing = true;
    try {
      for (let call = entry.toShow.shift(); call; call = entry.toShow.shift()) await showState(entry, call);
    } catch (err) {
      log.error({ err, call: entry.ref }, 'live call: could not be shown');
    } finally {
      entry.showing = false;
    }
  };

  const look = async (entry: Entry, number: string) => {
    try {
      const found = await few(() => deps.clientsByNumber(number));
      if (entry.number !== number) return;
      entry.found = found;
      changed(entry.ref);
      await show(entry);
    } catch (err) {
      log.warn({ err, call: entry.ref }, 'live call: client not looked up');
    }
  };

  /** Begins at the first news of a call, so that at the first ring the client is known. */
  const lookUp = (entry: Entry, again = false) => {
    const number = entry.call.direction === 'internal' ? '' : rawNumber(entry.call);
    if (number === entry.number && !again && (entry.found || entry.lookup)) return;
    entry.number = number;
    if (!again) entry.found = number === '' ? [] : null;
    if (number === '') return;
    const lookup = look(entry, number).finally(() => {
      if (entry.lookup === lookup) entry.lookup = null;
    });
    entry.lookup = lookup;
  };

  const apply = (call: Call) => {
    const ref = refOf(call.pbx, call.key);
    let entry = entries.get(ref);
    if (!entry) {
      const empty = { number: '', found: null, attached: null, lookup: null, outcome: null, recording: null, showing: false };
      entry = { ref, call, heardAt: now(), shown: new Map(), listened: new Map(), toShow: [], ...empty };
      entries.set(ref, entry);
    }
    entry.call = call;
    entry.heardAt = now();
    changed(ref);
    if (call.endedAt === null || entry.shown.size > 0) lookUp(entry);
    void show(entry);
  };

  /** Of a call whose beginning this process has not heard. */
  const readRecording = async (entry: Entry) => {
    try {
      const { pbx, key: linkedid } = entry.call;
      const running = (await deps.recordings.of({ pbx, linkedid })).find((r) => r.state === 'recording' || r.state === 'paused');
      if (!running || entry.recording !== null) return;
      entry.recording = running.state as LiveCall['recording'];
      await show(entry);
    } catch (err) {
      log.warn({ err, call: entry.ref }, 'live call: its recording not read');
    }
  };

  const mergedAway = (ref: string, into: string) => {
    const entry = entries.get(ref);
    if (!entry) return;
    entries.delete(ref);
    changed(ref);
    const other = entries.get(into);
    if (other) other.recording ??= entry.recording;
    for (const [userId, { call }] of entry.shown)
      if (ACTIVE.has(call.phase))
        deps.pushHere([userId], { topic: 'calls', call: { ...call, phase: 'elsewhere', endedAt: entry.call.endedAt ?? now() } });
  };

  const end = (entry: Entry, at: number) => {
    entry.call = lost(entry.call, at);
    entry.heardAt = now();
    changed(entry.ref);
    void show(entry);
  };

  const ofPbx = (pbx: string) => [...entries.values()].filter((entry) => entry.call.pbx === pbx && entry.call.endedAt === null);

  /** Wrap-up counts: the form is still open. */
  const concerns = ({ call, overSince }: Shown): boolean =>
    ACTIVE.has(call.phase) || (call.phase === 'ended' && call.outcome === null && now() - (overSince ?? 0) < WRAP_UP_MS);

  return {
    hear(fact: Fact): void {
      if (fact.kind === 'pbx.synced') {
        const live = new Set(fact.live);
        for (const entry of ofPbx(fact.pbx)) if (!live.has(entry.call.key) && entry.call.startedAt < fact.at) end(entry, fact.at);
      }
      if (!('call' in fact)) return;
      if (fact.kind === 'call.merged' && fact.merged !== fact.key) mergedAway(refOf(fact.pbx, fact.merged), refOf(fact.pbx, fact.key));
      apply(fact.call);
    },

    /** What the bridge holds, asked for at `askedAt` (our clock): mends what the bus lost, and fills the memory after a start. */
    reconcile(pbx: string, calls: readonly Call[], askedAt: number): void {
      const up = new Set(calls.map((call) => call.key));
      for (const entry of ofPbx(pbx))
        if (!up.has(entry.call.key) && entry.heardAt < askedAt) end(entry, Math.max(askedAt, entry.call.startedAt));
      for (const call of calls) {
        const known = entries.get(refOf(pbx, call.key));
        if (!known || (known.heardAt < askedAt && known.call.endedAt === null)) apply(call);
        if (!known) void readRecording(entries.get(refOf(pbx, call.key))!);
      }
    },

    /** What is written down of the call's sound has changed. */
    recorded(ref: string, recording: LiveCall['recording']): void {
      const entry = entries.get(ref);
      if (!entry || entry.recording === recording) return;
      entry.recording = recording;
      void show(entry);
    },

    /** Somebody listens in to one of its talks. */
    listenedIn(ref: string, agent: string, listened: Listened): void {
      const entry = entries.get(ref);
      if (!entry) return;
      entry.listened.set(agent, listened);
      void show(entry);
    },

    /** A person said how a call ended, or whose it was. */
    filed(ref: string, filed: { outcome: string | null; client: ClientBrief | null }): void {
      const entry = entries.get(ref);
      if (!entry) return;
      entry.outcome = filed.outcome;
      entry.attached = filed.client && (entry.found?.length !== 1 || entry.found[0]!.id !== filed.client.id) ? filed.client : null;
      void show(entry);
    },

    /** A card was created or edited: it may now have the number of a call that is up. */
    clientChanged(id: number): void {
      for (const entry of entries.values()) {
        if (![...entry.shown.values()].some(concerns)) continue;
        if (entry.attached?.id === id)
          void deps.clientBriefs([id]).then(
            (briefs) => {
              entry.attached = briefs.get(id) ?? entry.attached;
              return show(entry);
            },
            (err: unknown) => log.warn({ err }, 'live call: client not read again'),
          );
        else if (entry.found?.length === 0 || entry.found?.some((client) => client.id === id)) lookUp(entry, true);
      }
    },

    /** The calls of this operator's screen: up, or waiting for their outcome. */
    of: (userId: number): LiveCall[] =>
      [...entries.values()].flatMap(({ shown }) => {
        const mine = shown.get(userId);
        return mine && concerns(mine) ? [mine.call] : [];
      }),

    /** The call as this operator stands in it; null: it is not theirs, or not in memory. */
    find: (ref: string, userId: number): LiveCall | null => entries.get(ref)?.shown.get(userId)?.call ?? null,

    /** The whole call, for writing down what the writer has not yet. */
    call: (ref: string): Call | null => entries.get(ref)?.call ?? null,

    /** Who calls, as far as it is known by now; likeliest first. */
    clients: (ref: string): readonly ClientBrief[] => {
      const entry = entries.get(ref);
      return entry?.attached ? [entry.attached] : (entry?.found ?? []);
    },

    /** Hears which call has news, or is gone. @returns stop */
    watch(hear: (ref: string) => void): () => void {
      watchers.add(hear);
      return () => watchers.delete(hear);
    },

    /** The call for whose sake this operator may read this client's card now; null: none. Waits for a lookup that is under way. */
    async grant(userId: number, clientId: number): Promise<string | null> {
      for (const entry of [...entries.values()]) {
        const mine = entry.shown.get(userId);
        if (!mine || !concerns(mine) || !isPlaced(entry.call)) continue;
        if (entry.found === null && entry.lookup) await entry.lookup;
        if (entry.found?.some((client) => client.id === clientId)) return entry.ref;
      }
      return null;
    },

    /** Forgets what is over for everybody. */
    sweep(): void {
      for (const [ref, entry] of entries) if (entry.call.endedAt !== null && now() - entry.heardAt > WRAP_UP_MS) entries.delete(ref);
    },
  };
};

export type LiveCalls = ReturnType<typeof createLiveCalls>;
