import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Reason } from '../../server/duplicates/contract.ts';
import '../ui/allo-badge.ts';
import { t } from './strings.ts';

/** What two cards have in common. */
export const reasonBadges = (reasons: readonly Reason[]): TemplateResult[] =>
  reasons.map((reason) => html`<allo-badge>${t().reasons[reason]}</allo-badge>`);

/** Where two cards stand side by side. */
export const mergePath = (one: number, other: number): string => `/clients/merge?one=${one}&other=${other}`;
