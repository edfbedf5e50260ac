import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { serverNow } from '../core/time.ts';
import '../ui/allo-badge.ts';
import { moment } from '../core/format.ts';
import { t } from './strings.ts';

const HOUR_MS = 3_600_000;

/** "2 d 3 h", "3 h 10 min", "7 min". */
export const span = (ms: number): string => {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return t().days(Math.floor(hours / 24), hours % 24);
  return hours > 0 ? t().hours(hours, minutes % 60) : t().minutes(minutes);
};

/** What is left by the wall clock: in words, the colour says nothing beyond them. */
export const timeLeft = (dueAt: number | null): TemplateResult => {
  if (dueAt === null) return html`<allo-badge>${t().noClock}</allo-badge>`;
  const left = dueAt - serverNow();
  const tone = left < 0 ? 'danger' : left < HOUR_MS ? 'warning' : 'neutral';
  return html`<allo-badge tone=${tone} title=${moment(dueAt)}>${left < 0 ? t().over(span(-left)) : t().left(span(left))}</allo-badge>`;
};
