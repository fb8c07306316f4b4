import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeConditions } from '../../core/change/copy-conditions.js';
import type { ResolvedOptions } from '../../core/plan/resolved-plan.js';
import type { EngineName } from '../../core/plan/row-engines.js';
import type { Clock, EventSink, Ports, Servers } from '../../engine/ports/ports.js';
import type { RowEngine } from '../../engine/ports/row-engine.js';
import type { Memory } from './memory.js';
import { recordWhereAble } from './record-where-able.js';
import type { Surroundings } from './surroundings.js';
import type { TunnelService } from './tunnel-service.js';
import { goOnWithout } from './unusable-store.js';

/** What the engine needs of the world. */
export interface RunPorts {
  servers(): Promise<Servers>;
  readonly clock: Clock;
  /** For a run that copies rows. */
  ports(events: EventSink, options: ResolvedOptions): Promise<Ports>;
  /** For a run that moves what is on the target already. */
  portsWithoutRows(events: EventSink): Promise<Omit<Ports, 'rowEngine'>>;
}

const CLOCK: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
};

export const createRunPorts = (
  surroundings: Surroundings,
  memory: Memory,
  tunnels: TunnelService,
): RunPorts => {
  const { paths, isPipeline, variables } = surroundings.environment;
  const servers = async (): Promise<Servers> => {
    const { createServers } = await import('../../adapters/mysql/servers.js');
    // The store is opened only when a journal is read or written: planning needs none of it otherwise.
    const reached = createServers({
      find: async (identity) =>
        existsSync(join(paths.stateFolder, 'journal.key'))
          ? (await memory.store()).journalKeys.find(identity)
          : undefined,
      make: async (identity) => (await memory.store()).journalKeys.make(identity),
    });
    return {
      openSource: async (endpoint, known) => reached.openSource(await tunnels.attach(endpoint), known),
      openTarget: async (endpoint, known) => reached.openTarget(await tunnels.attach(endpoint), known),
      keepConnections: async (endpoint) => reached.keepConnections(await tunnels.attach(endpoint)),
    };
  };
  const dumpEngine = async (): Promise<RowEngine> => {
    const { createDumpEngine } = await import('../../adapters/dump/dump-engine.js');
    return createDumpEngine({ path: variables['PATH'] ?? '', temporaryFolder: tmpdir() });
  };
  const makers: Readonly<Record<EngineName, EngineMaker>> = { native: nativeEngine, dump: dumpEngine };
  const portsWithoutRows: RunPorts['portsWithoutRows'] = async (events) => ({
    servers: await servers(),
    history: isPipeline
      ? recordWhereAble(
          () => memory.history(),
          (error) => goOnWithout(surroundings, 'the history', error),
        )
      : await memory.history(),
    events,
    clock: CLOCK,
  });
  return {
    servers,
    clock: CLOCK,
    ports: async (events, options) => ({
      ...(await portsWithoutRows(events)),
      rowEngine: await makers[options.engine](events, options),
    }),
    portsWithoutRows,
  };
};

type EngineMaker = (events: EventSink, options: ResolvedOptions) => Promise<RowEngine>;

const nativeEngine: EngineMaker = async (events, { engine, parallel, verify }) => {
  const { createNativeEngine } = await import('../../adapters/mysql/native/native-engine.js');
  return createNativeEngine({
    lanes: parallel,
    proof: verify,
    onConditions: ({ live }, conditions) =>
      events({
        type: 'conditions',
        database: live,
        message: describeConditions({ engine, ...conditions }).join('; '),
      }),
  });
};
