import type { SourceServer, TargetServer } from './ports.js';

export interface OpenServers {
  readonly source: SourceServer;
  readonly target: TargetServer;
}
