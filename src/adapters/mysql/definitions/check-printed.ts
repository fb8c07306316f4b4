import { SyncError } from '../../../core/errors.js';
import type { Flavor } from '../../../core/flavor.js';
import type { DatabaseName } from '../../../core/names.js';
import { PrintedSqlRefusal } from '../../../core/sql/printed-sql.js';
import { type PrintedTable, readPrintedSequence, readPrintedTable } from '../../../core/sql/printed-table.js';
import { findProgramFault } from '../../../core/sql/program-statement.js';
import type { ProgramDefinition, TableDefinition } from '../../../engine/ports/server.js';

/**
 * The statement that makes a table or sequence on a server of this flavor. The server that printed it is not trusted:
 * it may be another one than it says, and what it prints runs with the rights of the account that applies.
 * @throws SyncError DEFINITION_REFUSED
 */
export const checkPrinted = (
  { name, statement, sequenceState, mayBeExternal = false }: TableDefinition,
  database: DatabaseName,
  flavor: Flavor,
): PrintedTable => {
  const read = sequenceState === undefined ? readPrintedTable : readPrintedSequence;
  try {
    const printed = read(statement, name, flavor);
    const { external } = printed;
    if (mayBeExternal || external.length === 0) return printed;
    throw new SyncError('DEFINITION_REFUSED', {
      message: `${database}.${name} opens data that is kept elsewhere (${external.join(', ')}), and the plan does not allow it`,
      hints: [
        'Exclude the table (tables.exclude), or allow it (tables.external) when the target may open that data.',
      ],
    });
  } catch (error) {
    if (!(error instanceof PrintedSqlRefusal)) throw error;
    const what = sequenceState === undefined ? 'CREATE TABLE' : 'CREATE SEQUENCE';
    throw new SyncError('DEFINITION_REFUSED', {
      message: `the server printed more or other than the ${what} of ${database}.${name}: ${error.message}`,
      hints: [LOOK, 'Or leave the table out (tables.exclude).'],
      cause: error,
    });
  }
};

const LOOK =
  'Nothing of it was run. Look at what SHOW CREATE prints there, and whether this is the server that it should be.';

/** The same for a program, whose statement is as its person wrote it. Throws DEFINITION_REFUSED too. */
export const checkPrintedProgram = (program: ProgramDefinition, database: DatabaseName): void => {
  const fault = findProgramFault(program.statement, { ...program, database });
  if (fault === undefined) return;
  throw new SyncError('DEFINITION_REFUSED', {
    message: `what the server printed of ${program.kind} ${database}.${program.name} ${fault}`,
    hints: [LOOK, 'Or leave it out (programs.exclude).'],
  });
};
