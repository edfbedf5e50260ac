import type { AmiTiming } from '../../cti/ami/timing.ts';
import type { CtiLog, Lease } from '../../cti/facts.ts';

/** Short, so that a silent peer is found out at once. */
export const FAST: AmiTiming = {
  connectMs: 400,
  pingMs: 60,
  silenceMs: 250,
  snapshotMs: 400,
  bootMs: 60,
  actionMs: 300,
  backoffBaseMs: 10,
  backoffCapMs: 50,
};

export const SECRET = 'p4ss-word';

/** Keeps what was logged, as text. */
export function keepingLog(): CtiLog & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (level: string) => (fields: object, message: string) => {
    const err = 'err' in fields ? String(fields.err) : '';
    lines.push(`${level} ${message} ${JSON.stringify(fields)} ${err}`);
  };
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}

/** Waits until `find` finds something; the test's time-out ends it. */
export async function eventually<T>(find: () => T | undefined | null | false): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined && found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const ALWAYS_OURS: Lease = { acquire: async () => true, release: async () => {} };
