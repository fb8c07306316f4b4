import type mysql from 'mysql2/promise';
import { MOST_POSITION_LENGTH, type SnapshotPosition } from '../../../core/run/provenance.js';
import { supports } from '../../../core/server/features.js';
import { hasPrivilege } from '../../../core/server/grants.js';
import type { ServerFacts } from '../../../core/server/inventory.js';
import { serverErrorNumber } from '../connection/errors.js';
import { readFirstColumn, readRows } from '../connection/rows.js';

/**
 * Transaction ids where the server keeps some: every account may read them. Otherwise the binary log's file and position,
 * asked only with the privilege that takes. Takes no lock. Null where there is nothing to see.
 */
export const readPosition = async (
  connection: mysql.Connection,
  { flavor, grants, hasBinaryLog }: ServerFacts,
): Promise<SnapshotPosition | null> => {
  try {
    const [gtids = ''] = await readFirstColumn(
      connection,
      `SELECT @@GLOBAL.${supports(flavor, 'gtidCurrentPos') ? 'gtid_current_pos' : 'gtid_executed'}`,
    );
    const text = gtids.replaceAll(/\s/g, '');
    if (text !== '')
      return text.length <= MOST_POSITION_LENGTH ? { kind: 'gtid', text, isExact: false } : null;
    const maySee = POSITION_PRIVILEGES.some((privilege) => hasPrivilege(grants, privilege));
    return hasBinaryLog && maySee ? await readFilePosition(connection) : null;
  } catch (error) {
    // Worth nothing but a line for people: a server that does not tell is a server without one.
    if (serverErrorNumber(error) === undefined) throw error;
    return null;
  }
};

const POSITION_PRIVILEGES = ['REPLICATION CLIENT', 'BINLOG MONITOR', 'SUPER'];

/** MySQL 8.4 knows only the new words, and others only the old ones. */
const readFilePosition = async (connection: mysql.Connection): Promise<SnapshotPosition | null> => {
  const [status] = await readRows(connection, 'SHOW BINARY LOG STATUS').catch((error: unknown) => {
    if (serverErrorNumber(error) === undefined) throw error;
    return readRows(connection, 'SHOW MASTER STATUS');
  });
  const [file, position] = status ?? [];
  return file && position ? { kind: 'file', text: `${file}:${position}`, isExact: false } : null;
};
