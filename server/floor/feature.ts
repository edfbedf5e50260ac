import type { Actor } from '../core/authorize.ts';
import type { Call } from '../../cti/index.ts';
import type { Deps, Feature, LiveStream } from '../deps.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import { momentOf, wallOf } from '../core/zone.ts';
import { callsUp } from '../pbx/contract.ts';
import { actRoutes } from './acts.ts';
import type { FloorLead } from './acts.ts';
import { TICK_MS, createChannel } from './channel.ts';
import { forgetClaims } from './claims.ts';
import type { ClientStanding } from './contract.ts';
import { Floor, PastQuery, Threshold, ThresholdList } from './contract.ts';
import { DAY_MS, createFloor } from './floor.ts';
import type { LoggedVisits } from './floor.ts';
import { createPast } from './past.ts';
import { clientsIn, createReader, withClients } from './reader.ts';
import { floorPolicy } from './policy.ts';
import { listThresholds, saveThreshold } from './queries.ts';
import type { KnownOperator, Place } from './view.ts';

/** Where the floor has from what is not told on the bus; handed over, because no feature reads another one's tables. */
export interface FloorSources {
  callsBetween(from: number, until: number): AsyncIterable<readonly LoggedVisits[]>;
  callsUpIn(from: number, until: number): Promise<Call[]>;
  /** On shift now, and at a past moment. */
  operators(): Promise<KnownOperator[]>;
  operatorsAt(at: number): Promise<KnownOperator[]>;
  /** Who keeps a place in a queue, to be called back; whoever has waited longest first. */
  places(): Promise<Place[]>;
  placesAt(at: number): Promise<Place[]>;
  clockOffsetOf(pbx: string): number;
  /** null: no such client. */
  clientStanding(clientId: number): Promise<ClientStanding | null>;
  lead: FloorLead;
}

/** For others who show the floor: now, and as it was, then without who calls. */
export interface FloorPictures {
  now(timeZone: string): Floor;
  at(at: number, timeZone: string): Promise<Floor>;
}

const MEND_MS = 30_000;
/** Of the log, what the bus may have lost. */
const LOG_MS = 5 * 60_000;
const REREAD_MS = 3_600_000;
const SLOW_TICKS = 4;

const midnightOf = (at: number, timeZone: string): number => momentOf({ ...wallOf(at, timeZone), hour: 0, minute: 0 }, timeZone);

/** Runs what is asked for; asked again meanwhile it runs once more afterwards. */
const coalesced = (run: () => Promise<void>, failed: (err: unknown) => void): (() => void) => {
  let running = false;
  let again = false;
  const go = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await run().catch(failed);
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void go();
  };
};

/** /api/floor and /live/floor: what goes on now, for those who lead it. */
export const floorFeature = (deps: Deps, sources: FloorSources): Feature & { stream: LiveStream; pictures: FloorPictures } => {
  const floor = createFloor(deps, { offsetOf: sources.clockOffsetOf, standingOf: sources.clientStanding });
  const past = createPast(deps, { ...sources, queues: deps.queueBriefs, offsetOf: sources.clockOffsetOf });
  const channels = new Map<string, ReturnType<typeof createChannel>>();
  const viewIn = (timeZone: string) => () => floor.view(midnightOf(deps.now(), timeZone));
  const seenBy = async (actor: Actor, picture: Floor): Promise<Floor> =>
    actor.reach.view === 'all' ? picture : withClients(picture, new Set((await deps.readableClients(actor, clientsIn(picture))).keys()));

  let ticks = 0;
  const tick = (): void => {
    ticks += 1;
    // Even without news a caller's wait passes T, and a visit leaves the window.
    if (!floor.news() && ticks % SLOW_TICKS !== 0) return;
    for (const [timeZone, channel] of channels)
      if (channel.size() > 0) channel.tick();
      else channels.delete(timeZone);
  };

  const failed = (err: unknown) => deps.log.error({ err }, 'floor: not read');
  const readOperators = coalesced(async () => floor.setOperators(await sources.operators()), failed);
  const readLog = (since: number) => async () => {
    for await (const batch of sources.callsBetween(deps.now() - since, deps.now() + DAY_MS)) floor.logged(batch);
  };
  const reread = coalesced(readLog(REREAD_MS), failed);
  const readQueues = coalesced(async () => floor.setQueues(await deps.queueBriefs()), failed);
  const readPlaces = coalesced(async () => floor.setPlaces(await sources.places()), failed);
  const mend = coalesced(async () => {
    for (const { name } of deps.config.pbxs) {
      const askedAt = deps.now();
      try {
        floor.reconcile(name, await deps.bus.ask<object, Call[]>(callsUp(name), {}, 5_000), askedAt);
      } catch (err) {
        if (!(err instanceof AppError)) throw err; // no bridge runs, which the PBX's status tells
      }
    }
  }, failed);

  const stream: LiveStream = {
    can: floorPolicy.watch,
    async join(ws, actor) {
      const timeZone = await deps.directory.timeZoneOf(actor.id);
      if (ws.readyState !== ws.OPEN) return;
      // Who sees every client shares one picture with all who do; others have one of their own.
      const key = actor.reach.view === 'all' ? timeZone : `${timeZone} ${actor.id}`;
      const view = actor.reach.view === 'all' ? viewIn(timeZone) : createReader(deps, actor, viewIn(timeZone));
      const channel = channels.get(key) ?? createChannel(view);
      channels.set(key, channel);
      const leave = channel.join(ws);
      ws.on('close', leave);
    },
  };

  return {
    stream,
    pictures: { now: (timeZone) => viewIn(timeZone)(), at: (at, timeZone) => past(at, midnightOf(at, timeZone), { clients: false }) },
    routes: [
      ...actRoutes(deps, { lead: sources.lead, callUp: floor.callUp }),
      route({
        method: 'get',
        path: '/floor',
        summary: 'What goes on now: queues, calls that are up, operators on shift',
        reply: Floor,
        can: floorPolicy.watch,
        handle: async ({ actor }) => seenBy(actor, viewIn(await deps.directory.timeZoneOf(actor.id))()),
      }),
      route({
        method: 'get',
        path: '/floor/at',
        summary: 'What went on at a past moment, from the log',
        query: PastQuery,
        reply: Floor,
        can: floorPolicy.watch,
        async handle({ query: { at }, actor }) {
          if (at > deps.now()) throw new AppError('invalid', 'not yet', { issues: [{ path: 'query.at', code: 'too_big' }] });
          return seenBy(actor, await past(at, midnightOf(at, await deps.directory.timeZoneOf(actor.id))));
        },
      }),
      route({
        method: 'get',
        path: '/floor/thresholds',
        summary: 'When I want to be warned of a queue',
        reply: ThresholdList,
        can: floorPolicy.watch,
        handle: async ({ actor }) => ({ items: await listThresholds(deps.db, actor.id) }),
      }),
      route({
        method: 'put',
        path: '/floor/thresholds',
        summary: 'Sets when I want to be warned of one queue, or of all',
        body: Threshold,
        reply: ThresholdList,
        can: floorPolicy.watch,
        async handle({ body, actor }) {
          if (body.queue !== '' && !(await deps.queueBriefs()).has(body.queue)) throw new AppError('not_found', 'no such queue');
          await saveThreshold(deps.db, actor.id, body);
          return { items: await listThresholds(deps.db, actor.id) };
        },
      }),
    ],
    start: async (roles) => {
      if (!roles.has('api')) return () => {};
      const stops = [
        deps.bus.on('cti.fact', (fact) => {
          floor.hear(fact);
          if (fact.kind !== 'pbx.synced') return;
          readQueues();
          reread();
        }),
        deps.bus.on('callback.changed', readPlaces),
        deps.bus.on('agent.changed', readOperators),
        deps.bus.on('shift.changed', readOperators),
        deps.bus.on('user.changed', readOperators),
        deps.bus.on('queue.changed', readQueues),
        deps.bus.on('complaint.changed', ({ clientId }) => (clientId === null ? undefined : floor.clientChanged(clientId))),
        deps.bus.on('client.changed', ({ id, history }) => (history ? undefined : floor.clientChanged(id))),
      ];
      let ticking = setTimeout(function next() {
        tick();
        ticking = setTimeout(next, TICK_MS);
      }, TICK_MS);
      const timers = [
        setInterval(mend, MEND_MS),
        setInterval(readOperators, MEND_MS),
        setInterval(readQueues, MEND_MS),
        setInterval(readPlaces, MEND_MS),
        setInterval(reread, LOG_MS),
        setInterval(() => floor.forget(), LOG_MS),
        setInterval(() => void forgetClaims(deps.db, deps.now()).catch(failed), LOG_MS),
      ];
      void readLog(DAY_MS)().catch(failed);
      readQueues();
      readOperators();
      readPlaces();
      mend();
      return () => {
        stops.forEach((stop) => stop());
        clearTimeout(ticking);
        timers.forEach((timer) => clearInterval(timer));
      };
    },
  };
};
