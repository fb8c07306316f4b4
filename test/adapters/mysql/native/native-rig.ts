import {
  type NativeEngineOptions,
  createNativeEngine,
} from '../../../../src/adapters/mysql/native/native-engine.js';
import type { CopyConditions, WriterKind } from '../../../../src/core/change/copy-conditions.js';
import type { CopiedTable, CopyJob } from '../../../../src/engine/ports/row-engine.js';
import type { CopyRig } from '../../../contracts/copy-rig.js';
import { quote } from '../../../contracts/copy-rig.js';
import type { TestFlavor } from '../../../support/flavors.js';

/** Small enough for tables of some hundred rows to be copied in chunks. */
export const SMALL_CHUNK_BYTES = 16_384;

/** Only MariaDB takes bulk parameters. */
export const writersOf = ({ vendor }: TestFlavor): readonly WriterKind[] =>
  vendor === 'mariadb' ? ['bulk', 'load', 'insert'] : ['load', 'insert'];

/** Fills a database on the source, with statistics by which tables are cut into chunks. */
export const fill = async (rig: CopyRig, database: string, sql: string): Promise<void> => {
  await rig.source.query(
    `CREATE DATABASE ${quote(database)}; USE ${quote(database)};
     SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', time_zone = '+00:00'; ${sql}`,
  );
  const tables = await rig.source.query(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${database}' AND TABLE_TYPE LIKE '%TABLE%'`,
  );
  for (const { name } of tables)
    await rig.source.query(`ANALYZE TABLE ${quote(database)}.${quote(String(name))}`);
};

export interface NativeCopy {
  readonly copied: readonly CopiedTable[];
  readonly conditions: Omit<CopyConditions, 'engine'> | undefined;
}

export const copyNatively = async (
  job: CopyJob,
  options: Partial<NativeEngineOptions> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<NativeCopy> => {
  let conditions: NativeCopy['conditions'];
  const engine = createNativeEngine({
    lanes: 4,
    proof: 'digest',
    chunkBytes: SMALL_CHUNK_BYTES,
    onConditions: (_, found) => (conditions = found),
    ...options,
  });
  try {
    await engine.prepare(job.sourceFacts, job.targetFacts);
    const copied = await engine.copy(job, () => undefined, signal);
    return { copied, conditions };
  } finally {
    await engine.close();
  }
};

export const readDefinition = async (
  server: CopyRig['source'],
  database: string,
  table: string,
): Promise<string> => {
  const [row] = await server.query(`SHOW CREATE TABLE ${quote(database)}.${quote(table)}`);
  return String(row?.['Create Table']);
};
