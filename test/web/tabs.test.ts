import { expect, test } from 'vitest';
import { MOST_TABS, beside, isCard, over, popped, visited } from '../../web/core/tabs.ts';
import type { Tabs } from '../../web/core/tabs.ts';

const clean = () => false;
const card = (id: number) => `/clients/${id}`;
const open = (...ids: number[]): Tabs => ids.reduce<Tabs>((tabs, id) => visited(tabs, card(id), true, `Client ${id}`, clean), []);
const paths = (tabs: Tabs) => tabs.map((tab) => tab.path);

test('cards become tabs, other pages do not', () => {
  expect([card(7), '/incoming/main%3A1.1'].every(isCard)).toBe(true);
  expect(['/', '/clients', '/clients/new', '/clients/0', '/clients/7/x', '/calls/main:1', '/settings'].some(isCard)).toBe(false);
  expect(visited([], '/calls', true, '', clean)).toEqual([]);
});

test('the ninth card closes the one that was looked at longest ago, not the first that was opened', () => {
  const full = visited(open(1, 2, 3, 4, 5, 6, 7, 8), card(1), true, '', clean);
  expect(full).toHaveLength(MOST_TABS);
  expect(paths(visited(full, card(9), true, '', clean))).toEqual([1, 3, 4, 5, 6, 7, 8, 9].map(card));
});

test('what is half typed and what has a call is never closed to make room; with nothing to close there is one more', () => {
  const full = popped(open(1, 2, 3, 4, 5, 6, 7, 8), card(2), 'Client 2', 'main:1.1', clean);
  const typed = (path: string) => path === card(1);
  expect(paths(visited(full, card(9), true, '', typed))).toEqual([1, 2, 4, 5, 6, 7, 8, 9].map(card));
  expect(visited(full, card(9), true, '', () => true)).toHaveLength(9);
});

test('a call opens its tab once, names it, and leaves the others as they were', () => {
  const before = open(1, 2);
  const rung = popped(before, card(3), 'Ivan', 'main:1.1', clean);
  expect(rung).toHaveLength(3);
  expect(rung[2]).toMatchObject({ path: card(3), label: 'Ivan', call: 'main:1.1', popped: true });
  expect(popped(rung, card(3), 'Ivan', 'main:1.1', clean)).toEqual(rung);
});

test('the unknown number gives its tab to the client that was found, at the same place', () => {
  const rung = visited(popped(open(1), '/incoming/main%3A1.1', '+7 495', 'main:1.1', clean), card(2), true, '', clean);
  expect(paths(popped(rung, card(3), 'Ivan', 'main:1.1', clean))).toEqual([1, 3, 2].map(card));
  // ... or to the tab that this client has already
  expect(paths(popped(rung, card(1), 'Ivan', 'main:1.1', clean))).toEqual([1, 2].map(card));
});

test('a ring that another took closes its tab, unless it was there before, somebody is there, or has begun something', () => {
  const rung = popped(open(1), card(3), 'Ivan', 'main:1.1', clean);
  expect(paths(over(rung, 'main:1.1', true, card(1), clean))).toEqual([card(1)]);
  expect(paths(over(rung, 'main:1.1', true, card(3), clean))).toEqual([1, 3].map(card));
  expect(paths(over(rung, 'main:1.1', true, card(1), (path) => path === card(3)))).toEqual([1, 3].map(card));
  expect(paths(over(visited(rung, card(3), true, '', clean), 'main:1.1', true, '/', clean))).toEqual([1, 3].map(card));
  expect(paths(over(popped(open(1), card(1), '', 'main:1.1', clean), 'main:1.1', true, '/', clean))).toEqual([card(1)]);
  expect(paths(over(rung, 'main:2.2', true, '/', clean))).toEqual([1, 3].map(card));
});

test('a call that was ours and ended leaves its card open, without the call', () => {
  const rung = popped([], card(3), 'Ivan', 'main:1.1', clean);
  expect(over(rung, 'main:1.1', false, '/', clean)).toMatchObject([{ path: card(3), call: null }]);
});

test('next and previous go round; from another page to the card that was looked at last', () => {
  const tabs = visited(open(1, 2, 3), card(2), true, '', clean);
  expect([beside(tabs, card(3), 1), beside(tabs, card(1), -1), beside(tabs, card(1), 1)]).toEqual([card(1), card(3), card(2)]);
  expect(beside(tabs, '/calls', 1)).toBe(card(2));
  expect(beside([], '/calls', 1)).toBeNull();
});
