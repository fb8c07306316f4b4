import { expect, test } from 'vitest';
import type { TableChange } from '../../../src/core/change/change-set.js';
import {
  type CopiedTableRecord,
  type CopyRecord,
  parseCopyRecord,
} from '../../../src/core/change/copy-record.js';
import { judgeWrites } from '../../../src/core/change/judge-writes.js';
import type { Flavor } from '../../../src/core/flavor.js';
import { toDatabaseName, toRunId, toTableName } from '../../../src/core/names.js';
import type { TableInventory } from '../../../src/core/server/inventory.js';
import { aTable } from '../../support/inventory.js';

const MARIADB: Flavor = { vendor: 'mariadb', version: [10, 11, 6] };
const MYSQL_57: Flavor = { vendor: 'mysql', version: [5, 7, 44] };
const THEN = '2026-11-01T10:00:00Z';
const LATER = '2026-11-01T12:00:00Z';
const T = toTableName('t');

const record = (table: Partial<CopiedTableRecord> = {}, liveAt = LATER): CopyRecord => ({
  run: toRunId('7q2f4k'),
  source: { identity: 'a', database: toDatabaseName('shop') },
  target: { identity: 'b', database: toDatabaseName('shop') },
  at: LATER,
  liveAt,
  tables: [{ name: T, content: 'all', source: THEN, target: THEN, ...table }],
});

interface Case {
  readonly content?: TableChange['content'];
  readonly source?: Partial<TableInventory>;
  readonly target?: Partial<TableInventory>;
  readonly filled?: readonly ('source' | 'target')[];
  readonly flavor?: Flavor;
  readonly record?: CopyRecord;
  readonly by?: 'hooks' | 'preserve';
}

const judge = (given: Case) => {
  const { content = 'all', filled = ['source', 'target'], flavor = MARIADB } = given;
  const change: TableChange = {
    name: T,
    action: 'replace',
    content,
    where: content === 'filtered' ? 'id > 1' : null,
    mayBeExternal: false,
    isRestructured: false,
    rows: 1,
    bytes: 1,
  };
  const side = (which: 'source' | 'target') => ({
    flavor,
    tables: [aTable('t', { updatedAt: THEN, ...given[which] })],
    filled: new Set(filled.includes(which) ? [T] : []),
  });
  const sides = { source: side('source'), target: side('target') };
  return judgeWrites([change], given.record ?? record(), sides, new Map(given.by ? [[T, given.by]] : []));
};

test.each<[string, Case, string]>([
  ['both as they were', {}, 'unwritten'],
  ['hooks changed it, and nobody since', { by: 'hooks' }, 'unwritten'],
  ['written since hooks changed it', { by: 'hooks', target: { updatedAt: LATER } }, 'written'],
  ['hooks may have emptied it', { by: 'hooks', filled: ['source'] }, 'not-compared'],
  ['rows stay in what the source has none of', { by: 'preserve', filled: ['target'] }, 'not-compared'],
  ['rows stayed, and nobody wrote since', { by: 'preserve' }, 'unwritten'],
  ['hooks may have filled it', { by: 'hooks', filled: ['target'], content: 'none' }, 'not-compared'],
  ['both empty, whatever their times', { filled: [], source: { updatedAt: undefined } }, 'unwritten'],
  ['a later time', { source: { updatedAt: LATER } }, 'written'],
  [
    'an earlier time, as of another table that took its place',
    { target: { updatedAt: '2026-10-01T00:00:00Z' } },
    'written',
  ],
  ['a time where there was none', { record: record({ source: null }) }, 'written'],
  ['no time any more, as after a restart', { source: { updatedAt: undefined } }, 'not-compared'],
  ['a target without a time', { target: { updatedAt: undefined } }, 'not-compared'],
  ['empty on the source alone', { filled: ['target'] }, 'different'],
  ['empty on the target alone', { filled: ['source'] }, 'different'],
  ['rows that the plan leaves behind', { content: 'none', filled: ['source'] }, 'unwritten'],
  ['rows where the plan leaves none', { content: 'none' }, 'different'],
  [
    'a condition, which may ask for the time',
    { content: 'filtered', record: record({ content: 'filtered' }) },
    'not-compared',
  ],
  ['a copy by another rule', { record: record({ content: 'none' }) }, 'not-compared'],
  ['a table that was not copied then', { record: { ...record(), tables: [] } }, 'not-compared'],
  ['partitions, of which some may tell no time', { source: { isPartitioned: true } }, 'not-compared'],
  ['Aria, whose file is written later', { source: { engine: 'Aria' } }, 'not-compared'],
  ['MyISAM', { source: { engine: 'MyISAM' }, target: { engine: 'MyISAM' } }, 'unwritten'],
  ['InnoDB of a server that was not tried', { flavor: MYSQL_57 }, 'not-compared'],
  ['a table of another server', { source: { engine: 'FEDERATED' }, filled: ['target'] }, 'not-compared'],
])('%s', (_, given, verdict) => {
  expect(judge(given).verdict).toBe(verdict);
});

test('what was copied in the second in which it went live is not sure', () => {
  expect(judge({}).unsure).toEqual(new Set());
  expect(judge({ record: record({}, THEN) })).toMatchObject({ verdict: 'unwritten', unsure: new Set([T]) });
});

test('a record that others may have written is read as it was kept, or not at all', () => {
  const kept: unknown = JSON.parse(JSON.stringify(record()));
  expect(parseCopyRecord(kept)).toEqual(record());
  const spoilt = (change: object): unknown => ({ ...record(), ...change });
  for (const value of [
    null,
    [],
    spoilt({ at: 'yesterday' }),
    spoilt({ tables: [null] }),
    spoilt({ tables: [{ name: 't', content: 'some', source: null, target: null }] }),
    spoilt({ source: { identity: 1, database: 'shop' } }),
    spoilt({ more: 1 }),
  ])
    expect(() => parseCopyRecord(value)).toThrow();
});
