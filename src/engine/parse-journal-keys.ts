import {
  type DatabaseName,
  type TableName,
  isScratchDatabase,
  isSystemDatabase,
  toDatabaseName,
  toTableName,
} from '../core/names.js';
import { isKeyClause } from '../core/sql/key-clause.js';
import { MalformedError, toFields, toText } from '../core/strict-json.js';
import type { JournalHeader } from './journal-form.js';
import type { OutsideKey } from './ports/target-server.js';

/** Foreign keys as a journal has them: where each may be, and a clause that is nothing but one key. */

/** Of names and everything that servers keep short. */
const SHORT = 1024;
const MEGABYTE = 1024 * 1024;

export const toOutsideKey = (value: unknown, live: DatabaseName): OutsideKey =>
  toKey(value, {
    what: 'an outside key',
    place: 'of another database to the live one',
    isInPlace: (database, parent) =>
      database !== '' && !isSystemDatabase(database) && !isScratchDatabase(database) && parent === live,
  });

export const toKeyToUnit = (value: unknown, { live, together = [] }: JournalHeader): OutsideKey =>
  toKey(value, {
    what: 'a key to the unit',
    place: 'of the live database to another one of the unit',
    isInPlace: (database, parent) => database === live && together.includes(parent),
  });

export const toKeyToStaying = (
  value: unknown,
  { live }: JournalHeader,
  tables: readonly TableName[],
): OutsideKey =>
  toKey(value, {
    what: 'a key to a table that stays',
    place: 'of a table that moves, within the live database',
    isInPlace: (database, parent, table) => database === live && parent === live && tables.includes(table),
  });

interface KeyRule {
  readonly what: string;
  readonly place: string;
  readonly isInPlace: (database: DatabaseName, parent: DatabaseName, table: TableName) => boolean;
}

const toKey = (value: unknown, { what, place, isInPlace }: KeyRule): OutsideKey => {
  const fields = toFields(value, what, ['database', 'table', 'name', 'parent', 'clause']);
  const [database, parent] = [
    toDatabaseName(toText(fields['database'], 'database', SHORT)),
    toDatabaseName(toText(fields['parent'], 'parent', SHORT)),
  ];
  const name = toText(fields['name'], 'name', SHORT);
  const clause = toText(fields['clause'], 'clause', MEGABYTE);
  const table = toTableName(toText(fields['table'], 'table', SHORT));
  if (!isInPlace(database, parent, table)) throw new MalformedError(`${what} is not one ${place}`);
  if (!isKeyClause(clause, { name, parent }))
    throw new MalformedError(`the clause of ${what} is not that of one foreign key`);
  return { database, table, name, parent, clause };
};
