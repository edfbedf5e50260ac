import { startLook } from './core/look.ts';
import { startRouter } from './core/router.ts';
import { keepShell } from './core/updates.ts';
import './app/allo-app.ts';

startLook();
startRouter();
// Without it (a private window, a page without TLS) Allo works as before.
if (import.meta.env.PROD) addEventListener('load', () => void keepShell().catch(() => {}));
