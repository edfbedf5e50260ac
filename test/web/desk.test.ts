import { expect, test } from 'vitest';
import type { LiveCall } from '../../server/calls/contract.ts';
import type { ClientBrief } from '../../server/clients/contract.ts';
import { EMPTY, filed, hear, incomingPath, reload } from '../../web/calls/desk.ts';
import type { Around, Desk } from '../../web/calls/desk.ts';

const brief = (id: number): ClientBrief => ({ id, kind: 'person', name: `Client ${id}`, company: '', phone: null });
const ivan = brief(7);

const call = (change: Partial<LiveCall> = {}): LiveCall => ({
  ref: 'main:1.1',
  phase: 'ringing',
  direction: 'in',
  number: '+79161234567',
  callerName: '',
  origin: null,
  queue: 'support',
  startedAt: 1000,
  offeredAt: 2000,
  answeredAt: null,
  endedAt: null,
  endReason: null,
  clients: [ivan],
  outcome: null,
  held: false,
  consult: null,
  recording: null,
  listened: null,
  ...change,
});

const at = (path: string, change: Partial<Around> = {}): Around => ({ path, query: '', dirty: false, ...change });
const card = '/clients/7';

/** Hears one after the other; the operator goes where they are taken. */
const play = (start: Around, ...calls: LiveCall[]) => {
  let desk: Desk = EMPTY;
  let around = start;
  const moves: unknown[] = [];
  for (const c of calls) {
    const heard = hear(desk, c, around);
    desk = heard.desk;
    moves.push(heard.move);
    if (heard.move) around = { ...around, path: heard.move.to.replace(/\?.*/, ''), query: heard.move.to.replace(/^[^?]*/, '') };
  }
  return { desk, moves, around };
};

test('a ring opens the card without taking the focus, the answer gives the card the focus', () => {
  const { moves } = play(at('/'), call(), call({ phase: 'talking', answeredAt: 3000 }), call({ phase: 'talking', answeredAt: 3000 }));
  expect(moves).toEqual([{ to: card, replace: false, focus: false }, { to: card, replace: true, focus: true }, null]);
});

test('an unknown number and a shared one open the choice; a call that is still looked up opens nothing yet', () => {
  expect(play(at('/'), call({ clients: [] })).moves).toEqual([{ to: incomingPath('main:1.1'), replace: false, focus: false }]);
  expect(play(at('/'), call({ clients: [ivan, brief(8)] })).around.path).toBe(incomingPath('main:1.1'));
  expect(play(at('/'), call({ clients: null }), call()).moves).toEqual([null, { to: card, replace: false, focus: false }]);
});

test('the page of the unknown number gives way to the card of the client that was found meanwhile', () => {
  const { moves, desk } = play(at('/calls'), call({ clients: [] }), call());
  expect(moves[1]).toEqual({ to: card, replace: true, focus: false });
  expect(desk.pops['main:1.1']).toEqual({ path: card, back: '/calls' });
});

test('nothing opens over something half typed, not even at the answer; once it is done the card opens with the answer', () => {
  const dirty = at('/clients/new', { dirty: true });
  const { moves, desk } = play(dirty, call(), call({ phase: 'talking' }));
  expect(moves).toEqual([null, null]);
  expect(desk.calls.map((c) => c.phase)).toEqual(['talking']);

  const ringing = hear(EMPTY, call(), dirty).desk;
  expect(hear(ringing, call({ phase: 'talking' }), at('/clients')).move).toEqual({ to: card, replace: false, focus: true });
});

test.each(['elsewhere', 'missed'] as const)('%s: the card closes and what was before comes back, search and all', (phase) => {
  const { moves, desk } = play(at('/clients', { query: '?q=iv' }), call(), call({ phase }));
  expect(moves[1]).toEqual({ to: '/clients?q=iv', replace: true, focus: false });
  expect(desk).toEqual(EMPTY);
});

test('a card that was open before, that the operator has left, or where they have begun to type is not taken away', () => {
  expect(play(at(card), call(), call({ phase: 'missed' })).moves).toEqual([null, null]);
  const rung = hear(EMPTY, call(), at('/')).desk;
  expect(hear(rung, call({ phase: 'missed' }), at('/calls')).move).toBeNull();
  expect(hear(rung, call({ phase: 'elsewhere' }), at(card, { dirty: true })).move).toBeNull();
});

test('an operator who leaves the card while it rings is not dragged back by news of the same ring', () => {
  const rung = hear(EMPTY, call(), at('/')).desk;
  expect(hear(rung, call({ callerName: 'Ivan' }), at('/calls')).move).toBeNull();
});

test('a second call does not open over the first, whether that rings or is talked', () => {
  const second = call({ ref: 'main:2.2', startedAt: 5000, clients: [brief(8)] });
  expect(play(at('/'), call(), second).moves[1]).toBeNull();
  const { moves, desk } = play(at('/'), call(), call({ phase: 'talking' }), second);
  expect(moves[2]).toBeNull();
  expect(desk.calls.map((c) => c.ref)).toEqual(['main:1.1', 'main:2.2']);
  // ... but the one that is answered does
  const rung = play(at('/'), call(), second).desk;
  expect(hear(rung, { ...second, phase: 'talking' }, at(card)).move).toEqual({ to: '/clients/8', replace: false, focus: true });
});

test('an outgoing call to nobody we know opens no page, one to a client opens the card', () => {
  const out = call({ direction: 'out', phase: 'dialling', clients: [] });
  expect(play(at('/calls'), out).moves).toEqual([null]);
  expect(play(at('/calls'), { ...out, clients: [ivan] }).around.path).toBe(card);
});

test('a call that ended waits for its outcome, and goes when that is said here or elsewhere; a colleague asks for none', () => {
  const ended = call({ phase: 'ended', endedAt: 9000, endReason: 'completed' });
  const { desk, moves } = play(at('/'), call(), call({ phase: 'talking' }), ended);
  expect(moves[2]).toBeNull();
  expect(desk.calls).toEqual([ended]);
  expect(filed(desk, ended.ref).calls).toEqual([]);
  expect(hear(desk, { ...ended, outcome: 'sale' }, at('/')).desk.calls).toEqual([]);
  expect(hear(EMPTY, { ...ended, direction: 'internal' }, at('/')).desk.calls).toEqual([]);
});

test('saying the outcome of a call that is still talked keeps the call', () => {
  const { desk } = play(at('/'), call({ phase: 'talking' }));
  expect(filed(desk, 'main:1.1').calls).toHaveLength(1);
});

test('after a reload of the page the outcome form is there again, a talk does not move the page, a ring does', () => {
  const ended = call({ ref: 'main:0.0', phase: 'ended', endedAt: 500, startedAt: 0 });
  const talking = reload(EMPTY, [call({ phase: 'talking' }), ended], at('/calls'));
  expect(talking.desk.calls.map((c) => c.ref)).toEqual(['main:0.0', 'main:1.1']);
  expect(talking.move).toBeNull();
  expect(reload(EMPTY, [ended, call()], at('/calls')).move).toEqual({ to: card, replace: false, focus: false });
});

test('a ring that went away while the live channel was lost is taken from the page', () => {
  const rung = hear(EMPTY, call(), at('/calls')).desk;
  const { desk, move } = reload(rung, [], at(card));
  expect(desk).toEqual(EMPTY);
  expect(move).toEqual({ to: '/calls', replace: true, focus: false });
});
