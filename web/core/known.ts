import type { ClientBrief } from '../../server/clients/contract.ts';

const LIMIT = 500;
const known = new Map<number, ClientBrief>();

/** Remembers what a push or a list said of clients, so that a card shows who it is before it is loaded. */
export const learn = (clients: readonly ClientBrief[]): void => {
  for (const c of clients) {
    known.delete(c.id);
    known.set(c.id, c);
  }
  for (const id of known.keys()) {
    if (known.size <= LIMIT) break;
    known.delete(id);
  }
};

export const knownClient = (id: number): ClientBrief | null => known.get(id) ?? null;

export const forgetClients = (): void => known.clear();
