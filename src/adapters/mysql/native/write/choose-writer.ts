import type { WriterKind } from '../../../../core/change/copy-conditions.js';
import type { DatabaseName } from '../../../../core/names.js';
import type { CopyTable } from '../../../../engine/ports/rows.js';
import { serverErrorNumber } from '../../connection/errors.js';
import { quoteTable } from '../../connection/identifiers.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import type { WriterChoice } from './open-table-writer.js';
import { HEADER_BYTES, renderQuery, writeHeader } from '../../protocol/packets.js';
import { TargetExchange } from '../wire/target-exchange.js';
import type { WarningsOfRows } from './row-sender.js';
import type { EnumForm } from '../statements/transfer-columns.js';

/** What the target lets a lane do, found out by asking it. */
export interface TargetAbilities {
  readonly canBulk: boolean;
  readonly canLoad: boolean;
  /** A LOAD DATA holds the counter of an AUTO_INCREMENT table until it ends, so that others wait; an INSERT does not. */
  readonly holdsCounters: boolean;
  readonly maxPacketBytes: number;
}

/** Asks with a table of the copy, into which no row goes. */
export const probeTarget = async (
  lane: LaneConnection,
  database: DatabaseName,
  tables: readonly CopyTable[],
): Promise<TargetAbilities> => {
  const rows = await lane.queryRows(
    `SHOW VARIABLES WHERE Variable_name IN ('innodb_autoinc_lock_mode', 'max_allowed_packet', 'log_bin', 'binlog_format')`,
  );
  const probed = tables.find(({ table }) => table.engine?.toLowerCase() === 'innodb') ?? tables[0];
  const variables = new Map(rows.map(([name, value]) => [name?.toString(), value?.toString()]));
  const logsStatements = variables.get('log_bin') === 'ON' && variables.get('binlog_format') === 'STATEMENT';
  return {
    canBulk: lane.takesBulk && !logsStatements,
    canLoad: probed !== undefined && (await acceptsLoad(lane, quoteTable(database, probed.table.name))),
    holdsCounters: Number(variables.get('innodb_autoinc_lock_mode') ?? 2) < 2,
    maxPacketBytes: Number(variables.get('max_allowed_packet') ?? 1_048_576),
  };
};

/** Which way the rows of one table go. */
export const chooseWriter = (
  { canBulk, canLoad, holdsCounters, maxPacketBytes }: TargetAbilities,
  {
    enums,
    writers,
    warnings = 'refused',
  }: {
    readonly enums: EnumForm;
    readonly writers: 'one' | 'many';
    readonly warnings?: WarningsOfRows;
  },
): WriterChoice => {
  const loads = canLoad && (writers === 'one' || !holdsCounters);
  const usual: WriterKind = canBulk ? 'bulk' : loads ? 'load' : 'insert';
  return {
    // Bulk takes numbers for labels, and a LOAD DATA that does not needs more time for each row.
    usual: enums === 'positions' ? 'insert' : usual,
    large: canLoad ? 'load' : 'as-usual',
    limits: { maxPacketBytes, warnings },
  };
};

const FILE = 'mysql-sync-probe';

/** Both sides must allow LOCAL, and how a server forbids it has many numbers. */
const acceptsLoad = async (lane: LaneConnection, table: string): Promise<boolean> => {
  const exchange = new TargetExchange(lane.wire);
  const endOfFile = Buffer.alloc(HEADER_BYTES);
  writeHeader(endOfFile, 0, 2);
  try {
    exchange.expectRequest(FILE, () => {
      exchange.expect(() => undefined, 3);
      exchange.write(endOfFile);
    });
    exchange.write(renderQuery(`LOAD DATA LOCAL INFILE '${FILE}' INTO TABLE ${table} CHARACTER SET binary`));
    await exchange.settle(0);
    return true;
  } catch (error) {
    if (serverErrorNumber(error) === undefined) throw error;
    return false;
  } finally {
    exchange.close();
  }
};
