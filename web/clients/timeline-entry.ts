import type { TimelineEntry } from '../../server/clients/contract.ts';
import { duration } from '../core/format.ts';
import { strengthWords } from '../core/interest-words.ts';
import { formatNumber } from '../core/numbers.ts';
import type { IconName } from '../ui/icons.ts';
import { locale } from '../core/i18n.ts';
import { c } from './card-strings.ts';
import { stages } from './stages.ts';
import { t } from './strings.ts';
import { fieldDefs, labelOf } from './typed.ts';

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

const ICONS: Partial<Record<TimelineEntry['kind'], IconName>> = { note: 'note', created: 'plus', interest: 'star', file: 'download' };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const ms = (value: unknown): number => (typeof value === 'number' ? value : 0);

const join = (...parts: string[]) => parts.filter(Boolean).join(' · ');

/** `data` is a record of what was known then, and may be older than this program: whatever is missing is left out. */
export const entryView = (e: TimelineEntry, outcomeWords: (code: string) => string): EntryView => {
  if (e.kind === 'call') return callView(e, outcomeWords);
  if (e.kind === 'complaint') return complaintView(e);
  if (e.kind === 'meeting') return meetingView(e);
  if (e.kind === 'stage') return stageView(e);
  if (e.kind === 'merge')
    return { ...plainView(e), icon: 'people', title: e.data.undone ? t().events.parted : t().events.merge, note: text(e.data.name) };
  if (e.kind === 'relation')
    return { ...plainView(e), icon: 'link', details: join(e.user?.name ?? '', c().kindOf[text(e.data.kind)]?.[0] ?? '') };
  const fields = Array.isArray(e.data.fields) ? e.data.fields.map((f) => t().fields[String(f)] ?? fieldWords(String(f))).join(', ') : '';
  return {
    icon: e.kind === 'task' ? (e.data.kind === 'call-back' ? 'phone-out' : 'clock') : (ICONS[e.kind] ?? 'pencil'),
    tone: 'neutral',
    title: text(e.data.topic) ? `${t().events[e.kind]}: ${text(e.data.topic)}` : t().events[e.kind],
    details: join(e.user?.name ?? '', fields),
    badge: strengthWords(e.data.strength) || null,
    note: text(e.data.note) || text(e.data.text) || text(e.data.name) || changesText(e.data.changes),
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

const meetingView = (e: TimelineEntry): EntryView => ({
  ...plainView(e),
  icon: 'people',
  title: e.data.cancelled === true ? t().events.meetingCancelled : t().events.meeting,
  note: [text(e.data.text), text(e.data.note)].filter(Boolean).join('\n'),
  href: typeof e.data.startsAt === 'number' ? `/meetings?at=${e.data.startsAt}` : null,
});

const plainView = (e: TimelineEntry): EntryView => ({
  icon: 'pencil',
  tone: 'neutral',
  title: t().events[e.kind as keyof ReturnType<typeof t>['events']] ?? e.kind,
  details: e.user?.name ?? '',
  badge: null,
  note: '',
  href: null,
  recorded: false,
});

/** An administrator's own stages have no words here: the card shows where the client stands now. */
const stageView = (e: TimelineEntry): EntryView => ({
  ...plainView(e),
  icon: 'transfer',
  details: join(e.user?.name ?? '', text(e.data.rule), text(e.data.rule) ? '' : text(e.data.reason)),
  badge: `${stageWords(text(e.data.from))} → ${stageWords(text(e.data.to))}`,
});
const stageWords = (code: string) => stages.get().find((s) => s.code === code)?.label[locale.get()] ?? code;

const fieldWords = (key: string): string => {
  const def = fieldDefs.get().find((each) => each.key === key);
  return def ? labelOf(def).toLowerCase() : key;
};

/** "tax number: 123 → 456", a line for each; of what has no plain words only its name stands above. */
const changesText = (changes: unknown): string => {
  if (!Array.isArray(changes)) return '';
  const plain = (value: unknown): string | null =>
    value === null ? '—' : typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  return (changes as { field?: unknown; before?: unknown; after?: unknown }[])
    .flatMap(({ field, before, after }) => {
      const [b, a] = [plain(before ?? null), plain(after ?? null)];
      if (b === null || a === null || ['owner', 'archivedAt'].includes(String(field))) return [];
      const def = fieldDefs.get().find((each) => each.key === field);
      const option = (code: string) => def?.settings.options?.find((o) => o.code === code)?.label[locale.get()] ?? code;
      return [`${t().fields[String(field)] ?? fieldWords(String(field))}: ${option(b) || '—'} → ${option(a) || '—'}`];
    })
    .join('\n');
};

const callView = (e: TimelineEntry, outcomeWords: (code: string) => string): EntryView => {
  const { direction, endReason, outcome, queue, number, note } = e.data;
  // asked to be called back instead of waiting, and was
  const back = e.data.callBack as { attempts: number; answeredAt: number | null; talkMs: number } | undefined;
  const talkMs = ms(e.data.talkMs) + ms(back?.talkMs);
  const out = direction === 'out';
  const answered = talkMs > 0 || typeof e.data.answeredAt === 'number' || typeof back?.answeredAt === 'number' || endReason === 'completed';
  const live = endReason === null || endReason === undefined;
  const missed = !answered && !live && !back;
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
            : back && !answered
              ? words.callAsked
              : words.callIn,
    details: join(
      e.user?.name ?? '',
      talkMs > 0 ? t().talked(duration(talkMs)) : live ? t().inProgress : '',
      ms(e.data.waitMs) >= 1000 ? t().waited(duration(ms(e.data.waitMs))) : '',
      back && back.attempts > 0 ? t().askedBack(back.attempts) : '',
      text(queue) ? t().queue(text(queue)) : '',
      text(number) ? formatNumber(text(number)) : '',
    ),
    badge: text(outcome) ? outcomeWords(text(outcome)) : null,
    note: text(note),
    href: e.ref ? `/calls/${encodeURIComponent(e.ref)}` : null,
    recorded: e.data.recorded === true,
  };
};
