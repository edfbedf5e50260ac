import type { Deps } from '../deps.ts';
import type { Actor } from '../core/authorize.ts';
import { role, signedIn } from '../core/authorize.ts';
import { AppError } from '../core/errors.ts';
import { route } from '../core/http.ts';
import type { Route } from '../core/http.ts';
import { IdParam } from '../users/contract.ts';
import { Waveform } from './contract.ts';
import { createListenings, sendSound } from './listening.ts';
import { recordingPolicy } from './policy.ts';
import { recordings } from './queries.ts';
import type { RecordingRow } from './queries.ts';
import type { RecordingStore } from './store.ts';

/** /api/recordings: the sound and its outline. They are begun and ended by the orders of /api/calls. */
export const recordingRoutes = (deps: Deps, store: RecordingStore): Route[] => {
  const listened = createListenings(deps);

  const load = async (actor: Actor, id: number): Promise<RecordingRow> => {
    const row = await recordings(deps.db).where('id', id).first();
    if (!row) throw new AppError('not_found', 'no such recording');
    if (!recordingPolicy.hear(actor, await deps.talkedIn(actor.id, row.pbx, row.linkedid)))
      throw new AppError('forbidden', `${actor.role}: recording of another operator's call`);
    return row;
  };
  const ready = async (actor: Actor, id: number): Promise<RecordingRow> => {
    const row = await load(actor, id);
    if (row.state === 'expired' || row.state === 'missing') throw new AppError('not_found', 'there is no file', { reason: row.state });
    if (row.state !== 'ready') throw new AppError('conflict', 'the recording is not finished', { reason: 'not_ready' });
    return row;
  };

  return [
    route({
      method: 'get',
      path: '/recordings/:id/waveform',
      summary: 'The outline of a recording',
      params: IdParam,
      reply: Waveform,
      can: signedIn,
      async handle({ params, actor }) {
        const row = await ready(actor, params.id);
        return { peaks: JSON.parse(row.peaks ?? '[]') as number[], durationMs: row.duration_ms ?? 0 };
      },
    }),
    route({
      method: 'get',
      path: '/recordings/:id/audio',
      summary: 'The sound, WAV; HTTP ranges are answered',
      params: IdParam,
      media: 'audio/wav',
      can: signedIn,
      async handle({ params, actor, req, res }) {
        const row = await ready(actor, params.id);
        await listened(actor, row, 'recording.listened');
        await sendSound(req, res, store, row);
      },
    }),
    route({
      method: 'get',
      path: '/recordings/:id/download',
      summary: 'The sound as a file to keep',
      params: IdParam,
      media: 'audio/wav',
      can: role('supervisor', 'administrator'),
      async handle({ params, actor, req, res }) {
        const row = await ready(actor, params.id);
        await listened(actor, row, 'recording.downloaded');
        res.set('Content-Disposition', `attachment; filename="call-${row.linkedid.replace(/[^\w.-]/g, '_')}-${row.id}.wav"`);
        await sendSound(req, res, store, row);
      },
    }),
  ];
};
