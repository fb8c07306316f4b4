import type { DatabaseChange } from '../../core/change/change-set.js';
import type { Difference } from '../../core/change/comparison.js';
import { listTied } from '../../core/change/refresh.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import type { DatabaseInventory } from '../../core/server/inventory.js';
import { readCreateTable } from '../../core/sql/create-table.js';
import { splitCounter } from '../../core/sql/table-statement.js';
import type { OpenServers } from '../open-servers.js';
import type { Server } from '../ports.js';

/** Of tables that may stay: null of one that stays, otherwise why it is copied, a clause for people. */
export type Verdicts = ReadonlyMap<TableName, string | null>;

export const listStayingOf = (verdicts: Verdicts): readonly TableName[] =>
  [...verdicts].flatMap(([name, reason]) => (reason === null ? [name] : []));

export interface BothSides {
  readonly here: DatabaseInventory;
  readonly there: DatabaseInventory;
}

/**
 * Of tables whose rows were compared, those that stay: the number of the next row and the triggers are the source's too, and
 * no foreign key ties them to a table that only one side has. `differences` are those of the programs. Writes nothing.
 */
export const decideStaying = async (
  { change, servers }: { readonly change: DatabaseChange; readonly servers: OpenServers },
  { here, there }: BothSides,
  differences: readonly Difference[],
  rows: Verdicts,
): Promise<Verdicts> => {
  const counters = await findOtherCounters(change, servers, listStayingOf(rows));
  const triggered = listTriggered(differences, [here, there]);
  const tied = listTied(change.tables, [here, there]);
  const judge = (name: TableName): string | null => {
    if (counters.has(name)) return 'the number of its next row differs';
    if (triggered.has(name)) return 'its triggers differ';
    return tied.has(name) ? 'a foreign key ties it to a table that one server does not have' : null;
  };
  return new Map([...rows].map(([name, reason]) => [name, reason ?? judge(name)]));
};

/** A copy takes over the number that the next row gets. */
const findOtherCounters = async (
  { from, to }: Pick<DatabaseChange, 'from' | 'to'>,
  { source, target }: OpenServers,
  names: readonly TableName[],
): Promise<ReadonlySet<TableName>> => {
  if (names.length === 0) return new Set();
  const read = async (server: Server, database: DatabaseName) =>
    new Map(
      (await server.readTableDefinitions(database, names)).map(({ name, statement }) => [
        name,
        splitCounter(readCreateTable(statement)).counter,
      ]),
    );
  const [here, there] = await Promise.all([read(source, from), read(target, to)]);
  return new Set(names.filter((name) => here.get(name) !== there.get(name)));
};

/** Tables whose triggers on the target are not what the copy's would be. */
const listTriggered = (
  differences: readonly Difference[],
  sides: readonly Pick<DatabaseInventory, 'programs'>[],
): ReadonlySet<TableName> => {
  const names = new Set(differences.filter(({ kind }) => kind === 'trigger').map(({ name }) => name));
  return new Set(
    sides.flatMap(({ programs }) =>
      programs.flatMap(({ kind, name, table }) =>
        kind === 'trigger' && table !== undefined && names.has(name) ? [table] : [],
      ),
    ),
  );
};
