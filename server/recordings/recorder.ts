import type { Fact } from '../../cti/index.ts';
import type { Deps } from '../deps.ts';
import { moveRecordings, recordings } from './queries.ts';
import { endRecordings, isRecordedAlready, startRecording } from './service.ts';
import type { RecordDeps } from './service.ts';

export interface Recorder {
  hear(fact: Fact): void;
  close(): Promise<void>;
}

/** What the rule of a campaign, else of the queue, says of their calls is done here, in the process of the bridge: a recording begins with the first talk. */
export const createRecorder = (deps: RecordDeps & Pick<Deps, 'queueRule'>): Recorder => {
  /** Calls that need no second look: recorded, or not to be. */
  const settled = new Set<string>();
  let last: Promise<void> = Promise.resolve();

  const begin = async (fact: Extract<Fact, { readonly segment: unknown }>) => {
    const queue = fact.segment.queue ?? fact.call.queue;
    const { pbx, key } = fact;
    const campaign = await deps.campaignRecording.ofCall({ pbx, linkedid: key });
    const record = campaign?.record ?? (queue === null ? null : (await deps.queueRule(pbx, queue))?.record);
    if (record !== 'all') return;
    if (await recordings(deps.db).where({ pbx, linkedid: key }).first('id')) return;
    await startRecording(deps, { pbx, linkedid: key, queue, startedAt: fact.call.startedAt }, null).catch((err: unknown) => {
      if (!isRecordedAlready(err)) throw err;
    });
  };

  const heed = async (fact: Fact): Promise<void> => {
    switch (fact.kind) {
      case 'segment.started':
        if (fact.segment.kind === 'talk') await begin(fact);
        return;
      case 'call.merged':
        return moveRecordings(deps.db, { pbx: fact.pbx, linkedid: fact.merged }, fact.key);
      case 'call.ended':
        return endRecordings(deps, { pbx: fact.pbx, linkedid: fact.key }, fact.at);
      case 'pbx.synced': {
        const open = await recordings(deps.db).where({ pbx: fact.pbx }).whereIn('state', ['recording', 'paused']).select('linkedid');
        for (const { linkedid } of open) if (!fact.live.includes(linkedid)) await endRecordings(deps, { pbx: fact.pbx, linkedid }, fact.at);
      }
    }
  };

  const concerns = (fact: Fact): boolean => {
    if (fact.kind === 'pbx.synced') {
      const live = new Set(fact.live.map((key) => `${fact.pbx}:${key}`));
      for (const ref of settled) if (ref.startsWith(`${fact.pbx}:`) && !live.has(ref)) settled.delete(ref);
      return true;
    }
    if (fact.kind === 'call.merged') return settled.delete(`${fact.pbx}:${fact.merged}`) || true;
    if (!('call' in fact)) return false;
    const ref = `${fact.pbx}:${fact.key}`;
    if (fact.kind === 'call.ended') return settled.delete(ref) || true;
    if (fact.kind !== 'segment.started' || fact.segment.kind !== 'talk' || settled.has(ref)) return false;
    settled.add(ref);
    return true;
  };

  return {
    hear(fact) {
      if (!concerns(fact)) return;
      // one after the other: an end must not overtake its beginning
      last = last
        .then(() => heed(fact))
        .catch((err: unknown) => deps.log.error({ err, fact: fact.kind }, 'recordings: a fact was not heeded'));
    },
    close: () => last,
  };
};
