import { expect, test } from 'vitest';
import { groupBatch } from '../../../src/core/change/group-batch.js';
import type {
  DatabaseInventory,
  ProgramInventory,
  TableInventory,
} from '../../../src/core/server/inventory.js';
import { toDatabaseName, toTableName } from '../../../src/core/names.js';
import { aDatabase, aProgram, aTable } from '../../support/inventory.js';

const [A, B] = [toDatabaseName('a'), toDatabaseName('b')];

/** Views of each read `t` of the other one. */
const CIRCLE = [
  aDatabase(A, [aTable('t')], { reads: [B], needs: [B], programs: [viewOf(B)] }),
  aDatabase(B, [aTable('t')], { reads: [A], needs: [A], programs: [viewOf(A)] }),
];

function viewOf(database: DatabaseInventory['name']): ProgramInventory {
  return aProgram('view', 'v', { readsElsewhere: [{ database, name: toTableName('t') }] });
}

const group = (sources: readonly DatabaseInventory[], live: readonly (DatabaseInventory | undefined)[]) =>
  groupBatch(sources.map((source, index) => ({ to: source.name, source, live: live[index] })))
    .map((unit) => unit.map(({ to }) => to).join('+'))
    .join(' ');

const columns = (...names: readonly string[]): Pick<TableInventory, 'columns'> => ({
  columns: names.map((name) => ({
    ...{ name, dataType: 'int', columnType: 'int(11)', charset: undefined, collation: undefined },
    ...{ isGenerated: false, primaryKeyPosition: undefined },
  })),
});

const withContent = (tables: readonly TableInventory[], ...programs: readonly ProgramInventory[]) =>
  CIRCLE.map((database) => ({ ...database, tables, programs: [...database.programs, ...programs] }));

test('databases that the target has with all that their views read are copied one after the other', () => {
  expect(group(CIRCLE, CIRCLE)).toBe('a b');
});

test.each([
  ['a new table', CIRCLE, withContent([])],
  [
    'a new column',
    withContent([aTable('t', columns('id', 'added'))]),
    withContent([aTable('t', columns('id'))]),
  ],
  [
    'another view',
    withContent([], aProgram('view', 't')),
    withContent([], aProgram('view', 't', { fingerprint: 'other' })),
  ],
  ['a function that is new', withContent([], aProgram('function', 'f')), withContent([])],
])('one unit where each reads %s of the other', (_, sources, live) => {
  expect(group(sources, live)).toBe('a+b');
});

test.each([
  ['a new table that no view reads', withContent([aTable('t'), aTable('u')]), CIRCLE],
  [
    'a column that goes',
    withContent([aTable('t', columns('id'))]),
    withContent([aTable('t', columns('id', 'gone'))]),
  ],
  ['a procedure that is new', withContent([aTable('t')], aProgram('procedure', 'p')), CIRCLE],
])('no unit for %s', (_, sources, live) => {
  expect(group(sources, live)).toBe('a b');
});

test('one of them new: a unit when it reads what the other one gets', () => {
  expect(group(CIRCLE, [aDatabase(A, []), undefined])).toBe('a+b');
  expect(group(CIRCLE, [CIRCLE[0], undefined])).toBe('b a');
});
