import { type NamingText, type OwnDatabase, findOwnNames, isOwnName } from './own-names.js';
import { moveTrigger } from './program-text.js';
import { quoteName } from './quote-name.js';
import { moveNames } from './sql-names.js';
import { joinTokens, tokenizeSql } from './sql-text.js';

/**
 * The program as one of database `to`: what names its own database for certain names that one. A view is what the
 * server printed. A body is its person's text, and changes only where the database has another name.
 */
export const moveProgram = <Program extends NamingText>(
  program: Program,
  from: OwnDatabase,
  to: string,
): Program => {
  const { kind, statement, sqlMode } = program;
  const findPlace = (database: string): string | undefined =>
    isOwnName(from, database) ? quoteName(to) : undefined;
  if (kind === 'view') return { ...program, statement: moveNames(statement, findPlace) };
  const moved = from.name === to ? statement : renameInBody(program, from, to);
  return { ...program, statement: kind === 'trigger' ? moveTrigger(moved, to, sqlMode) : moved };
};

const renameInBody = (program: NamingText, from: OwnDatabase, to: string): string => {
  const certain = new Set(findOwnNames(program, from).certain);
  return joinTokens(
    tokenizeSql(program.statement, program.sqlMode).map((token, index) =>
      certain.has(index) ? { ...token, text: quoteName(to) } : token,
    ),
  );
};
