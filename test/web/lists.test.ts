import type { ReactiveControllerHost } from 'lit';
import { expect, test } from 'vitest';
import { newestAsked } from '../../web/core/newest.ts';
import { Pages } from '../../web/core/pages.ts';

const host: ReactiveControllerHost = {
  addController() {},
  removeController() {},
  requestUpdate() {},
  updateComplete: Promise.resolve(true),
};

/** A list of four in pages of two, of which the next request fails when it is told to. */
const list = () => {
  const server = { away: false, asked: [] as (string | undefined)[] };
  const pages = new Pages<number>(host, (after) => {
    server.asked.push(after);
    if (server.away) return Promise.reject(new Error('away'));
    return Promise.resolve(after ? { items: [3, 4], next: null } : { items: [1, 2], next: 'b' });
  });
  return { pages, server };
};

test('a list that stayed to be seen while it was asked for anew, in vain: tried again it stands there once', async () => {
  const { pages, server } = list();
  await pages.restart();
  await pages.more();
  expect(pages.items).toEqual([1, 2, 3, 4]);
  server.away = true;
  await pages.restart({ keep: true });
  expect([pages.state, pages.items]).toEqual(['failed', [1, 2, 3, 4]]);
  server.away = false;
  await pages.retry();
  expect([pages.state, pages.items]).toEqual(['more', [1, 2]]);
});

test('a further page that failed is asked for again, and stands after what is there', async () => {
  const { pages, server } = list();
  await pages.restart();
  server.away = true;
  await pages.more();
  server.away = false;
  await pages.retry();
  expect([pages.state, pages.items]).toEqual(['end', [1, 2, 3, 4]]);
  expect(server.asked).toEqual([undefined, 'b', 'b']);
});

test('of several questions only what was asked last is answered', () => {
  const ask = newestAsked();
  const first = ask();
  expect(first()).toBe(true);
  const second = ask();
  expect([first(), second()]).toEqual([false, true]);
  expect(newestAsked()()()).toBe(true);
});
