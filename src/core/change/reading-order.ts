import type { DatabaseName } from '../names.js';

/** A database of a batch, by what the target calls it. */
export interface Reader {
  readonly to: DatabaseName;
  /** The databases that its views, foreign keys and defaults name. */
  readonly reads: readonly DatabaseName[];
  /** Those of them whose copy has to be there before its views and defaults can be created. A foreign key can wait. */
  readonly awaits: readonly DatabaseName[];
}

/**
 * The batch as units, each after those that it reads, otherwise in the given order: a view cannot be created before what
 * it reads is there. A circle is opened where a foreign key allows it, or what the target has already. Databases that await
 * each other in a circle are one unit, because no order can create their views.
 */
export const groupByReading = <Database extends Reader>(
  databases: readonly Database[],
): readonly (readonly Database[])[] => {
  const byName = new Map(databases.map((database) => [database.to, database]));
  const read = memoize(({ reads }: Database) => reads.flatMap((name) => byName.get(name) ?? []));
  const reachable = memoize((from: Database) => listReachable(read, from));
  const comesFirst = (first: Database, reader: Database): boolean =>
    reader.awaits.includes(first.to) || !reachable(first).has(reader);
  const wait = memoize((reader: Database) => read(reader).filter((first) => comesFirst(first, reader)));
  const awaited = memoize((reader: Database) => listReachable(wait, reader));
  const place = new Map(databases.map((database, index) => [database, index]));
  const entered = new Set<Database>();
  const units: (readonly Database[])[] = [];
  const visit = (database: Database): void => {
    if (entered.has(database)) return;
    const circle = [...awaited(database)].filter((other) => awaited(other).has(database));
    const unit = [...new Set([database, ...circle])].sort(
      (a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0),
    );
    for (const member of unit) entered.add(member);
    unit.flatMap(wait).forEach(visit);
    units.push(unit);
  };
  databases.forEach(visit);
  return units;
};

/** What the steps lead to; the start itself where a circle leads back. */
const listReachable = <Item>(steps: (from: Item) => readonly Item[], start: Item): ReadonlySet<Item> => {
  const found = new Set<Item>();
  const open = [start];
  for (let item = open.pop(); item !== undefined; item = open.pop())
    for (const next of steps(item)) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  return found;
};

const memoize = <Item, Result>(work: (item: Item) => Result): ((item: Item) => Result) => {
  const known = new Map<Item, Result>();
  return (item) => {
    const before = known.get(item);
    if (before !== undefined) return before;
    const result = work(item);
    known.set(item, result);
    return result;
  };
};
