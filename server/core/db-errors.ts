/** What a database said, without a value that was bound: safe to log. */
export class DatabaseError extends Error {
  /** The driver's: ER_DUP_ENTRY, SQLITE_CONSTRAINT_UNIQUE, ECONNREFUSED … */
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
    this.name = 'DatabaseError';
  }
}

/** The parts of a MySQL message that name our own schema; the rest may quote a value. */
const named = (message: string): string =>
  [...message.matchAll(/(?:for key|column|table|constraint|field) ['`][\w.]+['`]/gi)].map((m) => m[0]).join(', ');

/** `sql` has placeholders, not values. */
export const translate = (thrown: unknown, sql: string): unknown => {
  if (thrown instanceof DatabaseError) return thrown;
  const err = thrown as { code?: unknown; message?: unknown; sqlMessage?: unknown };
  if (typeof err.code !== 'string') return thrown;
  const said = typeof err.sqlMessage === 'string' ? named(err.sqlMessage) : String(err.message ?? '');
  return new DatabaseError(err.code, `${err.code} ${said}: ${sql.slice(0, 500)}`);
};

const codeOf = (err: unknown): string => (err instanceof DatabaseError ? err.code : '');

/** A unique index refused the row. */
export const isDuplicate = (err: unknown): boolean =>
  ['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(codeOf(err));

/** MySQL's deadlock 1213, lock wait 1205 and MariaDB's 1020; SQLite's write of another process. */
export const isLockConflict = (err: unknown): boolean =>
  ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD', 'SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT'].includes(codeOf(err));

/** No room on the disk: as good as a database that is away. */
export const isFull = (err: unknown): boolean =>
  ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_IOERR_WRITE', 'ER_DISK_FULL', 'ER_RECORD_FILE_FULL', 'ER_ERROR_ON_WRITE'].includes(codeOf(err));
