import type { Endpoint } from '../../../../core/server/connection.js';
import { SyncError } from '../../../../core/errors.js';
import type { LaneConnection } from './lane-connection.js';

/** At least one, and as many of the wanted ones as the server lets in. */
export const openAsManyAs = async <Opened>(
  wanted: number,
  open: () => Promise<Opened>,
): Promise<readonly [Opened, ...Opened[]]> => {
  const opening = await Promise.allSettled(Array.from({ length: wanted }, open));
  const [first, ...others] = opening.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (first !== undefined) return [first, ...others];
  throw opening.find((one) => one.status === 'rejected')?.reason as Error;
};

const IDENTITY = `SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'server_uid', 'hostname', 'port', 'datadir')`;

/**
 * Behind one address there may be many servers (a balancer, a cluster's reader): snapshots on two of them have nothing
 * to do with each other.
 * @throws SyncError COPY_FAILED
 */
export const checkSameServer = async (
  { name }: Endpoint,
  connections: readonly LaneConnection[],
): Promise<void> => {
  if (connections.length < 2) return;
  const identities = await Promise.all(
    connections.map(async (connection) => {
      const rows = await connection.queryRows(IDENTITY);
      return rows.map((row) => row.map((cell) => cell?.toString()).join('=')).join('\n');
    }),
  );
  if (new Set(identities).size <= 1) return;
  throw new SyncError('COPY_FAILED', {
    message: `${name}: connections to one address reached different servers, so no two of them see the same rows`,
    hints: [
      'Name one server instead of the address that spreads connections, or set  options: {parallel: 1}',
    ],
  });
};
