/** Something had over HTTP, as a page shows it. */
export type Loading<T> = { state: 'loading' } | { state: 'failed'; error: unknown } | { state: 'ready'; value: T };

export const LOADING: { state: 'loading' } = { state: 'loading' };
export const ready = <T>(value: T): Loading<T> => ({ state: 'ready', value });
export const failed = (error: unknown): { state: 'failed'; error: unknown } => ({ state: 'failed', error });
