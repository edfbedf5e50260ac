import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { ZodError } from 'zod';
import type { Core } from './deps.ts';
import { knexSessions, redisSessions } from './auth/sessions.ts';
import type { Sessions } from './auth/sessions.ts';
import { runBackup, runRestore } from './cli-backup.ts';
import { setQueueRecording, setQueueWrapUp, setQueues } from './cli-queues.ts';
import { checkLog } from './cli-reconcile.ts';
import { languageOf, runDoctor } from './cli-doctor.ts';
import { checkReports, rebuildReports } from './cli-reports.ts';
import { addUser, setExtension, setLeft, setPassword, showUsers } from './cli-users.ts';
import { loadConfig } from './config.ts';
import type { Config } from './config.ts';
import { createAudit } from './core/audit.ts';
import { migrate, openDb } from './core/db.ts';
import { AppError } from './core/errors.ts';
import { memoryJobs } from './core/jobs.ts';
import { createLog } from './core/log.ts';
import { memoryBus } from './core/memory-bus.ts';
import { redisBus } from './core/redis-bus.ts';
import { openRedis } from './core/redis.ts';
import { ROOT } from './core/root.ts';
import { createSecrets } from './core/secrets.ts';
import { fillDemonstration } from './demo.ts';
import { readEnv } from './env.ts';
import { SIMULATED } from './simulator.ts';

const HELP = `npm run allo -- COMMAND            (may run beside a server; settings as the server's, from the environment or .env)

  migrate                          brings the database up to date; npm start does so by itself
  user add LOGIN --name NAME --role ROLE [--department NAME] [--language ru|en] [--time-zone ZONE] [--password-stdin]
                                   ROLE: operator, supervisor, manager, complaints, administrator
  user list                        login, role, extension, state, name
  user disable LOGIN               the person has left: signed out, kept out; the history stays
  user enable LOGIN                the person is back
  user password LOGIN [--password-stdin]
  extension set LOGIN PBX:NUMBER [--secret-stdin]
                                   gives an operator a phone: keeps its SIP secret, encrypted, and prints the lines for pjsip.conf
  queue set LOGIN [PBX:NAME ...]   the queues the operator enters when the shift starts, in the place of those before
  queue record PBX:NAME all|none [DAYS]
                                   whether its calls are recorded, and how many days recordings are kept (90; 0: for ever)
  queue wrap-up PBX:NAME SECONDS [MOST] [--outcome required|optional]
                                   time after a call without another, as far as it may be extended; whether a call needs an outcome
  demo fill                        made-up people, clients and a month of calls, into a database that has none
  reconcile --check [--pbx NAME] [--since WHEN]
                                   compares the call log with Asterisk's own queue_log and CEL, row by row; WHEN: 2026-11-24, 24h, 7d.
                                   Ends with 1 when something differs. The server fills in by itself what it has missed.
  doctor [--lang ru|en] [--json]   what the PBX, the database and the settings lack, and the lines that mend it; exit code 1 when something is wrong
  reports check --from WHEN [--until WHEN]
                                   compares the sums of the reports with the call log and puts right what differs; ends with 1 when something did
  reports rebuild --from WHEN [--until WHEN]
                                   counts the sums of a period anew, a day at a time. WHEN as above; until: now
  backup FILE                      FILE.jsonl.gz: any engine reads it; FILE.db: a copy of a SQLite database. The server may run.
  restore FILE                     into an empty database

A password or a secret is asked for, or read from the standard input (--password-stdin, --secret-stdin), or made and shown when nothing is given.
It is never an argument, where other users of the machine could see it.`;

const say = (text: string) => console.log(text);

class Usage extends Error {}

const OPTIONS = {
  name: { type: 'string' },
  role: { type: 'string' },
  department: { type: 'string' },
  language: { type: 'string' },
  'time-zone': { type: 'string' },
  'password-stdin': { type: 'boolean' },
  'secret-stdin': { type: 'boolean' },
  check: { type: 'boolean' },
  pbx: { type: 'string' },
  since: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  outcome: { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (err) {
    throw new Usage((err as Error).message);
  }
};
type Values = ReturnType<typeof parse>['values'];

const readLine = async (question: string): Promise<string> => {
  const hidden = process.stdin.isTTY === true;
  if (hidden) process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: hidden });
  try {
    for await (const line of reader) return line;
    return '';
  } finally {
    reader.close();
    if (hidden) process.stderr.write('\n');
  }
};

/** From the standard input when told so, from a prompt on a terminal, else null: make one. */
const secretText = async (fromStdin: boolean | undefined, what: string): Promise<string | null> => {
  if (!fromStdin && !process.stdin.isTTY) return null;
  const text = await readLine(`${what} (empty: one is made): `);
  if (text === '' && fromStdin) throw new Usage(`the standard input has no ${what.toLowerCase()}`);
  return text === '' ? null : text;
};

const withCore = async (config: Config, work: (core: Core, endSessions: Sessions['end']) => Promise<void>): Promise<void> => {
  const log = createLog('error');
  const db = openDb(config.databaseUrl, log);
  const bus = config.redisUrl ? await redisBus<never>(config.redisUrl, log) : memoryBus<never>(log);
  const redis = config.redisUrl ? await openRedis(config.redisUrl, log) : null;
  const jobs = memoryJobs<never>(log);
  const now = () => Date.now();
  const sessions = redis ? redisSessions(redis) : knexSessions(db, now);
  try {
    await migrate(db);
    const all = config.simulator ? { ...config, pbxs: [...config.pbxs, SIMULATED] } : config;
    const core = { config: all, db, bus, jobs, log, now, secrets: createSecrets(config.secretsKey), audit: createAudit(now) };
    await work(core, (userId) => sessions.end(userId));
  } finally {
    redis?.destroy();
    await bus.close();
    await db.destroy();
  }
};

const need = (value: string | undefined, what: string): string => {
  if (!value) throw new Usage(`${what} is missing`);
  return value;
};

const add = (values: Values, login: string | undefined) => async (core: Core) => {
  const person = { login: need(login, 'LOGIN'), name: need(values.name, '--name'), role: need(values.role, '--role') };
  const optional = { department: values.department, language: values.language, timeZone: values['time-zone'] };
  await addUser(core, { ...person, ...optional }, await secretText(values['password-stdin'], 'Password'), say);
};

const fill = async (core: Core) => {
  const filled = await fillDemonstration(core);
  say(filled ? `${filled.clients} clients and ${filled.calls} calls are in` : 'the demo is there already: nothing was changed');
};

const run = async (config: Config, [first, second, ...rest]: string[], values: Values): Promise<void> => {
  const [one, two] = rest;
  switch (`${first} ${['user', 'extension', 'queue', 'demo', 'reports'].includes(first!) ? second : ''}`.trim()) {
    case 'migrate':
      return withCore(config, async () => say('the database is up to date'));
    case 'user add':
      return withCore(config, add(values, one));
    case 'user list':
      return withCore(config, (core) => showUsers(core, say));
    case 'user disable':
      return withCore(config, (core, end) => setLeft(core, end, need(one, 'LOGIN'), true, say));
    case 'user enable':
      return withCore(config, (core, end) => setLeft(core, end, need(one, 'LOGIN'), false, say));
    case 'user password': {
      const password = await secretText(values['password-stdin'], 'Password');
      return withCore(config, (core, end) => setPassword(core, end, need(one, 'LOGIN'), password, say));
    }
    case 'extension set': {
      const secret = await secretText(values['secret-stdin'], 'SIP secret');
      return withCore(config, (core) => setExtension(core, need(one, 'LOGIN'), need(two, 'PBX:NUMBER'), secret, say));
    }
    case 'queue set':
      return withCore(config, (core) => setQueues(core, need(one, 'LOGIN'), rest.slice(1), say));
    case 'queue record':
      return withCore(config, (core) => setQueueRecording(core, need(one, 'PBX:NAME'), need(two, 'all or none'), rest[2], say));
    case 'queue wrap-up': {
      const rule = { seconds: need(two, 'SECONDS'), most: rest[2], outcome: values.outcome };
      return withCore(config, (core) => setQueueWrapUp(core, need(one, 'PBX:NAME'), rule, say));
    }
    case 'demo fill':
      return withCore(config, fill);
    case 'reconcile':
      if (!values.check) throw new Usage('reconcile --check compares; there is nothing else that it does');
      return withCore(config, async (core) => {
        const { pbx, since } = values;
        if (!(await checkLog(core, { pbx, since, say }))) process.exitCode = 1;
      });
    case 'doctor':
      process.exitCode = await runDoctor(config, languageOf(values.lang, process.env), values.json === true, say);
      return;
    case 'reports check':
    case 'reports rebuild': {
      const period = { from: need(values.from, '--from'), until: values.until };
      return withCore(config, async (core) => {
        if (second === 'rebuild') await rebuildReports(core, period, say);
        else if (!(await checkReports(core, period, say))) process.exitCode = 1;
      });
    }
    case 'backup':
      return runBackup(config, need(second, 'FILE'), say);
    case 'restore':
      return runRestore(config, need(second, 'FILE'), say);
    default:
      throw new Usage(`there is no command "${[first, second].filter(Boolean).join(' ')}"`);
  }
};

/** What went wrong, for people; a bug keeps its stack. */
const wordsOf = (err: unknown): string => {
  if (err instanceof ZodError) return err.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('\n');
  if (err instanceof AppError) return err.message;
  return err instanceof TypeError || err instanceof ReferenceError ? String(err.stack) : (err as Error).message;
};

const main = async (): Promise<number> => {
  try {
    const { values, positionals } = parse(process.argv.slice(2));
    if (values.help || positionals.length === 0) {
      say(HELP);
      return values.help ? 0 : 2;
    }
    await run(loadConfig(readEnv(ROOT)), positionals, values);
    return Number(process.exitCode ?? 0);
  } catch (err) {
    console.error(wordsOf(err));
    if (err instanceof Usage) console.error('npm run allo -- --help lists the commands');
    return err instanceof Usage ? 2 : 1;
  }
};

process.exitCode = await main();
