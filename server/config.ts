import { z } from 'zod';
import type { MailSettings } from './core/mail.ts';
import { parseAddress } from './core/mail.ts';

export const ROLES = ['api', 'cti', 'worker'] as const;
export type ProcessRole = (typeof ROLES)[number];

/** The name of the simulated PBX, as rows call it. */
export const SIMULATOR = 'simulator';

export interface PbxConfig {
  /** As rows, calls and the live channel name it. Never changes once calls are logged. */
  name: string;
  host: string;
  port: number;
  user: string;
  secret: string;
  /** Asterisk's SIP over WebSocket, behind our proxy; null: desk phones only. */
  sipUrl: string | null;
  /** The mounted folder with its recordings, queue_log and CEL. */
  spool: string | null;
  /** The database whose tables cel and queue_log Asterisk fills, in place of the files: mysql://user:password@host:3306/name. */
  journal: string | null;
  /** The file into which Allo may write the queues that it manages; null: it does not. */
  queuesFile: string | null;
  /** A regular expression: endpoints that are operators' phones. null: two to six digits. */
  extensions: string | null;
}

const secret = z.string().min(32, 'must have at least 32 characters; make one with: openssl rand -base64 33');

const split = (text: string) => text.split(/[\s,]+/).filter(Boolean);

const OPTIONS = ['sip', 'spool', 'journal', 'extensions', 'queues'];

const isMysql = (text: string) =>
  /^mysql:\/\//.test(text) && URL.canParse(text) && new URL(text).hostname !== '' && new URL(text).pathname.length > 1;

/** `name=ami://user:secret@host:5038?sip=ws://host:8088/ws&spool=/path&journal=mysql://user:password@host/asterisk&extensions=^1\d\d$`, parts percent-encoded. */
const parsePbx = (text: string): PbxConfig => {
  const at = text.indexOf('=');
  const name = text.slice(0, at);
  if (at < 0 || !/^[\w-]{1,32}$/.test(name))
    throw new Error('each must be name=ami://user:secret@host:5038, the name of letters, digits, - and _');
  if (!URL.canParse(text.slice(at + 1)))
    throw new Error(`"${name}": not a URL; percent-encode special characters of the user and the secret`);
  const url = new URL(text.slice(at + 1));
  if (url.protocol !== 'ami:') throw new Error(`"${name}": the URL must begin with ami://`);
  if (!url.hostname || !url.username || !url.password)
    throw new Error(`"${name}": user, secret and host are needed: ami://user:secret@host:5038`);
  const unknown = [...url.searchParams.keys()].filter((key) => !OPTIONS.includes(key));
  if (unknown.length > 0) throw new Error(`"${name}": unknown option ${unknown.join(', ')}; known are ${OPTIONS.join(', ')}`);
  const sipUrl = url.searchParams.get('sip');
  if (sipUrl !== null && (!/^wss?:\/\//.test(sipUrl) || !URL.canParse(sipUrl)))
    throw new Error(`"${name}": sip must be a ws:// or wss:// URL`);
  const journal = url.searchParams.get('journal');
  if (journal !== null && !isMysql(journal)) throw new Error(`"${name}": journal must be mysql://user:password@host:3306/name`);
  const queuesFile = url.searchParams.get('queues');
  if (queuesFile !== null && !/^\/.+\.conf$/.test(queuesFile))
    throw new Error(`"${name}": queues must be the whole path of a file of Asterisk, such as /etc/asterisk/queues_allo.conf`);
  const extensions = url.searchParams.get('extensions');
  if (extensions !== null) {
    try {
      new RegExp(extensions);
    } catch {
      throw new Error(`"${name}": extensions must be a regular expression`);
    }
  }
  return {
    name,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 5038),
    user: decodeURIComponent(url.username),
    secret: decodeURIComponent(url.password),
    sipUrl,
    spool: url.searchParams.get('spool'),
    journal,
    queuesFile,
    extensions,
  };
};

const Pbxs = z.string().transform((text, ctx): { pbxs: PbxConfig[]; simulator: boolean } => {
  const parts = text.split(/\s+/).filter(Boolean);
  try {
    const pbxs = parts.filter((part) => part !== SIMULATOR).map(parsePbx);
    const names = [...pbxs.map((pbx) => pbx.name), ...parts.filter((part) => part === SIMULATOR)];
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (parts.length === 0) throw new Error('names no PBX');
    if (twice) throw new Error(`the name "${twice}" stands there twice`);
    return { pbxs, simulator: parts.includes(SIMULATOR) };
  } catch (err) {
    ctx.addIssue({ code: 'custom', message: `${(err as Error).message.replace('URI malformed', 'a part is wrongly percent-encoded')}` });
    return z.NEVER;
  }
});

const database = z.string().refine((text) => {
  if (/^sqlite:.+/.test(text)) return true;
  return isMysql(text);
}, 'must be sqlite:PATH (sqlite:data/allo.db) or mysql://user:password@host:3306/name, special characters percent-encoded');

const redis = z
  .string()
  .refine((text) => /^rediss?:\/\//.test(text) && URL.canParse(text), 'must be redis://host:6379 or rediss://user:password@host:6379');

/** smtp://user:password@host:587 or smtps://user:password@host:465, user and password percent-encoded. */
const Smtp = z.string().transform((text, ctx): Omit<MailSettings, 'from'> => {
  const url = URL.canParse(text) ? new URL(text) : null;
  try {
    if (!url || !/^smtps?:$/.test(url.protocol) || !url.hostname || Boolean(url.username) !== Boolean(url.password)) throw new Error('no');
    const secure = url.protocol === 'smtps:';
    const auth = url.username ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } : null;
    return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || (secure ? 465 : 587)), secure, auth };
  } catch {
    ctx.addIssue({ code: 'custom', message: 'must be smtp://user:password@host:587 or smtps://user:password@host:465, percent-encoded' });
    return z.NEVER;
  }
});

const Sender = z.string().transform((text, ctx): MailSettings['from'] => {
  const from = parseAddress(text);
  if (from) return from;
  ctx.addIssue({ code: 'custom', message: 'must be an address such as allo@example.com or Allo <allo@example.com>' });
  return z.NEVER;
});

const truth = z.enum(['0', '1', 'false', 'true', 'no', 'yes'], 'must be 1 or 0').transform((text) => ['1', 'true', 'yes'].includes(text));

/** Every setting. An empty value counts as none. */
const Env = z.object({
  /** Where the server listens. HOST 0.0.0.0: on every address, for a container or a proxy on another machine. */
  PORT: z.coerce.number('must be a port number').int().min(0).max(65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  /** What browsers type: origin of the cookie, of /live and /sip. https:// here means that a proxy before us ends TLS, and is believed. */
  PUBLIC_URL: z
    .string()
    .refine((t) => /^https?:\/\//.test(t) && URL.canParse(t), 'must be a URL such as https://crm.example.com')
    .optional(),
  /** What this process does: api (HTTP, live channel), cti (the bridges), worker (jobs). */
  ROLES: z
    .string()
    .default(ROLES.join(','))
    .transform(split)
    .pipe(z.array(z.enum(ROLES, `must be of ${ROLES.join(', ')}, separated by commas`)).min(1)),
  DATABASE_URL: database,
  /** Unset: bus, sessions and jobs stay inside this process, which is then the only one. */
  REDIS_URL: redis.optional(),
  /** `simulator`, or one or more PBXs separated by spaces. */
  PBX: Pbxs,
  /** Signs the session cookie. Changing it signs everybody out. */
  SESSION_SECRET: secret,
  /** Encrypts SIP secrets in the database. Losing it loses them. */
  SECRETS_KEY: secret,
  /** ISO 3166: in which country a number without a country code is. */
  DEFAULT_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a country code such as RU')
    .default('RU'),
  /** A TURN server for browsers that reach the PBX by no straight way: turn:host:3478, several separated by spaces. */
  TURN_URL: z
    .string()
    .refine((text) => split(text).every((url) => /^turns?:[^\s]+$/.test(url)), 'must be turn:host:3478 or turns:host:5349')
    .optional(),
  /** coturn's static-auth-secret: browsers get credentials made from it that run out after a day. */
  TURN_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  /** The mail server that letters go out by. Unset: no mail is sent, and the pages say so. */
  SMTP_URL: Smtp.optional(),
  /** From whom: Allo <allo@example.com>. */
  MAIL_FROM: Sender.optional(),
  /** Seconds in which a caller who gives up is no missed call: nobody could have answered. */
  SHORT_ABANDON_SECONDS: z.coerce.number('must be a number of seconds').min(0).max(600).default(5),
  /** Seconds in which whoever has rejected a queue's call gets no other; 0: none. */
  COOL_OFF_SECONDS: z.coerce.number('must be a number of seconds').min(0).max(600).default(10),
  /** 1: a demonstration with people, clients and calls that are made up. */
  DEMO: truth.default(false),
  /** The demonstration on a real PBX: what its pjsip.conf has as the secret of each operator, {extension} standing for the number. */
  DEMO_SIP_SECRET: z.string().optional(),
  /** Files of the program's own. */
  DATA_DIR: z.string().default('data'),
  /** Megabytes that one attached file may have. */
  FILE_LIMIT_MB: z.coerce.number('must be a number of megabytes').min(1).max(2_048).default(25),
  /** Who sends it as a Bearer token may read /metrics from elsewhere than this machine. */
  METRICS_TOKEN: secret.optional(),
  /** A second door with nothing but /metrics, /healthz and /readyz: the only one of a process without the role api. */
  METRICS_PORT: z.coerce.number('must be a port number').int().min(0).max(65_535).optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], 'must be fatal, error, warn, info, debug or silent')
    .default('info'),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string;
  readonly roles: readonly ProcessRole[];
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  /** Once the server runs, the simulator stands among them. */
  readonly pbxs: readonly PbxConfig[];
  readonly simulator: boolean;
  readonly sessionSecret: string;
  readonly secretsKey: string;
  readonly defaultCountry: string;
  readonly shortAbandonMs: number;
  readonly coolOffMs: number;
  readonly turn: { readonly urls: readonly string[]; readonly secret: string } | null;
  /** null: mail is off. */
  readonly mail: MailSettings | null;
  readonly demo: boolean;
  readonly demoSipSecret: string | null;
  readonly dataDir: string;
  readonly fileLimitBytes: number;
  readonly metricsToken: string | null;
  readonly metricsPort: number | null;
  readonly logLevel: string;
}

const MISSING: Record<string, string> = {
  DATABASE_URL: 'is not set: where the data is, sqlite:data/allo.db or mysql://user:password@host/name (or set DEMO=1 to look around)',
  PBX: 'is not set: name=ami://user:secret@host:5038 of your Asterisk, or simulator (or set DEMO=1 to look around)',
  SESSION_SECRET: 'is not set: make one with: openssl rand -base64 33',
  SECRETS_KEY: 'is not set: make one with: openssl rand -base64 33, and keep a copy apart from the backups',
};

/** Called once at the start; everything else gets the values it needs. @throws Error naming every bad setting, never a secret's value. */
export const loadConfig = (env: NodeJS.ProcessEnv): Config => {
  const given = Object.fromEntries(Object.entries(env).filter(([key, value]) => key in Env.shape && value?.trim()));
  const parsed = Env.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((i) => {
      const name = String(i.path[0]);
      return `  ${name} ${name in given ? i.message : (MISSING[name] ?? i.message)}`;
    });
    throw new Error(`Allo cannot start: set these in the environment or in .env\n${[...new Set(lines)].join('\n')}`);
  }
  const e = parsed.data;
  if (Boolean(e.TURN_URL) !== Boolean(e.TURN_SECRET))
    throw new Error(
      `Allo cannot start: set these in the environment or in .env\n  TURN_URL and TURN_SECRET go together: one of them is not set`,
    );
  if (Boolean(e.SMTP_URL) !== Boolean(e.MAIL_FROM))
    throw new Error(
      `Allo cannot start: set these in the environment or in .env\n  SMTP_URL and MAIL_FROM go together: one of them is not set`,
    );
  if (e.REDIS_URL === undefined && new Set(e.ROLES).size < ROLES.length)
    throw new Error('Allo cannot start: a process that plays only some ROLES needs REDIS_URL, over which it talks with the others');
  return {
    port: e.PORT,
    host: e.HOST,
    publicUrl: (e.PUBLIC_URL ?? `http://127.0.0.1:${e.PORT}`).replace(/\/+$/, ''),
    roles: [...new Set(e.ROLES)],
    databaseUrl: e.DATABASE_URL,
    redisUrl: e.REDIS_URL ?? null,
    pbxs: e.PBX.pbxs,
    simulator: e.PBX.simulator,
    sessionSecret: e.SESSION_SECRET,
    secretsKey: e.SECRETS_KEY,
    defaultCountry: e.DEFAULT_COUNTRY,
    shortAbandonMs: e.SHORT_ABANDON_SECONDS * 1000,
    coolOffMs: e.COOL_OFF_SECONDS * 1000,
    turn: e.TURN_URL && e.TURN_SECRET ? { urls: split(e.TURN_URL), secret: e.TURN_SECRET } : null,
    mail: e.SMTP_URL && e.MAIL_FROM ? { ...e.SMTP_URL, from: e.MAIL_FROM } : null,
    demo: e.DEMO,
    demoSipSecret: e.DEMO_SIP_SECRET ?? null,
    dataDir: e.DATA_DIR,
    fileLimitBytes: e.FILE_LIMIT_MB * 1024 * 1024,
    metricsToken: e.METRICS_TOKEN ?? null,
    metricsPort: e.METRICS_PORT ?? null,
    logLevel: e.LOG_LEVEL,
  };
};
