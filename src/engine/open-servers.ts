import type { Conversions } from './conversions.js';
import type { SourceServer } from './ports/server.js';
import type { TargetServer } from './ports/target-server.js';

export interface OpenServers {
  readonly source: SourceServer;
  readonly target: TargetServer;
  /** Between vendors. */
  readonly conversions?: Conversions;
}
