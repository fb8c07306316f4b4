import { forEachConcurrently } from '../core/concurrency.js';
import { SyncError } from '../core/errors.js';
import type { DatabaseName } from '../core/names.js';
import { type DatabaseInventory, keyOfProgram } from '../core/server/inventory.js';
import { describeOwn, findOwnNames } from '../core/sql/own-names.js';
import type { SelectedDatabase } from '../core/change/diff.js';
import type { ProgramDefinition, SourceServer } from './ports/server.js';

/** Each is a few questions to a server that may be far away. */
const AT_ONCE = 8;

/**
 * The databases with what their programs say of them by name. Only where the copy is called otherwise does it matter,
 * so only there the programs are read.
 */
export const readOwnNames = async (
  source: SourceServer,
  chosen: readonly SelectedDatabase[],
  databases: readonly DatabaseInventory[],
): Promise<readonly DatabaseInventory[]> => {
  const renamed = new Set(chosen.flatMap(({ from, to }) => (from === to ? [] : [from])));
  const read = new Map<DatabaseName, DatabaseInventory>();
  await forEachConcurrently(databases, AT_ONCE, async (database) => {
    if (renamed.has(database.name)) read.set(database.name, await addOwnNames(source, database));
  });
  return databases.map((database) => read.get(database.name) ?? database);
};

const addOwnNames = async (source: SourceServer, database: DatabaseInventory): Promise<DatabaseInventory> => {
  const definitions = await readWhereAble(source, database);
  const own = describeOwn(database.name, source.facts, definitions);
  const names = new Map(
    definitions
      // A view is what the server printed, and all of its names are certain.
      .filter(({ kind }) => kind !== 'view')
      .map((program) => [keyOfProgram(program), findOwnNames(program, own)]),
  );
  return {
    ...database,
    programs: database.programs.map((program) => {
      const ownNames = names.get(keyOfProgram(program));
      return ownNames ? { ...program, ownNames } : program;
    }),
  };
};

/** What the account may not read fails its database when it is staged, and by name. */
const readWhereAble = async (
  source: SourceServer,
  { name, programs }: DatabaseInventory,
): Promise<readonly ProgramDefinition[]> => {
  if (programs.every(({ kind }) => kind === 'view')) return [];
  try {
    return await source.readProgramDefinitions(name, programs);
  } catch (error) {
    if (error instanceof SyncError && ['PRIVILEGE_MISSING', 'SERVER_ERROR'].includes(error.code)) return [];
    throw error;
  }
};
