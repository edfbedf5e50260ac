import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Actions } from '../cti/facts.ts';
import type { CallRow } from './calls/contract.ts';
import type { CallSearch } from './calls/search.ts';
import type { BulkSet, Refusal } from './clients/bulk-edit.ts';
import type { Condition } from './clients/condition.ts';
import type { CatalogueField, StageMeaning } from './clients/contract.ts';
import type { BringRules, Brought, Came } from './clients/import.ts';
import type { ListedClient } from './clients/listing.ts';
import type { Fact as ClientFact } from './core/facts.ts';
import type { Reach } from './core/reach.ts';
import type { Department } from './rights/contract.ts';
import type { ClientBrief } from './clients/contract.ts';
import type { Config, ProcessRole } from './config.ts';
import type { Actor, Policy } from './core/authorize.ts';
import type { Bus } from './core/bus.ts';
import type { Route } from './core/http.ts';
import type { Jobs } from './core/jobs.ts';
import type { Events } from './events.ts';
import type { JobTypes } from './jobs.ts';
import type { LiveMessage } from './realtime/contract.ts';
import type { Task } from './tasks/contract.ts';
import type { TaskSearch } from './tasks/search.ts';
import type { UserBrief } from './users/contract.ts';
import type { Pauses } from './agents/pauses.ts';
import type { NotedCall as SettledCall } from './campaigns/noted.ts';
import type { FiledOutcome } from './campaigns/settle.ts';
import type { CampaignRecording } from './campaigns/recording.ts';
import type { Dialling } from './dialling/deps.ts';
import type { CallBackRule, CallBackStory } from './callbacks/contract.ts';
import type { NotedCall as CalledBack } from './callbacks/noted.ts';
import type { EndedCall } from './complaints/returns.ts';
import type { SettledCalls } from './callbacks/settle.ts';
import type { Calendars } from './calendars/lookup.ts';
import type { Schedules } from './schedules/lookup.ts';
import type { ClientLinks } from './core/client-links.ts';
import type { ClientMerging, ClientTraits } from './clients/merging/deps.ts';
import type { PersonDraft } from './relations/contract.ts';
import type { FieldDef, FieldOperator, FieldType, FieldValue } from './fields/contract.ts';
import type { AboutKind } from './notifications/contract.ts';
import type { Notice, Reminder } from './notifications/service.ts';
import type { NewMail, QueuedMail } from './mail/service.ts';
import type { NotedCall } from './missed/kind.ts';
import type { StoredOutcome } from './outcomes/queries.ts';
import type { LevelAsk } from './calls/level.ts';
import type { QueueBriefs } from './queues/contract.ts';
import type { AfterCall, RecordingRule } from './queues/queries.ts';
import type { Recording } from './recordings/contract.ts';
import type { SightKind } from './oversight/contract.ts';
import type { Reaches, WithDeputies } from './rights/book.ts';

/** What needs no feature. Built once, in serve.ts. */
export interface Core {
  config: Config;
  db: Knex;
  bus: Bus<Events>;
  jobs: Jobs<JobTypes>;
  log: Logger;
  /** Epoch ms. */
  now: () => number;
  /** Encrypts what must be read back (SIP secrets) with SECRETS_KEY. @throws when the text was made with another key */
  secrets: { seal(plain: string): string; open(sealed: string): string };
  /** Who did what: one row, in the caller's transaction. `what` is a code such as "client.edited"; details hold no secrets. */
  audit(
    db: Knex,
    entry: { actorId: number | null; what: string; table?: string; rowId?: number | string; details?: object; ip?: string },
  ): Promise<void>;
}

interface NewTimelineEntry {
  clientId: number;
  at: number;
  kind: string;
  ref: string;
  userId: number | null;
  data: object;
}

/** What every feature may use. */
export interface Deps extends Core {
  /** The live channel. Sends to every open browser of these users, on every node. */
  push(userIds: readonly number[] | 'all', message: LiveMessage): void;
  /** The same, to whoever stands in for them now as well: what is due to them. */
  pushDue(userIds: readonly number[], message: LiveMessage): void;
  /** The same, to the browsers of this node only: for news that every node hears by itself (the facts of the bridge). */
  pushHere(userIds: readonly number[] | 'all', message: LiveMessage): void;
  /** The same, to the pages that are open now and to no other: news that says all of its topic, and is asked for anew by whoever was away. */
  showHere(userIds: readonly number[], message: LiveMessage): void;
  /** Who has a page open at this node. */
  watching(): readonly number[];
  /** Commands to the bridge that owns this PBX, in whichever process it runs. Rejects with AppError pbx_*. */
  pbx(name: string): Actions;
  /** From users: who has this extension, and the other way round. Cached; refreshed by `user.changed`. */
  directory: {
    userByExtension(pbx: string, extension: string): Promise<UserBrief | null>;
    extensionOf(userId: number): Promise<{ pbx: string; extension: string } | null>;
    briefs(ids: readonly number[]): Promise<Map<number, UserBrief>>;
    /** Everybody who works here. */
    staff(): Promise<(UserBrief & { departmentId: number | null })[]>;
    /** What policies ask of somebody who is told of something unasked; null: nobody who works here. */
    actorOf(userId: number): Promise<Omit<Actor, 'sessionId'> | null>;
    /** The SIP secret of the user's extension, as `secrets.seal` made it; null: a desk phone that has its own. */
    sealedSipSecret(userId: number): Promise<string | null>;
    /** IANA. */
    timeZoneOf(userId: number): Promise<string>;
    /** By name. */
    departments(): Promise<{ id: number; name: string }[]>;
  };
  /** From oversight: counts what somebody looks at or takes away. `same`: a second look at it within some minutes is no other. */
  sighted(userId: number, kind: SightKind, n?: number, same?: string): void;
  /** From dialling: the rules of calling people. */
  dialling: Dialling;
  /** From campaigns: what the call log says of their attempts, in its transaction. @returns the campaigns that were touched */
  settleAttempts(trx: Knex, calls: readonly SettledCall[]): Promise<ReadonlySet<number>>;
  /** From callbacks: the same for whoever asked to be called back instead of waiting. */
  settleCallBacks(trx: Knex, calls: readonly CalledBack[]): Promise<SettledCalls>;
  /** From complaints: clients have called whose complaint was taken for done; in the transaction that writes their calls. */
  noteReturns(trx: Knex, calls: readonly EndedCall[], now: number): Promise<void>;
  /** From callbacks: what became of the wish to be called back that this call tells of, or answers; null: there was none. */
  callBackStory(db: Knex, call: { pbx: string; linkedid: string }): Promise<CallBackStory | null>;
  /** From queues: how its callers are called back; null: not known. */
  queueCallBack(db: Knex, queue: { pbx: string; name: string }): Promise<CallBackRule | null>;
  /** From calls: these have not changed, but whether they are missed may have; in the caller's transaction. @returns whether the list has changed */
  noteAgain(trx: Knex, calls: readonly { pbx: string; linkedid: string }[]): Promise<boolean>;
  /** From calls: a call back that the log has, and whose end nobody has seen. */
  isCallUp(db: Knex, ref: string): Promise<boolean>;
  /** From campaigns and dialling: an operator's word for a call; "do not call" holds at once, for all. */
  settleOutcome(trx: Knex, filed: FiledOutcome & { ref: string }): Promise<void>;
  /** From queues: how many enter it at the start of their shift; null: no such queue. */
  operatorsOf(pbx: string, queue: string): Promise<number | null>;
  /** From missed: of everybody who waits to be called back. */
  missedNumbers(): Promise<string[]>;
  /** From calls: the other side's number; null: not known. */
  callerOf(ref: string): Promise<string | null>;
  /** From calls: the log has it. */
  isInLog(ref: string): Promise<boolean>;
  /** From calendars: when there is work, by department. */
  calendars: Calendars;
  /** From schedules: when a person works: calendar, shifts, exceptions, absences. */
  schedules: Schedules;
  /** From rights: which clients a person reaches with what, now. */
  reaches: Reaches;
  /** From rights: these people, and who stands in for them now: whom to tell of what is due. */
  withDeputies: WithDeputies;
  /** From clients: who has this number, likeliest first; by index, below a millisecond. `number` in any spelling. */
  clientsByNumber(number: string): Promise<ClientBrief[]>;
  /** From clients: the same for many numbers in one go, ids alone, by the number as it is spelled here. */
  ownersOfNumbers(numbers: readonly string[]): Promise<Map<string, number[]>>;
  clientBriefs(ids: readonly number[]): Promise<Map<number, ClientBrief>>;
  /** From clients: the policy of reading a card, without what calls grant. False for a client that does not exist. */
  mayReadClient(actor: Actor, clientId: number): Promise<boolean>;
  /** From clients: the search, limited to what the actor may see. */
  findClients(actor: Actor, query: string, limit: number): Promise<ClientBrief[]>;
  /** From clients: the same with slips of the finger, wrong layouts and the other alphabet forgiven (see clients/forgive.ts). */
  searchClients(actor: Actor, query: string, limit: number): Promise<{ items: ClientBrief[]; more: boolean; takenFor: string | null }>;
  /** From rights: all, by name. */
  departments(db: Knex): Promise<Department[]>;
  /** What filters may ask of clients beside their cards, of every feature that knows something. */
  clientFacts: readonly ClientFact[];
  /** From clients: whom lists made elsewhere choose from, and what they show. */
  clientList: {
    catalogue(actor: Pick<Actor, 'role'>): Promise<CatalogueField[]>;
    /** `clients as c`, not archived, within the reach. */
    base(db: Knex, reach: Reach): Knex.QueryBuilder;
    /** Adds a condition on one field. @throws AppError invalid */
    where(q: Knex.QueryBuilder, condition: Condition, timeZone: string): void;
    /** Few rows fit this condition: it is to be said so in `where`. @throws AppError invalid */
    few(db: Knex, condition: Condition, timeZone: string): Promise<boolean>;
    /** In the order of `ids`: the cells of these columns as text in the reader's language. */
    rows(
      db: Knex,
      actor: Pick<Actor, 'role'>,
      ids: readonly number[],
      columns: readonly string[],
      how: { language: 'ru' | 'en'; timeZone: string },
    ): Promise<ListedClient[]>;
  };
  /** From clients: many cards changed as one batch, each with its journal; and put back. */
  clientBulk: {
    edit(actor: Actor, ids: readonly number[], set: BulkSet, batch: string): Promise<{ changed: number; refused: Refusal[] }>;
    undo(actor: Actor, batch: string): Promise<{ restored: number; kept: number }>;
  };
  /** From clients: lines of a file as cards, in the caller's transaction; the first lines as far as none needs one that was only just made. */
  bringClients(
    trx: Knex,
    lines: readonly Brought[],
    rules: BringRules,
    by: { actor: Actor; at: number; batch: string; write: boolean },
  ): Promise<Came[]>;
  /** Every table that knows clients by their ids. */
  clientLinks: ClientLinks;
  /** From clients: two cards become one, and two again. */
  clientMerging: ClientMerging;
  /** From clients: by what two cards are told to be of one client, and who has the same. */
  clientTraits: ClientTraits;
  /** From clients: those whom an import made go, unless they have been worked with since. @returns how many went */
  takeBackClients(trx: Knex, ids: readonly number[], at: number): Promise<number>;
  /** From segments: the ids of those whom a saved filter finds for this actor, ascending, behind `afterId`. @throws AppError not_found, conflict */
  segmentClients(
    db: Knex,
    actor: Pick<Actor, 'id' | 'role' | 'reach'>,
    segmentId: number,
    afterId: number,
    limit: number,
  ): Promise<number[]>;
  /** From clients: how far a relationship may have come, in order. */
  clientStages(db: Knex): Promise<{ code: string; label: { ru: string; en: string }; meaning: StageMeaning }[]>;
  /** From clients: of these, whose cards the actor may read, without what calls grant; in the order of `ids`. */
  readableClients(actor: Actor, ids: readonly number[]): Promise<Map<number, ClientBrief>>;
  /** From clients: the numbers of a card, E.164, in its order. */
  clientNumbers(db: Knex, clientId: number): Promise<string[]>;
  /** From clients: a person of a company, as a new card with the company's department and owner. In the caller's transaction. */
  makePerson(trx: Knex, actor: Actor, companyId: number, draft: PersonDraft): Promise<number>;
  /** The same, and those whom a call grants the actor just now: whose names may stand beside calls, complaints and the like. */
  clientsSeen(actor: Actor, ids: readonly number[]): Promise<Map<number, ClientBrief>>;
  /** From clients: who has something in common with this one. Rights are the caller's to ask. */
  clientsLike(
    db: Knex,
    clientId: number,
  ): Promise<{ clientId: number; why: 'phone' | 'email_domain' | 'address' | 'inn'; value: string }[]>;
  /** From fields: what a card may hold beside its own columns, and what each type can do. */
  fields: {
    /** All, the archived ones too, in the order of a company's form. */
    list(db: Knex): Promise<FieldDef[]>;
    mayRead(actor: Pick<Actor, 'role'>, def: Pick<FieldDef, 'readRoles'>): boolean;
    mayWrite(actor: Pick<Actor, 'role'>, def: Pick<FieldDef, 'readRoles' | 'writeRoles'>): boolean;
    /** What is stored of what somebody brought: a value of the API, or the text of a cell. Null for nothing. @throws what faultOf knows */
    read(def: Pick<FieldDef, 'type' | 'settings'>, raw: unknown): FieldValue | null;
    /** The code of what `read` threw; null: something else. */
    faultOf(err: unknown): string | null;
    /** What the formulas among `defs` come to for one card. */
    computed(
      defs: readonly FieldDef[],
      custom: Readonly<Record<string, FieldValue>>,
      card: Readonly<Record<'name' | 'company' | 'position' | 'stage' | 'kind' | 'created_on', string>>,
    ): Record<string, FieldValue>;
    /** Rows by which a value is compared: text folded, number. */
    indexRows(type: FieldType, value: FieldValue): { text: string | null; number: number | null }[];
    searchText(value: FieldValue): string;
    /** As a cell or a report says it. */
    text(def: Pick<FieldDef, 'type' | 'settings'>, value: FieldValue, language: 'ru' | 'en', nameOf?: (id: number) => string): string;
    operators(type: FieldType): readonly FieldOperator[];
    comparedBy(type: FieldType): 'text' | 'number';
    /** Fields for which cards must be read anew, from the id after `from`. */
    toIndex(db: Knex): Promise<{ key: string; from: number }[]>;
    indexedUpTo(db: Knex, keys: readonly { key: string; from: number }[], next: number | null): Promise<void>;
    /** Formulas that know what day it is are to be read anew, once a day. */
    beginDay(db: Knex): Promise<void>;
  };
  /**
   * By kind of thing ("client"): who may see and add its files, what is written when one is attached (in that transaction), and who is told after it.
   * A thing that is not there may not be read.
   */
  fileOwners: Readonly<
    Record<
      string,
      {
        may(actor: Actor, ref: string, action: 'read' | 'write'): Promise<boolean>;
        attached(trx: Knex, ref: string, file: { id: number; name: string; at: number; userId: number | null }): Promise<void>;
        told(ref: string): void;
      }
    >
  >;
  /** From files: what came otherwise than from a browser, a letter's attachments. */
  keepFiles: {
    /** Bytes that one file may have. */
    readonly limit: number;
    /** Before the transaction. @returns null: empty, or larger than that */
    keep(name: string, bytes: Buffer): Promise<{ name: string; media: string; hash: string; size: number } | null>;
    /** Those of these ids that hang on this thing and are not archived, in this order; `path`: where a letter finds the bytes when it goes. */
    toSend(
      db: Knex,
      owner: { kind: string; ref: string },
      ids: readonly number[],
    ): Promise<{ id: number; name: string; media: string; size: number; path: string }[]>;
    /** In the transaction; the same file on the same thing is there once. */
    hang(trx: Knex, owner: { kind: string; ref: string }, kept: { name: string; media: string; hash: string; size: number }): Promise<void>;
  };
  /** From files: which of these hang on this thing. */
  attachedFiles(db: Knex, owner: { kind: string; ref: string }, ids: readonly number[]): Promise<number[]>;
  /** What uses a typed field: formulas, filters, rules. Whoever archives it is told. */
  fieldUses(key: string): Promise<{ what: string; name: string }[]>;
  /** From tasks: those of the actor that fit, and those of clients whom the actor may read. */
  findTasks(actor: Actor, ask: TaskSearch): Promise<Task[]>;
  /** From calls: those the actor may read that fit, newest first; their own latest. */
  findCalls(actor: Actor, ask: CallSearch): Promise<CallRow[]>;
  latestCalls(actor: Actor, limit: number): Promise<CallRow[]>;
  /** From tasks: a call-back promised at the end of a call, one for each call and operator; in the caller's transaction. @returns its id */
  promiseCallBack(
    trx: Knex,
    promise: { callRef: string; actorId: number; clientId: number | null; phone: string; dueAt: number; text: string; at: number },
  ): Promise<number>;
  /** From tasks: the call turned out to be of another client. */
  moveCallBacks(trx: Knex, callRef: string, clientId: number, actorId: number): Promise<void>;
  /** From clients: one row of a client's history, written with the thing itself. Idempotent by (client, kind, ref). */
  addTimeline(db: Knex, entry: NewTimelineEntry): Promise<void>;
  addTimelines(db: Knex, entries: readonly NewTimelineEntry[]): Promise<void>;
  moveTimeline(db: Knex, kind: string, ref: string, clientId: number | null): Promise<void>;
  /** From clients: the program writes a field of a card, with its journal and history; in the caller's transaction. @throws AppError conflict, invalid */
  /** From clients: which of these numbers (E.164) lead to nobody, by the cards that hold them; a number on no card is missing. */
  badOnCards(db: Knex, numbers: readonly string[]): Promise<Map<string, boolean>>;
  setClientField(trx: Knex, clientId: number, key: string, value: unknown, at: number): Promise<void>;
  /** From interests: what is offered; null: no longer, or never. */
  interestLabel(db: Knex, topicId: number): Promise<string | null>;
  /** From interests: the client is so much interested in it, as this call has shown; in the caller's transaction. Again it changes nothing. @throws AppError conflict */
  sayInterest(
    trx: Knex,
    said: { clientId: number; topicId: number; strength: number; callRef: string; userId: number; at: number },
  ): Promise<void>;
  /** From interests: the call in which they were said turned out to be of another client; in the caller's transaction. */
  moveInterests(trx: Knex, callRef: string, clientId: number): Promise<void>;
  /** From clients: may this actor read that client's card; calls grant it to the operator who is being rung (see calls/policy.ts). */
  callGrants(actor: Actor, clientId: number): Promise<boolean>;
  /** From calls: this user spoke in the call, or made it. */
  talkedIn(userId: number, pbx: string, linkedid: string): Promise<boolean>;
  /** From queues: what is recorded of its calls; null: not known. */
  queueRule(pbx: string, queue: string): Promise<RecordingRule | null>;
  /** From campaigns: what is recorded of their calls; null: no campaign's. */
  campaignRecording: {
    ofCall(call: { pbx: string; linkedid: string }): Promise<CampaignRecording | null>;
    of(id: number): Promise<CampaignRecording | null>;
  };
  /** From queues: the time after its calls, and whether they need an outcome; null: not known. */
  queueAfterCall(pbx: string, queue: string): Promise<AfterCall | null>;
  /** From queues: by "PBX:NAME" the outcomes or groups that it offers; one that offers all is missing. */
  queueOutcomes(): Promise<Record<string, string[]>>;
  /** From outcomes: may be chosen for a call of this queue; null: may not. */
  outcomeFor(code: string, call: { pbx: string; queue: string | null }): Promise<StoredOutcome | null>;
  areOutcomes(codes: readonly string[]): Promise<boolean>;
  /** From outcomes: the codes of those with this flag, the retired too. */
  outcomesWith(flag: StoredOutcome['flags'][number]): Promise<string[]>;
  /** From agents: whoever is held gets no calls from the queues until it is lifted, both in the caller's transaction; then `settle`. */
  pauses: Pick<Pauses, 'hold' | 'lift' | 'settle'>;
  /** From queues: all that Allo knows, and what they are measured by. */
  queueBriefs(): Promise<QueueBriefs>;
  /** From calls: how many of those who called a queue were answered in its time. */
  callersLevel(ask: LevelAsk): Promise<{ quick: number; of: number }>;
  /** From queues: this user enters it at the start of their shift. */
  servesQueue(userId: number, pbx: string, queue: string): Promise<boolean>;
  /** From agents: who on shift is in the queue, or on the way into it. */
  shiftQueues(pbx: string, queue: string): Promise<{ userId: number; state: 'joined' | 'joining' }[]>;
  /** From queues: those that this user enters at the start of their shift. */
  queuesServed(userId: number): Promise<{ pbx: string; name: string }[]>;
  /** From reports: the sums of the hours these calls touched are no longer true; in the transaction that changes them. */
  reportCalls(trx: Knex, calls: readonly { startedAt: number; endedAt: number }[]): Promise<void>;
  /** From missed: keeps the list of missed calls in step, in the transaction that writes the calls. @returns whether it has changed */
  noteCalls(trx: Knex, calls: readonly NotedCall[], gone: readonly { pbx: string; linkedid: string }[]): Promise<boolean>;
  /** From missed, callbacks and complaints: the call has another Linkedid now. */
  renameCall(trx: Knex, call: { pbx: string; linkedid: string }, to: string): Promise<void>;
  /** From tasks: a call-back for somebody; in the caller's transaction. @returns tells of it, once that has committed */
  planCallBack(
    trx: Knex,
    plan: { ownerId: number; authorId: number; clientId: number | null; phone: string; dueAt: number; text: string; at: number },
  ): Promise<() => void>;
  /**
   * From mail: a letter into the outbox, in the caller's transaction; then `wake`. Sent at least once, always with the same Message-ID. While
   * `config.mail` is null it is written down as failed: a page that offers mail asks that first, and says so.
   */
  sendMail(trx: Knex, mail: NewMail): Promise<QueuedMail>;
  /**
   * From notifications: tells people of an event, each once however often it comes; in the caller's transaction. What is due is told to whoever
   * stands in for them too. @returns shows it on the open pages, once that has committed
   */
  notify(trx: Knex, userIds: readonly number[], notice: Notice): Promise<() => void>;
  /** From notifications: whom to tell of this thing at a time: these, and no others that were wanted before; in the caller's transaction. */
  remind(trx: Knex, about: { kind: AboutKind; ref: number | string }, wanted: readonly Omit<Reminder, 'about'>[]): Promise<void>;
  /** From tasks: something for somebody to do; in the caller's transaction. `tell`: once that has committed */
  planTask(
    trx: Knex,
    plan: {
      kind: Task['kind'];
      ownerId: number;
      authorId: number;
      clientId: number | null;
      phone: string;
      dueAt: number;
      text: string;
      at: number;
    },
  ): Promise<{ id: number; tell: () => void }>;
  /** From tasks: when each of these was done; null: not yet. */
  /** From tasks: it is done, whoever owns it; one that is, or is there no longer, stays as it is. */
  finishTask(actor: Actor, id: number, note: string): Promise<void>;
  tasksDone(ids: readonly number[]): Promise<Map<number, number | null>>;
  /** From calls: what the log knows of a call that this actor may read; null: none, or not theirs. */
  callFor(
    actor: Actor,
    ref: string,
  ): Promise<{ clientId: number | null; queue: string | null; number: string; endedAt: number | null } | null>;
  /** From clients: what the stage of each means. */
  clientMeanings(ids: readonly number[]): Promise<Map<number, StageMeaning>>;
  /** From meetings: when these people are in meetings that they have not declined. */
  busyBetween(userIds: readonly number[], from: number, to: number): Promise<Map<number, { from: number; to: number }[]>>;
  /** From agents: ms that these people spent in calls and after them. */
  callTime(userIds: readonly number[], from: number, to: number): Promise<Map<number, number>>;
  /** From clients: how far the client has come with us; null: no such client. */
  clientStage(db: Knex, clientId: number): Promise<string | null>;
  /** From clients: where to write to, and who has an address. */
  clientEmail(db: Knex, clientId: number): Promise<string | null>;
  clientsByEmail(db: Knex, address: string): Promise<number[]>;
  /** From recordings: those of a call; beginning, pausing and ending one. Throws AppError conflict, pbx_*. */
  recordings: {
    of(call: { pbx: string; linkedid: string }): Promise<Recording[]>;
    /** Which of these calls have one, as "PBX:LINKEDID"; in the transaction that writes the calls. */
    among(db: Knex, calls: readonly { pbx: string; linkedid: string }[]): Promise<ReadonlySet<string>>;
    /** The call has another Linkedid now; again it changes nothing. */
    move(db: Knex, call: { pbx: string; linkedid: string }, to: string): Promise<void>;
    start(call: { pbx: string; linkedid: string; queue: string | null; startedAt: number }, actorId: number): Promise<void>;
    pause(call: { pbx: string; linkedid: string }, actorId: number, paused: boolean): Promise<void>;
    stop(call: { pbx: string; linkedid: string }, actorId: number): Promise<void>;
    may(actor: Actor, talked: boolean): { hear: boolean; download: boolean };
  };
}

/** What a feature gives to the program. */
export interface Feature {
  routes?: readonly Route[];
  /** Begins to hear the bus and to work. `roles`: what this process does. @returns stop. */
  start?: (roles: ReadonlySet<ProcessRole>) => Promise<() => Promise<void> | void>;
  /** WebSockets, by path: "/live". The handler owns the socket from then on, and asks `actorOfUpgrade` first. */
  upgrades?: Readonly<Record<string, Upgrade>>;
}

/** A live channel of its own, for a page that watches much. Its socket closes with the session. */
export interface LiveStream {
  can: Policy;
  /** Of whoever may. */
  join(ws: WebSocket, actor: Actor): Promise<void>;
}

/** A live channel that needs no session: whoever knows what to say beside the sub-protocol. */
export interface PublicStream {
  protocol: string;
  /** `said`: the other sub-protocols that the peer named. Owns the socket; closes it when what was said is not enough. */
  join(ws: WebSocket, said: readonly string[]): Promise<void>;
}

export type Upgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
