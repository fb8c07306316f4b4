import { isSameVendor } from '../core/flavor.js';
import {
  type Vendors,
  convertInventory,
  convertPrograms,
  convertTables,
  fingerprintForeignTable,
} from '../core/conversion/convert-database.js';
import type { DatabaseInventory, ProgramInventory, TableInventory } from '../core/server/inventory.js';
import type { DatabaseName, TableName } from '../core/names.js';
import { convertToOlderServer } from './between-versions.js';
import { Conversions } from './conversions.js';
import type { OpenServers } from './open-servers.js';
import type { SourceServer } from './ports/server.js';
import type { TargetServer } from './ports/target-server.js';

/**
 * Between vendors the source says what its objects are on the target, and both call structures by names that do not
 * depend on who printed them. All that plans, copies and compares goes on as between servers of one vendor.
 */
export const convertBetween = (
  { source, target }: OpenServers,
  conversions = new Conversions(),
): OpenServers => {
  const vendors = { source: source.facts, target: target.facts };
  if (isSameVendor(vendors.source, vendors.target))
    return { source: convertToOlderServer(source, target.facts), target };
  return {
    source: convertSource(source, vendors, conversions),
    target: compareTarget(target, conversions),
    conversions,
  };
};

/** Sequences are no tables elsewhere, and of a table that the server cannot open there is nothing to read. */
const listReadable = (tables: readonly TableInventory[]): readonly TableName[] =>
  tables.filter(({ kind, engine }) => kind === 'table' && engine !== undefined).map(({ name }) => name);

const convertSource = (source: SourceServer, vendors: Vendors, conversions: Conversions): SourceServer => {
  const { flavor, collations, storageEngines } = vendors.target;
  const between = [vendors.source.flavor, flavor, [...collations], [...storageEngines]];
  const convertTablesOf = async (database: DatabaseName, tables: readonly TableName[]) => {
    const definitions = await source.readTableDefinitions(database, tables);
    return conversions.tables.recall(database, [between, definitions], () =>
      convertTables(definitions, vendors),
    );
  };
  const convertProgramsOf = async (database: DatabaseName, known?: readonly ProgramInventory[]) => {
    const programs = await source.readProgramDefinitions(database, known);
    return conversions.programs.recall(database, [between, programs], () =>
      convertPrograms(programs, vendors),
    );
  };
  const inspect = async (names: readonly DatabaseName[]) => {
    const databases = await source.inspectDatabases(names);
    for (const { name, tables } of databases) conversions.readable.set(name, new Set(listReadable(tables)));
    return databases;
  };
  /** To inspect a database once more only for the names of its tables would take longer than to read them. */
  const listStillReadable = async (database: DatabaseName): Promise<readonly TableName[]> => {
    const seen = conversions.readable.get(database);
    if (!seen) return listReadable((await inspect([database]))[0]?.tables ?? []);
    return (await source.listTables(database)).filter((name) => seen.has(name));
  };
  return {
    ...source,
    inspectDatabases: async (names) => {
      const converted: DatabaseInventory[] = [];
      for (const database of await inspect(names)) {
        const programs =
          database.programs.length > 0 ? await convertProgramsOf(database.name, database.programs) : [];
        const tables = await convertTablesOf(database.name, listReadable(database.tables));
        converted.push(convertInventory(database, tables, programs, vendors));
      }
      return converted;
    },
    readTableDefinitions: async (database, tables) => {
      const converted = await convertTablesOf(database, await listStillReadable(database));
      const byName = new Map(converted.map(({ definition }) => [definition.name, definition]));
      return tables.flatMap((name) => byName.get(name) ?? []);
    },
    readProgramDefinitions: async (database) =>
      (await convertProgramsOf(database)).map(({ program }) => program),
  };
};

const compareTarget = (target: TargetServer, conversions: Conversions): TargetServer => ({
  ...target,
  inspectDatabases: async (names) => {
    const compared: DatabaseInventory[] = [];
    for (const database of await target.inspectDatabases(names))
      compared.push({
        ...database,
        tables: await compareTables(target, conversions, database.name, database.tables),
      });
    return compared;
  },
  inspectTables: async (databases) => {
    const compared = new Map<string, readonly TableInventory[]>();
    const found = await target.inspectTables(databases);
    for (const database of databases)
      compared.set(database, await compareTables(target, conversions, database, found.get(database) ?? []));
    return compared;
  },
});

const compareTables = async (
  target: TargetServer,
  conversions: Conversions,
  database: DatabaseName,
  tables: readonly TableInventory[],
): Promise<readonly TableInventory[]> => {
  const definitions = await target.readTableDefinitions(database, listReadable(tables));
  const fingerprints = conversions.fingerprints.recall(
    database,
    definitions,
    () => new Map(definitions.map(({ name, statement }) => [name, fingerprintForeignTable(statement)])),
  );
  return tables.map((table) => ({
    ...table,
    fingerprint: fingerprints.get(table.name) ?? table.fingerprint,
  }));
};
