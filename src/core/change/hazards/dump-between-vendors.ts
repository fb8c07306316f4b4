import { describeFlavor, isSameVendor } from '../../flavor.js';
import { traitsOf } from '../../plan/row-engines.js';
import type { HazardRule } from './hazard-rule.js';

/** What stands in a dump means something else to the other vendor's server. */
export const dumpBetweenVendors: HazardRule = ({ sourceServer, targetServer, options }) =>
  !isSameVendor(sourceServer, targetServer) && !traitsOf(options.engine).betweenVendors
    ? [
        {
          code: 'DUMP_BETWEEN_VENDORS',
          severity: 'blocks',
          message: `a dump of ${describeFlavor(sourceServer.flavor)} is not made for ${describeFlavor(targetServer.flavor)}`,
          hint: 'Copy with engine: native.',
        },
      ]
    : [];
