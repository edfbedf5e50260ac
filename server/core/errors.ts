import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';

const STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  too_many: 429,
  pbx_refused: 502,
  unavailable: 503,
  pbx_unavailable: 503,
  pbx_timeout: 504,
} as const;

export type ErrorCode = keyof typeof STATUS;

/** Every code that an answer may hold; `internal` is a bug, and its id stands in the log. */
export const ERROR_CODES = [...(Object.keys(STATUS) as ErrorCode[]), 'internal'] as const;

/** An expected failure. `message` is English, for the log; the client shows its own text for `code`; `data` goes to the client. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly data: Record<string, unknown>;
  constructor(code: ErrorCode, message: string, data: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.data = data;
  }
}

const REFUSED: Readonly<Record<number, ErrorCode>> = { 404: 'not_found', 413: 'too_large' };

/** What the frameworks below us say of a request they refused (malformed JSON, oversized body, bad escape, no such file). */
const refused = (thrown: unknown): AppError | null => {
  const status = (thrown as { status?: number }).status ?? 0;
  if (status < 400 || status >= 500) return null;
  return new AppError(REFUSED[status] ?? 'invalid', (thrown as Error).message);
};

/** Last middleware. Express tells an error handler by its four parameters, so `_next` stays. */
export const errorHandler =
  (log: Logger): ErrorRequestHandler =>
  (thrown: unknown, req, res, _next) => {
    const err = thrown instanceof AppError ? thrown : (refused(thrown) ?? thrown);
    if (err instanceof AppError && typeof err.data.retryAfterSeconds === 'number')
      res.set('Retry-After', String(err.data.retryAfterSeconds));
    if (err instanceof AppError) return void res.status(STATUS[err.code]).json({ error: { code: err.code, data: err.data } });
    if (res.headersSent) return void res.destroy(); // half an answer: cut it, so that nobody takes it for a whole one
    const id = randomUUID(); // the same id in the answer and in the log
    log.error({ err, id, method: req.method, path: req.route?.path ?? 'unmatched' }, 'unexpected error');
    res.status(500).json({ error: { code: 'internal', data: { id } } });
  };
