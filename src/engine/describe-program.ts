import { isSameVendor } from '../core/flavor.js';
import { describeForeignProgram } from '../core/conversion/describe-program.js';
import { readEventState, writeEventState } from '../core/sql/event-text.js';
import type { ServerFacts } from '../core/server/inventory.js';
import { moveProgram } from '../core/sql/move-program.js';
import type { DatabaseName } from '../core/names.js';
import { listPlain, tokenizeSql } from '../core/sql/sql-text.js';
import { readTriggerHead } from '../core/sql/trigger-text.js';
import { renameUtf8, renameUtf8InSql } from '../core/sql/utf8-name.js';
import type { ProgramDefinition } from './ports/server.js';

/** Says all that is stored about a program of this database. */
export type DescribeProgram = (program: ProgramDefinition, database: DatabaseName) => string;

/**
 * Of a view what the server prints is compared, because information_schema gains parentheses in some that are made from
 * their own text. What other programs have of their person stays as it is: moved to the copy, both are the same.
 */
const describeProgram = (program: ProgramDefinition, database: DatabaseName, isFolded: boolean): string => {
  const { kind, sqlMode, charsetClient, collationConnection, databaseCollation, timeZone } = program;
  const text =
    kind === 'view'
      ? describeView(program, database, isFolded)
      : kind === 'trigger'
        ? describeTrigger(program, isFolded)
        : program.statement;
  const charsets = [charsetClient, collationConnection, databaseCollation ?? ''];
  return JSON.stringify([
    renameUtf8InSql(text, 'utf8mb3', sqlMode),
    sqlMode,
    charsets.map((name) => renameUtf8(name, 'utf8mb3')),
    timeZone,
  ]);
};

const OWN_DATABASE = 'its own database';

const describeView = (view: ProgramDefinition, database: DatabaseName, isFolded: boolean): string => {
  const { statement } = moveProgram(view, { name: database, isFolded }, OWN_DATABASE);
  // MariaDB names it with the columns of a view whose definer does not exist, and with no others.
  return statement.replaceAll(`\`${OWN_DATABASE}\`.`, '');
};

const describeTrigger = ({ statement, sqlMode, table }: ProgramDefinition, isFolded: boolean): string => {
  const tokens = tokenizeSql(statement, sqlMode);
  const seen = listPlain(tokens);
  const { words, body } = readTriggerHead(seen.flatMap((index) => tokens[index] ?? []));
  const text = tokens.slice(seen[body]).map((token) => token.text);
  return [...words, 'on', (isFolded ? table?.toLowerCase() : table) ?? '', text.join('')].join(' ');
};

/**
 * How programs are compared that a source has and a target got: vendors print the same program each in their own way.
 * The source's have to be moved to the copy before.
 */
export const chooseDescription = (
  source: Pick<ServerFacts, 'flavor'>,
  target: Pick<ServerFacts, 'flavor' | 'lowerCaseTableNames'>,
): DescribeProgram => {
  const isFolded = target.lowerCaseTableNames !== 0;
  const isForeign = !isSameVendor(source, target);
  return (program, database) => {
    const spelled = withoutSemicolon(program.kind === 'event' ? spellState(program) : program);
    return isForeign
      ? describeForeignProgram(spelled, database, isFolded)
      : describeProgram(spelled, database, isFolded);
  };
};

/** The same word for a replica on every server. */
const spellState = (event: ProgramDefinition): ProgramDefinition => ({
  ...event,
  statement: writeEventState(event, readEventState(event)),
});

/**
 * MySQL keeps the semicolon that stood between a body of one statement and the next statement of one query, and the copy is
 * made alone.
 */
const withoutSemicolon = (program: ProgramDefinition): ProgramDefinition => {
  const statement = program.statement.trimEnd();
  return statement.endsWith(';') ? { ...program, statement: statement.slice(0, -1).trimEnd() } : program;
};
