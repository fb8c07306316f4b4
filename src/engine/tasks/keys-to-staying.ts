import type { DatabaseName, TableName } from '../../core/names.js';
import type { TargetServer } from '../ports/target-server.js';
import type { DatabaseContent } from './swap-definition.js';

/** Where tables that come or go with a swap stand now, of which the live database keeps some others. */
interface Place {
  readonly live: DatabaseName;
  readonly place: DatabaseName;
  readonly tables: readonly TableName[];
}

/**
 * The keys of these tables to others of their database. A staged table is made with such a key to a table that its staging
 * database does not have: a key to the live one would let deletes there be refused, or go on into the copy.
 */
export const readKeysToStaying = async (
  target: TargetServer,
  { live, place, tables }: Place,
): Promise<Pick<DatabaseContent, 'keysToStaying'>> => {
  const keys = await target.readKeysBeside(place, tables);
  return keys.length === 0
    ? {}
    : { keysToStaying: keys.map((key) => ({ ...key, database: live, parent: live })) };
};
