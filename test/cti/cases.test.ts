import { expect, test } from 'vitest';
import { CASES } from '../support/cases.ts';
import { comparable, description, replay, rows } from '../support/replay.ts';

test.each(Object.entries(CASES).map(([name, lines]) => ({ name, lines, what: description(name) })))('$name: $what', ({ name, lines }) => {
  expect(comparable(rows(replay(name)))).toEqual(comparable(lines));
});
