import type { ConfigSection, PbxFacts } from '../../cti/index.ts';
import { file, isYes, linesOf, section, unknown, value, words } from './config.ts';
import { excludeLine, parseFilter, passes, readsStructured } from './filters.ts';
import type { Filter } from './filters.ts';
import { commands, edit, error, ok, reload, warning } from './finding.ts';
import type { Finding } from './finding.ts';

const READ = ['system', 'call', 'agent', 'user', 'reporting', 'cdr'];
const WRITE = ['system', 'call', 'agent', 'originate', 'reporting'];
/** Without these there are no calls in Allo, or no orders. */
const VITAL_READ = ['call', 'agent', 'user'];
const VITAL_WRITE = ['system', 'call', 'agent', 'originate'];
/** An action that only this right permits. */
const PROOF: Readonly<Record<string, string>> = { system: 'ModuleCheck', call: 'Redirect', agent: 'QueuePause', originate: 'Originate' };
/** More than half of all bytes, by the right that lets them in. */
const NOISE: Readonly<Record<string, readonly string[]>> = { dialplan: ['VarSet', 'Newexten'], reporting: ['RTCPSent', 'RTCPReceived'] };
/** ms. What stalls a busy client for a moment is longer than the default of 100. */
const WRITE_TIMEOUT = 5_000;
const MANAGER = 'manager.conf';
const AGAIN = reload('manager reload');

export interface Account {
  readonly user: string;
  readonly secret: string;
}

/** The manager account that Allo has at the PBX. */
export const checkAccount = (facts: PbxFacts, account: Account): Finding[] => {
  const config = file(facts, MANAGER);
  const general = section(config, 'general');
  const own = section(config, account.user);
  return [
    rights(facts, own, account.user),
    excess(facts, own, account.user),
    ...(own ? filters(facts, own) : []),
    ...(unknown(facts, MANAGER) ? [] : [timestamps(general), ...openness(general, own, account.user)]),
    ...(own ? [writeTimeout(own)] : []),
    secret(account, own),
  ];
};

const has = (rights: readonly string[], one: string) => rights.includes(one) || rights.includes('all');

const rights = (facts: PbxFacts, own: ConfigSection | null, user: string): Finding => {
  const [read, write] = [words(value(own, 'read')), words(value(own, 'write'))];
  const lacksRead = own ? READ.filter((one) => !has(read, one)) : [];
  const lacksWrite = WRITE.filter((one) => (own ? !has(write, one) : PROOF[one] && !facts.actions.includes(PROOF[one])));
  if (lacksRead.length + lacksWrite.length === 0) return ok('rights');
  const wanted = (kept: readonly string[], all: readonly string[]) =>
    kept.includes('all') ? 'all' : [...new Set([...all, ...kept.filter((one) => one !== 'command')])].join(',');
  const fix = edit(MANAGER, user, {
    remove: own ? linesOf(own, 'read', 'write') : ['read = …', 'write = …'], // of two such lines the last one counts
    add: [`read = ${wanted(read, READ)}`, `write = ${wanted(write, WRITE)}`],
    then: AGAIN,
  });
  const missing = [...lacksRead.map((one) => `read ${one}`), ...lacksWrite.map((one) => `write ${one}`)].join(', ');
  const vital = lacksRead.some((one) => VITAL_READ.includes(one)) || lacksWrite.some((one) => VITAL_WRITE.includes(one));
  return (vital ? error : warning)('rights', { params: { missing }, fix });
};

const excess = (facts: PbxFacts, own: ConfigSection | null, user: string): Finding => {
  if (!facts.actions.includes('Command')) return ok('rights-excess');
  const fix = edit(MANAGER, user, { remove: linesOf(own, 'write'), add: [`write = ${WRITE.join(',')}`], then: AGAIN });
  return warning('rights-excess', { fix });
};

const filters = (facts: PbxFacts, own: ConfigSection): Finding[] => {
  const structured = readsStructured(facts.version);
  const all = own.lines.map(([key, text]) => parseFilter(key, text)).filter((one): one is Filter => one !== null);
  const unread = structured ? [] : all.filter((one) => one.structured);
  const live = all.filter((one) => !unread.includes(one));
  const noise = Object.entries(NOISE).flatMap(([right, events]) => (has(words(value(own, 'read')), right) ? events : []));
  const quiet = (events: readonly string[]) => events.map((event) => excludeLine(event, structured));

  const lost = facts.wanted.filter((event) => passes(live, event) !== 'all');
  const loud = noise.filter((event) => passes(live, event) !== 'none');
  const guilty = live.filter((one) => (one.exclude ? lost.some((event) => one.matches(event) !== 'none') : lost.length > 0));
  const kept = live.filter((one) => !guilty.includes(one));
  const narrow =
    lost.length === 0
      ? ok('filter-narrow')
      : error('filter-narrow', {
          params: { events: several(lost) },
          fix: edit(MANAGER, own.name, {
            remove: guilty.map((one) => one.line),
            add: quiet(noise.filter((event) => passes(kept, event) !== 'none')),
            then: AGAIN,
          }),
        });
  const noisy =
    loud.length === 0 || lost.length > 0
      ? []
      : [
          warning('filter-noise', {
            params: { events: loud.join(', ') },
            fix: edit(MANAGER, own.name, { remove: unread.map((one) => one.line), add: quiet(loud), then: AGAIN }),
          }),
        ];
  return [narrow, ...(noisy.length > 0 ? noisy : [ok('filter-noise')])];
};

const timestamps = (general: ConfigSection | null): Finding =>
  isYes(value(general, 'timestampevents'))
    ? ok('timestamps')
    : error('timestamps', {
        fix: edit(MANAGER, 'general', { remove: linesOf(general, 'timestampevents'), add: ['timestampevents = yes'], then: AGAIN }),
      });

const writeTimeout = (own: ConfigSection): Finding => {
  const ms = Number(value(own, 'writetimeout') ?? 100);
  if (ms >= 1_000) return ok('write-timeout');
  const fix = edit(MANAGER, own.name, { remove: linesOf(own, 'writetimeout'), add: [`writetimeout = ${WRITE_TIMEOUT}`], then: AGAIN });
  return warning('write-timeout', { params: { ms }, fix });
};

const CLOSED = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[?(::1|f[cd]))/i;
const EVERYONE = /^(0\.0\.0\.0(\/0(\.0\.0\.0)?)?|::(\/0)?)$/;

/** AMI speaks without TLS and can originate calls: either its address or its list of callers must be narrow. */
const openness = (general: ConfigSection | null, own: ConfigSection | null, user: string): Finding[] => {
  const address = value(general, 'bindaddr') ?? '0.0.0.0';
  const permits = (own?.lines ?? []).filter(([key]) => key === 'permit').map(([, text]) => text);
  const restricted = value(own, 'acl') !== null || (value(own, 'deny') !== null && !permits.some((net) => EVERYONE.test(net)));
  if (CLOSED.test(address) || restricted || !own) return [ok('open-to-all')];
  const fixes = [
    edit(MANAGER, 'general', {
      remove: linesOf(general, 'bindaddr'),
      add: ['bindaddr = 127.0.0.1'],
      then: reload('module reload manager'),
    }),
    edit(MANAGER, user, {
      remove: linesOf(own, 'permit'),
      add: ['deny = 0.0.0.0/0.0.0.0', 'permit = 127.0.0.1/255.255.255.255'],
      then: AGAIN,
    }),
  ];
  return [error('open-to-all', { params: { address }, fix: fixes })];
};

const secret = ({ user, secret: text }: Account, own: ConfigSection | null): Finding =>
  text.length >= 16 && !text.includes(user) && new Set(text).size >= 8
    ? ok('secret-ami')
    : warning('secret-ami', {
        fix: [
          commands('openssl rand -hex 24'),
          edit(MANAGER, own?.name ?? user, { remove: ['secret = …'], add: ['secret = …'], then: AGAIN }),
        ],
      });

const several = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(', ')} … (${names.length})` : names.join(', ');
