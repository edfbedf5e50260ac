import type { PbxFacts } from '../../cti/index.ts';
import { file, isYes, linesOf, section, unknown, value } from './config.ts';
import { commands, edit, error, ok, reload, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import type { SpoolFacts } from './spool.ts';

/** Without these the journal cannot tell a call's beginning, its parties and its end. */
const VITAL = ['CHAN_START', 'ANSWER', 'HANGUP', 'BRIDGE_ENTER', 'BRIDGE_EXIT', 'LINKEDID_END'];
const EVENTS = [...VITAL, 'CHAN_END', 'BLINDTRANSFER', 'ATTENDEDTRANSFER', 'PICKUP', 'PARK_START', 'PARK_END', 'FORWARD', 'USER_DEFINED'];

/** The columns that the journal reads, as cti/asterisk/cel_custom.conf has them. */
const COLUMNS = [
  ...['eventtype', 'eventtime', 'CHANNEL(linkedid)', 'CHANNEL(uniqueid)', 'CHANNEL(channame)', 'CALLERID(num)', 'CALLERID(name)'],
  ...['CHANNEL(exten)', 'CHANNEL(context)', 'CHANNEL(appname)', 'CHANNEL(peer)', 'eventextra'],
];
export const CEL_MAPPING = `allo.csv => ${COLUMNS.map((name) => `\${CSV_QUOTE(\${${name}})}`).join(',')}`;

const reachable = (reach: string) => reach === 'readable' || reach === 'writable';

/** What tells afterwards of the calls that nobody listened to: CEL and queue_log; and the recordings beside them. */
export const checkJournal = (facts: PbxFacts, spool: string | null, found: SpoolFacts | null): Finding[] => [
  ...(unknown(facts, 'cel.conf') ? [] : cel(facts)),
  ...(unknown(facts, 'logger.conf') ? [] : [queueLog(facts)]),
  ...(spool === null || found === null
    ? [warning('spool-unset', { fix: commands('PBX=…?spool=/var/spool/asterisk') })]
    : files(facts, spool, found)),
];

const cel = (facts: PbxFacts): Finding[] => {
  const general = section(file(facts, 'cel.conf'), 'general');
  const mappings = section(file(facts, 'cel_custom.conf'), 'mappings');
  const events = (value(general, 'events') ?? '').toUpperCase().split(/[\s,]+/);
  const lacking = events.includes('ALL') ? [] : EVENTS.filter((event) => !events.includes(event));
  const then = reload('module reload cel');
  const on = isYes(value(general, 'enable'));
  const loaded = facts.modules?.['cel_custom'] !== false;
  const format = value(mappings, 'allo.csv');
  const asWritten = (text: string) => text.replace(/\s/g, '');
  const fixOf = edit('cel.conf', 'general', {
    remove: linesOf(general, 'enable', 'events'),
    add: ['enable = yes', `events = ${lacking.length === 0 ? events.join(',') : EVENTS.join(',')}`],
    then,
  });
  return [
    on ? ok('cel') : error('cel', { fix: fixOf }),
    !on || lacking.length === 0
      ? ok('cel-events')
      : (lacking.some((event) => VITAL.includes(event)) ? error : warning)('cel-events', {
          params: { missing: lacking.join(', ') },
          fix: fixOf,
        }),
    loaded && format !== null && asWritten(`allo.csv => ${format}`) === asWritten(CEL_MAPPING)
      ? ok('cel-format')
      : error('cel-format', {
          fix: [
            edit('cel_custom.conf', 'mappings', {
              remove: linesOf(mappings, 'allo.csv').map((line) => line.replace(' = ', ' => ')),
              add: [CEL_MAPPING],
              then: loaded ? reload('module reload cel_custom.so') : reload('module load cel_custom.so'),
            }),
          ],
        }),
  ];
};

const queueLog = (facts: PbxFacts): Finding => {
  const general = section(file(facts, 'logger.conf'), 'general');
  const off = value(general, 'queue_log') !== null && !isYes(value(general, 'queue_log'));
  const realtime = value(section(file(facts, 'extconfig.conf'), 'settings'), 'queue_log') !== null;
  if (!off && (!realtime || isYes(value(general, 'queue_log_to_file')))) return ok('queue-log');
  return error('queue-log', {
    fix: edit('logger.conf', 'general', {
      remove: linesOf(general, 'queue_log', 'queue_log_to_file'),
      add: ['queue_log = yes', 'queue_log_to_file = yes'],
      then: reload('logger reload'),
    }),
  });
};

const files = (facts: PbxFacts, spool: string, found: SpoolFacts): Finding[] => {
  if (!reachable(found.folder)) return [error('spool', { params: { path: spool }, fix: commands(`ls -ld ${spool}`, 'id') })];
  const directories = section(file(facts, 'asterisk.conf'), 'directories');
  const folder = value(directories, 'astspooldir') ?? '/var/spool/asterisk';
  const log = value(directories, 'astlogdir') ?? '/var/log/asterisk';
  const elsewhere = log !== `${folder}/log` && !unknown(facts, 'asterisk.conf');
  const moved = edit('asterisk.conf', 'directories', {
    remove: linesOf(directories, 'astlogdir').map((line) => line.replace(' = ', ' => ')),
    add: [`astlogdir => ${folder}/log`],
    then: `mkdir -p ${folder}/log/cel-custom; systemctl restart asterisk`,
  });
  const readable = (path: string) => commands(`setfacl -R -m u:$(id -un):rX -m d:u:$(id -un):rX ${path}`);
  return [
    ok('spool'),
    reachable(found.queueLog)
      ? ok('queue-log-file')
      : found.queueLog === 'unreadable'
        ? error('queue-log-file', { params: { path: `${spool}/log/queue_log` }, fix: readable(`${spool}/log`) })
        : warning('queue-log-file', { params: { path: `${spool}/log/queue_log` }, fix: elsewhere ? moved : [] }),
    celFile(spool, folder, found, elsewhere ? moved : null, readable),
    found.monitor === 'writable'
      ? ok('recordings')
      : found.monitor === 'readable'
        ? warning('recordings-kept', { params: { path: `${spool}/monitor` } })
        : warning('recordings', {
            params: { path: `${spool}/monitor` },
            fix: found.monitor === 'absent' ? commands(`mkdir -p ${folder}/monitor`) : readable(`${spool}/monitor`),
          }),
  ];
};

const celFile = (
  spool: string,
  folder: string,
  found: SpoolFacts,
  moved: ReturnType<typeof edit> | null,
  readable: (path: string) => ReturnType<typeof edit>,
): Finding => {
  const path = `${spool}/log/cel-custom/allo.csv`;
  if (found.cel === 'unreadable' || found.celFolder === 'unreadable')
    return error('cel-file', { params: { path }, fix: readable(`${spool}/log`) });
  if (found.celFolder === 'absent')
    return error('cel-folder', {
      params: { path: `${spool}/log/cel-custom` },
      fix:
        moved ??
        commands(`mkdir -p ${folder}/log/cel-custom`, `chown asterisk: ${folder}/log/cel-custom`, reload('module reload cel_custom.so')),
    });
  if (found.cel === 'absent') return warning('cel-file', { params: { path } });
  if (found.lastCel !== null && columns(found.lastCel) !== COLUMNS.length)
    return error('cel-format', {
      fix: edit('cel_custom.conf', 'mappings', { add: [CEL_MAPPING], then: reload('module reload cel_custom.so') }),
    });
  return ok('cel-file');
};

const columns = (line: string): number => [...line.matchAll(/"(?:[^"]|"")*"(?:,|$)/g)].length;
