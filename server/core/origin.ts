import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { AppError } from './errors.ts';

/**
 * Did a page of ours send this? Every browser says Origin on a WebSocket and on a request that changes something, and no script can forge it.
 * A host name that is not PUBLIC_URL's will do when it is the one the request was sent to: the cookie belongs to that name as well. Where there is
 * TLS, a page that came without it may be of whoever sits in between.
 */
export const isOwnOrigin = (req: IncomingMessage, publicUrl: string): boolean => {
  const origin = req.headers.origin;
  if (origin === undefined) return false;
  const ours = new URL(publicUrl);
  if (origin === ours.origin) return true;
  if (!URL.canParse(origin)) return false;
  const { host, protocol } = new URL(origin);
  return host !== '' && host === req.headers.host && (protocol === 'https:' || ours.protocol === 'http:');
};

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Against forged requests from other sites, beside the SameSite cookie. Programs, which send neither header, hold no cookie by accident. */
export const refuseForeignOrigin =
  (publicUrl: string): RequestHandler =>
  (req, _res, next) => {
    if (SAFE.has(req.method)) return next();
    const site = req.headers['sec-fetch-site'];
    const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
    const foreignOrigin = req.headers.origin !== undefined && !isOwnOrigin(req, publicUrl);
    if (foreignSite || foreignOrigin) throw new AppError('forbidden', 'the request comes from another site');
    next();
  };
