import { describeFlavor } from '../flavor.js';
import type { HazardRule } from './hazard-rule.js';

/** Between vendors the same statement can mean something else, so nothing is copied that was not proved. */
export const mixedVendors: HazardRule = ({ sourceServer, targetServer }) => {
  if (sourceServer.flavor.vendor === targetServer.flavor.vendor) return [];
  return [
    {
      code: 'MIXED_VENDORS',
      severity: 'blocks',
      message: `cannot be copied from ${describeFlavor(sourceServer.flavor)} to ${describeFlavor(targetServer.flavor)} without a loss`,
      hint: 'Use a source and a target of the same vendor.',
    },
  ];
};
