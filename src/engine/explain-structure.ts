import type { DatabaseName, TableName } from '../core/names.js';
import { describeDifference, diffTables } from '../core/change/structure-difference.js';
import type { Server } from './ports/server.js';

type Readable = Record<'source' | 'target', Pick<Server, 'readTableDefinitions'>>;

/** What the target's definitions of these tables would lose (`- `) and get (`+ `) to be the source's. */
export const diffStructures = async (
  { source, target }: Readable,
  { from, to }: { readonly from: DatabaseName; readonly to: DatabaseName },
  tables: readonly TableName[],
): Promise<ReadonlyMap<TableName, readonly string[]>> => {
  if (tables.length === 0) return new Map();
  const [here, there] = await Promise.all([
    source.readTableDefinitions(from, tables),
    target.readTableDefinitions(to, tables),
  ]);
  const statements = [there, here].map((found) => new Map(found.map((one) => [one.name, one.statement])));
  const [now, coming] = statements;
  return new Map(tables.map((name) => [name, diffTables(now?.get(name) ?? '', coming?.get(name) ?? '')]));
};

/** A clause about a table that the target has otherwise than the source. */
export const explainStructure = (diff: readonly string[]): string =>
  `has a different structure: ${describeDifference(diff)}`;
