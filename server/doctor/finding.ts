import type { CheckId } from './words.ts';

export type Level = 'ok' | 'warning' | 'error';

/** Lines to take out of and to add to a file of Asterisk's (`section` null: the file has none), or commands to run (`file` null). */
export interface Fix {
  readonly file: string | null;
  readonly section: string | null;
  readonly remove: readonly string[];
  readonly add: readonly string[];
  /** What makes it take effect. */
  readonly then: string | null;
}

export interface Finding {
  readonly check: CheckId;
  readonly level: Level;
  /** For the sentence that says why. */
  readonly params: Readonly<Record<string, string>>;
  readonly fixes: readonly Fix[];
}

/** What is found at one place: a PBX, the database, this program. */
export interface Ward {
  readonly name: string;
  readonly findings: readonly Finding[];
}

export const ok = (check: CheckId): Finding => ({ check, level: 'ok', params: {}, fixes: [] });

interface Wrong {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly fix?: Fix | readonly Fix[];
}

const wrong =
  (level: Level) =>
  (check: CheckId, { params = {}, fix = [] }: Wrong = {}): Finding => ({
    check,
    level,
    params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)])),
    fixes: Array.isArray(fix) ? (fix as readonly Fix[]) : [fix as Fix],
  });

export const warning = wrong('warning');
export const error = wrong('error');

interface Edit {
  readonly remove?: readonly string[];
  readonly add?: readonly string[];
  readonly then?: string | null;
}

export const edit = (file: string, section: string | null, { remove = [], add = [], then = null }: Edit): Fix => ({
  file,
  section,
  remove,
  add,
  then,
});

export const commands = (...add: string[]): Fix => ({ file: null, section: null, remove: [], add, then: null });

export const reload = (what: string): string => `asterisk -rx '${what}'`;
