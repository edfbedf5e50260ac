import { role } from '../core/authorize.ts';

const leads = role('supervisor', 'manager', 'administrator');
export const diallingPolicy = {
  profiles: leads,
  editProfiles: role('administrator'),
  doNotCall: role('supervisor', 'manager', 'complaints', 'administrator'),
  editDoNotCall: role('supervisor', 'complaints', 'administrator'),
  /** Only here a number comes off: by law it stays until whoever has it says otherwise. */
  removeDoNotCall: role('administrator'),
  evidence: role('supervisor', 'manager', 'complaints', 'administrator'),
} as const;
