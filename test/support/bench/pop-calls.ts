import { readFileSync } from 'node:fs';

/** A recorded call that rings Anna (201) and is given up, cut where its bench needs it, with other people in it. */
export interface PopCall {
  /** The caller is there and waits in the queue. */
  readonly arrives: string;
  /** The operator's phone rings. */
  readonly rings: string;
  /** The caller has given up; both channels are gone. */
  readonly ends: string;
}

const TRACE = readFileSync(new URL('../../fixtures/ami/queue-abandoned-ringing.ami', import.meta.url), 'latin1');
const BLOCKS = TRACE.split('\r\n\r\n').filter(
  (block) => /^Event: (?!FullyBooted|Queue(Params|Member$)|\w+Complete)/.test(block) && block.includes('Timestamp: '),
);
const LINKEDID = /^Linkedid: (\S+)/m.exec(TRACE)![1]!;
const UNIQUEID = /^DestUniqueid: (\S+)/m.exec(TRACE)![1]!;

const first = (event: string, endpoint: string) =>
  BLOCKS.findIndex((block) => block.startsWith(`Event: ${event}\r\n`) && block.includes(`Channel: PJSIP/${endpoint}-`));
const RINGS = first('Newchannel', '201');
const ENDS = first('HangupRequest', 'trunk');

/** @param ordinal makes its ids: never twice in a run */
export function popCall(ordinal: number, { number, extension }: { number: string; extension: string }): PopCall & { linkedid: string } {
  const seconds = Math.floor(Date.now() / 1000);
  const linkedid = `${seconds}.${ordinal * 2}`;
  const hex = (n: number) => n.toString(16).padStart(8, '0');
  const stamp = (Date.now() / 1000).toFixed(6);
  const cast = (block: string) =>
    `${block
      .replaceAll(LINKEDID, linkedid)
      .replaceAll(UNIQUEID, `${seconds}.${ordinal * 2 + 1}`)
      .replace(/PJSIP\/trunk-\w+/g, `PJSIP/trunk-${hex(ordinal * 2)}`)
      .replace(/PJSIP\/201-\w+/g, `PJSIP/201-${hex(ordinal * 2 + 1)}`)
      .replaceAll('79000000001', number)
      .replace(/\b201\b/g, extension)
      .replace(/^Timestamp: .*$/m, `Timestamp: ${stamp}`)}\r\n\r\n`;
  const part = (from: number, to?: number) => BLOCKS.slice(from, to).map(cast).join('');
  return { linkedid, arrives: part(0, RINGS), rings: part(RINGS, ENDS), ends: part(ENDS) };
}
