import type { Deps, Feature } from '../deps.ts';
import { signedIn } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';

/** Asked on the bus: the process that runs the simulator answers. */
export const CALL_ME = 'demo.call-me';

/** Only where the simulated PBX runs: a client calls whoever asks for it. */
export const demoFeature = (deps: Pick<Deps, 'bus' | 'directory'>, pbx: string): Feature => ({
  routes: [
    route({
      method: 'post',
      path: '/demo/call-me',
      summary: 'A simulated client calls my extension now',
      can: signedIn,
      async handle({ actor }) {
        const phone = await deps.directory.extensionOf(actor.id);
        if (phone?.pbx !== pbx) throw new AppError('conflict', 'no extension of the simulated PBX', { reason: 'no_extension' });
        await deps.bus.ask(CALL_ME, { extension: phone.extension }, 5_000);
      },
    }),
  ],
});
