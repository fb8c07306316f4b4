import { type ClassifiedColumn, keyOf } from '../core/change/classified-column.js';
import { SAMPLE, type SampledColumn } from '../core/mask/sample.js';
import { describeExternal } from '../core/external-tables.js';
import type { TableName } from '../core/names.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import { isOfFamily } from '../core/sql/column-types.js';
import type { SourceServer } from './ports/server.js';

export interface SourceSample {
  /** By `keyOf` of the column. */
  readonly columns: ReadonlyMap<string, SampledColumn>;
  readonly tables: number;
  /** Tables that nothing was read of: time ran out, the account may not read them, they do not open, or their rows are elsewhere. */
  readonly passedOver: readonly string[];
}

/** Looks at some rows of each table that has undecided columns of text or bytes, one table after the other, for a limited time. */
export const sampleSource = async (
  source: SourceServer,
  databases: readonly DatabaseInventory[],
  columns: readonly ClassifiedColumn[],
  now: () => Date,
): Promise<SourceSample> => {
  const wanted = columns.filter(
    ({ decided, column }) => decided === undefined && isOfFamily(column.dataType, 'text', 'bytes', 'json'),
  );
  const found = new Map<string, SampledColumn>();
  const passedOver: string[] = [];
  const end = now().getTime() + SAMPLE.allSeconds * 1000;
  let tables = 0;
  const snapshot = await source.openSnapshot();
  try {
    for (const { name: database, tables: all } of databases)
      for (const table of all) {
        const own = wanted.filter((one) => one.database === database && one.table === table.name);
        if (own.length === 0) continue;
        const sampled =
          now().getTime() < end && table.engine !== undefined && !describeExternal(table)
            ? await snapshot.sampleColumns(
                database,
                table,
                own.map(({ column }) => column),
              )
            : undefined;
        if (!sampled) {
          passedOver.push(nameOf(database, table.name));
          continue;
        }
        tables += 1;
        for (const one of own) {
          const sample = sampled.find(({ column }) => column === one.column.name);
          if (sample) found.set(keyOf(one), sample);
        }
      }
  } finally {
    await snapshot.close();
  }
  return { columns: found, tables, passedOver };
};

const nameOf = (database: string, table: TableName): string => `${database}.${table}`;
