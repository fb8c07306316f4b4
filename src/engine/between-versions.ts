import {
  convertInventoryCollations,
  convertTableCollations,
  olderCollations,
} from '../core/conversion/older-collations.js';
import { convertCollationsOf } from '../core/conversion/collation-text.js';
import { supports } from '../core/server/features.js';
import type { DatabaseInventory, ServerFacts } from '../core/server/inventory.js';
import { chooseUtf8Name, renameUtf8 } from '../core/sql/utf8-name.js';
import type { SourceServer } from './ports/server.js';

/**
 * A source with collations or descending keys that an older server of its vendor does not have says what its objects are
 * there. Those that use none of them cost nothing more than to look.
 */
export const convertToOlderServer = (source: SourceServer, target: ServerFacts): SourceServer => {
  const utf8 = chooseUtf8Name(target.collations);
  const isKnown = (name: string): boolean => target.collations.has(renameUtf8(name, utf8));
  const losesOrder =
    supports(source.facts.flavor, 'descendingKeys') && !supports(target.flavor, 'descendingKeys');
  if (!losesOrder && [...source.facts.collations].every(isKnown)) return source;
  const convert = olderCollations(target);
  const convertDatabase = async (database: DatabaseInventory): Promise<DatabaseInventory> => {
    const tables = database.tables.filter(({ engine }) => engine !== undefined).map(({ name }) => name);
    const definitions = await source.readTableDefinitions(database.name, tables);
    const programs =
      database.programs.length > 0
        ? await source.readProgramDefinitions(database.name, database.programs)
        : [];
    return convertInventoryCollations(database, definitions, programs, target);
  };
  return {
    ...source,
    inspectDatabases: async (names) => {
      const unknown = new Set<string>();
      const found = await source.inspectDatabases(names, {
        collation: (name) => {
          if (!isKnown(name)) unknown.add(name);
          return convert(name);
        },
        order: (order) => {
          if (!losesOrder || order !== 'D') return order;
          unknown.add('DESC');
          return 'A';
        },
      });
      if (unknown.size === 0 && found.every(({ collation }) => isKnown(collation))) return found;
      const converted: DatabaseInventory[] = [];
      for (const database of found) converted.push(await convertDatabase(database));
      return converted;
    },
    readTableDefinitions: async (database, tables) =>
      (await source.readTableDefinitions(database, tables)).map((table) =>
        convertTableCollations(table, convert),
      ),
    readProgramDefinitions: async (database, known) =>
      (await source.readProgramDefinitions(database, known)).map((program) =>
        convertCollationsOf(program, convert),
      ),
  };
};
