import type { Knex } from 'knex';
import type { Bus } from '../core/bus.ts';
import type { Events } from '../events.ts';
import type { Deps } from '../deps.ts';
import type { UserBrief } from './contract.ts';
import { departmentNames, directoryRows, sealedSipSecret, timeZoneOf } from './queries.ts';
import type { DirectoryRow } from './queries.ts';

interface Book {
  at: number;
  briefs: Map<number, UserBrief>;
  departments: Map<number, number | null>;
  byExtension: Map<string, UserBrief>;
  extensions: Map<number, { pbx: string; extension: string }>;
}

/** ms after which the book is read again although no `user.changed` came: the bus may lose it. */
const STALE_MS = 60_000;

const bind = (rows: DirectoryRow[], at: number): Book => {
  const book: Book = { at, briefs: new Map(), departments: new Map(), byExtension: new Map(), extensions: new Map() };
  for (const { id, name, role, departmentId, leftAt, pbx, extension } of rows) {
    const brief = { id, name, role };
    book.briefs.set(id, brief);
    if (leftAt !== null) continue; // their name stays on what they did
    book.departments.set(id, departmentId);
    if (pbx === null || extension === null) continue;
    book.byExtension.set(`${pbx}:${extension}`, brief);
    book.extensions.set(id, { pbx, extension });
  }
  return book;
};

/** Who is who, in memory: hundreds of people, asked for with every call. */
export const createDirectory = (
  db: Knex,
  bus: Bus<Events>,
  now: () => number,
  log: Pick<Deps['log'], 'warn'>,
  reaches: Deps['reaches'],
): { directory: Deps['directory']; stop: () => void } => {
  let known: Book | null = null;
  let reading: Promise<Book> | null = null;
  /** Counts the changes we heard of: a book that was being read when one came is old already. */
  let changes = 0;
  const read = (): Promise<Book> => {
    const began = changes;
    const current: Promise<Book> = directoryRows(db)
      .then((rows) => {
        const book = bind(rows, now());
        if (began === changes) known = book;
        return book;
      })
      .finally(() => {
        if (reading === current) reading = null;
      });
    return current;
  };
  /** A book that is merely old answers while the next is read: nobody waits for a busy database to learn what they know. */
  const book = (): Promise<Book> => {
    if (!known) return (reading ??= read());
    if (now() - known.at >= STALE_MS && !reading) {
      reading = read();
      reading.catch((err: unknown) => log.warn({ err }, 'directory: not read again, the old one stays'));
    }
    return Promise.resolve(known);
  };
  const stop = bus.on('user.changed', () => {
    changes += 1;
    known = null;
    reading = null;
  });
  return {
    stop,
    directory: {
      userByExtension: async (pbx, extension) => (await book()).byExtension.get(`${pbx}:${extension}`) ?? null,
      extensionOf: async (userId) => (await book()).extensions.get(userId) ?? null,
      async briefs(ids) {
        const { briefs } = await book();
        return new Map(ids.flatMap((id) => (briefs.has(id) ? [[id, briefs.get(id)!]] : [])));
      },
      async actorOf(userId) {
        const { briefs, departments } = await book();
        const brief = briefs.get(userId);
        if (!brief || !departments.has(userId)) return null;
        const person = { id: userId, role: brief.role, departmentId: departments.get(userId) ?? null };
        return { ...person, ...(await reaches(person)) };
      },
      async staff() {
        const { briefs, departments } = await book();
        return [...departments].map(([id, departmentId]) => ({ ...briefs.get(id)!, departmentId }));
      },
      sealedSipSecret: (userId) => sealedSipSecret(db, userId),
      timeZoneOf: (userId) => timeZoneOf(db, userId),
      departments: () => departmentNames(db),
    },
  };
};
