import { startLook } from './core/look.ts';
import { startRouter } from './core/router.ts';
import './app/allo-app.ts';

startLook();
startRouter();
