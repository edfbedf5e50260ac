import type { Knex } from 'knex';
import { statesBetween } from './agents/history.ts';
import { calledAgain, callsBetween } from './calls/history.ts';
import type { ReportSources } from './reports/rollup.ts';

/** Segments that figures are made of (reports/cells.ts). */
const REPORTED = ['queue', 'offer', 'talk', 'hold', 'consult'];

/** What reports are made of, from the features that have it. */
export const reportSources = (db: Knex, now: () => number): ReportSources => ({
  callsBetween: (from, until) => callsBetween(db, from, until, REPORTED),
  calledAgain: (calls, withinMs) => calledAgain(db, calls, withinMs),
  statesBetween: (from, until) => statesBetween(db, from, until, now()),
});
