import type { Flavor, Vendor } from '../flavor.js';
import type { ProgramKind } from '../program-kind.js';
import { isWord } from '../sql/sql-text.js';
import { convertCollationsOf } from './collation-text.js';
import { convertCollation } from './collations.js';
import type { ConversionTarget } from './conversion-target.js';
import { findForeignSyntax, noteDifferences } from './find-foreign-syntax.js';
import type { FindingList } from '../server/findings.js';
import { charsetOf } from './print-table.js';
import { chooseUtf8Name, renameUtf8 } from '../sql/utf8-name.js';
import { spellParameters } from './spell-parameters.js';
import { spellRegexp } from './spell-regexp.js';
import { sortSqlModes } from './sql-modes.js';
import { readTokens } from '../sql/token-cursor.js';

/** What a conversion needs of a program's definition. */
export interface ProgramText {
  readonly kind: ProgramKind;
  readonly name: string;
  readonly statement: string;
  readonly sqlMode: string;
  readonly charsetClient: string;
  readonly collationConnection: string;
  readonly databaseCollation?: string;
}

export interface ProgramContext {
  readonly source: Flavor;
  readonly target: ConversionTarget;
  /** Functions and procedures of the database, in lower case. */
  readonly routines: ReadonlySet<string>;
}

const BY_PATTERN = ['REGEXP', 'RLIKE', 'REGEXP_INSTR', 'REGEXP_REPLACE', 'REGEXP_SUBSTR'];
const REGEXP_BY: Readonly<Record<Vendor, string>> = { mysql: 'REGEXP by ICU', mariadb: 'REGEXP by PCRE' };

/** The same program for the other vendor's server: its text is the person's and stays, but for names of collations. */
export const convertProgram = <Program extends ProgramText>(
  program: Program,
  { source, target, routines }: ProgramContext,
  findings: FindingList,
): Program => {
  const { kind, statement, sqlMode, charsetClient } = program;
  const place = `${kind} ${program.name}`;
  const modes = sortSqlModes(sqlMode);
  const own = target.flavor.vendor === 'mariadb' ? spellRegexp(statement, sqlMode) : statement;
  const tokens = readTokens(own, sqlMode);
  const client = renameUtf8(charsetClient, chooseUtf8Name(target.collations));
  const isKnownCharset = [...target.collations].some((name) => charsetOf(name) === client);
  const isRoutine = kind === 'function' || kind === 'procedure';
  const spelled = isRoutine ? spellParameters(own, sqlMode, source) : own;
  const refused = [
    ...(kind.startsWith('package') ? ['a package'] : []),
    ...modes.unknown.map((mode) => `sql_mode ${mode}`),
    ...(isKnownCharset ? [] : [`character set ${charsetClient}`]),
    ...findForeignSyntax(tokens, { source, target: target.flavor, routines }),
  ];
  for (const what of refused) findings.refuse(place, what);
  if (modes.dropped.length > 0)
    findings.note(
      place,
      `sql_mode ${modes.dropped.join(',')}`,
      'nothing, because it has no effect of its own',
    );
  if (tokens.some((token) => isWord(token, ...BY_PATTERN)))
    findings.note(
      place,
      REGEXP_BY[source.vendor],
      `${REGEXP_BY[target.flavor.vendor]}, which reads usual patterns alike`,
    );
  noteDifferences(tokens, place, findings);
  const convert = (collation: string): string => convertNamed(collation, place, target, findings);
  return {
    ...convertCollationsOf({ ...program, statement: spelled }, convert),
    sqlMode: modes.kept.join(','),
  };
};

const convertNamed = (
  collation: string,
  place: string,
  { flavor, collations }: ConversionTarget,
  findings: FindingList,
): string => {
  const converted = convertCollation(collation, flavor.vendor, collations);
  if (converted === undefined) findings.refuse(place, `collation ${collation}`);
  else if (converted !== collation) findings.note(place, `collation ${collation}`, converted);
  return converted ?? collation;
};
