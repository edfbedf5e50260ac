import { ActionError } from './facts.ts';

/** What may stand in the values of an order. Each throws ActionError `invalid`. */

export const NUMBER = /^[0-9+*#]{1,32}$/;
/** What may stand in the name of an endpoint or queue without ending it in a dial string. */
export const NAME = /^[A-Za-z0-9_.-]{1,80}$/;
/** A file below a folder of ours. */
export const FILE = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*){0,6}\.wav$/;
/** The context of cti/asterisk/extensions.conf that an operator's calls begin in, and go on in when they are handed over. */
export const ORIGINATE_CONTEXT = 'allo-originate';
/** The context there that people go into whom the dialler has called, and the endpoint by which it calls them. */
export const CAMPAIGN_CONTEXT = 'allo-campaign';
/** The context there for whoever is called back instead of having waited. */
export const CALL_BACK_CONTEXT = 'allo-called-back';
export const TRUNK = 'trunk';
/** The context there in which the keys of an attended transfer are pressed. */
export const ATTENDED_CONTEXT = 'allo-attended';
/** The context there whose extensions are the names of queues. */
export const QUEUE_CONTEXT = 'allo-queue';
/** How long an operator's phone rings for his own order. */
export const ORIGINATE_RING_MS = 30_000;

const UNCLEAN = /[\r\n\0]/;

export function check(what: string, value: string, pattern: RegExp): string {
  if (!pattern.test(value) || !PLAIN.test(value)) throw new ActionError('invalid', `${what}: ${JSON.stringify(value.slice(0, 40))}`);
  return value;
}

/** Whatever pattern an administrator has set for extensions: nothing that means something in a dial string. */
const PLAIN = /^[A-Za-z0-9_.+*#-]+$/;

export function checkText(what: string, value: string): void {
  if (value.length > 200 || UNCLEAN.test(value)) throw new ActionError('invalid', `${what}: line break, NUL or too long`);
}
