import { expect, test } from 'vitest';
import { describeConditions, foreseeConditions } from '../../../src/core/change/copy-conditions.js';
import type { Grants, ServerFacts } from '../../../src/core/server/inventory.js';
import { toDatabaseName } from '../../../src/core/names.js';
import type { ResolvedOptions } from '../../../src/core/plan/resolved-plan.js';
import { someFacts } from '../../support/inventory.js';

const OPTIONS: ResolvedOptions = {
  maxConcurrent: 1,
  smallAtOnce: 1,
  engine: 'native',
  parallel: 4,
  verify: 'digest',
  consistency: 'database',
  refresh: 'full',
  definers: 'keep',
  events: 'as_source',
  pace: { replicas: [] },
};
const MYSQL = { vendor: 'mysql', version: [8, 4, 3] } as const;
const MARIADB = { vendor: 'mariadb', version: [10, 11, 6] } as const;
const OLD_MARIADB = { vendor: 'mariadb', version: [10, 1, 48] } as const;

const grants = (global: readonly string[], ofShop: readonly string[] = []): Grants => ({
  global: new Set(global),
  databases: new Map([['shop', new Set(ofShop)]]),
});

const foresee = (
  source: Partial<ServerFacts>,
  target: Partial<ServerFacts> = {},
  options: Partial<ResolvedOptions> = {},
  tables = 3,
): string =>
  describeConditions(
    foreseeConditions({ ...OPTIONS, ...options }, someFacts('s', source), someFacts('t', target), [
      { name: toDatabaseName('shop'), tables },
    ]),
  ).join('; ');

const LOCK = ['SELECT', 'LOCK TABLES'];

test.each<[string, Partial<ServerFacts>, number, RegExp]>([
  ['backup stages', { flavor: MARIADB, grants: grants(['RELOAD', 'SELECT']) }, 3, /under a brief read lock/],
  [
    'every privilege',
    { flavor: MYSQL, grants: grants(['ALL PRIVILEGES']) },
    3,
    /its tables are briefly locked/,
  ],
  ['LOCK TABLES there', { flavor: MYSQL, grants: grants([], LOCK) }, 3, /its tables are briefly locked/],
  [
    'too many tables',
    { flavor: MYSQL, grants: grants(['RELOAD', 'PROCESS'], LOCK) },
    1001,
    /a brief read lock/,
  ],
  [
    'SELECT alone',
    { flavor: MYSQL, grants: grants(['SELECT']), hasBinaryLog: true },
    3,
    /on one connection, because/,
  ],
  [
    'positions of the log',
    { flavor: OLD_MARIADB, grants: grants(['SELECT']), hasBinaryLog: true },
    3,
    /without a lock/,
  ],
])('a source with %s', (_, source, tables, said) => {
  expect(foresee(source, {}, {}, tables)).toMatch(said);
});

test.each<[Partial<ServerFacts>, RegExp]>([
  [{ flavor: MARIADB, takesLocalFiles: false }, /4 connections, written by bulk inserts;/],
  [{ flavor: MYSQL, takesLocalFiles: true }, /written by LOAD DATA;/],
  [{ flavor: MYSQL, takesLocalFiles: false }, /written by INSERT \(local_infile is off on the target\);/],
])('a target %j', (target, said) => {
  expect(foresee({}, target)).toMatch(said);
});

test('how a refresh will compare, which depends on what only a run measures', () => {
  const said = /; earlier copies compared row by row, or by digests where a server is 5 ms away or more$/;
  expect(foresee({}, {}, { refresh: 'auto' })).toMatch(said);
  expect(foresee({}, {}, { refresh: 'strict' })).toMatch(said);
  expect(foresee({}, {}, { refresh: 'full' })).not.toContain('compared');
});

test('one connection, all databases, and the dump engine', () => {
  expect(foresee({ flavor: MYSQL }, {}, { parallel: 1 })).toMatch(
    /^native engine, 1 connection, .*; each database as of one moment, on one connection$/,
  );
  expect(foresee({ flavor: MYSQL }, {}, { consistency: 'batch' })).toMatch(
    /; all databases as of one moment, /,
  );
  expect(foresee({}, {}, { engine: 'dump' })).toBe('dump engine, each database as of one moment');
});
