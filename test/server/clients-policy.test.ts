import { expect, test } from 'vitest';
import { abilities, clientPolicy } from '../../server/clients/policy.ts';
import { isWithin } from '../../server/core/reach.ts';
import type { Level } from '../../server/rights/contract.ts';
import { DEFAULTS, departmentTree, reachOf, reachesOf } from '../../server/rights/policy.ts';
import { Role } from '../../server/users/contract.ts';

const actor = (role: Role, departmentId: number | null) => ({
  id: 1,
  role,
  departmentId,
  reach: reachesOf(DEFAULTS[role], { id: 1, departmentId }, new Map(), []),
  standsInFor: [],
  sessionId: 's',
});
const client = (departmentId: number | null, archivedAt: number | null = null, ownerId: number | null = null) => ({
  departmentId,
  archivedAt,
  ownerId,
});

test.each([
  [1, 1, true],
  [1, null, true],
  [1, 2, false],
  [null, null, true],
  [null, 1, false],
])('an operator of department %j and a client of department %j: %j', (mine, theirs, may) => {
  expect(clientPolicy.read(actor('operator', mine), client(theirs))).toBe(may);
  expect(clientPolicy.edit(actor('operator', mine), client(theirs))).toBe(may);
});

test('a client whose owner one is is one’s own in every department', () => {
  expect(clientPolicy.read(actor('operator', 1), client(2, null, 1))).toBe(true);
  expect(clientPolicy.read(actor('operator', 1), client(2, null, 3))).toBe(false);
});

test('every other role sees all', () => {
  for (const role of Role.options.filter((r) => r !== 'operator')) expect(clientPolicy.read(actor(role, 1), client(2)), role).toBe(true);
});

/** Departments: 1 > 2 > 3, and 4 beside them. */
const parents = new Map([
  [1, null],
  [2, 1],
  [3, 2],
  [4, null],
]);

test.each<[Level, { own: boolean; lent: boolean; none: boolean; mine: boolean; below: boolean; other: boolean }]>([
  ['none', { own: false, lent: false, none: false, mine: false, below: false, other: false }],
  ['own', { own: true, lent: true, none: false, mine: false, below: false, other: false }],
  ['department', { own: true, lent: true, none: true, mine: true, below: false, other: false }],
  ['tree', { own: true, lent: true, none: true, mine: true, below: true, other: false }],
  ['all', { own: true, lent: true, none: true, mine: true, below: true, other: true }],
])('%s', (level, expected) => {
  const reach = reachOf(level, { id: 7, departmentId: 1 }, parents, [8]);
  const within = (departmentId: number | null, ownerId: number | null = null) => isWithin(reach, { departmentId, ownerId });
  expect({ own: within(4, 7), lent: within(4, 8), none: within(null), mine: within(1), below: within(3), other: within(4, 9) }).toEqual(
    expected,
  );
});

test('a circle of departments, should one ever be there, ends', () => {
  expect(departmentTree(1, new Map([[1, 2], [2, 1]])).sort()).toEqual([1, 2]); // prettier-ignore
});

test('a call grants the card of another department to read and to call, not to change', () => {
  expect(abilities(actor('operator', 1), client(2), true)).toEqual({ edit: false, call: true, archive: false, merge: false });
  expect(clientPolicy.read(actor('operator', 1), client(2), true)).toBe(true);
});

test('an archived client is read only; operators archive nobody', () => {
  expect(abilities(actor('administrator', null), client(1, 5), false)).toEqual({ edit: false, call: false, archive: false, merge: false });
  expect(abilities(actor('supervisor', null), client(1), false)).toEqual({ edit: true, call: true, archive: true, merge: true });
  expect(abilities(actor('operator', 1), client(1), false)).toEqual({ edit: true, call: true, archive: false, merge: false });
});
