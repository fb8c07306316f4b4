import type { Servers } from '../../engine/ports.js';
import { openServer, openTargetServer } from './server.js';

/** Servers over mysql2. */
export const createServers = (): Servers => ({ openSource: openServer, openTarget: openTargetServer });
