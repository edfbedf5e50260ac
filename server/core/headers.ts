import helmet from 'helmet';
import type { RequestHandler } from 'express';

/** No inline script, no foreign origin. Styles: Lit's are constructed sheets, but a `style` attribute in a template is inline. */
export const securityHeaders = (publicUrl: string): RequestHandler[] => {
  const { host, protocol } = new URL(publicUrl);
  const tls = protocol === 'https:';
  const nobody = ["'none'"];
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          mediaSrc: ["'self'", 'data:', 'blob:'],
          fontSrc: ["'self'", 'data:'],
          workerSrc: ["'self'", 'blob:'],
          connectSrc: ["'self'", `${tls ? 'wss' : 'ws'}://${host}`], // older Safari does not count ws among 'self'
          objectSrc: nobody,
          baseUri: nobody,
          formAction: ["'self'"],
          frameAncestors: nobody,
        },
      },
      strictTransportSecurity: tls ? { maxAge: 31_536_000 } : false,
      crossOriginEmbedderPolicy: false,
      referrerPolicy: { policy: 'no-referrer' },
    }),
    (_req, res, next) => {
      res.set('Permissions-Policy', 'microphone=(self), camera=(), geolocation=()');
      next();
    },
  ];
};
