import { expect, test } from 'vitest';
import type { SavedConnection } from '../../../src/core/server/connection.js';
import { recogniseServer, refuseBorrowedName } from '../../../src/core/server/recognise-server.js';
import { anEndpoint } from '../../support/inventory.js';

const saved = (name: string, overrides: Partial<SavedConnection> = {}): SavedConnection => ({
  ...anEndpoint('target', name),
  hasPassword: false,
  createdAt: '2026-11-22T12:00:00.000Z',
  ...overrides,
});

const ELSEWHERE = { kind: 'tcp', host: 'elsewhere', port: 3306 } as const;

test.each([
  ['nothing is saved', [], { name: 'x', isProtected: false }],
  ['another server', [saved('live', { address: ELSEWHERE, serverIdentity: 'b' })], { name: 'x' }],
  ['the same server', [saved('live', { address: ELSEWHERE, serverIdentity: 'a' })], { name: 'live' }],
  ['never used, at the address', [saved('live', { isProtected: true })], { name: 'live', isProtected: true }],
  [
    'a server that says it is another one, at the address',
    [saved('live', { isProtected: true, serverIdentity: 'b' })],
    { name: 'live', isProtected: true },
  ],
  [
    'several names of one server: the protected one is asked for',
    [
      saved('one', { address: ELSEWHERE, serverIdentity: 'a' }),
      saved('two', { address: ELSEWHERE, serverIdentity: 'a', isProtected: true }),
    ],
    { name: 'two', isProtected: true },
  ],
  [
    'one of its saved names is in the plan',
    [
      saved('x', { address: ELSEWHERE, serverIdentity: 'a' }),
      saved('two', { address: ELSEWHERE, serverIdentity: 'a', isProtected: true }),
    ],
    { name: 'x', isProtected: true },
  ],
])('%s', (_, connections, expected) => {
  expect(recogniseServer(anEndpoint('target', 'x'), 'a', connections)).toMatchObject(expected);
});

test('a saved connection keeps its name, and is protected as its server is', () => {
  const alias = anEndpoint('target', 'alias', { isSaved: true });
  const known = saved('live', { address: ELSEWHERE, serverIdentity: 'a', isProtected: true });
  expect(recogniseServer(alias, 'a', [known])).toMatchObject({ name: 'alias', isProtected: true });
});

test('a name that is saved for another server is refused, and no other', () => {
  const x = anEndpoint('target', 'x');
  const other = saved('x', { address: ELSEWHERE, serverIdentity: 'b' });
  expect(() => refuseBorrowedName(x, 'a', [other])).toThrow(/another server/);
  refuseBorrowedName({ ...x, isSaved: true }, 'a', [other]);
  refuseBorrowedName(x, 'b', [other]);
  refuseBorrowedName(x, 'a', [saved('x', { serverIdentity: 'b' })]);
  refuseBorrowedName(x, 'a', [saved('x', { address: ELSEWHERE })]);
});
