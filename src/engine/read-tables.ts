import type { DatabaseName } from '../core/names.js';
import type { TableInventory } from '../core/server/inventory.js';
import type { Server } from './ports/server.js';

type CatalogServer = Pick<Server, 'inspectTables'>;

type ReadTables = (database: DatabaseName) => Promise<readonly TableInventory[]>;

/** None where there is no such database. */
export const readTables = async (server: CatalogServer, database: DatabaseName): ReturnType<ReadTables> =>
  (await server.inspectTables([database])).get(database) ?? [];

/** The tables of a database as they are when this is called, on either side. */
export interface TablesNow {
  readonly source: ReadTables;
  readonly target: ReadTables;
}

/** Reads the catalog of each server once for all databases that ask while an answer is on its way: small ones come by the dozen. */
export const gatherTables = ({ source, target }: Record<'source' | 'target', CatalogServer>): TablesNow => ({
  source: gatherOf(source),
  target: gatherOf(target),
});

const gatherOf = (server: CatalogServer): ReadTables => {
  let last: Promise<unknown> = Promise.resolve();
  let next:
    { readonly names: Set<DatabaseName>; readonly found: ReturnType<Server['inspectTables']> } | undefined;
  const openNext = () => {
    const names = new Set<DatabaseName>();
    const found = last
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return server.inspectTables([...names]);
      });
    last = found;
    return { names, found };
  };
  return async (database) => {
    const { names, found } = (next ??= openNext());
    names.add(database);
    return (await found).get(database) ?? [];
  };
};
