import type { Complaint } from '../../server/complaints/contract.ts';

/** A template with {number}, {name}, {subject} of the complaint. */
export const filled = (text: string, { number, subject, client, contactName }: Complaint): string => {
  const values: Record<string, string> = { number, subject, name: client?.name ?? contactName };
  return text.replace(/\{(number|name|subject)\}/g, (_, name: string) => values[name] ?? '');
};
