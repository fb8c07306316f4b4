import type { Flavor } from '../flavor.js';
import { supports } from './features.js';

/**
 * MariaDB marks the current rows of a system-versioned table by the last moment that it knows, in UTC. A row with
 * another one counts as deleted.
 */
export const currentRowsEnd = (flavor: Flavor): string =>
  supports(flavor, 'timestampsTo2106') ? '2106-02-07 06:28:15.999999' : '2038-01-19 03:14:07.999999';
