import type { Secret } from '../../../../core/secret.js';
import { together } from '../../connection/together.js';
import { giveMaskKey } from '../../rows/give-mask-key.js';
import type { LaneConnection } from './lane-connection.js';

/** Lets connections to the source compute masks. */
export const giveLaneKeys = async (sources: readonly LaneConnection[], key: Secret): Promise<void> => {
  await together(
    sources.map((source) =>
      giveMaskKey(
        {
          execute: (sql, values) => source.execute(sql, values),
          readRow: async (sql) =>
            ((await source.queryRows(sql))[0] ?? []).map((cell) => cell?.toString() ?? null),
        },
        key,
      ),
    ),
  );
};
