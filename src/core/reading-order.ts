import type { DatabaseName } from './names.js';

interface Reader {
  /** What it will be called. */
  readonly to: DatabaseName;
  /** The databases that its views, foreign keys and defaults name. */
  readonly reads: readonly DatabaseName[];
}

/**
 * Each database after those that it reads, otherwise in the given order: a view cannot be created before what it reads
 * is there. In a circle the one that comes first stays first, and its views fail where nothing is there yet.
 */
export const orderByReading = <Database extends Reader>(
  databases: readonly Database[],
): readonly Database[] => {
  const byName = new Map(databases.map((database) => [database.to, database]));
  const entered = new Set<Database>();
  const ordered: Database[] = [];
  const visit = (database: Database): void => {
    if (entered.has(database)) return;
    entered.add(database);
    for (const name of database.reads) {
      const read = byName.get(name);
      if (read) visit(read);
    }
    ordered.push(database);
  };
  databases.forEach(visit);
  return ordered;
};
