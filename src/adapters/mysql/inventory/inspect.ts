import type mysql from 'mysql2/promise';
import { forEachConcurrently } from '../../../core/concurrency.js';
import type { OlderServer } from '../../../core/conversion/collation-text.js';
import type { Flavor } from '../../../core/flavor.js';
import type { DatabaseInventory, TableInventory } from '../../../core/server/inventory.js';
import { type DatabaseName, toDatabaseName } from '../../../core/names.js';
import { listDatabasesOfView } from '../../../core/server/view-order.js';
import type { Cell, Row, ViewName } from './information-schema.js';
import { convertRow } from './inspect-converted.js';
import { type Catalog, groupRows, openCatalog } from './inspect-catalog.js';
import { type CrossingForeignKey, readOutsideForeignKeys } from './inspect-foreign-keys.js';
import { textOf } from './inspect-normal-form.js';
import { type ProgramRows, toPrograms } from './inspect-programs.js';
import { readTables } from './inspect-read-tables.js';
import { findViewFaults } from './inspect-views.js';
import { compareText } from './inspect-columns.js';
import { together } from '../connection/together.js';

/** Databases that are read at once: enough to make the queries few, few enough to keep their rows small in memory. */
const BATCH = 25;
/** So many batches are asked for before the first of them is answered. */
const AHEAD = 4;

/**
 * Reads the structure of the databases; names that do not exist are left out. Sorted by name.
 * @throws SyncError SERVER_UNSUPPORTED for a table of an unknown kind; else the driver's error
 */
export const inspectDatabases = async (
  connection: mysql.Connection,
  flavor: Flavor,
  names: readonly DatabaseName[],
  older?: OlderServer,
): Promise<readonly DatabaseInventory[]> => {
  const catalog = await openCatalog(connection, flavor);
  const inventories: DatabaseInventory[] = [];
  const incoming = await readOutsideForeignKeys(connection, catalog, names);
  const batches: DatabaseName[][] = [];
  for (let start = 0; start < names.length; start += BATCH) batches.push(names.slice(start, start + BATCH));
  await forEachConcurrently(batches, AHEAD, async (wanted) => {
    const [batch, { tables, unopened }, views, rows, readOnly, listed] = await together([
      catalog.read('SCHEMATA', wanted),
      readTables(connection, catalog, flavor, wanted, { older }),
      catalog.read('VIEWS', wanted),
      readProgramRows(catalog, wanted),
      findReadOnly(catalog, wanted),
      catalog.read('LIBRARIES', wanted),
    ]);
    const faults = await findViewFaults(connection, views, unopened);
    const programs = groupPrograms({ ...rows, views }, older);
    const libraries = groupRows(listed, (row) => textOf(row.LIBRARY_SCHEMA));
    for (const schema of batch)
      inventories.push(
        toDatabaseInventory(
          schema,
          tables.get(nameOf(schema)) ?? [],
          programs(nameOf(schema)),
          readOnly.has(nameOf(schema)),
          libraries.get(nameOf(schema)) ?? [],
          incoming,
          flavor,
          faults,
        ),
      );
  });
  return inventories.sort((a, b) => compareText(a.name, b.name));
};

/**
 * The tables of databases, sorted by name; those that do not exist are left out.
 * @throws SyncError SERVER_UNSUPPORTED for a table of an unknown kind; else the driver's error
 */
export const inspectTables = async (
  connection: mysql.Connection,
  flavor: Flavor,
  names: readonly DatabaseName[],
  detail?: 'parts',
): Promise<ReadonlyMap<string, readonly TableInventory[]>> => {
  const catalog = await openCatalog(connection, flavor);
  return (await readTables(connection, catalog, flavor, names, detail ? { detail } : {})).tables;
};

const nameOf = ({ SCHEMA_NAME }: Row<'SCHEMATA'>): string => textOf(SCHEMA_NAME);

const findReadOnly = async (catalog: Catalog, names: readonly string[]): Promise<ReadonlySet<string>> => {
  const extensions = await catalog.read('SCHEMATA_EXTENSIONS', names);
  return new Set(
    extensions
      .filter(({ OPTIONS }) => /\bREAD ONLY=1\b/.test(textOf(OPTIONS)))
      .map(({ SCHEMA_NAME }) => textOf(SCHEMA_NAME)),
  );
};

const readProgramRows = async (
  catalog: Catalog,
  names: readonly string[],
): Promise<Omit<ProgramRows, 'views'>> => {
  const [triggers, routines, parameters, events] = await together([
    catalog.read('TRIGGERS', names),
    catalog.read('ROUTINES', names),
    catalog.read('PARAMETERS', names),
    catalog.read('EVENTS', names),
  ]);
  return { triggers, routines, parameters, events };
};

const groupPrograms = (
  rows: ProgramRows,
  older: OlderServer | undefined,
): ((database: string) => ProgramRows) => {
  const group = <View extends ViewName>(
    read: readonly Row<View>[],
    databaseOf: (row: Row<View>) => Cell,
  ): ReadonlyMap<string, readonly Row<View>[]> =>
    groupRows(
      read.map((row) => convertRow(row, older)),
      (row) => textOf(databaseOf(row)),
    );
  const views = group<'VIEWS'>(rows.views, (row) => row.TABLE_SCHEMA);
  const triggers = group<'TRIGGERS'>(rows.triggers, (row) => row.EVENT_OBJECT_SCHEMA);
  const routines = group<'ROUTINES'>(rows.routines, (row) => row.ROUTINE_SCHEMA);
  const parameters = group<'PARAMETERS'>(rows.parameters, (row) => row.SPECIFIC_SCHEMA);
  const events = group<'EVENTS'>(rows.events, (row) => row.EVENT_SCHEMA);
  return (database) => ({
    views: views.get(database) ?? [],
    triggers: triggers.get(database) ?? [],
    routines: routines.get(database) ?? [],
    parameters: parameters.get(database) ?? [],
    events: events.get(database) ?? [],
  });
};

const toDatabaseInventory = (
  schema: Row<'SCHEMATA'>,
  tables: DatabaseInventory['tables'],
  programs: ProgramRows,
  isReadOnly: boolean,
  libraries: readonly Row<'LIBRARIES'>[],
  incoming: readonly CrossingForeignKey[],
  { vendor }: Flavor,
  faults: ReadonlyMap<string, string>,
): DatabaseInventory => ({
  name: toDatabaseName(nameOf(schema)),
  charset: textOf(schema.DEFAULT_CHARACTER_SET_NAME),
  collation: textOf(schema.DEFAULT_COLLATION_NAME),
  comment: textOf(schema.SCHEMA_COMMENT),
  ...(schema.DEFAULT_ENCRYPTION === 'YES' && { isEncrypted: true }),
  ...(isReadOnly && { isReadOnly }),
  ...(libraries.length > 0 && {
    libraries: libraries.map(({ LIBRARY_NAME }) => textOf(LIBRARY_NAME)).sort(compareText),
  }),
  tables,
  programs: toPrograms(programs, vendor, faults),
  outsideForeignKeys: incoming
    .filter(({ referencedDatabase }) => referencedDatabase === nameOf(schema))
    .map(({ name, database, table, referencedTable }) => ({ name, database, table, referencedTable })),
  ...listReadDatabases(nameOf(schema), tables, programs),
});

/** Servers store a view with every name in full. */
const listReadDatabases = (
  own: string,
  tables: DatabaseInventory['tables'],
  { views }: ProgramRows,
): Pick<DatabaseInventory, 'reads' | 'needs'> => {
  const others = (names: readonly string[]): readonly DatabaseName[] =>
    [...new Set(names)].filter((name) => name !== own).map(toDatabaseName);
  const keys = tables.flatMap(({ foreignKeys }) =>
    foreignKeys.map(({ referencedDatabase }) => referencedDatabase),
  );
  const needs = [
    ...tables.flatMap(({ sequencesElsewhere = [] }) => sequencesElsewhere.map(({ database }) => database)),
    ...views.flatMap(({ VIEW_DEFINITION }) => [...listDatabasesOfView(textOf(VIEW_DEFINITION))]),
  ];
  return { reads: others([...keys, ...needs]), needs: others(needs) };
};
