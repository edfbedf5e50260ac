/** What Asterisk writes down itself, one record a line of its files or a row of its tables. Times are epoch ms, with fractions where it has them. */

/** Channel event log. */
export interface CelRecord {
  readonly at: number;
  /** CHAN_START, ANSWER, BRIDGE_ENTER, HANGUP, LINKEDID_END … */
  readonly event: string;
  readonly linkedid: string;
  readonly uniqueid: string;
  readonly channel: string;
  readonly number: string;
  readonly callerName: string;
  readonly exten: string;
  readonly application: string;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What an `extra` says under this key; '' when nothing. */
export const say = ({ extra }: CelRecord, key: string): string => {
  const value = extra[key];
  return typeof value === 'string' ? value : '';
};

/** An attended transfer into an application, such as a queue: the Uniqueids of who goes on there, and of whose place that is; null: none. */
export function placeOf(record: CelRecord): { who: string; of: string } | null {
  if (record.event !== 'ATTENDEDTRANSFER' || say(record, 'app') === '') return null;
  return { who: say(record, 'transferee_channel_uniqueid'), of: say(record, 'channel2_uniqueid') };
}

/** Where channels of different Linkedids meet, by which they are of one call: a channel, a bridge where its members hear one another. */
export function placesOf(record: CelRecord): string[] {
  const places = [`channel ${record.uniqueid}`];
  const bridge = record.event === 'BRIDGE_ENTER' && say(record, 'bridge_technology') !== 'holding_bridge' ? say(record, 'bridge_id') : '';
  if (bridge !== '') places.push(`bridge ${bridge}`);
  const place = placeOf(record);
  if (place) places.push(`channel ${place.of}`);
  return places;
}

/** queue_log; of whole seconds in the file. */
export interface QueueRecord {
  readonly at: number;
  /** ENTERQUEUE, CONNECT, RINGNOANSWER, ABANDON, EXITWITHTIMEOUT, QUEUESTART … */
  readonly event: string;
  /** Uniqueid of the caller's channel; "NONE" and "MANAGER" stand for none. */
  readonly callId: string;
  readonly queue: string;
  readonly agent: string;
  readonly data: readonly string[];
}

/** "a","b ""quoted""" -> its fields; null when the quotes do not close. */
function csvFields(line: string): string[] | null {
  const fields: string[] = [];
  const FIELD = /"((?:[^"]|"")*)"(,|$)/y;
  while (FIELD.lastIndex < line.length) {
    const found = FIELD.exec(line);
    if (!found) return null;
    fields.push(found[1]!.replaceAll('""', '"'));
    if (found[2] === '') return fields;
  }
  return null;
}

function extraOf(text: string): Readonly<Record<string, unknown>> {
  if (!text.startsWith('{')) return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {}; // cut off by a column that was too short: what stands in it is then not known
  }
}

/** Epoch seconds with a fraction, as `eventtime` and queue_log have it, to ms; null when it is none. */
const secondsToMs = (text: string): number | null => (/^\d{9,11}(\.\d+)?$/.test(text) ? Number(text) * 1000 : null);

/** Begins a record: by it a line is saved that was glued to half of another, whose writer was killed. */
const CEL_START = /"[A-Z_]+","\d{9,11}\.\d+",/g;
const CEL_FIELDS = 12;

/** A line of cel_custom with the columns of cti/asterisk/cel_custom.conf; null when it is none. */
export function parseCel(line: string): CelRecord | null {
  const start = [...line.matchAll(CEL_START)].at(-1)?.index;
  if (start === undefined) return null;
  const fields = csvFields(line.slice(start).replace(/\r$/, ''));
  if (!fields || fields.length < CEL_FIELDS) return null;
  const [event, time, linkedid, uniqueid, channel, number, callerName, exten, , application, , extra] = fields as [string, ...string[]];
  const at = secondsToMs(time!);
  if (at === null || !linkedid || !uniqueid) return null;
  return {
    at,
    event,
    linkedid,
    uniqueid,
    channel: channel!,
    number: number!,
    callerName: callerName!,
    exten: exten!,
    application: application!,
    extra: extraOf(extra!),
  };
}

/** The last place where a record may begin: matches may overlap. */
const QUEUE_START = /(?=\d{10}\|[^|]*\|[^|]*\|[^|]*\|[A-Z]+(\||$))/g;

/** time|callid|queue|agent|event|data… ; null when it is none. */
export function parseQueueLog(line: string): QueueRecord | null {
  const start = [...line.matchAll(QUEUE_START)].at(-1)?.index;
  if (start === undefined) return null;
  const [time, callId, queue, agent, event, ...data] = line.slice(start).replace(/\r$/, '').split('|') as [string, ...string[]];
  const at = secondsToMs(time);
  return at === null ? null : { at, event: event!, callId: callId!, queue: queue!, agent: agent!, data };
}

/** A row as a database driver gives it: names in any case, what is missing is empty. */
export type JournalRow = Readonly<Record<string, unknown>>;

const text = (row: JournalRow, name: string): string => {
  const value = row[name] ?? row[name.toUpperCase()];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};

/** Epoch seconds, "2026-11-24 01:02:03.456789" (UTC), or a Date: the time column of either table. */
function timeOf(row: JournalRow, name: string): number | null {
  const value = row[name];
  if (value instanceof Date) return value.getTime();
  const said = text(row, name);
  const seconds = secondsToMs(said);
  if (seconds !== null) return seconds;
  const [, day, time, fraction] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,6})?/.exec(said) ?? [];
  const whole = day === undefined ? NaN : Date.parse(`${day}T${time}Z`);
  return Number.isNaN(whole) ? null : whole + Number(fraction ?? 0) * 1000;
}

/** A row of cel_odbc's table. */
export function celOfRow(row: JournalRow): CelRecord | null {
  const at = timeOf(row, 'eventtime');
  const [linkedid, uniqueid] = [text(row, 'linkedid'), text(row, 'uniqueid')];
  if (at === null || linkedid === '' || uniqueid === '') return null;
  return {
    at,
    event: text(row, 'eventtype'),
    linkedid,
    uniqueid,
    channel: text(row, 'channame'),
    number: text(row, 'cid_num'),
    callerName: text(row, 'cid_name'),
    exten: text(row, 'exten'),
    application: text(row, 'appname'),
    extra: extraOf(text(row, 'extra') || text(row, 'eventextra')),
  };
}

/** A row of the realtime family queue_log. */
export function queueOfRow(row: JournalRow): QueueRecord | null {
  const at = timeOf(row, 'time');
  if (at === null || text(row, 'event') === '') return null;
  const data = [1, 2, 3, 4, 5].map((n) => text(row, `data${n}`));
  return { at, event: text(row, 'event'), callId: text(row, 'callid'), queue: text(row, 'queuename'), agent: text(row, 'agent'), data };
}
