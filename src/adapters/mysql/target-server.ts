import type { Endpoint } from '../../core/connection.js';
import type { ServerFacts } from '../../core/inventory.js';
import type { Server, TargetServer } from '../../engine/ports.js';
import { listAccounts } from './accounts.js';
import { openConnection } from './connect.js';
import { createPrograms, dropPrograms } from './create-programs.js';
import { toServerError } from './errors.js';
import { listScratch, measureDatabases, writeJournal } from './journal.js';
import { onOwnConnection } from './own-connection.js';
import { readOutsideKeys, restoreOutsideKeys } from './outside-keys.js';
import { renameTables } from './rename.js';
import { checkRunLock, takeRunLock } from './run-lock.js';
import { followSequences } from './sequence-defaults.js';
import { closeConnection, unlessSilent } from './silence.js';
import { spellForTarget } from './spell-for-target.js';
import {
  alterDatabase,
  createDatabase,
  createTables,
  dropDatabase,
  dropTables,
  setSequences,
} from './stage.js';

type TargetOperations = Omit<TargetServer, keyof Server>;

/** What only a target can do. Every operation has a connection of its own, so that no session leaks into another. */
export const makeTargetOperations = (endpoint: Endpoint, facts: ServerFacts): TargetOperations => {
  const { flavor } = facts;
  const spell = spellForTarget(facts);
  return {
    createDatabase: (name, defaults) =>
      onOwnConnection(endpoint, `create database ${name}`, (connection) =>
        createDatabase(connection, name, spell.defaults(defaults), flavor),
      ),
    alterDatabase: (name, defaults) =>
      onOwnConnection(endpoint, `alter database ${name}`, (connection) =>
        alterDatabase(connection, name, spell.defaults(defaults), flavor),
      ),
    dropDatabase: (name) =>
      onOwnConnection(endpoint, `drop database ${name}`, (connection) => dropDatabase(connection, name)),
    createTables: (database, tables, sourceDatabase) =>
      onOwnConnection(endpoint, `create the tables of ${database}`, (connection) =>
        createTables(connection, database, tables.map(spell.table), sourceDatabase),
      ),
    setSequences: (database, tables) =>
      onOwnConnection(endpoint, `set the sequences of ${database}`, (connection) =>
        setSequences(connection, database, tables),
      ),
    dropTables: (database, tables) =>
      onOwnConnection(endpoint, `drop tables of ${database}`, (connection) =>
        dropTables(connection, database, tables),
      ),
    createPrograms: (database, programs, sourceDatabase, use) =>
      onOwnConnection(endpoint, `create the programs of ${database}`, (connection) =>
        createPrograms(connection, {
          database,
          programs: programs.map(spell.program),
          sourceDatabase,
          use,
          facts,
        }),
      ),
    dropPrograms: (database, programs) =>
      onOwnConnection(endpoint, `drop programs of ${database}`, (connection) =>
        dropPrograms(connection, database, programs),
      ),
    renameTables: (moves) =>
      onOwnConnection(endpoint, 'move tables', (connection) => renameTables(connection, moves)),
    followSequences: (moves) =>
      onOwnConnection(endpoint, 'let defaults use moved sequences', (connection) =>
        followSequences(connection, moves),
      ),
    readOutsideKeys: (live, moving) =>
      onOwnConnection(endpoint, `read the foreign keys that refer to ${live}`, (connection) =>
        readOutsideKeys(connection, live, moving),
      ),
    restoreOutsideKeys: (keys) =>
      onOwnConnection(endpoint, 'restore foreign keys from outside', (connection) =>
        restoreOutsideKeys(connection, keys),
      ),
    listAccounts: () => onOwnConnection(endpoint, 'list the accounts', listAccounts),
    listScratch: () => onOwnConnection(endpoint, 'look for scratch databases', listScratch),
    measureDatabases: (names) =>
      onOwnConnection(endpoint, 'read the sizes of databases', (connection) =>
        measureDatabases(connection, names),
      ),
    writeJournal: (scratch, body) =>
      onOwnConnection(endpoint, `write the journal in ${scratch}`, (connection) =>
        writeJournal(connection, scratch, body),
      ),
    lockForRun: () => lockForRun(endpoint, facts),
  };
};

const lockForRun = async (
  endpoint: Endpoint,
  { identity }: ServerFacts,
): ReturnType<TargetServer['lockForRun']> => {
  const holder = await openConnection(endpoint);
  const release = (): Promise<void> => closeConnection(holder);
  try {
    await unlessSilent(holder, endpoint, () => takeRunLock(holder, identity));
  } catch (error) {
    await release();
    throw toServerError(error, endpoint, 'lock the target for this run');
  }
  return {
    release,
    check: () =>
      onOwnConnection(endpoint, 'check the lock of this run', (connection) =>
        checkRunLock(connection, identity, holder.threadId),
      ),
  };
};
