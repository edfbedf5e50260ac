const MAX_NAME = 80;
const MAX_NUMBER = 40;

/** Control characters, and those that turn the direction of the text around them. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/g;

const HALF_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** By code points, so that no emoji is split. */
const cut = (text: string, max: number) => {
  const points = Array.from(text.replace(HALF_PAIR, '\ufffd'));
  return points.length <= max ? points.join('') : points.slice(0, max - 1).join('') + '…';
};

const oneLine = (text: string, max: number) => cut(text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim(), max);

/** SIP.js takes the quotes off a quoted string, and leaves the backslashes in. */
export const unescaped = (quoted: string | undefined): string => (quoted ?? '').replace(/\\([^])/g, '$1');

/** A display name or a number as a peer sent them, fit to be shown as text. */
export const shownName = (raw: string | undefined): string => oneLine(raw ?? '', MAX_NAME);

export function shownNumber(raw: string | undefined): string {
  let text = raw ?? '';
  try {
    text = decodeURIComponent(text);
  } catch {
    // A stray % is no escape: the text is shown as it came.
  }
  return oneLine(text, MAX_NUMBER);
}

const MAX_ANSWER_AFTER = 30;

/** Seconds after which a phone is asked to answer by itself: `answer-after` of Call-Info or Alert-Info, or Alert-Info's `info=alert-autoanswer`. */
export function answerAfter(callInfo: string | undefined, alertInfo: string | undefined): number | null {
  const after = /;\s*answer-after\s*=\s*(\d{1,4})(?!\d)/i.exec(`${callInfo ?? ''} ${alertInfo ?? ''}`)?.[1];
  if (after !== undefined) return Math.min(Number(after), MAX_ANSWER_AFTER);
  return /;\s*info\s*=\s*"?(alert-autoanswer|auto-?answer)\b/i.test(alertInfo ?? '') ? 0 : null;
}

/** A Linkedid (`1732350000.17`, or with the system's name before it); anything else is no Linkedid of Asterisk's. */
export const linkedId = (header: string | undefined): string | null =>
  header !== undefined && /^[\w.:-]{1,150}$/.test(header.trim()) ? header.trim() : null;
