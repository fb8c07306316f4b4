import type { ServerFacts } from '../../core/server/inventory.js';
import { throughTunnel } from '../../core/server/through-tunnel.js';
import { toDatabaseName } from '../../core/names.js';
import type { CopyProgress } from '../../core/run/run-event.js';
import type { CopiedTable, CopyJob, RowEngine } from '../../engine/ports/row-engine.js';
import { buildDumpArguments, buildLoaderArguments } from './argv.js';
import { clientEnvironment } from './client-process.js';
import { CopyMeter } from './copy-meter.js';
import { type CredentialTransport, transportOf } from './credentials.js';
import { startOrphanGuard } from './orphan-guard.js';
import { type PipePlan, runPipe } from './pipe.js';
import { type ClientPair, planPipes } from './plan-pipes.js';
import { chooseDumpClient, chooseLoader, findClientTools } from './tools.js';

export interface DumpEngineOptions {
  /** Where the client programs are looked for: a PATH. */
  readonly path: string;
  /** An existing folder for option files; on Linux they have no name there for longer than it takes to write them. */
  readonly temporaryFolder: string;
  /** By the platform when absent. */
  readonly transport?: CredentialTransport;
}

/** Rows by way of the vendors' own programs: `mysqldump` or `mariadb-dump`, a relay in this process, `mysql` or `mariadb`. */
export const createDumpEngine = (options: DumpEngineOptions): RowEngine => {
  const findDumps = once(async () => findClientTools('dump', options.path));
  const findLoaders = once(async () => findClientTools('loader', options.path));
  const chooseClients = async (source: ServerFacts, target: ServerFacts): Promise<ClientPair> => ({
    dump: chooseDumpClient(await findDumps(), source.flavor),
    loader: chooseLoader(await findLoaders(), target.flavor),
  });
  return {
    name: 'dump',
    prepare: async (source, target) => {
      const { dump, loader } = await chooseClients(source, target);
      // Builds what any copy needs, to hear of a missing flag before anything is written.
      const database = toDatabaseName('any');
      buildDumpArguments(dump, {
        database,
        tables: [],
        where: '1',
        history: 'without-history',
        statementBytes: 4096,
      });
      buildLoaderArguments(loader, target, database);
    },
    copy: async (asked, report, signal) => {
      const job = {
        ...asked,
        source: await throughTunnel(asked.source),
        target: await throughTunnel(asked.target),
      };
      const plans = planPipes(job, await chooseClients(job.sourceFacts, job.targetFacts));
      return runPipes(job, plans, options, report, signal);
    },
    close: () => Promise.resolve(),
  };
};

/** Often enough for a smooth display, and no more than it asks for. */
const REPORT_MILLISECONDS = 100;

const runPipes = async (
  job: CopyJob,
  plans: readonly PipePlan[],
  { path, temporaryFolder, transport = transportOf(process.platform) }: DumpEngineOptions,
  report: (progress: CopyProgress) => void,
  signal: AbortSignal,
): Promise<readonly CopiedTable[]> => {
  const meter = new CopyMeter(job.tables);
  const guard = startOrphanGuard();
  const timer = setInterval(() => report(meter.read()), REPORT_MILLISECONDS);
  const environment = clientEnvironment(path);
  try {
    const copied: CopiedTable[] = [];
    for (const plan of plans) {
      const { pace } = job;
      const scanner = await runPipe(plan, {
        environment,
        temporaryFolder,
        transport,
        guard,
        meter,
        pace,
        signal,
      });
      copied.push(...plan.expected.map((name) => ({ name, rows: scanner.rowsOf(name) })));
    }
    report(meter.readDone());
    return copied;
  } finally {
    clearInterval(timer);
    guard.release();
  }
};

const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let result: Promise<T> | undefined;
  return async () => (result ??= work());
};
