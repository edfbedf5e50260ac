import { ApiError } from '../core/api.ts';
import { errorText } from '../core/error-words.ts';
import { t } from './strings.ts';

/** What the server found wrong, in words; its issue or its reason first. */
export const faultText = (err: unknown): string => {
  if (!(err instanceof ApiError)) return errorText(err);
  const [issue] = (err.data.issues ?? []) as { code: string }[];
  const code = issue?.code ?? (err.data.reason as string | undefined) ?? '';
  return t().faults[code] ?? errorText(err);
};
