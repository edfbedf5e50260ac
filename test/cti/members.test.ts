import { expect, test } from 'vitest';
import { createAgentStates } from '../../cti/agents/states.ts';
import { AmiMessage } from '../../cti/ami/message.ts';
import type { Fact } from '../../cti/facts.ts';
import { createQueueMembers } from '../../cti/queues/members.ts';
import { replay } from '../support/replay.ts';

const message = (...lines: string[]) => new AmiMessage(lines.join('\r\n'));

function told(facts: readonly Fact[]): string[] {
  return facts.flatMap((f) => {
    if (f.kind === 'agent.state') return [`${f.agent} ${f.state}`];
    if (f.kind !== 'queue.member') return [];
    return [`${f.queue} ${f.agent} ${f.present ? (f.paused ? `paused ${f.reason}` : 'ready') : 'gone'}`];
  });
}

test('a shift at a real Asterisk: two queues, a pause with its reason, the end', () => {
  expect(told(replay('agent-shift')).filter((line) => line.split(' ').length > 2)).toEqual([
    'support 201 ready',
    'sales 201 ready',
    'support 201 paused lunch',
    'sales 201 paused lunch',
    'support 201 ready',
    'sales 201 ready',
    'support 201 gone',
    'sales 201 gone',
  ]);
});

test('a phone rings, is busy, is idle again; nothing is said twice', () => {
  const states = told(replay('queue-answered')).filter((line) => line.startsWith('201'));
  expect(states).toEqual(['201 ringing', '201 busy', '201 idle']);
});

test('devices that are no operator’s phone are passed over; every state of Asterisk is one of ours', () => {
  const facts: Fact[] = [];
  const states = createAgentStates('main', undefined, (fact) => facts.push(fact));
  for (const device of [
    'PJSIP/trunk',
    'Queue:support',
    'Local/201@from-queue',
    'Custom:201',
    'Queue:support_pause_PJSIP/201',
    'PJSIP/',
    '',
  ]) {
    states.event(message('Event: DeviceStateChange', `Device: ${device}`, 'State: INUSE'), 1);
  }
  expect(facts).toEqual([]);
  const names = ['NOT_INUSE', 'INUSE', 'RINGING', 'ONHOLD', 'UNAVAILABLE', 'RINGINUSE', 'INVALID', 'BUSY', 'UNKNOWN', 'of a later version'];
  for (const [i, state] of names.entries())
    states.event(message('Event: DeviceStateChange', `Device: PJSIP/${300 + i}`, `State: ${state}`), 1);
  expect(told(facts).map((line) => line.split(' ')[1])).toEqual(
    'idle busy ringing busy unavailable busy unavailable busy unknown unknown'.split(' '),
  );
});

test('a snapshot says what has changed since: who is new, who is gone, who paused', () => {
  const facts: Fact[] = [];
  const members = createQueueMembers('main', undefined, (fact) => facts.push(fact));
  const member = (queue: string, location: string, paused = '0') =>
    message('Event: QueueMember', `Queue: ${queue}`, `Location: ${location}`, `Paused: ${paused}`, 'PausedReason: lunch');
  members.snapshot([member('support', 'PJSIP/201'), member('sales', 'PJSIP/201'), member('support', 'Local/202@from-queue/n')], 1);
  expect(told(facts.splice(0))).toEqual(['support 201 ready', 'sales 201 ready', 'support 202 ready']);
  const entry = message('Event: QueueEntry', 'Queue: support', 'Uniqueid: 1.1');
  members.snapshot([member('support', 'PJSIP/201', '1'), entry, member('sales', 'PJSIP/203'), member('sales', 'Local/out@mobile/n')], 2);
  expect(told(facts.splice(0)).sort()).toEqual(['sales 201 gone', 'sales 203 ready', 'support 201 paused lunch', 'support 202 gone']);
  members.event(
    message('Event: QueueMemberStatus', 'Queue: support', 'Interface: PJSIP/201', 'Paused: 1', 'PausedReason: lunch', 'Status: 2'),
    3,
  );
  expect(facts).toEqual([]);
});
