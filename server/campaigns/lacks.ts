import { AUTOMATIC, DialMode } from '../dialling/contract.ts';
import type { Profile, Purpose } from '../dialling/contract.ts';
import type { Lack, Script } from './contract.ts';
import { lostQuotas } from './quotas.ts';
import { settingsOf } from './rows.ts';
import type { CampaignRow } from './rows.ts';

/** The modes that a profile leaves to a purpose. Pure. */
export const modesOf = (profile: Profile | null, purpose: Purpose): DialMode[] =>
  DialMode.options.filter((mode) => !profile?.rules.humanOnlyFor.includes(purpose) || !AUTOMATIC.includes(mode));

/** Of these a campaign may lack one and still run. */
export const ONLY_ADVICE: readonly Lack[] = ['operators', 'script'];

/** What is missing before it can run. Pure. */
export const lacksOf = (
  campaign: CampaignRow,
  facts: { profile: Profile | null; queueKnown: boolean; operators: number; contacts: number; script: Script | null; now: number },
): Lack[] => {
  const { label, contract, message, endsAt, quotas } = settingsOf(campaign);
  const labelled = campaign.profile === 'RU';
  const automatic = AUTOMATIC.includes(campaign.mode);
  const found: [Lack, boolean][] = [
    ['profile', facts.profile === null],
    ['queue', !facts.queueKnown],
    ['mode-forbidden', !modesOf(facts.profile, campaign.purpose).includes(campaign.mode)],
    ['contacts', facts.contacts === 0],
    ['label', labelled && label === ''],
    ['contract', labelled && contract === ''],
    ['message', automatic && message === ''],
    ['over', endsAt !== null && endsAt <= facts.now],
    ['operators', facts.operators === 0],
    ['quota', lostQuotas(quotas, facts.script).length > 0],
    ['script', facts.script === null],
  ];
  return found.flatMap(([lack, lacks]) => (lacks ? [lack] : []));
};
