import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

const SECRET = /pass|secret|token|cookie|authorization|sealed|session_?id|sessionid/i;
const PERSONAL = /^(number|phone|raw|e164|caller|callerName|fromName|from|to|digits|email|address|login|name|note|text|q|query)$/;

/** Seven digits and more in a row are somebody's number; a Linkedid (1700000000.12), a UUID and a PBX:LINKEDID are not. */
const NUMBER = /(?<![\w.:-])\+?\d[\d ()-]{5,16}\d(?![\w.-])/g;

const scrub = (text: string): string => text.replace(NUMBER, (found) => (found.replace(/\D/g, '').length >= 7 ? '[number]' : found));

/** Strings without numbers, fields without secrets. Depth and width are bounded: a log line is no dump. */
const clean = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return scrub(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 5) return '[deep]';
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    const fields = Object.fromEntries(Object.entries(value).filter(([key]) => ['code', 'status', 'syscall'].includes(key)));
    return { ...fields, name, message: scrub(message), stack: stack && scrub(stack), ...(cause ? { cause: clean(cause, depth + 1) } : {}) };
  }
  if (Array.isArray(value)) return value.slice(0, 50).map((each) => clean(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (SECRET.test(key)) return [key, '[secret]'];
      return [key, PERSONAL.test(key) && typeof each === 'string' && each !== '' ? '[personal]' : clean(each, depth + 1)];
    }),
  );
};

/** JSON lines on stdout. No secret, number or name of a client gets into them, whoever logs. */
export const createLog = (level: string, to?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (err: unknown) => err },
      formatters: { level: (label) => ({ level: label }), log: (fields) => clean(fields) as Record<string, unknown> },
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map((arg: unknown) => (typeof arg === 'string' ? scrub(arg) : arg)) as typeof args);
        },
      },
    },
    to ?? pino.destination({ fd: 1, sync: true }),
  );
