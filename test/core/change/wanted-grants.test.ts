import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { listTargetPrivileges, listWantedGrants } from '../../../src/core/change/wanted-grants.js';
import { toDatabaseName } from '../../../src/core/names.js';
import { PROGRAM_KINDS } from '../../../src/core/program-kind.js';

const GUIDE = readFileSync(resolve(import.meta.dirname, '../../../docs/guides/accounts.md'), 'utf8');

/** Of each statement: its privileges, and on what. */
const grantsOf = (role: 'source' | 'target'): readonly (readonly [readonly string[], string])[] =>
  listWantedGrants(role, { account: 'sync@%', flavor: { vendor: 'mysql', version: [8, 4, 3] } }, [
    toDatabaseName('shop'),
  ]).map((grant) => {
    const [, privileges = '', scope = ''] = /^GRANT (.*) ON (.*) TO 'sync'@'%';$/.exec(grant) ?? [];
    return [privileges.split(', '), scope];
  });

const sectionOf = (title: string): string =>
  GUIDE.split(/^## /m).find((part) => part.startsWith(title)) ?? '';

test.each([
  ['source', 'To read'],
  ['target', 'To write'],
] as const)('the guide names every privilege that a %s is said to need, and says what for', (role, title) => {
  const named = sectionOf(title);
  // They are those of the source.
  const told = role === 'target' ? named + sectionOf('To read') : named;
  const missing = grantsOf(role)
    .flatMap(([privileges]) => privileges)
    .filter((privilege) => !new RegExp(`^\\|[^|]*\\b${privilege}\\b`, 'm').test(told));
  expect(missing).toEqual([]);
});

test.each([
  ['`shop`.*', 'live'],
  ['`mysql\\_sync\\_%`.*', 'scratch'],
] as const)('on %s a copy of any kind is refused for nothing else', (scope, place) => {
  const needed = listTargetPrivileges({ holdsTables: true, hasHooks: true, programs: PROGRAM_KINDS })[place];
  const [granted] = grantsOf('target').find(([, on]) => on === scope) ?? [];
  expect(granted).toEqual(expect.arrayContaining([...needed]));
});
