import { expect, test } from 'vitest';
import { abilities, clientPolicy, visibleDepartments } from '../../server/clients/policy.ts';
import { Role } from '../../server/users/contract.ts';

const actor = (role: Role, departmentId: number | null) => ({ id: 1, role, departmentId, sessionId: 's' });
const client = (departmentId: number | null, archivedAt: number | null = null) => ({ departmentId, archivedAt });

test.each([
  [1, 1, true],
  [1, null, true],
  [1, 2, false],
  [null, null, true],
  [null, 1, false],
])('an operator of department %j and a client of department %j: %j', (mine, theirs, may) => {
  expect(clientPolicy.read(actor('operator', mine), client(theirs))).toBe(may);
  expect(clientPolicy.edit(actor('operator', mine), client(theirs))).toBe(may);
  const visible = visibleDepartments(actor('operator', mine));
  expect(visible !== 'all' && visible.includes(theirs)).toBe(may);
});

test('every other role sees all', () => {
  for (const role of Role.options.filter((r) => r !== 'operator')) {
    expect(clientPolicy.read(actor(role, 1), client(2)), role).toBe(true);
    expect(visibleDepartments(actor(role, 1)), role).toBe('all');
  }
});

test('a call grants the card of another department to read and to call, not to change', () => {
  expect(abilities(actor('operator', 1), client(2), true)).toEqual({ edit: false, call: true, archive: false });
  expect(clientPolicy.read(actor('operator', 1), client(2), true)).toBe(true);
});

test('an archived client is read only; operators archive nobody', () => {
  expect(abilities(actor('administrator', null), client(1, 5), false)).toEqual({ edit: false, call: false, archive: false });
  expect(abilities(actor('supervisor', null), client(1), false)).toEqual({ edit: true, call: true, archive: true });
  expect(abilities(actor('operator', 1), client(1), false)).toEqual({ edit: true, call: true, archive: false });
});
