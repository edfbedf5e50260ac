import type { Knex } from 'knex';

/** How the rows of a table hang on a client, so that a merge of two cards can move them and move them back. app.ts hands in all there are. */
export interface ClientLink {
  readonly table: string;
  /** Holds the client's id. */
  readonly column: string;
  /** A whole number by which a row is found again; `id` unless said. */
  readonly key?: string;
  /** The id is held as text, in the rows where this is so. */
  readonly textWhere?: Readonly<Record<string, string>>;
  /** Rows of `from` (named `f`, all columns of it) that the survivor cannot have as well: the journal keeps them whole. */
  readonly drops?: (trx: Knex, from: number, to: number) => Knex.QueryBuilder;
  /** What names a row only within one client gets that client's number behind it. */
  readonly renames?: { readonly column: string; readonly where: Readonly<Record<string, readonly string[]>> };
  /** What has to be worked out anew once rows came or went. */
  readonly settle?: (trx: Knex, clientIds: readonly number[]) => Promise<void>;
}

/** A table of pairs of clients, the smaller id first: what was said of the one holds for the survivor too. */
export interface ClientPairs {
  readonly table: string;
  readonly where?: Readonly<Record<string, string>>;
}

export interface ClientLinks {
  readonly links: readonly ClientLink[];
  readonly pairs: readonly ClientPairs[];
  /** By "table.column": why it stays with the card that it was written for. */
  readonly kept: Readonly<Record<string, string>>;
}
