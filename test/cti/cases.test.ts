import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CASES } from '../support/cases.ts';
import { replay, rows } from '../support/replay.ts';

const told = (name: string): string =>
  (JSON.parse(readFileSync(new URL(`../fixtures/ami/${name}.json`, import.meta.url), 'utf8')) as { description: string }).description;

test.each(Object.entries(CASES).map(([name, lines]) => ({ name, lines, what: told(name) })))('$name: $what', ({ name, lines }) => {
  expect(rows(replay(name))).toEqual(lines);
});
