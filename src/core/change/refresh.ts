import type { DatabaseChange, TableChange } from './change-set.js';
import { describeExternal } from '../external-tables.js';
import { keepsKey } from '../mask/table-masks.js';
import type { DatabaseName, TableName } from '../names.js';
import type {
  DatabaseInventory,
  ForeignKeyInventory,
  ServerFacts,
  TableInventory,
} from '../server/inventory.js';
import { columnTypeOf } from '../sql/column-types.js';

interface Side {
  readonly server: Pick<ServerFacts, 'flavor' | 'maxAllowedPacketBytes'>;
  readonly database: DatabaseInventory;
}

/** A text that is longer would be NULL, and count as equal to any other. */
const FEWEST_PACKET_BYTES = 1_048_576;

/** Where a larger part of the rows there differs, copying all is faster. Rows that are missing there cost no more than in a copy. */
export const MOST_CHANGED = 0.35;

/** The tables of a database with what a refresh of each starts from, where the server's own answers decide it. */
export const withRefreshBases = (
  change: Pick<DatabaseChange, 'tables' | 'hooks' | 'preserve'> &
    Readonly<Record<'isUnsearched' | 'isTogether', boolean>>,
  source: Side,
  target: Pick<Side, 'server'> & { readonly database: DatabaseInventory | undefined },
): readonly TableChange[] => {
  const { database } = target;
  if (!database) return change.tables;
  const whole = whyWhole(change, source, { ...target, database });
  return change.tables.map((table) => {
    if (table.action !== 'replace') return table;
    const reason = whole ?? whyCopied(table, source.database, database);
    return { ...table, refresh: reason === undefined ? { base: 'live' } : { base: 'none', reason } };
  });
};

/** Nor is anything of it started from what is kept. */
export const SWAPPED_TOGETHER = 'the database is swapped together with others';

/** Rows that stay do not pass the search for personal data, so an earlier run must have searched them in the same way. */
export const UNSEARCHED = 'nothing says that its rows were searched with these masks';

/** Why no table of a database may stay; undefined when some may. */
const whyWhole = (
  { hooks = [], preserve = [], isUnsearched, isTogether }: Parameters<typeof withRefreshBases>[0],
  source: Side,
  target: Side,
): string | undefined => {
  if (isTogether) return SWAPPED_TOGETHER;
  if (hooks.length > 0) return 'hooks need the whole copy';
  if (preserve.length > 0) return 'tables.preserve keeps rows of the target';
  if (isUnsearched) return UNSEARCHED;
  const reason = whyIncomparable(source, target.server);
  if (reason !== undefined) return reason;
  const hasSequence = [source, target].some(({ database }) =>
    database.tables.some(({ kind }) => kind === 'sequence'),
  );
  return hasSequence ? 'the database has sequences' : undefined;
};

/** Why digests of both servers cannot be compared, of whatever table. */
export const whyIncomparable = (source: Side, target: Side['server']): string | undefined => {
  if (source.database.conversion) return CONVERTED;
  return whyServersIncomparable(source.server, target);
};

const CONVERTED = 'their definitions are converted for the target';

/** Why no digest of one server can be compared with one of the other. */
export const whyServersIncomparable = (
  source: Side['server'],
  target: Side['server'],
): string | undefined => {
  if (source.flavor.vendor !== target.flavor.vendor) return CONVERTED;
  const isNarrow = [source, target].some(
    ({ maxAllowedPacketBytes }) => maxAllowedPacketBytes < FEWEST_PACKET_BYTES,
  );
  return isNarrow ? `max_allowed_packet of a server is less than ${String(FEWEST_PACKET_BYTES)}` : undefined;
};

const whyCopied = (
  { name, isRestructured, masks }: TableChange,
  source: DatabaseInventory,
  target: DatabaseInventory,
): string | undefined => {
  if (isRestructured) return 'its structure differs';
  const sides = [source, target].map(({ tables }) => tables.find((table) => table.name === name));
  for (const table of sides) {
    if (!table) return 'one side has no such table';
    const reason = whyUnread(table) ?? whyMasked(table, masks);
    if (reason !== undefined) return reason;
  }
  return undefined;
};

/** What a server computed and stored of masked values cannot be compared with what the source computed of others. */
const whyMasked = ({ computes }: TableInventory, masks: TableChange['masks']): string | undefined =>
  masks && computes === 'stored' ? 'it stores what is computed, and the plan masks columns of it' : undefined;

/** Whether rows of it that are of an earlier moment can be compared with those of the source, and be replaced. */
export const mayBePatched = (
  table: TableInventory,
  {
    from: database,
    masks,
  }: { readonly from: DatabaseName; readonly masks: TableChange['masks'] | undefined },
): boolean =>
  (whyUnread(table) ?? whyMasked(table, masks)) === undefined &&
  keepsKey(table, masks) &&
  table.foreignKeys.every(({ referencedDatabase }) => keyOf(referencedDatabase) === keyOf(database));

const whyUnread = (table: TableInventory): string | undefined => {
  if (table.kind !== 'table') return 'it is system-versioned';
  if (describeExternal(table) !== undefined) return 'its rows are kept elsewhere';
  if (table.engine?.toUpperCase() !== 'INNODB')
    return `${table.engine ?? 'its engine'} has no consistent snapshots`;
  const unknown = table.columns.find(({ dataType }) => columnTypeOf(dataType)?.digest === undefined);
  return unknown && `values of ${unknown.dataType} have no digest`;
};

/**
 * Tables that a foreign key connects, on either side, with one that only one side has: with a key that waits for its table, or
 * loses it, nobody could say that what stays is as it was. Other keys between what stays and what is swapped are moved.
 */
export const listTied = (
  tables: readonly Pick<TableChange, 'name' | 'action'>[],
  sides: readonly Pick<DatabaseInventory, 'name' | 'tables'>[],
): ReadonlySet<TableName> => {
  const isOnBoth = new Set(
    tables.filter(({ action }) => action === 'replace' || action === 'keep').map(({ name }) => keyOf(name)),
  );
  const tied = new Set<string>();
  for (const { name: database, tables: found } of sides)
    for (const { name, foreignKeys } of found)
      for (const { referencedTable } of foreignKeys.filter(isWithin(database))) {
        const [child, parent] = [keyOf(name), keyOf(referencedTable)];
        if (!isOnBoth.has(child)) tied.add(parent);
        if (!isOnBoth.has(parent)) tied.add(child);
      }
  return new Set(tables.map(({ name }) => name).filter((name) => tied.has(keyOf(name))));
};

/**
 * Of tables that would stay, those that a foreign key ties to one that leaves, by way of others too: MySQL locks both ends of a
 * key for a rename, so that none of them can be held meanwhile.
 */
export const listTiedToSwapped = (
  tables: readonly Pick<TableChange, 'name' | 'action'>[],
  sides: readonly Pick<DatabaseInventory, 'name' | 'tables'>[],
  staying: readonly TableName[],
): ReadonlySet<TableName> => {
  const moving = new Set(
    tables.flatMap(({ name, action }) => (action === 'keep' || staying.includes(name) ? [] : [keyOf(name)])),
  );
  const ends = sides.flatMap(({ name: database, tables: found }) =>
    found.flatMap(({ name, foreignKeys }) =>
      foreignKeys
        .filter(isWithin(database))
        .map(({ referencedTable }) => [keyOf(name), keyOf(referencedTable)] as const),
    ),
  );
  const stays = new Set(staying.map(keyOf));
  for (let before = -1; before !== moving.size;) {
    before = moving.size;
    for (const [child, parent] of ends) {
      if (stays.has(child) && moving.has(parent)) moving.add(child);
      if (stays.has(parent) && moving.has(child)) moving.add(parent);
    }
  }
  return new Set(staying.filter((name) => moving.has(keyOf(name))));
};

/** A server may print the name of a table that a key refers to in another case. */
const keyOf = (name: string): string => name.toLowerCase();

const isWithin =
  (database: string) =>
  ({ referencedDatabase }: ForeignKeyInventory): boolean =>
    keyOf(referencedDatabase) === keyOf(database);
