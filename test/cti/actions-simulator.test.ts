import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCti } from '../../cti/index.ts';
import type { Cti, Fact } from '../../cti/index.ts';
import type { Simulator } from '../../cti/simulator/index.ts';
import { ALWAYS_OURS, eventually, keepingLog } from '../support/cti.ts';
import { LOGIN, startQuick } from './simulator-client.ts';

/** Orders to a call at the simulated PBX: what the demo does with them. */
let simulator: Simulator;
let cti: Cti;
let spool: string;
let facts: Fact[];
beforeEach(async () => {
  spool = mkdtempSync(join(tmpdir(), 'allo-simulator-'));
  simulator = await startQuick({ spool, behaviour: { liftAfterMs: [1, 2] } });
  facts = [];
  const pbx = { name: 'simulator', host: '127.0.0.1', port: simulator.port, ...LOGIN };
  cti = startCti({ pbx, lease: ALWAYS_OURS, log: keepingLog(), owner: 'test', onFact: (fact) => facts.push(fact) });
  await eventually(() => cti.status().state === 'connected');
});
afterEach(async () => {
  await cti.stop();
  await simulator.stop();
  rmSync(spool, { recursive: true });
});

const open = (kind: string) => cti.calls().some((call) => call.segments.some((s) => s.kind === kind && s.to === null));
/** 101 talks to a caller who stays. */
const talk = async (): Promise<string> => {
  await cti.actions.queueAdd({ queue: 'support', extension: '101', name: 'Anna' });
  const key = simulator.callNow({ to: '7000', from: '79161234567', name: 'Ivan', talkMs: 60_000 });
  await eventually(() => open('offer'));
  await cti.actions.answer({ key, extension: '101' });
  await eventually(() => open('talk'));
  return key;
};

test('hold and resume', async () => {
  const key = await talk();
  await cti.actions.hold({ key, extension: '101' });
  expect(open('hold')).toBe(true);
  await cti.actions.hold({ key, extension: '101' }); // again: it is so already
  await cti.actions.resume({ key, extension: '101' });
  expect(open('hold')).toBe(false);
});

test('a recording is a file with sound, silent in the pause; it is there when the call is over', async () => {
  const key = await talk();
  await cti.actions.record({ key, file: 'allo/a.wav' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await cti.actions.recordPause({ key, paused: true });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await cti.actions.hangup({ key, extension: '101' });
  await eventually(() => cti.calls().length === 0);
  const file = readFileSync(join(spool, 'monitor/allo/a.wav'));
  expect(file.toString('latin1', 0, 4)).toBe('RIFF');
  expect(file.length).toBeGreaterThan(44 + 0.6 * 16_000 * 0.9);
  expect(file.subarray(44, 44 + 4_000).some((byte) => byte !== 0)).toBe(true);
  expect(file.subarray(-2_000).every((byte) => byte === 0)).toBe(true);
});

test('keys are taken; listening in makes no call', async () => {
  const key = await talk();
  await cti.actions.dtmf({ key, extension: '101', digits: '1#' });
  await cti.actions.spy({ key, extension: '102', agent: '101', mode: 'whisper' });
  await eventually(() => facts.some((fact) => fact.kind === 'agent.state' && fact.agent === '102' && fact.state === 'busy'));
  expect(cti.calls().map((call) => call.key)).toEqual([key]);
  await cti.actions.hangup({ key, extension: '101' });
  await eventually(() => facts.some((fact) => fact.kind === 'agent.state' && fact.agent === '102' && fact.state === 'idle'));
  expect(facts.filter((fact) => fact.kind === 'call.started')).toHaveLength(1);
});

const story = () => cti.calls().map((call) => call.segments.map((s) => `${s.kind} ${s.agent ?? s.queue ?? ''} ${s.endReason ?? '…'}`));
const talks = (agent: string) =>
  cti.calls().some((call) => call.segments.some((s) => s.kind === 'talk' && s.agent === agent && s.to === null));
const ended = () => facts.flatMap((fact) => (fact.kind === 'call.ended' ? [fact.call] : []));

test('handed over to a colleague, to somebody outside, into a queue: one call', async () => {
  const key = await talk();
  await cti.actions.transfer({ key, extension: '101', number: '102' });
  await eventually(() => talks('102'));
  await cti.actions.transfer({ key, extension: '102', number: '+79160000000' });
  await eventually(() => open('transfer'));
  expect(cti.calls().map((call) => call.key)).toEqual([key]);
  expect(story()[0]).toEqual(['queue support answered', 'offer 101 answered', 'talk 101 transferred', 'offer 102 answered', 'talk 102 transferred', 'transfer  …']); // prettier-ignore
  const other = simulator.callNow({ to: '103', from: '79160000001', name: '', talkMs: 60_000 });
  await eventually(() => talks('103'));
  await cti.actions.transfer({ key: other, extension: '103', number: '7000' });
  await eventually(() =>
    cti.calls().some((call) => call.key === other && call.segments.some((s) => s.kind === 'offer' && s.agent === '101')),
  );
});

test('asked first: handed over, called off, refused', async () => {
  const key = await talk();
  await cti.actions.attended({ key, extension: '101', number: '102' });
  expect(cti.calls()[0]!.asking).toEqual(['101']);
  await eventually(() => open('consult'));
  await cti.actions.cancelAttended({ key, extension: '101' });
  await eventually(() => talks('101') && !open('consult'));
  expect(cti.calls()[0]!.asking).toBeUndefined();
  await cti.actions.attended({ key, extension: '101', number: '102' });
  await eventually(() => open('consult'));
  await expect(cti.actions.attended({ key, extension: '101', number: '103' })).rejects.toMatchObject({ code: 'refused' });
  await cti.actions.hangup({ key, extension: '101' });
  await eventually(() => talks('102') && !open('consult'));
  expect(cti.calls().map((call) => call.key)).toEqual([key]);

  const busy = simulator.callNow({ to: '103', from: '79160000001', name: '', talkMs: 60_000 });
  await eventually(() => talks('103'));
  // busy at once: heard before the order is answered, or right after it
  await cti.actions.attended({ key: busy, extension: '103', number: '102' }).catch((err: unknown) => expect(err).toMatchObject({ code: 'unreachable' })); // prettier-ignore
  await eventually(() => cti.calls().find((call) => call.key === busy)!.asking === undefined);
  expect(talks('103')).toBe(true);
  expect(open('consult')).toBe(false);
});

test('the one who waits hangs up while somebody is asked: nothing is left hanging', async () => {
  await simulator.stop();
  await cti.stop();
  simulator = await startQuick({ behaviour: { patienceMs: [300, 300] } });
  const pbx = { name: 'simulator', host: '127.0.0.1', port: simulator.port, ...LOGIN };
  cti = startCti({ pbx, lease: ALWAYS_OURS, log: keepingLog(), owner: 'test', onFact: (fact) => facts.push(fact) });
  await eventually(() => cti.status().state === 'connected');
  await cti.actions.queueAdd({ queue: 'sales', extension: '104', name: 'Dan' }); // a person, who does not lift the phone
  const key = await talk();
  await cti.actions.attended({ key, extension: '101', number: '104' });
  await eventually(() => cti.calls().length === 0);
  expect(simulator.openCalls()).toBe(0);
});

test('parked, and fetched by order or by dialling the space', async () => {
  const key = await talk();
  const { space } = await cti.actions.park({ key, extension: '101' });
  expect(space).toBe('701');
  await cti.actions.pickup({ key, extension: '102' });
  await eventually(() => talks('102'));
  expect(await cti.actions.park({ key, extension: '102' })).toEqual({ space: '701' });
  await cti.actions.originate({ extension: '103', number: '701' });
  await eventually(() => talks('103'));
  await eventually(() => cti.calls().length === 1);
  expect(cti.calls()[0]!.key).toBe(key);
});

test('picked up while it rings at a colleague: answered, and not missed by the colleague', async () => {
  await cti.actions.queueAdd({ queue: 'support', extension: '101', name: 'Anna' });
  const key = simulator.callNow({ to: '7000', from: '79161234567', name: 'Ivan', talkMs: 60_000 });
  await eventually(() => open('offer'));
  await cti.actions.pickup({ key, extension: '102' });
  await eventually(() => talks('102'));
  expect(story()[0]).toEqual(['queue support answered', 'offer 101 elsewhere', 'offer 102 answered', 'talk 102 …']);
  expect(cti.calls()[0]!.segments.at(-1)!.queue).toBe('support');
  await cti.actions.hangup({ key, extension: '102' });
  await eventually(() => ended().length === 1);
  expect(ended()[0]!.endReason).toBe('completed');
});

test('what cannot be is refused, and the talk goes on', async () => {
  const key = await talk();
  await expect(cti.actions.cancelAttended({ key, extension: '101' })).rejects.toMatchObject({ code: 'refused' });
  await expect(cti.actions.recordStop({ key })).rejects.toMatchObject({ code: 'refused' });
  await expect(cti.actions.attended({ key, extension: '101', number: '1#2' })).rejects.toMatchObject({ code: 'unsupported' });
  expect(open('talk')).toBe(true);
});
