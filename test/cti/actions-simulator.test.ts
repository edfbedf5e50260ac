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

test('what is not simulated is refused, and the talk goes on', async () => {
  const key = await talk();
  await expect(cti.actions.transfer({ key, extension: '101', number: '102' })).rejects.toMatchObject({ code: 'refused' });
  await expect(cti.actions.park({ key, extension: '101' })).rejects.toMatchObject({ code: 'refused' });
  await expect(cti.actions.recordStop({ key })).rejects.toMatchObject({ code: 'refused' });
  expect(open('talk')).toBe(true);
});
