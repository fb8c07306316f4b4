import type { Conversions } from './conversions.js';
import type { SourceServer, TargetServer } from './ports.js';

export interface OpenServers {
  readonly source: SourceServer;
  readonly target: TargetServer;
  /** Between vendors. */
  readonly conversions?: Conversions;
}
