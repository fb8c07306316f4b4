import type { ProgramKind } from '../program-kind.js';
import { type Token, isSymbol, isWord, tokenizeSql } from '../sql/sql-text.js';
import { renameUtf8, renameUtf8InSql } from '../sql/utf8-name.js';
import { diffLines, plainLines } from './line-diff.js';

/** What a server stores about a view, trigger, routine or event. */
export interface StoredProgram {
  readonly kind: ProgramKind;
  readonly statement: string;
  readonly sqlMode: string;
  readonly charsetClient: string;
  readonly collationConnection: string;
  readonly databaseCollation?: string;
  readonly timeZone?: string;
}

/** What a program loses (`- `) and gets (`+ `), the session that it was made in included. */
export const diffPrograms = (now: StoredProgram, coming: StoredProgram): readonly string[] =>
  diffLines(plainLines(linesOf(now)), plainLines(linesOf(coming)));

const linesOf = (program: StoredProgram): readonly string[] => {
  const { kind, sqlMode, charsetClient, collationConnection, databaseCollation = '', timeZone } = program;
  const statement = renameUtf8InSql(program.statement, 'utf8mb3', sqlMode);
  const charsets = [charsetClient, collationConnection, databaseCollation].filter((name) => name !== '');
  return [
    `sql_mode: ${sqlMode}`,
    `character set and collations: ${charsets.map((name) => renameUtf8(name, 'utf8mb3')).join(', ')}`,
    ...(timeZone === undefined ? [] : [`time zone: ${timeZone}`]),
    ...(kind === 'view' ? breakView(statement, sqlMode) : statement.split('\n')),
  ];
};

const CLAUSES = ['SELECT', 'FROM', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'UNION', 'WITH'];
const JOIN_WORDS = ['LEFT', 'RIGHT', 'INNER', 'CROSS', 'NATURAL', 'JOIN', 'STRAIGHT_JOIN'];

/** Servers print a view as one line, however long. */
const breakView = (statement: string, sqlMode: string): readonly string[] => {
  const lines: string[] = [''];
  let depth = 0;
  let last: Token | undefined;
  for (const token of tokenizeSql(statement, sqlMode)) {
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    const isJoin = isWord(token, ...JOIN_WORDS) && !isWord(last, ...JOIN_WORDS);
    const isNext = depth === 0 && isSymbol(last, ',');
    if (token.kind !== 'space' && (isWord(token, ...CLAUSES) || isJoin || isNext)) lines.push('');
    lines.push(`${lines.pop() ?? ''}${token.text}`);
    if (token.kind !== 'space') last = token;
  }
  return lines.map((line) => line.trim());
};
