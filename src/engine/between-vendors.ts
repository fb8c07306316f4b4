import { isSameVendor } from '../core/flavor.js';
import {
  type Vendors,
  convertInventory,
  convertPrograms,
  convertTables,
  fingerprintForeignTable,
} from '../core/conversion/convert-database.js';
import type { DatabaseInventory, TableInventory } from '../core/server/inventory.js';
import type { DatabaseName, TableName } from '../core/names.js';
import { convertToOlderServer } from './between-versions.js';
import type { OpenServers } from './open-servers.js';
import type { SourceServer, TargetServer } from './ports.js';

/**
 * Between vendors the source says what its objects are on the target, and both call structures by names that do not
 * depend on who printed them. All that plans, copies and compares goes on as between servers of one vendor.
 */
export const convertBetween = ({ source, target }: OpenServers): OpenServers => {
  const vendors = { source: source.facts, target: target.facts };
  if (isSameVendor(vendors.source, vendors.target))
    return { source: convertToOlderServer(source, target.facts), target };
  return { source: convertSource(source, vendors), target: compareTarget(target) };
};

/** Sequences are no tables elsewhere, and of a table that the server cannot open there is nothing to read. */
const listReadable = (tables: readonly TableInventory[]): readonly TableName[] =>
  tables.filter(({ kind, engine }) => kind === 'table' && engine !== undefined).map(({ name }) => name);

const convertSource = (source: SourceServer, vendors: Vendors): SourceServer => {
  const readTables = async (database: DatabaseInventory | undefined) =>
    database ? source.readTableDefinitions(database.name, listReadable(database.tables)) : [];
  return {
    ...source,
    inspectDatabases: async (names) => {
      const converted: DatabaseInventory[] = [];
      for (const database of await source.inspectDatabases(names)) {
        const programs =
          database.programs.length > 0 ? await source.readProgramDefinitions(database.name) : [];
        converted.push(convertInventory(database, await readTables(database), programs, vendors));
      }
      return converted;
    },
    readTableDefinitions: async (database, tables) => {
      const [inventory] = await source.inspectDatabases([database]);
      const converted = convertTables(await readTables(inventory), vendors);
      const byName = new Map(converted.map(({ definition }) => [definition.name, definition]));
      return tables.flatMap((name) => byName.get(name) ?? []);
    },
    readProgramDefinitions: async (database) =>
      convertPrograms(await source.readProgramDefinitions(database), vendors).map(({ program }) => program),
  };
};

const compareTarget = (target: TargetServer): TargetServer => ({
  ...target,
  inspectDatabases: async (names) => {
    const compared: DatabaseInventory[] = [];
    for (const database of await target.inspectDatabases(names))
      compared.push({ ...database, tables: await compareTables(target, database.name, database.tables) });
    return compared;
  },
  inspectTables: async (database) => compareTables(target, database, await target.inspectTables(database)),
});

const compareTables = async (
  target: TargetServer,
  database: DatabaseName,
  tables: readonly TableInventory[],
): Promise<readonly TableInventory[]> => {
  const definitions = await target.readTableDefinitions(database, listReadable(tables));
  const fingerprints = new Map(
    definitions.map(({ name, statement }) => [name, fingerprintForeignTable(statement)]),
  );
  return tables.map((table) => ({
    ...table,
    fingerprint: fingerprints.get(table.name) ?? table.fingerprint,
  }));
};
