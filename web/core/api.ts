import type { ErrorCode } from './error-words.ts';
import { noteServerTime } from './time.ts';

/** A refusal of the server, or `offline`: it could not be reached. The words are in error-words.ts. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly data: Record<string, unknown>;
  constructor(code: ErrorCode, status: number, data: Record<string, unknown> = {}) {
    super(`${status} ${code}`);
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

let lostSession = (): void => {};
/** Called when the server says that the session is over, whatever was asked. */
export const onLostSession = (listener: () => void): void => {
  lostSession = listener;
};

type Query = Record<string, string | number | undefined>;

const address = (path: string, query: Query) => {
  const given = Object.entries(query).filter(([, v]) => v !== undefined && v !== '');
  return given.length ? `${path}?${new URLSearchParams(given.map(([k, v]) => [k, String(v)]))}` : path;
};

const refusal = async (res: Response): Promise<ApiError> => {
  const body = (await res.json().catch(() => null)) as { error?: { code?: ErrorCode; data?: Record<string, unknown> } } | null;
  // A proxy in front answers without our shape: the server behind it is away.
  const code = body?.error?.code ?? (res.status >= 500 ? 'unavailable' : 'internal');
  const wait = res.headers.get('retry-after');
  return new ApiError(code, res.status, { ...(wait && { retryAfterSeconds: Number(wait) }), ...body?.error?.data });
};

interface Options {
  body?: unknown;
  query?: Query;
  signal?: AbortSignal;
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  let res: Response;
  try {
    res = await fetch(address(path, options.query ?? {}), {
      method,
      headers: { accept: 'application/json', ...(options.body !== undefined && { 'content-type': 'application/json' }) },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      ...(options.signal && { signal: options.signal }),
    });
  } catch (err) {
    if (options.signal?.aborted) throw err;
    throw new ApiError('offline', 0);
  }
  noteServerTime(res.headers.get('date'));
  if (!res.ok) {
    const err = await refusal(res);
    if (err.code === 'unauthenticated') lostSession();
    throw err;
  }
  return res;
}

async function request<T>(method: string, path: string, options: Options): Promise<T> {
  const res = await send(method, path, options);
  return (res.status === 204 ? undefined : await res.json()) as T;
}

export const api = {
  get: <T>(path: string, query: Query = {}, signal?: AbortSignal) => request<T>('GET', path, { query, ...(signal && { signal }) }),
  post: <T = void>(path: string, body: unknown = {}) => request<T>('POST', path, { body }),
  /** A file, and the name that the server gives it. */
  async file(path: string, body: unknown): Promise<{ name: string; blob: Blob }> {
    const res = await send('POST', path, { body });
    const name = /filename="([^"]+)"/.exec(res.headers.get('content-disposition') ?? '')?.[1];
    return { name: name ?? 'file', blob: await res.blob() };
  },
  put: <T = void>(path: string, body: unknown) => request<T>('PUT', path, { body }),
  patch: <T = void>(path: string, body: unknown) => request<T>('PATCH', path, { body }),
  delete: (path: string) => request<void>('DELETE', path, {}),
};
