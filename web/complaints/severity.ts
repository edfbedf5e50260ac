import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ComplaintBrief, Severity } from '../../server/complaints/contract.ts';
import { locale } from '../core/i18n.ts';
import '../ui/allo-badge.ts';
import { setup } from './store.ts';

/** How grave complaints are, as the administrator has set it. */
const all = (): readonly Severity[] => setup.get()?.severities ?? [];

/** Its code, where it is not known: the settings are not read yet. */
export const severityWords = (code: string): string => all().find((one) => one.code === code)?.label[locale.get()] ?? code;

/** Those that may be chosen, the least grave first; with the one that is set, though it is used no longer. */
export const severityChoices = (chosen: string | null = null): [code: string, words: string][] =>
  all()
    .filter(({ code, retired }) => !retired || code === chosen)
    .map(({ code, label }) => [code, label[locale.get()]]);

/** The common one goes without saying. */
export const severityBadge = ({ severity }: Pick<ComplaintBrief, 'severity'>): TemplateResult | typeof nothing => {
  const found = all().find(({ code }) => code === severity);
  return !found || severity === 'normal' ? nothing : html`<allo-badge tone=${found.tone}>${found.label[locale.get()]}</allo-badge>`;
};
