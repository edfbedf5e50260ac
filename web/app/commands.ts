import { keysOf } from '../core/chords.ts';
import type { KeyAction } from '../core/chords.ts';
import type { Locale } from '../core/i18n.ts';
import type { Theme } from '../core/look.ts';
import { navigate } from '../core/router.ts';
import type { Command } from '../search/command.ts';
import type { IconName } from '../ui/icons.ts';
import type { PhonePanel } from './allo-phone-panel.ts';
import { t } from './strings.ts';

interface Hands {
  phone: () => PhonePanel;
  /** Null: without a telephone. */
  onShift: boolean | null;
  task: () => void;
  complain: () => void;
  help: () => void;
  look: (look: { language?: Locale; theme?: Theme }) => void;
  signOut: () => void;
}

/** What the search box can do; found in both languages. */
export const commandsOf = (on: Hands): Command[] => {
  const command = (id: keyof ReturnType<typeof t>['also'], icon: IconName, label: string, run: () => void, key?: KeyAction): Command => ({
    id,
    icon,
    label,
    also: [t.dict.en, t.dict.ru].map(({ also }) => also[id]).join(' '),
    run,
    ...(key && { keys: keysOf(key).join(' ') }),
  });
  const go = (path: string) => () => navigate(path);
  const shift = () => void on.phone().toggleShift();
  return [
    command('home', 'home', t().workspace, go('/'), 'home'),
    command('clients', 'people', t().clients, go('/clients'), 'clients'),
    command('schedules', 'clock', t().schedules, go('/schedules')),
    command('calls', 'phone', t().calls, go('/calls'), 'calls'),
    command('create', 'plus', t().keys.create, go('/clients/new'), 'create'),
    command('complaints', 'warning', t().complaints, go('/complaints'), 'complaints'),
    command('complain', 'plus', t().keys.complain, on.complain, 'complain'),
    command('task', 'plus', t().keys.task, on.task, 'task'),
    ...(on.onShift === null ? [] : [command('shift', 'phone', on.onShift ? t().endShift : t().startShift, shift)]),
    command('light', 'info', t().lightTheme, () => on.look({ theme: 'light' })),
    command('dark', 'info', t().darkTheme, () => on.look({ theme: 'dark' })),
    command('auto', 'info', t().autoTheme, () => on.look({ theme: 'auto' })),
    command('ru', 'info', t().russian, () => on.look({ language: 'ru' })),
    command('en', 'info', t().english, () => on.look({ language: 'en' })),
    command('help', 'info', t().help, on.help, 'help'),
    command('out', 'back', t().signOut, on.signOut),
  ];
};
