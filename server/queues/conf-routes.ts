import type { Deps } from '../deps.ts';
import type { PbxConfig } from '../config.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { ConfWritten, PbxQuery, QueuesConf } from './contract.ts';
import { queuesConf } from './conf.ts';
import { whatStands, writeConf } from './file.ts';
import { queuePolicy } from './policy.ts';
import { listQueues } from './queries.ts';

/** For those who let Allo own the queues: the text of queues.conf, to look at, to save, to be written and read anew by Asterisk. */
export const confRoutes = (deps: Pick<Deps, 'db' | 'config' | 'audit' | 'pbx'>): Route[] => {
  const pbxOf = (name: string): PbxConfig => {
    const found = deps.config.pbxs.find((pbx) => pbx.name === name);
    if (!found) throw new AppError('not_found', 'no such PBX');
    return found;
  };
  const textOf = async (pbx: string) => queuesConf((await listQueues(deps.db)).filter((queue) => queue.pbx === pbx));
  return [
    route({
      method: 'get',
      path: '/queues/conf',
      summary: 'The queues of a PBX as its queues.conf would have them, and what stands there',
      query: PbxQuery,
      reply: QueuesConf,
      can: queuePolicy.edit,
      async handle({ query }) {
        const { name, queuesFile: file } = pbxOf(query.pbx);
        const text = await textOf(name);
        return { text, file, stands: file === null ? null : await whatStands(file, text) };
      },
    }),
    route({
      method: 'get',
      path: '/queues/conf/file',
      summary: 'The same as a file',
      query: PbxQuery,
      media: 'text/plain; charset=utf-8',
      can: queuePolicy.edit,
      async handle({ query, res }) {
        const { name } = pbxOf(query.pbx);
        res
          .set('Content-Disposition', 'attachment; filename="queues_allo.conf"')
          .type('text/plain')
          .send(await textOf(name));
      },
    }),
    route({
      method: 'post',
      path: '/queues/conf',
      summary: 'Writes it where the administrator allowed, and lets Asterisk read it',
      body: PbxQuery,
      reply: ConfWritten,
      can: queuePolicy.edit,
      async handle({ body, actor }) {
        const { name, queuesFile: file } = pbxOf(body.pbx);
        if (file === null) throw new AppError('conflict', 'PBX has no ?queues= for it', { reason: 'no_file' });
        const queues = (await listQueues(deps.db)).filter((queue) => queue.pbx === name);
        await writeConf(file, queuesConf(queues));
        await deps.audit(deps.db, { actorId: actor.id, what: 'queues.written', details: { pbx: name, file } });
        try {
          await deps.pbx(name).queueReload({ queues: queues.map((queue) => queue.name) });
          return { file, reloaded: true };
        } catch (err) {
          if (!(err instanceof AppError)) throw err;
          return { file, reloaded: false }; // it stands there: Asterisk reads it at the next reload
        }
      },
    }),
  ];
};
