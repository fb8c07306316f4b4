import { describeForeignProgram } from '../core/conversion/describe-program.js';
import { readEventState, writeEventState } from '../core/event-text.js';
import type { ServerFacts } from '../core/inventory.js';
import type { DatabaseName } from '../core/names.js';
import { replaceDatabase } from '../core/sql-names.js';
import { renameUtf8, renameUtf8InSql } from '../core/utf8-name.js';
import type { ProgramDefinition } from './ports.js';

const OWN_DATABASE = '`its own database`';

/**
 * All that is stored about a program, its own database called the same on both sides. What the server prints is
 * compared, because information_schema gains parentheses in some views that are made from their own text.
 */
const describeProgram = (program: ProgramDefinition, database: DatabaseName): string => {
  const { statement, sqlMode, charsetClient, collationConnection, databaseCollation, timeZone } = program;
  const moved = replaceDatabase(statement, database, OWN_DATABASE);
  // MariaDB names it with the columns of a view whose definer does not exist, and with no others.
  const named = program.kind === 'view' ? moved.replaceAll(`${OWN_DATABASE}.`, '') : moved;
  const text = renameUtf8InSql(named, 'utf8mb3');
  const charsets = [charsetClient, collationConnection, databaseCollation ?? ''];
  return JSON.stringify([text, sqlMode, charsets.map((name) => renameUtf8(name, 'utf8mb3')), timeZone]);
};

/** How programs of these two servers are compared: vendors print the same program each in their own way. */
export const chooseDescription = (
  one: Pick<ServerFacts, 'flavor'>,
  other: Pick<ServerFacts, 'flavor'>,
): ((program: ProgramDefinition, database: DatabaseName) => string) => {
  const describe = one.flavor.vendor === other.flavor.vendor ? describeProgram : describeForeignProgram;
  return (program, database) => describe(program.kind === 'event' ? spellEvent(program) : program, database);
};

/**
 * The same word for a replica on every server. MySQL keeps the semicolon that stood between an event and the next
 * statement of one query, and the copy is made alone.
 */
const spellEvent = (event: ProgramDefinition): ProgramDefinition => ({
  ...event,
  statement: writeEventState(event, readEventState(event)).replace(/;\s*$/, ''),
});
