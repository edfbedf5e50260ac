import type { DryRun, Import } from '../../server/imports/contract.ts';
import type { AlloBadge } from '../ui/allo-badge.ts';

export const TONES: Record<Import['state'], AlloBadge['tone']> = {
  ready: 'neutral',
  running: 'info',
  stopped: 'warning',
  done: 'success',
  failed: 'danger',
  undone: 'neutral',
};

export const OUTCOME_TONES: Record<DryRun['lines'][number]['outcome'], AlloBadge['tone']> = {
  made: 'success',
  changed: 'info',
  skipped: 'neutral',
  rejected: 'danger',
};
