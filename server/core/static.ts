import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router } from 'express';

/** The built web app. Names of files in assets/ hold a hash of what is in them. */
export const webApp = (dir: string): Router => {
  const index = join(dir, 'index.html');
  const router = Router();
  router.use('/assets', express.static(join(dir, 'assets'), { immutable: true, maxAge: '365d', index: false, fallthrough: false }));
  // Asked anew each time: it says whether there is a newer version.
  router.get('/sw.js', (_req, res, next) => {
    res.set('Cache-Control', 'no-cache');
    next();
  });
  router.use(express.static(dir, { index: false, maxAge: '1h' }));
  router.use((req, res, next) => {
    const page = ['GET', 'HEAD'].includes(req.method) && req.accepts(['html', 'json']) === 'html';
    if (!page) return next();
    res.set('Cache-Control', 'no-cache');
    if (existsSync(index)) res.sendFile(index);
    else res.status(503).type('text').send('The web app is not built: npm run build\n');
  });
  return router;
};
