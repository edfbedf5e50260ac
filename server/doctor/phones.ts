import type { EndpointFacts, PbxFacts } from '../../cti/index.ts';
import { file, linesOf, section, value } from './config.ts';
import { commands, edit, error, ok, reload, warning } from './finding.ts';
import type { Finding } from './finding.ts';

/** An extension that Allo has given to somebody. */
export interface Extension {
  readonly pbx: string;
  readonly extension: string;
  readonly login: string;
  /** SHA-256 of the SIP secret, hex; null: a desk phone that has its own. */
  readonly passwordHash: string | null;
}

const PJSIP = 'pjsip.conf';
const AGAIN = reload('module reload res_pjsip.so');
/** What a browser and a trunk understand. */
const CODECS = ['opus', 'ulaw', 'alaw'];

export const checkPhones = (facts: PbxFacts, pbx: string, extensions: readonly Extension[]): Finding[] => {
  if (facts.endpoints === null) return [];
  const ours = extensions.filter((one) => one.pbx === pbx);
  const endpoint = new Map(facts.endpoints.map((one) => [one.name, one]));
  const missing = ours.filter((one) => !endpoint.has(one.extension));
  const browsers = ours.filter((one) => one.passwordHash !== null && endpoint.has(one.extension));
  const known = browsers.map((one) => endpoint.get(one.extension)!);
  // without one of ours: those that say themselves that they are a browser's
  const web = known.length > 0 ? known : facts.endpoints.filter((one) => one.webrtc);
  const other = browsers.filter(({ extension, passwordHash }) => {
    const theirs = endpoint.get(extension)!.passwordHash;
    return theirs !== null && theirs !== passwordHash;
  });
  return [
    missing.length === 0
      ? ok('phones-missing')
      : error('phones-missing', {
          params: { phones: missing.map((one) => `${one.extension} (${one.login})`).join(', ') },
          fix: missing
            .slice(0, 10)
            .flatMap((one) => [
              edit(PJSIP, `${one.extension}](allo-operator`, { add: [`auth = ${one.extension}`, `aors = ${one.extension}`], then: AGAIN }),
              commands(`npm run allo -- extension set ${one.login} ${pbx}:${one.extension}`),
            ]),
        }),
    other.length === 0
      ? ok('phones-password')
      : error('phones-password', {
          params: { phones: other.map((one) => one.extension).join(', ') },
          fix: commands(...other.slice(0, 10).map((one) => `npm run allo -- extension set ${one.login} ${pbx}:${one.extension}`)),
        }),
    browserSettings(web),
    contacts(web),
    weak(web),
    identifiers(facts),
  ];
};

const lacking = (one: EndpointFacts): string[] => [
  ...(one.webrtc ? [] : ['webrtc = yes']),
  ...(one.certificate ? [] : ['dtls_auto_generate_cert = yes']),
  ...(one.directMedia ? ['direct_media = no'] : []),
  ...(CODECS.some((codec) => one.codecs.includes(codec)) ? [] : ['disallow = all', `allow = ${CODECS.join(',')}`]),
];

const browserSettings = (web: readonly EndpointFacts[]): Finding => {
  const bad = web.filter((one) => lacking(one).length > 0);
  if (bad.length === 0) return ok('phones-webrtc');
  const fixes = bad.slice(0, 10).map((one) => edit(PJSIP, one.name, { add: lacking(one), then: AGAIN }));
  return error('phones-webrtc', { params: { phones: names(bad) }, fix: fixes });
};

const contacts = (web: readonly EndpointFacts[]): Finding => {
  const bad = web.filter((one) => one.maxContacts !== 1 || !one.removeExisting);
  if (bad.length === 0) return ok('phones-contacts');
  const fixes = bad
    .slice(0, 10)
    .map((one) => edit(PJSIP, one.name, { add: ['; type = aor', 'max_contacts = 1', 'remove_existing = yes'], then: AGAIN }));
  return warning('phones-contacts', { params: { phones: names(bad) }, fix: fixes });
};

const weak = (web: readonly EndpointFacts[]): Finding => {
  const bad = web.filter((one) => one.passwordWeak);
  if (bad.length === 0) return ok('phones-secret');
  return warning('phones-secret', { params: { phones: names(bad) }, fix: commands('openssl rand -hex 16') });
};

/** "ip" before "username" takes a browser behind the trunk's address for the trunk. */
const identifiers = (facts: PbxFacts): Finding => {
  const config = file(facts, PJSIP);
  if (config === null) return ok('identifier-order');
  const global = config.find((one) => value(one, 'type') === 'global') ?? section(config, 'global');
  const order = (value(global, 'endpoint_identifier_order') ?? 'ip,username,anonymous').split(/[\s,]+/);
  const ip = order.indexOf('ip');
  if (ip < 0 || order.indexOf('username') < ip) return ok('identifier-order');
  return warning('identifier-order', {
    fix: edit(PJSIP, global?.name ?? 'global', {
      remove: linesOf(global, 'endpoint_identifier_order'),
      add: [...(global ? [] : ['type = global']), 'endpoint_identifier_order = header,username,ip,anonymous'],
      then: AGAIN,
    }),
  });
};

const names = (some: readonly EndpointFacts[]): string =>
  some.length > 10 ? `${some.slice(0, 10).map((one) => one.name).join(', ')} … (${some.length})` : some.map((one) => one.name).join(', '); // prettier-ignore
