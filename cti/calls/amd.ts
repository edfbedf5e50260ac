import type { Amd } from '../facts.ts';

const VERDICTS: Readonly<Record<string, Amd>> = { HUMAN: 'human', MACHINE: 'machine', NOTSURE: 'notsure' };

/** AMDSTATUS as Asterisk's app_amd sets it; null for HANGUP (nobody was left to be judged) and whatever else. */
export const amdOf = (status: string): Amd | null => VERDICTS[status] ?? null;
