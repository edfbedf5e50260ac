import type { TimelineEntry } from '../../server/clients/contract.ts';
import { duration } from '../core/format.ts';
import { strengthWords } from '../core/interest-words.ts';
import { formatNumber } from '../core/numbers.ts';
import type { IconName } from '../ui/icons.ts';
import { t } from './strings.ts';

export interface EntryView {
  icon: IconName;
  tone: 'in' | 'out' | 'missed' | 'neutral';
  title: string;
  /** Parts joined by dots; '' when there are none. */
  details: string;
  badge: string | null;
  note: string;
  href: string | null;
  /** There is a recording to listen to. */
  recorded: boolean;
}

const ICONS: Partial<Record<TimelineEntry['kind'], IconName>> = { note: 'note', created: 'plus', interest: 'star' };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const ms = (value: unknown): number => (typeof value === 'number' ? value : 0);

const join = (...parts: string[]) => parts.filter(Boolean).join(' · ');

/** `data` is a record of what was known then, and may be older than this program: whatever is missing is left out. */
export const entryView = (e: TimelineEntry, outcomeWords: (code: string) => string): EntryView => {
  if (e.kind === 'call') return callView(e, outcomeWords);
  if (e.kind === 'complaint') return complaintView(e);
  const fields = Array.isArray(e.data.fields) ? e.data.fields.map((f) => t().fields[String(f)] ?? String(f)).join(', ') : '';
  return {
    icon: e.kind === 'task' ? (e.data.kind === 'call-back' ? 'phone-out' : 'clock') : (ICONS[e.kind] ?? 'pencil'),
    tone: 'neutral',
    title: text(e.data.topic) ? `${t().events[e.kind]}: ${text(e.data.topic)}` : t().events[e.kind],
    details: join(e.user?.name ?? '', fields),
    badge: strengthWords(e.data.strength) || null,
    note: text(e.data.note) || text(e.data.text),
    href: null,
    recorded: false,
  };
};

const complaintView = (e: TimelineEntry): EntryView => ({
  icon: 'warning',
  tone: 'neutral',
  title: t().events.complaint,
  details: join(text(e.data.number), e.user?.name ?? ''),
  badge: null,
  note: text(e.data.subject),
  href: /^\d+$/.test(e.ref) ? `/complaints/${e.ref}` : null,
  recorded: false,
});

const callView = (e: TimelineEntry, outcomeWords: (code: string) => string): EntryView => {
  const { direction, endReason, outcome, queue, number, note } = e.data;
  const talkMs = ms(e.data.talkMs);
  const out = direction === 'out';
  const answered = talkMs > 0 || typeof e.data.answeredAt === 'number' || endReason === 'completed';
  const live = endReason === null || endReason === undefined;
  const missed = !answered && !live;
  const words = t().events;
  return {
    icon: out ? 'phone-out' : missed ? 'phone-missed' : 'phone-in',
    tone: out ? 'out' : missed ? 'missed' : 'in',
    title:
      direction === 'internal'
        ? words.callInternal
        : out
          ? missed
            ? words.callNoAnswer
            : words.callOut
          : missed
            ? words.callMissed
            : words.callIn,
    details: join(
      e.user?.name ?? '',
      talkMs > 0 ? t().talked(duration(talkMs)) : live ? t().inProgress : '',
      ms(e.data.waitMs) >= 1000 ? t().waited(duration(ms(e.data.waitMs))) : '',
      text(queue) ? t().queue(text(queue)) : '',
      text(number) ? formatNumber(text(number)) : '',
    ),
    badge: text(outcome) ? outcomeWords(text(outcome)) : null,
    note: text(note),
    href: e.ref ? `/calls/${encodeURIComponent(e.ref)}` : null,
    recorded: e.data.recorded === true,
  };
};
