import type { Deps, Feature } from '../deps.ts';
import { recordingJobs } from './jobs.ts';
import { createRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { recordingRoutes } from './router.ts';
import { diskStore } from './store.ts';

export const recordingsFeature = (deps: Deps): Feature & { recorder: () => Recorder } => {
  const store = diskStore(deps.config.pbxs);
  return { routes: recordingRoutes(deps, store), start: recordingJobs(deps, store), recorder: () => createRecorder(deps) };
};
