import type { PbxFacts } from '../../cti/index.ts';
import { file, isYes, linesOf, section, unknown, value } from './config.ts';
import { commands, edit, error, ok, reload, warning } from './finding.ts';
import type { Finding } from './finding.ts';

/** The versions that the bridge's tests run on; between them nothing is known to differ. */
const OLDEST = 16;
const NEWEST = 22;
/** ms */
const SKEW = 1_000;
const BAD_SKEW = 30_000;

/** @param browsers whether operators talk in the browser at this PBX */
export const checkPlant = (facts: PbxFacts, browsers: boolean): Finding[] => [
  version(facts),
  clock(facts),
  facts.systemName !== '' ? ok('system-name') : systemName(),
  ...(browsers && !unknown(facts, 'http.conf') ? [http(facts)] : []),
  ...(facts.dialplan ? dialplan(facts, browsers) : []),
  ...(file(facts, 'queues.conf') ? queues(facts) : []),
];

const version = (facts: PbxFacts): Finding => {
  const major = Number(/\d+/.exec(facts.version)?.[0] ?? 0);
  return major >= OLDEST && major <= NEWEST ? ok('version') : warning('version', { params: { version: facts.version } });
};

const clock = ({ clockOffsetMs }: PbxFacts): Finding => {
  const off = Math.abs(clockOffsetMs);
  if (off < SKEW) return ok('clock');
  const params = { seconds: (clockOffsetMs / 1000).toFixed(1) };
  return (off < BAD_SKEW ? warning : error)('clock', { params, fix: commands('timedatectl set-ntp true') });
};

const systemName = (): Finding =>
  warning('system-name', { fix: edit('asterisk.conf', 'options', { add: ['systemname = main'], then: 'systemctl restart asterisk' }) });

const http = (facts: PbxFacts): Finding => {
  const general = section(file(facts, 'http.conf'), 'general');
  if (isYes(value(general, 'enabled'))) return ok('http');
  return error('http', {
    fix: edit('http.conf', 'general', {
      remove: linesOf(general, 'enabled'),
      add: ['enabled = yes', ...(value(general, 'bindaddr') === null ? ['bindaddr = 127.0.0.1'] : [])],
      then: reload('module reload http'),
    }),
  });
};

const EXTENSIONS = 'extensions.conf';
const DIALPLAN = reload('dialplan reload');
const HEADER = 'allo-header';
/** cti/asterisk/extensions.conf has them too. */
const HEADER_LINES = ['exten => s,1,Set(PJSIP_HEADER(add,X-Allo-Call)=${CHANNEL(linkedid)})', ' same => n,Return()'];
const ORIGINATE = 'allo-originate';
const CALLS_QUEUE = /^Queue$/i;

/** The hooks of cti/asterisk/extensions.conf. */
const dialplan = (facts: PbxFacts, browsers: boolean): Finding[] => {
  const steps = facts.dialplan ?? [];
  // Whatever they are called: the ones that put the call's id on the INVITE.
  const telling = new Set(steps.filter((step) => step.data.includes('X-Allo-Call')).map((step) => step.context));
  const header = telling.has(HEADER);
  const tells = (queueOptions: string) => {
    const context = /b\(([\w-]+)\^/.exec(queueOptions)?.[1] ?? '';
    return context === HEADER || telling.has(context);
  };
  const originate = steps.some((step) => step.context === ORIGINATE);
  const visits = steps.filter((step) => CALLS_QUEUE.test(step.app));
  const bare = visits.filter((step) => !tells(step.data.split(',')[1] ?? ''));
  const ends = steps.some((step) => /^UserEvent$/i.test(step.app) && step.data.startsWith('AlloQueueEnd'));
  const where = (some: typeof steps) => [...new Set(some.map((step) => `${step.context},${step.exten}`))].slice(0, 5).join('; ');
  return [
    header
      ? ok('dialplan-header')
      : (browsers ? error : warning)('dialplan-header', {
          fix: edit(EXTENSIONS, HEADER, { add: HEADER_LINES, then: DIALPLAN }),
        }),
    originate
      ? ok('dialplan-originate')
      : error('dialplan-originate', { fix: edit(EXTENSIONS, ORIGINATE, { add: ['include => from-internal'], then: DIALPLAN }) }),
    bare.length === 0
      ? ok('dialplan-queue')
      : warning('dialplan-queue', {
          params: { where: where(bare) },
          fix: bare
            .slice(0, 5)
            .map((step) =>
              edit(EXTENSIONS, step.context, { remove: [`Queue(${step.data})`], add: [`Queue(${withHeader(step.data)})`], then: DIALPLAN }),
            ),
        }),
    visits.length === 0 || ends
      ? ok('dialplan-queue-end')
      : warning('dialplan-queue-end', {
          params: { where: where(visits) },
          fix: edit(EXTENSIONS, visits[0]!.context, { add: [endOf(visits[0]!.data)], then: DIALPLAN }),
        }),
  ];
};

const endOf = (data: string): string => ` same => n,UserEvent(AlloQueueEnd,Status: \${QUEUESTATUS},Queue: ${data.split(',', 1)[0]})`;

/** support,t,,,300 -> support,tb(allo-header^s^1),,,300 */
const withHeader = (data: string): string => {
  const [queue = '', options = '', ...rest] = data.split(',');
  return [queue, `${options}b(${HEADER}^s^1)`, ...rest].join(',');
};

const QUEUES = 'queues.conf';
const QUEUES_AGAIN = reload('queue reload all');

const queues = (facts: PbxFacts): Finding[] => {
  const config = file(facts, QUEUES) ?? [];
  const general = section(config, 'general');
  const each = config.filter((one) => one.name !== 'general').map((one) => one.name);
  const inGeneral = (key: 'autofill' | 'shared_lastcall', check: 'queue-autofill' | 'queue-lastcall') => {
    const barred = each.filter((name) => value(section(config, name), key) !== null && !isYes(value(section(config, name), key)));
    const on = isYes(value(general, key));
    if (on && barred.length === 0) return ok(check);
    const fixes = [
      ...(on ? [] : [edit(QUEUES, 'general', { remove: linesOf(general, key), add: [`${key} = yes`], then: QUEUES_AGAIN })]),
      ...barred.map((name) => edit(QUEUES, name, { remove: linesOf(section(config, name), key), then: QUEUES_AGAIN })),
    ];
    return warning(check, { fix: fixes });
  };
  const inEach = (check: 'queue-ringinuse' | 'queue-wrapup', key: string, wanted: string, good: (text: string | null) => boolean) => {
    const bad = each.filter((name) => !good(value(section(config, name), key)));
    if (bad.length === 0) return ok(check);
    const fixes = bad.map((name) =>
      edit(QUEUES, name, { remove: linesOf(section(config, name), key), add: [`${key} = ${wanted}`], then: QUEUES_AGAIN }),
    );
    return warning(check, { params: { queues: bad.join(', ') }, fix: fixes });
  };
  return [
    inGeneral('autofill', 'queue-autofill'),
    inGeneral('shared_lastcall', 'queue-lastcall'),
    inEach('queue-ringinuse', 'ringinuse', 'no', (text) => text !== null && !isYes(text)),
    inEach('queue-wrapup', 'wrapuptime', '0', (text) => Number(text ?? 0) === 0),
  ];
};
