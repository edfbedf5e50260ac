import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assemble } from '../../cti/journal/assemble.ts';
import { parseCel, parseQueueLog } from '../../cti/journal/records.ts';
import type { Call, Segment } from '../../cti/facts.ts';
import { calls, replayBytes } from '../support/replay.ts';

/** Each recorded once: what AMI said of a call (NAME.ami), and what the same Asterisk wrote down of it (NAME.cel.csv, NAME.queue_log). */
const DIR = new URL('../fixtures/journal/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, DIR));
const lines = (file: string) => read(file).toString().split('\n').slice(0, -1);
const names = readdirSync(DIR).flatMap((file) => (file.endsWith('.cel.csv') ? [file.slice(0, -'.cel.csv'.length)] : []));

const NUMBER_ORDERED = { agent: '201', number: '79000000002' };
const live = (name: string): Call[] => calls(replayBytes(read(`${name}.ami`), undefined, NUMBER_ORDERED).facts);
const journal = (name: string): Call[] => {
  const cel = lines(`${name}.cel.csv`).map((line) => parseCel(line)!);
  const queue = lines(`${name}.queue_log`).map((line) => parseQueueLog(line)!);
  return assemble(cel, queue, { pbx: 'main' }).map(({ call }) => call);
};

/** Times apart, which may differ by some ms; neither journal knows of holds and menus, nor which queue did not let a caller in. */
const plain = (call: Call) => ({
  ...call,
  queue: call.segments.some(({ kind }) => kind === 'queue') ? call.queue : null,
  startedAt: 0,
  answeredAt: call.answeredAt === null ? null : 0,
  endedAt: 0,
  segments: call.segments
    .filter(known)
    .map((s) => ({ ...s, from: 0, to: 0 }))
    .sort((a, b) => a.id.localeCompare(b.id)),
});
const known = ({ kind }: Segment) => kind !== 'hold' && kind !== 'ivr';
const times = (call: Call) => {
  const segments = call.segments.filter(known).sort((a, b) => a.id.localeCompare(b.id));
  return [call.startedAt, call.answeredAt ?? 0, call.endedAt!, ...segments.flatMap((s) => [s.from, s.to!])];
};

/** Of these the AMI trace begins in the middle of the call. */
const CAME_LATE = ['adopted-queue-ringing', 'adopted-queue-talking', 'adopted-queue-waiting'];

/** Who a mobile stands in for only the live events tell: here it is somebody outside. */
const LESS = ['follow-me'];

test.each(LESS)('%s: the journal tells when the call was and how it ended', (name) => {
  const brief = ({ key, direction, from, to, queue, endReason }: Call) => ({ key, direction, from, to, queue, endReason });
  const [told, read] = [live(name), journal(name)];
  expect(read.map(brief)).toEqual(told.map(brief));
  read.forEach((call, i) => expect(Math.abs(call.endedAt! - told[i]!.endedAt!)).toBeLessThanOrEqual(50));
});

test.each(names.filter((name) => ![...CAME_LATE, ...LESS].includes(name)))(
  '%s: the journal tells the calls that the live events told',
  (name) => {
    const [told, read] = [live(name), journal(name)];
    expect(read.map(plain)).toEqual(told.map(plain));
    read.forEach((call, i) => {
      const wanted = times(told[i]!);
      times(call).forEach((time, j) =>
        expect(Math.abs(time - wanted[j]!), `${name}: time ${j}, ${time} for ${wanted[j]}`).toBeLessThanOrEqual(50),
      );
    });
  },
);
