import type { Flavor } from '../flavor.js';

/** The server that a definition is converted for. */
export interface ConversionTarget {
  readonly flavor: Flavor;
  readonly collations: ReadonlySet<string>;
  readonly storageEngines: ReadonlySet<string>;
}
