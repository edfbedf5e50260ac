import type { PbxReply, PbxStatus } from '../../server/pbx/contract.ts';
import { api } from '../core/api.ts';
import { fetchBeside, onLive, onReset } from '../core/live.ts';
import { createStore } from '../core/store.ts';

/** Of every PBX; empty until it is known. */
export const pbxs = createStore<readonly PbxStatus[]>([]);

const load = async () => {
  try {
    const { reply, told } = await fetchBeside('pbx', () => api.get<PbxReply>('/api/pbx'));
    if (told.length === 0) pbxs.set(reply.items);
  } catch {
    // the live channel's banner already says that the server is out of reach; the next reset asks again
  }
};

/** @returns stop */
export const startPbx = (): (() => void) => {
  const stops = [onLive('pbx', ({ items }) => pbxs.set(items)), onReset(() => void load())];
  return () => stops.forEach((stop) => stop());
};
