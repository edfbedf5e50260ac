import type { Knex } from 'knex';

export interface AuditEntry {
  /** null: nobody is signed in, or the program itself. */
  actorId: number | null;
  /** A code such as "client.edited". */
  what: string;
  table?: string;
  rowId?: number | string;
  details?: object;
  ip?: string;
}

/** Who did what: one row, in the caller's transaction. */
export const createAudit =
  (now: () => number) =>
  async (db: Knex, { actorId, what, table, rowId, details, ip }: AuditEntry): Promise<void> => {
    await db('audit').insert({
      at: now(),
      actor_id: actorId,
      what,
      table_name: table ?? null,
      row_id: rowId === undefined ? null : String(rowId),
      details: JSON.stringify(details ?? {}),
      ip: ip ?? null,
    });
  };
