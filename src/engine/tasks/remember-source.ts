import type { RowEngine } from '../ports/row-engine.js';
import type { CopyTable } from '../ports/rows.js';

/**
 * The same engine, which is asked for digests of its one moment only once: who compares again is told what was read the first
 * time. The masks of a table are the same each time. What rejected is asked for again.
 */
export const rememberSource = (engine: RowEngine): RowEngine => {
  const { digestSource, cutSource, hashSource } = engine;
  const known = new Map<string, unknown>();
  const remember = async <Key, Answer>(
    keys: readonly Key[],
    nameOf: (key: Key) => string,
    ask: (missing: readonly Key[]) => Promise<readonly Answer[]>,
  ): Promise<readonly Answer[]> => {
    const missing = keys.filter((key) => !known.has(nameOf(key)));
    const found = missing.length === 0 ? [] : await ask(missing);
    for (const [at, key] of missing.entries()) known.set(nameOf(key), found[at]);
    return keys.map((key) => known.get(nameOf(key)) as Answer);
  };
  const nameRows = (what: string, database: string, { table, where }: CopyTable): string =>
    JSON.stringify([what, database, table.name, where]);
  return {
    ...engine,
    ...(digestSource && {
      digestSource: (tables, signal) =>
        remember(
          tables,
          (rows) => nameRows('digest', rows.database, rows),
          (missing) => digestSource(missing, signal),
        ),
    }),
    ...(cutSource && {
      cutSource: async (database, rows, pieces, signal) => {
        const name = nameRows(`cut into ${String(pieces)}`, database, rows);
        const [cut] = await remember(
          [rows],
          () => name,
          async () => [await cutSource(database, rows, pieces, signal)],
        );
        return cut ?? { conditions: [], areHashable: false };
      },
    }),
    ...(hashSource && {
      hashSource: (database, table, pieces, signal) =>
        remember(
          pieces,
          (piece) => JSON.stringify(['hash', database, table.name, piece]),
          (missing) => hashSource(database, table, missing, signal),
        ),
    }),
  };
};
