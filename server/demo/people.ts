import type { Role, User } from '../users/contract.ts';

/** Whoever signs in to the demo signs in with this. There are no such users outside it. */
export const DEMO_PASSWORD = 'allo-demo';

export interface DemoPerson {
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly department: 'support' | 'sales' | null;
  readonly language: User['language'];
  readonly extension: string | null;
  /** Queues entered at the start of a shift. */
  readonly queues: readonly ('support' | 'sales')[];
  /** Hours of the shift by Moscow time; over midnight when the end is the smaller. */
  readonly hours: readonly [number, number];
}

const operator = (
  login: string,
  name: string,
  language: User['language'],
  extension: string,
  queues: DemoPerson['queues'],
  hours: DemoPerson['hours'],
): DemoPerson => ({ login, name, role: 'operator', department: queues[0]!, language, extension, queues, hours });

/** Not in a queue; a supervisor's phone is rung to listen in. */
const desk = { extension: null, queues: [], hours: [9, 18] } as const;

export const DEPARTMENTS = { support: 'Поддержка', sales: 'Продажи' } as const;

export const PEOPLE: readonly DemoPerson[] = [
  operator('anna', 'Анна Смирнова', 'ru', '101', ['support'], [8, 17]),
  operator('boris', 'Борис Ковалёв', 'ru', '102', ['support'], [9, 18]),
  operator('vera', 'Вера Соколова', 'ru', '103', ['support', 'sales'], [11, 20]),
  operator('grigory', 'Григорий Морозов', 'ru', '104', ['support'], [13, 22]),
  operator('diana', 'Diana Walker', 'en', '105', ['support'], [21, 8]),
  operator('emma', 'Emma Clarke', 'en', '106', ['sales'], [9, 18]),
  operator('frank', 'Frank Miller', 'en', '107', ['sales', 'support'], [10, 19]),
  operator('zoya', 'Зоя Орлова', 'ru', '108', ['sales'], [12, 21]),
  { login: 'irina', name: 'Ирина Волкова', role: 'supervisor', department: 'support', language: 'ru', ...desk, extension: '109' },
  { login: 'kevin', name: 'Kevin Hughes', role: 'supervisor', department: 'sales', language: 'en', ...desk, extension: '110' },
  { login: 'olga', name: 'Ольга Крылова', role: 'complaints', department: 'support', language: 'ru', ...desk },
  { login: 'admin', name: 'Администратор', role: 'administrator', department: null, language: 'ru', ...desk },
];
