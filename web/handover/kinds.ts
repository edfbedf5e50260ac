import type { HeldKind as Kind } from '../../server/handover/contract.ts';

export type HeldKind = Kind;
/** In the order in which they are shown. */
export const HeldKind: readonly Kind[] = [
  'clients',
  'tasks',
  'meetings',
  'missed',
  'complaints',
  'campaign_contacts',
  'campaigns',
  'segments',
];
