import { SyncError } from '../../core/errors.js';
import { describeFlavor } from '../../core/flavor.js';
import { firstVersion, supports } from '../../core/server/features.js';
import { holdsDates } from '../../core/server/holds-dates.js';
import type { TableInventory } from '../../core/server/inventory.js';
import type { CopyJob } from '../../engine/ports/row-engine.js';
import type { CopyTable } from '../../engine/ports/rows.js';
import { type DumpScope, buildDumpArguments, buildLoaderArguments } from './argv.js';
import type { ClientTool } from './client-tool.js';
import { refuseUnencrypted, renderOptionFile } from './option-file.js';
import type { PipePlan } from './pipe.js';

export interface ClientPair {
  readonly dump: ClientTool;
  readonly loader: ClientTool;
}

/**
 * One pipe for all whole tables, so that they come from one snapshot, and one for each table with a condition.
 * @throws SyncError COPY_FAILED, TOOL_MISSING or CONN_TLS when these clients cannot do it; nothing was started then.
 */
export const planPipes = (job: CopyJob, clients: ClientPair): readonly PipePlan[] => {
  refuseUnencrypted(job.source, clients.dump, job.sourceFacts.tlsVersion);
  refuseUnencrypted(job.target, clients.loader, job.targetFacts.tlsVersion);
  const { tables } = job;
  const whole = tables.filter(({ where }) => where === null);
  return [
    ...(whole.length > 0 ? [planPipe(job, clients, whole, null)] : []),
    ...tables.flatMap((table) =>
      table.where === null ? [] : [planPipe(job, clients, [table], table.where)],
    ),
  ];
};

const planPipe = (
  job: CopyJob,
  clients: ClientPair,
  tables: readonly CopyTable[],
  where: string | null,
): PipePlan => {
  const { source, target, from, into } = job;
  const expected = tables.map(({ table }) => table.name);
  const scope: DumpScope = {
    database: from,
    tables: expected,
    where,
    history: needsHistory(job, clients, tables) ? 'with-history' : 'without-history',
    statementBytes: statementBytesFor(job.targetFacts.maxAllowedPacketBytes),
  };
  const dumpArguments = buildDumpArguments(clients.dump, scope);
  refuseLongArguments(job, dumpArguments);
  return {
    dump: {
      program: clients.dump.path,
      arguments: dumpArguments,
      optionFile: renderOptionFile(source, clients.dump, job.sourceFacts),
    },
    loader: {
      program: clients.loader.path,
      arguments: buildLoaderArguments(clients.loader, job.targetFacts, into),
      optionFile: renderOptionFile(target, clients.loader, job.targetFacts),
    },
    expected,
    dates: tables.some(makesValues) && !tables.some(({ table }) => holdsDates(table)) ? 'made' : 'any',
    names: {
      database: from,
      source: source.name,
      target: target.name,
      dumpProgram: clients.dump.path,
      loaderProgram: clients.loader.path,
    },
  };
};

const makesValues = ({ table }: CopyTable): boolean => table.computes === 'stored';

const MEBIBYTE = 1024 * 1024;

/** Well below what the target takes. A larger row still travels, alone in its statement. */
const statementBytesFor = (maxAllowedPacketBytes: number): number =>
  Math.max(4096, Math.min(MEBIBYTE, Math.floor(maxAllowedPacketBytes / 4 / 1024) * 1024));

const needsHistory = (
  { from, targetFacts }: CopyJob,
  { dump }: ClientPair,
  tables: readonly CopyTable[],
): boolean => {
  const versioned = tables.find(({ table }) => table.kind === 'system-versioned');
  if (!versioned) return false;
  const fail = (why: string): SyncError => historyLost(from, versioned.table, why);
  if (!dump.options.has('dump-history'))
    throw fail(`${dump.path} (${describeFlavor(dump.flavor)}) cannot dump it`);
  if (!supports(targetFacts.flavor, 'historyInserts'))
    throw fail(`the target (${describeFlavor(targetFacts.flavor)}) cannot take it`);
  return true;
};

const historyLost = (database: string, { name }: TableInventory, why: string): SyncError =>
  new SyncError('COPY_FAILED', {
    message: `${database}: ${name} keeps the history of its rows (system versioning), and ${why}.`,
    hints: [
      `It needs MariaDB ${firstVersion('historyInserts', 'mariadb')} or newer: the dump client, and the target.`,
    ],
  });

/** Linux takes 128 KiB an argument, and macOS 1 MiB in all. */
const MOST_ARGUMENT_BYTES = 120 * 1024;
const MOST_ARGUMENTS_BYTES = 900 * 1024;

/** Several dumps would be several snapshots, so a database whose names do not fit is refused rather than split. */
const refuseLongArguments = ({ from }: CopyJob, argv: readonly string[]): void => {
  const sizes = argv.map((argument) => Buffer.byteLength(argument) + 9);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (Math.max(...sizes) <= MOST_ARGUMENT_BYTES && total <= MOST_ARGUMENTS_BYTES) return;
  throw new SyncError('COPY_FAILED', {
    message: `${from}: the dump client cannot be given ${total} bytes of table names and conditions in one command.`,
    hints: ['Choose `engine: native` in the plan: it has no such limit.'],
  });
};
