import { createHash, timingSafeEqual } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Router } from 'express';
import type { Request, RequestHandler } from 'express';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { AppError } from './errors.ts';

/** Of the stream of one PBX, since this process began to listen. */
interface AmiFigures {
  readonly bytes: number;
  readonly events: Readonly<Record<string, number>>;
  readonly skipped: number;
  readonly malformed: number;
  readonly oversized: number;
  readonly strangers: number;
  readonly backwards: number;
  readonly reborn: number;
  readonly lost: number;
}

/** What the parts of the program tell about themselves when somebody asks. Labels are never a number, a client or a call. */
export interface MetricSources {
  /** The bridges of this process. */
  bridges: () => readonly { pbx: string; ami: AmiFigures; callsUp: number; facts: ReadonlyMap<string, number> }[];
  /** The call log's writer of this process; null: it has none. */
  writer: () => { waiting: number; lagMs: number; written: number; batches: number; dropped: number } | null;
  pbx: () => readonly { name: string; state: string; clockOffsetMs: number | null }[];
  sockets: () => { live: number; sip: number };
  /** Of all processes. Rejects when Redis is away. */
  jobs: () => Promise<{ waiting: number; delayed: number; active: number; failed: number }>;
  log: { warn(fields: object, message: string): void };
}

export interface Metrics {
  /** Counts every request by its route, never by its path. */
  http: RequestHandler;
  /** Reads the figures of now. */
  text(): Promise<string>;
}

/** What is odd in the stream of a PBX, or of its making. */
const ODD = ['malformed', 'oversized', 'strangers', 'backwards', 'reborn', 'lost'] as const;

/** Of the routes that Express knows; what matches none is one label. */
const routeOf = (req: Request): string => {
  const { path } = (req.route ?? {}) as { path?: unknown };
  // baseUrl is gone again once a handler has thrown
  return typeof path === 'string' ? `${req.originalUrl.startsWith('/api/') ? '/api' : ''}${path}` : 'other';
};

export const createMetrics = (sources: MetricSources): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'allo_http_seconds',
    help: 'Requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const gauge = (name: string, help: string, labelNames: string[], collect: (this: Gauge) => void | Promise<void>) =>
    new Gauge({ name, help, labelNames, registers, collect });
  /** Of a sum that somebody else keeps. */
  const counter = (name: string, help: string, labelNames: string[], collect: (this: Counter) => void) =>
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        collect.call(this);
      },
    });

  gauge('allo_pbx_connected', '1: the bridge of this PBX is connected; 0 also while another process owns it', ['pbx'], function () {
    for (const { name, state } of sources.pbx()) this.set({ pbx: name }, state === 'connected' ? 1 : 0);
  });
  gauge('allo_pbx_clock_offset_seconds', "Asterisk's clock minus ours", ['pbx'], function () {
    for (const { name, clockOffsetMs } of sources.pbx()) if (clockOffsetMs !== null) this.set({ pbx: name }, clockOffsetMs / 1000);
  });
  counter('allo_ami_bytes_total', 'Bytes of the event connection', ['pbx'], function () {
    for (const { pbx, ami } of sources.bridges()) this.inc({ pbx }, ami.bytes);
  });
  counter('allo_ami_events_total', 'Events that were heard, by name', ['pbx', 'event'], function () {
    for (const { pbx, ami } of sources.bridges()) for (const [event, count] of Object.entries(ami.events)) this.inc({ pbx, event }, count);
  });
  counter(
    'allo_ami_skipped_total',
    'Events that nobody needs: much of it is what eventfilter in manager.conf could keep back',
    ['pbx'],
    function () {
      for (const { pbx, ami } of sources.bridges()) this.inc({ pbx }, ami.skipped);
    },
  );
  counter(
    'allo_ami_odd_total',
    'malformed, oversized: blocks thrown away. strangers: events of channels never seen. backwards: steps back of the clock. ' +
      'reborn: ids that came again for another channel. lost: channels gone unseen',
    ['pbx', 'kind'],
    function () {
      for (const { pbx, ami } of sources.bridges()) for (const kind of ODD) this.inc({ pbx, kind }, ami[kind]);
    },
  );
  counter('allo_facts_total', 'What the bridges of this process told, by kind', ['pbx', 'kind'], function () {
    for (const { pbx, facts } of sources.bridges()) for (const [kind, count] of facts) this.inc({ pbx, kind }, count);
  });
  gauge('allo_calls_up', 'Calls that are up', ['pbx'], function () {
    for (const { pbx, callsUp } of sources.bridges()) this.set({ pbx }, callsUp);
  });
  const ofWriter = (kind: 'waiting' | 'written' | 'batches' | 'dropped') =>
    function (this: Gauge | Counter) {
      const writer = sources.writer();
      if (writer) this.inc(writer[kind]);
    };
  gauge('allo_call_log_waiting', 'Calls that wait to be written', [], function () {
    this.reset();
    ofWriter('waiting').call(this);
  });
  gauge('allo_call_log_lag_seconds', 'Age of the oldest news of a call that is not in the log yet', [], function () {
    this.set((sources.writer()?.lagMs ?? 0) / 1000);
  });
  counter('allo_call_log_written_total', 'States of calls that were written', [], ofWriter('written'));
  counter('allo_call_log_transactions_total', 'Transactions that wrote them', [], ofWriter('batches'));
  counter('allo_call_log_dropped_total', 'Calls given up, for the journal to fill in', [], ofWriter('dropped'));
  gauge('allo_sockets', 'WebSockets of browsers: live pages, phones', ['kind'], function () {
    for (const [kind, count] of Object.entries(sources.sockets())) this.set({ kind }, count);
  });
  gauge('allo_jobs', 'Jobs of all processes, by state', ['state'], async function () {
    this.reset();
    try {
      for (const [state, count] of Object.entries(await sources.jobs())) this.set({ state }, count);
    } catch (err) {
      sources.log.warn({ err }, 'metrics: jobs cannot be counted'); // the other figures still tell
    }
  });
  return {
    http: (req, res, next) => {
      const start = performance.now();
      res.once('close', () => {
        const labels = { method: req.method, route: routeOf(req), status: String(res.statusCode) };
        requests.observe(labels, (performance.now() - start) / 1000);
      });
      next();
    },
    text: () => registry.metrics(),
  };
};

const digest = (text: string) => createHash('sha256').update(text).digest();

/** By the token; without one from this machine alone, and not through a proxy on it, whose peers are the world. */
const mayRead = (req: Request, token: string | null): boolean => {
  const given = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1];
  if (given !== undefined) return token !== null && timingSafeEqual(digest(given), digest(token));
  if (req.headers['x-forwarded-for'] !== undefined || req.headers.forwarded !== undefined || req.headers.via !== undefined) return false;
  return /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(req.socket.remoteAddress ?? '');
};

/** /metrics, for Prometheus. */
export const metricsRoute = (metrics: Metrics, token: string | null): Router =>
  Router().get('/metrics', async (req, res) => {
    if (!mayRead(req, token)) throw new AppError('forbidden', 'metrics: neither from this machine nor with the token');
    res
      .set('Cache-Control', 'no-store')
      .type('text/plain; version=0.0.4')
      .send(await metrics.text());
  });
