import type { Stage, StageList } from '../../server/clients/contract.ts';
import { createStore } from '../core/store.ts';
import { clientsApi } from './api.ts';

/** The stages of a relationship, asked for when a card is opened. */
export const stages = createStore<readonly Stage[]>([]);

export const loadStages = async (): Promise<StageList> => {
  const list = await clientsApi.stages();
  stages.set(list.items);
  return list;
};
