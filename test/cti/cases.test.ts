import { expect, test } from 'vitest';
import { CASES } from '../support/cases.ts';
import { comparable, description, expected, replay, rows } from '../support/replay.ts';

test.each(Object.entries(CASES).map(([name, lines]) => ({ name, lines, what: description(name) })))('$name: $what', ({ name, lines }) => {
  const told = rows(replay(name));
  expect(comparable(told)).toEqual(expected(name, lines, told));
});
