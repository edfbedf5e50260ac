import type { LiveCall } from '../../server/calls/contract.ts';

/**
 * The operator's desk: which calls are on it, and what a change of one does to the page. Pure: it is told where the operator is, and
 * answers where to take them.
 */
export interface Desk {
  /** Mine that ring, are dialled, are talked, or have ended without an outcome; oldest first. */
  readonly calls: readonly LiveCall[];
  /** Pages that calls have opened by themselves. */
  readonly pops: Readonly<Record<string, Pop>>;
}

interface Pop {
  readonly path: string;
  /** Where the operator was before; null when they were on the page already. */
  readonly back: string | null;
}

/** Where the operator is. `dirty`: something half typed stands there. */
export interface Around {
  readonly path: string;
  readonly query: string;
  readonly dirty: boolean;
}

export interface Move {
  readonly to: string;
  readonly replace: boolean;
  /** The page takes the focus: the call was answered. */
  readonly focus: boolean;
}

export interface Heard {
  readonly desk: Desk;
  readonly move: Move | null;
}

export const EMPTY: Desk = { calls: [], pops: {} };

const ACTIVE: readonly LiveCall['phase'][] = ['ringing', 'dialling', 'talking'];
export const isActive = (call: LiveCall): boolean => ACTIVE.includes(call.phase);

/** A conversation between colleagues asks for no outcome. */
export const needsOutcome = (call: LiveCall): boolean => call.phase === 'ended' && call.outcome === null && call.direction !== 'internal';

export const incomingPath = (ref: string): string => `/incoming/${encodeURIComponent(ref)}`;
export const cardPath = (clientId: number): string => `/clients/${clientId}`;

/** The page of a call: the card, or the choice among several clients, or the unknown number. Null while it is being looked up. */
export const pathOf = (call: LiveCall): string | null => {
  if (call.clients?.length === 1) return cardPath(call.clients[0]!.id);
  return call.clients !== null && call.direction === 'in' ? incomingPath(call.ref) : null;
};

const without = (pops: Desk['pops'], ref: string): Desk['pops'] => {
  const { [ref]: _, ...rest } = pops;
  return rest;
};

const opened = (desk: Desk, call: LiveCall, around: Around, focus: boolean): Heard => {
  const to = pathOf(call);
  const pop = desk.pops[call.ref];
  if (to === null || (pop?.path === to && !focus)) return { desk, move: null };
  const busy = desk.calls.some((c) => c.ref !== call.ref && isActive(c) && (c.phase === 'talking' || call.phase !== 'talking'));
  if (around.dirty || busy) return { desk, move: null };
  const there = around.path === to;
  // The page that the same call opened before (the unknown number, now found) gives its place up.
  const instead = pop !== undefined && around.path === pop.path;
  const back = instead ? pop.back : there ? null : around.path + around.query;
  return {
    desk: { ...desk, pops: { ...desk.pops, [call.ref]: { path: to, back } } },
    move: there && !focus ? null : { to, replace: there || instead, focus },
  };
};

/** The page goes back to what was before, if it is still the one that the call opened and nothing was begun there. */
const closed = (desk: Desk, ref: string, around: Around): Heard => {
  const pop = desk.pops[ref];
  const move = pop && pop.back !== null && pop.path === around.path && !around.dirty ? { to: pop.back, replace: true, focus: false } : null;
  return { desk: { ...desk, pops: without(desk.pops, ref) }, move };
};

/** One call changed. */
export const hear = (before: Desk, call: LiveCall, around: Around): Heard => {
  const known = before.calls.find((c) => c.ref === call.ref);
  const others = before.calls.filter((c) => c.ref !== call.ref);
  const keeps = isActive(call) || needsOutcome(call);
  const calls = keeps ? [...others, call].sort((a, b) => a.startedAt - b.startedAt) : others;
  const desk = { ...before, calls };
  switch (call.phase) {
    case 'ringing':
    case 'dialling':
      return opened(desk, call, around, false);
    case 'talking':
      return opened(desk, call, around, known?.phase !== 'talking');
    case 'elsewhere':
    case 'missed':
      return closed(desk, call.ref, around);
    case 'ended':
      return { desk: { ...desk, pops: without(desk.pops, call.ref) }, move: null };
    default:
      return call.phase satisfies never;
  }
};

/** All of them anew, over HTTP. Only what rings may open a page: the rest was there before the page was loaded. */
export const reload = (before: Desk, calls: readonly LiveCall[], around: Around): Heard => {
  const kept = calls.filter((c) => isActive(c) || needsOutcome(c)).sort((a, b) => a.startedAt - b.startedAt);
  const pops = Object.fromEntries(Object.entries(before.pops).filter(([ref]) => kept.some((c) => c.ref === ref)));
  const desk: Desk = { calls: kept, pops };
  const ringing = kept.find((c) => c.phase === 'ringing');
  if (ringing) return opened(desk, ringing, around, false);
  // What rang before the gap and is gone.
  const gone = Object.keys(before.pops).find((ref) => !(ref in pops));
  return gone ? { ...closed({ ...desk, pops: before.pops }, gone, around), desk } : { desk, move: null };
};

/** The operator has said how it ended. */
export const filed = (desk: Desk, ref: string): Desk => ({ ...desk, calls: desk.calls.filter((c) => c.ref !== ref || isActive(c)) });
