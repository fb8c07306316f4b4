import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../core/server/connection.js';
import type { ServerFacts } from '../../core/server/inventory.js';
import { rowFormatOf } from '../../core/session/binary-log.js';
import { STRICT_MODE } from '../../core/session/target-modes.js';
import { renderAssignments } from '../../core/session/setting.js';
import type { LocalJournalKeys } from '../../engine/ports/records.js';
import type { Fence, TargetOperations } from '../../engine/ports/target-server.js';
import { findUnableToExecute, listAccounts, readRights } from './facts/accounts.js';
import { readClocks } from './facts/clocks.js';
import { openFencedConnection } from './connection/fenced-connection.js';
import { createPrograms } from './programs/create-programs.js';
import { dropPrograms } from './programs/drop-programs.js';
import { findTables } from './inventory/find-tables.js';
import { listScratch, measureDatabases, writeJournal } from './journal/journal.js';
import { forgetApplied, makeApplied, readApplied, writeApplied } from './journal/applied-table.js';
import { makeProvenance, readProvenance, writeProvenance } from './journal/provenance-table.js';
import { readLastWrites, readUpdateTimes } from './inventory/last-writes.js';
import { type JournalKeys, createJournalKeys } from './journal/journal-key.js';
import { onOwnConnection } from './connection/own-connection.js';
import {
  dropKeys,
  readKeysBeside,
  readKeysOf,
  readOutsideKeys,
  restoreOutsideKeys,
} from './swap/outside-keys.js';
import { listScratchDatabases } from './inventory/scratch-databases.js';
import { inspectTables } from './inventory/inspect.js';
import { renameTables } from './swap/rename.js';
import { findHolders } from './locks/find-holders.js';
import { openTableLock } from './locks/table-lock.js';
import { openWorkerSeat } from './locks/worker-seat.js';
import { openRunLock } from './locks/open-run-lock.js';
import { followSequences } from './swap/sequence-defaults.js';
import type { SharedConnection } from './connection/shared-connection.js';
import { openHookSession } from './staging/hook-session.js';
import { type Isolation, openPreserveSession } from './staging/preserve-session.js';
import { checkFilters } from './rows/check-filters.js';
import { quoteName } from './connection/identifiers.js';
import { spellForTarget } from './definitions/spell-for-target.js';
import {
  alterDatabase,
  createDatabase,
  createTables,
  dropDatabase,
  dropTables,
  setCounters,
  setSequences,
} from './staging/create-tables.js';

/**
 * What only a target can do. What changes its session has a connection of its own; the rest uses the shared one. Each
 * statement and each login is a round trip to the server, so nothing is opened for empty lists.
 */
export const makeTargetOperations = (
  endpoint: Endpoint,
  facts: ServerFacts,
  shared: SharedConnection,
  localKeys: LocalJournalKeys,
): TargetOperations =>
  makeOperations(endpoint, facts, createJournalKeys(facts.identity, localKeys), {
    shared,
    useOwn: (attempt, work) => onOwnConnection(endpoint, attempt, work),
  });

interface Connections {
  readonly shared: SharedConnection;
  /** For work that changes its session. */
  readonly useOwn: SharedConnection['use'];
}

/** The same, all of it in one session that is not replaced when it is lost. */
const openFence = async (endpoint: Endpoint, facts: ServerFacts, keys: JournalKeys): Promise<Fence> => {
  const fenced = await openFencedConnection(endpoint);
  const operations = makeOperations(endpoint, facts, keys, {
    shared: fenced,
    useOwn: (attempt, work) => fenced.useOwn(attempt, work),
  });
  return { operations, reopen: () => fenced.reopen(), close: () => fenced.close() };
};

const makeOperations = (
  endpoint: Endpoint,
  facts: ServerFacts,
  keys: JournalKeys,
  { shared, useOwn }: Connections,
): TargetOperations => {
  const { flavor } = facts;
  const spell = spellForTarget(facts);
  const format = rowFormatOf(facts);
  const place = {
    endpoint,
    shared,
    prepare: format.length > 0 ? `SET ${renderAssignments(format)}` : '',
  };
  const onOwn = <Result>(attempt: string, work: (connection: mysql.Connection) => Promise<Result>) =>
    useOwn(attempt, async (connection) => {
      if (format.length > 0) await connection.query(`SET ${renderAssignments(format)}`);
      return work(connection);
    });
  return {
    readStructures: async (database) => {
      const tables = await shared.use(`read the tables of ${database}`, (connection) =>
        inspectTables(connection, flavor, [database], 'parts'),
      );
      return (tables.get(database) ?? []).map(({ name, fingerprint, parts = [] }) => ({
        name,
        fingerprint,
        parts,
      }));
    },
    createDatabase: (name, defaults) =>
      shared.use(`create database ${name}`, (connection) =>
        createDatabase(connection, name, spell.defaults(defaults), flavor),
      ),
    alterDatabase: (name, defaults) =>
      shared.use(`alter database ${name}`, (connection) =>
        alterDatabase(connection, name, spell.defaults(defaults), flavor),
      ),
    dropDatabase: (name) => onOwn(`drop database ${name}`, (connection) => dropDatabase(connection, name)),
    createTables: async (database, tables, sourceDatabase) => {
      if (tables.length === 0) return;
      await onOwn(`create the tables of ${database}`, (connection) =>
        createTables(connection, database, tables.map(spell.table), sourceDatabase, flavor),
      );
    },
    setSequences: (database, tables) =>
      onOwn(`set the sequences of ${database}`, (connection) => setSequences(connection, database, tables)),
    setCounters: async (database, counters) => {
      if (counters.every(({ next }) => next === null)) return;
      await onOwn(`set the counters of ${database}`, (connection) =>
        setCounters(connection, database, counters),
      );
    },
    dropTables: async (database, tables) => {
      if (tables.length === 0) return;
      await onOwn(`drop tables of ${database}`, (connection) => dropTables(connection, database, tables));
    },
    createPrograms: async (database, programs, sourceDatabase, use) => {
      if (programs.length === 0) return;
      await onOwn(`create the programs of ${database}`, (connection) =>
        createPrograms(connection, {
          database,
          programs: programs.map(spell.program),
          sourceDatabase,
          use,
          facts,
        }),
      );
    },
    dropPrograms: async (database, programs) => {
      if (programs.length === 0) return;
      await onOwn(`drop programs of ${database}`, (connection) =>
        dropPrograms(connection, database, programs),
      );
    },
    checkPreserved: (database, filters) =>
      onOwn(`check filters over ${database}`, async (connection) => {
        await connection.query(`USE ${quoteName(database)}`);
        await connection.query(`SET sql_mode = '${STRICT_MODE}'`);
        return checkFilters(connection, database, filters);
      }),
    openPreserve: (places, signal) =>
      openPreserveSession({ ...place, isolation: isolationFor(facts) }, places, signal),
    openHooks: (staging, signal) => openHookSession(place, staging, signal),
    renameTables: async (moves) => {
      if (moves.length === 0) return;
      await onOwn('move tables', (connection) => renameTables(connection, moves));
    },
    followSequences: async (moves) => {
      if (moves.length === 0) return;
      await onOwn('let defaults use moved sequences', (connection) => followSequences(connection, moves));
    },
    readOutsideKeys: (live, moving) =>
      shared.use(`read the foreign keys that refer to ${live}`, (connection) =>
        readOutsideKeys(connection, live, moving),
      ),
    readKeysOf: (database, parents) =>
      shared.use(`read the foreign keys of ${database}`, (connection) =>
        readKeysOf(connection, database, parents),
      ),
    readKeysBeside: (database, tables) =>
      shared.use(`read the foreign keys of ${database}`, (connection) =>
        readKeysBeside(connection, database, tables),
      ),
    dropKeys: async (scratch, keys) => {
      if (keys.length === 0) return;
      await onOwn('drop foreign keys', (connection) => dropKeys(connection, scratch, keys));
    },
    restoreOutsideKeys: async (keys) => {
      if (keys.length === 0) return;
      await onOwn('restore foreign keys from outside', (connection) => restoreOutsideKeys(connection, keys));
    },
    readRights: async (accounts) =>
      accounts.length === 0
        ? new Map()
        : shared.use('read the rights of definers', (connection) => readRights(connection, accounts)),
    findUnableToExecute: async (database, accounts) =>
      accounts.length === 0
        ? []
        : shared.use('read the rights of definers', (connection) =>
            findUnableToExecute(connection, database, accounts),
          ),
    readClocks: async (timeZones) =>
      timeZones.length === 0
        ? new Map()
        : shared.use('read the time', (connection) => readClocks(connection, timeZones)),
    findTables: async (wanted) =>
      wanted.length === 0
        ? []
        : shared.use('look for tables of other databases', (connection) => findTables(connection, wanted)),
    listAccounts: () => shared.use('list the accounts', listAccounts),
    listScratchNames: () => shared.use('look for scratch databases', listScratchDatabases),
    listScratch: () =>
      shared.use('look for scratch databases', (connection) => listScratch(connection, keys)),
    measureDatabases: (names) =>
      shared.use('read the sizes of databases', (connection) => measureDatabases(connection, names)),
    writeJournal: (scratch, text) =>
      shared.use(`write the journal in ${scratch}`, (connection) =>
        writeJournal(connection, keys, scratch, text),
      ),
    readProvenance: () => shared.use('read what runs wrote down', readProvenance),
    makeProvenance: () => shared.use('make a place for what runs write down', makeProvenance),
    writeProvenance: async (rows) => {
      if (rows.length === 0) return;
      await shared.use('write down what is live', (connection) => writeProvenance(connection, rows));
    },
    readUpdateTimes: (databases) =>
      shared.use(`read when tables of ${databases.join(', ')} were written`, (connection) =>
        readUpdateTimes(connection, flavor, databases),
      ),
    readLastWrites: (names) =>
      shared.use('read when tables were written', (connection) => readLastWrites(connection, flavor, names)),
    readApplied: (savedPlan) =>
      shared.use('read what was applied', (connection) => readApplied(connection, savedPlan)),
    makeApplied: () => shared.use('make a place for what is applied', makeApplied),
    writeApplied: (savedPlan, records) =>
      shared.use('write down what is applied', (connection) => writeApplied(connection, savedPlan, records)),
    forgetApplied: (savedPlan, records) =>
      shared.use('write down what is undone', (connection) => forgetApplied(connection, savedPlan, records)),
    joinWorkers: (worker) =>
      openWorkerSeat(endpoint, facts.identity, worker, (connection, seen) =>
        readApplied(connection, worker.savedPlan, seen),
      ),
    findHolders: async (runs) =>
      runs.length === 0
        ? new Map()
        : shared.use('read who works here', (connection) => findHolders(connection, runs)),
    lockForRun: (run) => openRunLock(endpoint, facts.identity, shared, run),
    lockTables: (database, tables, signal) => openTableLock(endpoint, database, tables, signal),
    openFence: () => openFence(endpoint, facts, keys),
  };
};

/** InnoDB refuses to log statements under READ COMMITTED. */
const isolationFor = (facts: ServerFacts): Isolation =>
  rowFormatOf(facts).length === 0 && facts.settings?.get('binlog_format') === 'STATEMENT'
    ? 'REPEATABLE READ'
    : 'READ COMMITTED';
