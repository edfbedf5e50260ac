import { z } from 'zod';
import { AppError } from '../core/errors.ts';

/** Where a page ended, as one opaque word in the URL. What comes back is whatever the caller likes, so it is checked like any input. */
const List = z.object({ key: z.string().max(254), id: z.number().int().nonnegative() });
const Search = List.extend({ source: z.number().int().min(0).max(20), driver: z.number().int().min(0).max(20) });

const read = <T extends z.ZodType>(schema: T, after: string | undefined): z.output<T> | null => {
  if (after === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(after, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AppError('invalid', 'not a cursor of this list', { issues: [{ path: 'query.after', code: 'cursor' }] }, { cause });
  }
};

export const listCursor = (after: string | undefined) => read(List, after);
export const searchCursor = (after: string | undefined) => read(Search, after);
export const cursorText = (cursor: object | null): string | null => cursor && Buffer.from(JSON.stringify(cursor)).toString('base64url');
