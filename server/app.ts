import type { RequestHandler } from 'express';
import type { Knex } from 'knex';
import type { Cti, Fact } from '../cti/facts.ts';
import { callFacts } from './calls/facts.ts';
import { taskFacts } from './tasks/facts.ts';
import { clientBulk } from './clients/bulk-edit.ts';
import { bringClients, takeBack } from './clients/import.ts';
import { importsFeature } from './imports/feature.ts';
import { clientList } from './clients/listing.ts';
import { segmentClients, segmentsFeature } from './segments/feature.ts';
import { SIMULATOR } from './config.ts';
import type { ActorOf } from './core/http.ts';
import type { PbxStatus } from './pbx/contract.ts';
import { createDialler, openJournal, startCti } from '../cti/index.ts';
import { agentsFeature } from './agents/feature.ts';
import { createStateClock } from './agents/clock.ts';
import { callTime } from './agents/history.ts';
import { listOnShift } from './agents/on-shift.ts';
import { onShiftAt } from './agents/spans.ts';
import { createPauses } from './agents/pauses.ts';
import { shiftQueues } from './agents/queries.ts';
import { createAuth } from './auth/feature.ts';
import { campaignsFeature } from './campaigns/feature.ts';
import { scriptsWith } from './campaigns/deeds.ts';
import { badOnCards, markBadNumber } from './clients/bad-numbers.ts';
import { settleAttempts, settleOutcome } from './campaigns/settle.ts';
import { attemptsOf } from './campaigns/evidence.ts';
import { recordingOf, recordingOfCall } from './campaigns/recording.ts';
import { dialStore } from './campaigns/store.ts';
import { diallingDeps } from './dialling/deps.ts';
import { diallingFeature } from './dialling/feature.ts';
import { callBacksFeature } from './callbacks/feature.ts';
import { placesAt } from './callbacks/past.ts';
import { openPlaces } from './callbacks/queries.ts';
import { callBackStory } from './callbacks/story.ts';
import { promisedAmong, renameCallBack, settleCallBacks } from './callbacks/settle.ts';
import { callBackStore } from './callbacks/store.ts';
import { calendarsFeature } from './calendars/feature.ts';
import { calendarsOf } from './calendars/lookup.ts';
import { schedulesFeature } from './schedules/feature.ts';
import { schedulesOf } from './schedules/lookup.ts';
import { callsFeature } from './calls/feature.ts';
import { callsBetween } from './calls/history.ts';
import { isCallUp, noteAgain } from './calls/again.ts';
import { callsUpIn } from './calls/past.ts';
import { callFor, callerOf, talkedIn, rowByRef } from './calls/queries.ts';
import { settleCalls } from './calls/settle.ts';
import { createCallWriter } from './calls/writer.ts';
import type { CallWriter, WriterStats } from './calls/writer.ts';
import { clientsDeps, clientsFeature } from './clients/feature.ts';
import { clientFiles } from './clients/files.ts';
import { CLIENT_LINKS } from './client-links.ts';
import { clientMerging, clientTraits } from './clients/merging/deps.ts';
import { followMerges } from './clients/merging/survivors.ts';
import { duplicatesFeature } from './duplicates/feature.ts';
import { rulesWith, stageOfClient } from './clients/stages/queries.ts';
import { clientEmail, clientMeanings, clientNumbers, clientStage, clientsByEmail, findClient, ownersOfNumbers } from './clients/queries.ts';
import { editClient } from './clients/service.ts';
import { AppError } from './core/errors.ts';
import { makePerson } from './clients/people.ts';
import { renameComplaintCall } from './complaints/calls.ts';
import { noteReturns } from './complaints/returns.ts';
import { openComplaints } from './complaints/rows.ts';
import { complaintsFeature } from './complaints/feature.ts';
import { complaintFiles } from './complaints/files.ts';
import type { Redis } from './core/redis.ts';
import { fieldsDeps, fieldsFeature, formulasWith } from './fields/feature.ts';
import { dossierFeature } from './dossier/feature.ts';
import { filesFeature } from './files/feature.ts';
import { fileKeeping } from './files/keeping.ts';
import { attachedTo } from './files/queries.ts';
import { floorFeature } from './floor/feature.ts';
import { interestsFeature } from './interests/feature.ts';
import { interestsDeps } from './interests/service.ts';
import { createJournalKeeper } from './journal/keeper.ts';
import { mailFeature } from './mail/feature.ts';
import { queueMail } from './mail/service.ts';
import { meetingsFeature } from './meetings/feature.ts';
import { meetingHolding } from './meetings/holding.ts';
import { meetingFacts } from './meetings/facts.ts';
import { busyBetween } from './meetings/spans.ts';
import { messagesFeature } from './messages/feature.ts';
import { missedFeature } from './missed/feature.ts';
import { noteCalls, renameCall } from './missed/note.ts';
import { openNumbers } from './missed/queries.ts';
import { outcomesDeps, outcomesFeature } from './outcomes/feature.ts';
import { bridgesFeature } from './pbx/bridges.ts';
import type { BridgeStats, Listener } from './pbx/bridges.ts';
import { callersLevel } from './calls/level.ts';
import { notificationsFeature } from './notifications/feature.ts';
import { notifying } from './notifications/service.ts';
import type { StandIns } from './notifications/service.ts';
import { pbxFeature } from './pbx/feature.ts';
import { pbxClient } from './pbx/orders.ts';
import { queuesFeature } from './queues/feature.ts';
import {
  afterCall,
  callBackRule,
  queueBriefs,
  operatorsOf,
  queueOutcomes,
  queuesServed,
  recordingRule,
  servesQueue,
} from './queues/queries.ts';
import { recordingsFeature } from './recordings/feature.ts';
import { recordingPolicy } from './recordings/policy.ts';
import { moveRecordings, recordedAmong, recordingsOf } from './recordings/queries.ts';
import { pauseRecording, startRecording, stopRecording } from './recordings/service.ts';
import { relationsFeature } from './relations/feature.ts';
import { realtimeFeature } from './realtime/feature.ts';
import { createHub } from './realtime/hub.ts';
import { dispatchFeature } from './dispatch/feature.ts';
import { demoFeature } from './demo/feature.ts';
import { DEMO_LOGINS } from './demo.ts';
import { searchFeature } from './search/feature.ts';
import { campaignContactHolding, campaignHolding } from './campaigns/holding.ts';
import { clientHolding, clientPlaces } from './clients/holding.ts';
import { complaintHolding } from './complaints/holding.ts';
import { missedHolding } from './missed/holding.ts';
import { segmentHolding } from './segments/holding.ts';
import { taskHolding } from './tasks/holding.ts';
import { endDeputy, insertDeputy, listDeputising } from './handover/deputies.ts';
import { handoverFeature } from './handover/feature.ts';
import { letGo } from './leaving.ts';
import { createSightings } from './oversight/counting.ts';
import { oversightFeature } from './oversight/feature.ts';
import { directoryRows, listUsers } from './users/queries.ts';
import { createRights, readDepartments } from './rights/book.ts';
import { rightsFeature } from './rights/feature.ts';
import { reportSources } from './report-sources.ts';
import { MEDIA, csvOf, xlsxOf } from './reports/files.ts';
import type { FileDraft } from './reports/export.ts';
import { reportsFeature } from './reports/feature.ts';
import { markCalls } from './reports/rollup.ts';
import { taskFiles } from './tasks/access.ts';
import { tasksFeature } from './tasks/feature.ts';
import { findTask, tasksDone } from './tasks/queries.ts';
import { changeTask, planCallBack, planTask, tasksOfCalls } from './tasks/service.ts';
import { wallboardsFeature } from './wallboards/feature.ts';
import { usersDeps, usersFeature } from './users/feature.ts';
import type { Core, Deps, Feature } from './deps.ts';

/** The features, wired together: the one place that knows them all. */
export interface App {
  deps: Deps;
  features: readonly Feature[];
  /** Who asks, by the session cookie. */
  session: RequestHandler;
  actorOf: ActorOf;
  /** Before the routes: the id of a merged card leads to the one that is left. */
  followMerges: RequestHandler;
  /** Of every PBX, for /readyz. */
  pbxStatus: () => readonly PbxStatus[];
  /** What this process counts: of its bridges and the call log's writer, where it has them, and its WebSockets. */
  stats: { bridges: () => BridgeStats[]; writer: () => WriterStats | null; sockets: () => { live: number; sip: number } };
  stop: () => void;
}

/** The call log: written from the facts, and what no bridge heard filled in from the PBX's journal. */
const logKeeper = (deps: Deps): Listener & Pick<CallWriter, 'stats'> => {
  const writer = createCallWriter(deps);
  const journal = createJournalKeeper(deps, {
    open: openJournal,
    settle: (pbx, calls, watchedSince) => settleCalls(deps, pbx, calls, watchedSince),
    drain: writer.drain,
  });
  return {
    hear(fact) {
      writer.hear(fact);
      journal.hear(fact);
    },
    stats: writer.stats,
    async close() {
      await journal.close();
      await writer.close();
    },
  };
};

interface AppParts {
  redis: Redis | null;
  /** Connections that the bridges have for themselves: neither their lease nor the call log may wait behind what pages ask. */
  bridgeDb: Knex;
}

export const createApp = (core: Core, { redis, bridgeDb }: AppParts): App => {
  const rights = createRights(core, () => listDeputising(core.db, core.now()));
  const users = usersDeps(core, rights.reaches);
  const auth = createAuth(core, {
    accounts: users.accounts,
    redis,
    demo: core.config.demo ? { logins: DEMO_LOGINS } : null,
    reaches: rights.reaches,
  });
  const hub = createHub(core);
  const clients = clientsDeps(core);
  const pbxOrders = pbxClient(core.bus);
  const { calendars, stop: stopCalendars } = calendarsOf(core);
  const dialling = diallingDeps();
  const offered = () => queueOutcomes(core.db);
  const fields = fieldsDeps(core);
  const list = clientList(
    { ...core, ...fields, clientStages: clients.clientStages, directory: users.directory, departments: readDepartments },
    core.config.defaultCountry,
  );
  const standIns: StandIns = async (db, at) => {
    const by = new Map<number, number[]>();
    for (const { userId, deputyId, startsAt } of await listDeputising(db, at))
      if (startsAt <= at) by.set(userId, [...(by.get(userId) ?? []), deputyId]);
    return by;
  };
  const notices = notifying({ push: hub.push, now: core.now }, standIns);
  const pauses = createPauses({ ...core, ...notices, pbx: pbxOrders, directory: users.directory });
  const sightings = createSightings({ ...core, ...notices, push: hub.push, directory: users.directory, calendars });
  const deps: Deps = {
    ...core,
    sighted: sightings.sighted,
    ...clients,
    ...fields,
    attachedFiles: attachedTo,
    fileOwners: {
      client: clientFiles(core, (actor, id) => calls.callGrants(actor, id)),
      complaint: complaintFiles(() => deps),
      task: taskFiles(() => deps),
    },
    keepFiles: fileKeeping(core, () => deps.fileOwners),
    fieldUses: async (key) => [
      ...(await formulasWith(core.db, key)),
      ...(await rulesWith(core.db, key)),
      ...(await scriptsWith(core.db, key)),
    ],
    badOnCards,
    async setClientField(trx, clientId, key, value, at) {
      const stored = await findClient(trx, clientId);
      if (!stored || stored.archivedAt !== null) throw new AppError('conflict', 'no such card', { reason: 'no-client' });
      await editClient(deps, trx, stored, { version: stored.version, custom: { [key]: value } }, { actor: null, at });
    },
    ...notices,
    ...tasksOfCalls({ ...clients, ...notices, audit: core.audit, now: core.now }),
    ...interestsDeps({ ...clients, audit: core.audit }),
    directory: users.directory,
    calendars,
    schedules: schedulesOf(core, { directory: users.directory, calendars }),
    dialling,
    settleAttempts: (trx, seen) =>
      settleAttempts(trx, seen, {
        connectWithinOf: async (code) => (await dialling.profile(trx, code))?.rules.connectWithinMs ?? 2_000,
        badOnCards,
        markBadNumber: (number, at) => markBadNumber(core, trx, number, at),
      }),
    settleCallBacks: (trx, seen) =>
      settleCallBacks(trx, seen, { now: core.now(), country: core.config.defaultCountry, ruleOf: callBackRule }),
    noteReturns,
    callBackStory: (db, call) => callBackStory(db, (ids) => deps.directory.briefs(ids), call),
    queueCallBack: callBackRule,
    noteAgain: (trx, again) => noteAgain(deps, trx, again),
    isCallUp,
    async settleOutcome(trx, { ref, ...filed }) {
      if (filed.flags.includes('do-not-call') && filed.number !== null)
        await dialling.neverAgain(trx, { number: filed.number, callRef: ref, userId: filed.actorId, at: core.now() });
      await settleOutcome(trx, filed, core.now());
    },
    operatorsOf: (pbx, name) => operatorsOf(core.db, { pbx, name }),
    missedNumbers: () => openNumbers(core.db),
    callerOf: (ref) => callerOf(core.db, ref),
    isInLog: async (ref) => (await rowByRef(core.db, ref)) !== undefined,
    reaches: rights.reaches,
    withDeputies: rights.withDeputies,
    departments: readDepartments,
    clientFacts: [...callFacts, ...taskFacts, ...meetingFacts],
    clientList: list,
    clientBulk: {
      edit: (actor, ids, set, batch) => clientBulk(deps).edit(actor, ids, set, batch),
      undo: (actor, batch) => clientBulk(deps).undo(actor, batch),
    },
    clientLinks: CLIENT_LINKS,
    clientMerging: clientMerging(() => deps),
    clientTraits: clientTraits(core.config.defaultCountry),
    bringClients: (trx, lines, rules, by) => bringClients(deps, trx, lines, rules, by),
    takeBackClients: takeBack,
    segmentClients: (...ask) => segmentClients(deps)(...ask),
    push: hub.push,
    pushDue(userIds, message) {
      void rights.withDeputies(userIds).then(
        (ids) => hub.push(ids, message),
        (err: unknown) => {
          core.log.warn({ err }, 'live: deputies not known');
          hub.push(userIds, message);
        },
      );
    },
    pushHere: hub.pushHere,
    showHere: hub.showHere,
    watching: hub.watching,
    pbx: pbxOrders,
    pauses,
    queueOutcomes: offered,
    ...outcomesDeps(core, offered),
    callGrants: (actor, clientId) => calls.callGrants(actor, clientId),
    clientNumbers,
    makePerson: (trx, actor, companyId, draft) => makePerson(deps, trx, actor, companyId, draft),
    async clientsSeen(actor, ids) {
      const seen = new Map(await clients.readableClients(actor, ids));
      const granted: number[] = [];
      for (const id of new Set(ids)) if (!seen.has(id) && (await calls.callGrants(actor, id))) granted.push(id);
      for (const [id, brief] of await clients.clientBriefs(granted)) seen.set(id, brief);
      return seen;
    },
    findCalls: (actor, ask) => calls.findCalls(actor, ask),
    latestCalls: (actor, limit) => calls.latestCalls(actor, limit),
    findTasks: (actor, ask) => tasks.findTasks(actor, ask),
    talkedIn: (userId, pbx, linkedid) => talkedIn(core.db, userId, { pbx, linkedid }),
    queueRule: (pbx, name) => recordingRule(core.db, { pbx, name }),
    campaignRecording: { ofCall: (call) => recordingOfCall(core.db, call), of: (id) => recordingOf(core.db, id) },
    queueAfterCall: (pbx, name) => afterCall(core.db, { pbx, name }),
    queueBriefs: () => queueBriefs(core.db),
    callersLevel: (ask) => callersLevel(core.db, ask),
    servesQueue: (userId, pbx, name) => servesQueue(core.db, userId, { pbx, name }),
    queuesServed: (userId) => queuesServed(core.db, userId),
    shiftQueues: (pbx, queue) => shiftQueues(core.db, pbx, queue),
    reportCalls: markCalls,
    noteCalls: async (trx, calls, gone) => noteCalls(trx, calls, gone, core.config.shortAbandonMs, await promisedAmong(trx, calls)),
    async renameCall(trx, call, to) {
      await renameCall(trx, call, to);
      await renameCallBack(trx, call, to);
      await renameComplaintCall(trx, call, to);
    },
    planCallBack: (trx, plan) => planCallBack(deps, trx, plan),
    sendMail: (trx, mail) => queueMail(core, trx, mail),
    planTask: (trx, plan) => planTask(deps, trx, plan),
    async finishTask(actor, id, note) {
      const task = await findTask(core.db, id);
      if (task && task.doneAt === null) await changeTask(deps, actor, task, { doneAt: core.now(), doneNote: note }, 'task.done');
    },
    tasksDone: (ids) => tasksDone(core.db, ids),
    callFor: (actor, ref) => callFor(core.db, actor, ref),
    clientStage,
    clientMeanings: (ids) => clientMeanings(core.db, ids),
    busyBetween: (ids, from, to) => busyBetween(core.db, ids, from, to),
    callTime: (ids, from, to) => callTime(core.db, ids, from, to),
    clientEmail,
    clientsByEmail,
    recordings: {
      of: (call) => recordingsOf(core.db, call),
      among: recordedAmong,
      move: moveRecordings,
      start: async (call, actorId) => void (await startRecording(deps, call, actorId)),
      pause: (call, actorId, paused) => pauseRecording(deps, call, actorId, paused),
      stop: (call, actorId) => stopRecording(deps, call, actorId),
      may: (actor, talked) => ({ hear: recordingPolicy.hear(actor, talked), download: recordingPolicy.download(actor) }),
    },
  };
  const calls = callsFeature(deps);
  const reportFiles = {
    media: MEDIA,
    write: async (draft: FileDraft & { format: 'csv' | 'xlsx' }, report: Parameters<typeof csvOf>[1]) => (draft.format === 'csv' ? csvOf : xlsxOf)(draft, report), // prettier-ignore
  };
  const tasks = tasksFeature(deps, reportFiles);
  const pbx = pbxFeature(deps);
  const recordings = recordingsFeature(deps);
  let writerStats: App['stats']['writer'] = () => null;
  const ofBridges: Deps = {
    ...deps,
    db: bridgeDb,
    ownersOfNumbers: (numbers) => ownersOfNumbers(bridgeDb, numbers, core.config.defaultCountry),
    queueAfterCall: (pbx, name) => afterCall(bridgeDb, { pbx, name }),
    queueBriefs: () => queueBriefs(bridgeDb),
    callersLevel: (ask) => callersLevel(bridgeDb, ask),
  };
  const listen = () => {
    const [log, recorder, clock] = [logKeeper(ofBridges), recordings.recorder(), createStateClock(ofBridges)];
    writerStats = log.stats;
    return {
      hear: (fact: Fact) => [log, recorder, clock].forEach((listener) => listener.hear(fact)),
      close: async () => void (await Promise.all([log.close(), recorder.close(), clock.close()])),
    };
  };
  const agents = agentsFeature(deps, pauses);
  const named = async <T extends { userId: number; extension: string }>(people: readonly T[]) => {
    const users = await deps.directory.briefs(people.map(({ userId }) => userId));
    return people.map((one) => ({ ...one, name: users.get(one.userId)?.name ?? one.extension }));
  };
  const dialler = (name: string, dial: Cti['dial']) =>
    createDialler({ store: dialStore(ofBridges, name), callBacks: callBackStore(ofBridges, name), dial, now: core.now, log: core.log });
  const bridges = bridgesFeature(ofBridges, startCti, listen, dialler);
  const clockOffsetOf = (name: string) => pbx.statuses().find((status) => status.name === name)?.clockOffsetMs ?? 0;
  const floor = floorFeature(deps, {
    callsBetween: (from, until) => callsBetween(core.db, from, until, ['queue']),
    callsUpIn: (from, until) => callsUpIn(core.db, from, until),
    operators: async () => named(await listOnShift(core.db)),
    operatorsAt: async (at) => named(await onShiftAt(core.db, at)),
    places: () => openPlaces(core.db),
    placesAt: (at) => placesAt(core.db, at, clockOffsetOf),
    clientStanding: async (id) => {
      const [stage, complaints] = await Promise.all([stageOfClient(core.db, id), openComplaints(core.db, id)]);
      return stage === undefined ? null : { stage, complaints };
    },
    clockOffsetOf,
    lead: { ...agents.lead, endWrapUp: calls.endWrapUp },
  });
  const walls = wallboardsFeature(deps, floor.pictures);
  const missed = missedFeature(deps);
  const callBacks = callBacksFeature(deps);
  const complaints = complaintsFeature(deps, redis, reportFiles);
  const onShift = async () => (await listOnShift(core.db)).map(({ userId }) => userId);
  const realtime = realtimeFeature(deps, {
    hub,
    actorOf: auth.actorOfUpgrade,
    streams: { '/live/floor': floor.stream },
    open: { '/live/wall': walls.stream },
  });
  const usersPart = usersFeature(deps, { endSessions: auth.endSessions, letGo });
  const holdings = {
    clients: clientHolding(deps),
    tasks: taskHolding(deps),
    meetings: meetingHolding(deps),
    missed: missedHolding(deps),
    complaints: complaintHolding(deps),
    campaign_contacts: campaignContactHolding(),
    campaigns: campaignHolding(deps),
    segments: segmentHolding(),
  };
  return {
    deps,
    // Stopped in the reverse order: first the bridges, so that what they saw is written and shown.
    features: [
      auth.feature,
      usersPart,
      rightsFeature(deps),
      handoverFeature({ ...deps, holdings, places: clientPlaces }, { find: users.accounts.find, page: (after, limit) => listUsers(core.db, { after, limit }), leave: usersPart.leave }), // prettier-ignore
      oversightFeature(deps, sightings, () => directoryRows(core.db)),
      segmentsFeature(deps),
      importsFeature(deps),
      clientsFeature(deps),
      duplicatesFeature(deps),
      fieldsFeature(deps),
      filesFeature(deps),
      relationsFeature(deps),
      dossierFeature(deps),
      tasks,
      meetingsFeature(deps),
      searchFeature(deps),
      realtime,
      calls,
      outcomesFeature(deps),
      interestsFeature(deps),
      queuesFeature(deps),
      calendarsFeature(deps),
      schedulesFeature(deps, { list: listDeputising, insert: insertDeputy, end: endDeputy }),
      missed,
      callBacks,
      dispatchFeature(deps, [missed.due, callBacks.due, tasks.due, complaints.due], {
        onShift,
        departments: () => deps.directory.departments(),
      }),
      messagesFeature(deps, onShift),
      notificationsFeature(deps, standIns),
      complaints,
      diallingFeature(deps, (number) => attemptsOf(deps, number)),
      campaignsFeature(deps),
      walls,
      recordings,
      mailFeature(deps),
      pbx,
      agents,
      floor,
      reportsFeature(deps, reportSources(core.db, core.now)),
      bridges,
      ...(core.config.simulator ? [demoFeature(deps, SIMULATOR)] : []),
    ],
    session: auth.session,
    actorOf: auth.actorOf,
    followMerges: followMerges(core.db),
    pbxStatus: pbx.statuses,
    stats: { bridges: bridges.stats, writer: () => writerStats(), sockets: realtime.sockets },
    stop() {
      users.stop();
      stopCalendars();
      rights.stop();
    },
  };
};
