import { keepsJsonTypes } from '../core/server/json-types.js';
import type { CopyTable } from './ports/rows.js';
import type { Server, Snapshot } from './ports/server.js';
import type { DatabaseName } from '../core/names.js';

/** Why the rows of a copy by the dump engine are others, as far as it can be told; starts with a space. */
export const explainRows = async (
  snapshot: Snapshot,
  { source, target }: { readonly source: Pick<Server, 'facts'>; readonly target: Pick<Server, 'facts'> },
  from: DatabaseName,
  { table, where }: CopyTable,
): Promise<string> => {
  const canTell = keepsJsonTypes(source.facts.flavor, target.facts.flavor);
  const found = canTell ? await snapshot.findTypedJson(from, table, where) : undefined;
  if (!found)
    return table.computes === 'stored'
      ? ' (its generated columns may have been computed under another sql_mode; engine: native tries several)'
      : '';
  const { column, row, path, type } = found;
  const place = `${path} of column ${column}${row === undefined ? '' : `, row ${row}`}`;
  return ` (the JSON value at ${place} is of type ${type}, which a dump does not carry; engine: native copies it)`;
};
