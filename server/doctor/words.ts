import { english } from './words-en.ts';
import { russian } from './words-ru.ts';

export type Language = 'ru' | 'en';

/** What was looked at, and why it matters that it is not as it should be; {name} is a parameter of the finding. */
export type Sayings = Readonly<Record<CheckId, readonly [title: string, why: string]>>;

export interface Phrases {
  readonly levels: Readonly<Record<'ok' | 'warning' | 'error', string>>;
  readonly places: Readonly<Record<'program' | 'database', string>>;
  readonly remove: string;
  readonly add: string;
  readonly run: string;
  readonly then: string;
  readonly total: string;
  readonly checks: Sayings;
}

export const phrases = (language: Language): Phrases => (language === 'ru' ? russian : english);

/** What is looked at. */
export type CheckId =
  | 'connection'
  | 'version'
  | 'clock'
  | 'system-name'
  | 'rights'
  | 'rights-excess'
  | 'filter-narrow'
  | 'filter-noise'
  | 'timestamps'
  | 'write-timeout'
  | 'open-to-all'
  | 'secret-ami'
  | 'modules-calls'
  | 'modules-phone'
  | 'modules-recording'
  | 'modules-orders'
  | 'http'
  | 'dialplan-header'
  | 'dialplan-originate'
  | 'dialplan-queue'
  | 'dialplan-queue-end'
  | 'queue-autofill'
  | 'queue-lastcall'
  | 'queue-ringinuse'
  | 'queue-wrapup'
  | 'queue-context'
  | 'queue-call-back'
  | 'phones-missing'
  | 'phones-password'
  | 'phones-webrtc'
  | 'phones-contacts'
  | 'phones-secret'
  | 'identifier-order'
  | 'cel'
  | 'cel-events'
  | 'cel-format'
  | 'cel-file'
  | 'cel-folder'
  | 'queue-log'
  | 'queue-log-file'
  | 'spool'
  | 'spool-unset'
  | 'recordings'
  | 'recordings-kept'
  | 'database'
  | 'database-version'
  | 'database-charset'
  | 'database-session'
  | 'database-packet'
  | 'database-password'
  | 'migrations'
  | 'migrations-newer'
  | 'node'
  | 'secrets'
  | 'public-url'
  | 'redis'
  | 'redis-policy';
