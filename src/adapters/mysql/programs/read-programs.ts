import { isUtf8 } from 'node:buffer';
import type mysql from 'mysql2/promise';
import { SyncError } from '../../../core/errors.js';
import { type ProgramInventory, type ServerFacts, keyOfProgram } from '../../../core/server/inventory.js';
import { PROGRAM_KINDS, type ProgramKind } from '../../../core/program-kind.js';
import { type DatabaseName, toTableName } from '../../../core/names.js';
import { correctHeader, correctTriggerNames, spellForeignLiterals } from '../../../core/sql/program-text.js';
import { orderViews } from '../../../core/server/view-order.js';
import { routineReading, scopeOf, writeGrant } from '../../../core/change/wanted-grants.js';
import type { ProgramDefinition } from '../../../engine/ports/server.js';
import { isViewUnprintable } from '../connection/errors.js';
import { unlessEventsDisabled } from '../facts/events-disabled.js';
import { explainFailure } from '../connection/failures.js';
import { quoteName, quoteTable, quoteText } from '../connection/identifiers.js';
import { toProgramKind } from '../facts/program-kind.js';
import { spellView } from './spell-view.js';
import { together } from '../connection/together.js';
import { type TextRow, readBytes, readRows } from '../connection/rows.js';

/** A program as the server lists it. */
export type ListedProgram = Pick<ProgramInventory, 'kind' | 'name' | 'comment' | 'table'>;

type Facts = Pick<ServerFacts, 'flavor' | 'account'>;

/**
 * Every view, trigger, routine and event, in an order in which they can be created: routines, views after the views
 * they read, triggers as they fire, events. Broken views are read like all others.
 *
 * Works on a connection of its own: it changes the current database, because the server prints views without their
 * own database's name only when it is the current one. `known` are its programs where somebody has just listed them.
 * @throws SyncError PRIVILEGE_MISSING naming the program whose text is hidden and the grant; SERVER_ERROR
 */
export const readProgramDefinitions = async (
  connection: mysql.Connection,
  database: DatabaseName,
  facts: Facts,
  known?: readonly ListedProgram[],
): Promise<readonly ProgramDefinition[]> => {
  const use = connection.query(`USE ${quoteName(database)}`);
  const read = async (): Promise<readonly ProgramDefinition[]> => {
    // A trigger of several events is listed once for each.
    const listed = new Map(
      (known ?? (await listPrograms(connection, database))).map((one) => [keyOfProgram(one), one]),
    );
    return together([...listed.values()].map((program) => readProgram(connection, database, program, facts)));
  };
  const [, definitions] = await together([use, read()]);
  const views = definitions.filter(({ kind }) => kind === 'view');
  const isBeforeViews = ({ kind }: ProgramDefinition): boolean =>
    PROGRAM_KINDS.indexOf(kind) < PROGRAM_KINDS.indexOf('view');
  return [
    ...definitions.filter(isBeforeViews),
    ...orderViews(views, database),
    ...definitions.filter((program) => program.kind !== 'view' && !isBeforeViews(program)),
  ];
};

/** Names of databases are compared by a collation there, so look-alikes are sorted out by their exact name. */
const LISTS = [
  `SELECT ROUTINE_SCHEMA, LOWER(ROUTINE_TYPE), ROUTINE_NAME, ROUTINE_COMMENT, NULL FROM information_schema.ROUTINES
   WHERE ROUTINE_SCHEMA = ? ORDER BY ROUTINE_NAME`,
  `SELECT TABLE_SCHEMA, 'view', TABLE_NAME, NULL, NULL FROM information_schema.VIEWS
   WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME`,
  // By TRIGGER_SCHEMA, which is the same, MariaDB opens every table of the server.
  `SELECT EVENT_OBJECT_SCHEMA, 'trigger', TRIGGER_NAME, NULL, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS
   WHERE EVENT_OBJECT_SCHEMA = ? ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER`,
  `SELECT EVENT_SCHEMA, 'event', EVENT_NAME, EVENT_COMMENT, NULL FROM information_schema.EVENTS
   WHERE EVENT_SCHEMA = ? ORDER BY EVENT_NAME`,
] as const;

/** Leaves the session as it is. */
export const listPrograms = async (
  connection: mysql.Connection,
  database: DatabaseName,
): Promise<readonly ListedProgram[]> => {
  const lists = await together(
    LISTS.map((list) => {
      const sql = list.replace('?', () => quoteText(database));
      return unlessEventsDisabled(connection, () => readRows(connection, sql));
    }),
  );
  return lists
    .flat()
    .filter(([schema]) => schema === database)
    .map(([, kind, name, comment, table]) => ({
      kind: toProgramKind(kind ?? '', `${database}.${name ?? ''}`),
      name: name ?? '',
      ...(comment !== null && comment !== undefined && { comment }),
      ...(table !== null && table !== undefined && { table: toTableName(table) }),
    }))
    .sort((a, b) => PROGRAM_KINDS.indexOf(a.kind) - PROGRAM_KINDS.indexOf(b.kind));
};

/** @throws SyncError PRIVILEGE_MISSING when its text is hidden; SERVER_ERROR */
export const readProgram = async (
  connection: mysql.Connection,
  database: DatabaseName,
  program: ListedProgram,
  facts: Facts,
): Promise<ProgramDefinition> => {
  const what = `${program.kind} ${database}.${program.name}`;
  const hints = [hintOfGrant(program.kind, database, facts)];
  try {
    const [row = []] = await readBytes(
      connection,
      `SHOW CREATE ${program.kind.toUpperCase()} ${quoteTable(database, program.name)}`,
    );
    const definition = toDefinition(program, row.map(decodePrinted));
    if (definition) return definition;
  } catch (error) {
    const spelled =
      program.kind === 'view' && isViewUnprintable(error)
        ? await spellView(connection, database, program.name, facts.flavor)
        : undefined;
    if (spelled) return spelled;
    throw explainFailure(error, { code: 'SERVER_ERROR', what: `cannot read ${what}`, hints });
  }
  throw new SyncError('PRIVILEGE_MISSING', {
    message: `cannot read ${what}: ${facts.account} may not see its text`,
    hints,
  });
};

/** @throws TypeError when what the server prints is no text in spite of that */
const decodePrinted = (cell: Buffer | null): string | null => {
  if (cell === null || isUtf8(cell)) return cell && cell.toString('utf8');
  const spelled = Buffer.from(spellForeignLiterals(cell.toString('latin1')), 'latin1');
  return new TextDecoder('utf-8', { fatal: true }).decode(spelled);
};

/** Where the cells of `SHOW CREATE` stand; undefined when the server hides the statement. */
const toDefinition = (program: ListedProgram, row: TextRow): ProgramDefinition | undefined => {
  const { kind, name, table } = program;
  const cells: TextRow =
    kind === 'view'
      ? ['', null, row[1] ?? null, row[2] ?? null, row[3] ?? null, null]
      : kind === 'event'
        ? [row[1] ?? null, row[2] ?? null, ...row.slice(3)]
        : [row[1] ?? null, null, ...row.slice(2)];
  const [sqlMode, timeZone, statement, charsetClient, collationConnection, databaseCollation] = cells;
  if (!statement) return undefined;
  return {
    kind,
    name,
    statement: correctNames(program, statement, sqlMode ?? ''),
    sqlMode: sqlMode ?? '',
    charsetClient: charsetClient ?? 'utf8mb4',
    collationConnection: collationConnection ?? 'utf8mb4_general_ci',
    ...(databaseCollation ? { databaseCollation } : {}),
    ...(timeZone ? { timeZone } : {}),
    ...(table === undefined ? {} : { table }),
  };
};

const correctNames = (
  { kind, name, table = toTableName(''), comment = '' }: ListedProgram,
  statement: string,
  sqlMode: string,
): string => {
  if (kind === 'view') return statement;
  return kind === 'trigger'
    ? correctTriggerNames(statement, { name, table }, sqlMode)
    : correctHeader(statement, { quotedName: quoteName(name), comment }, sqlMode);
};

/** What lets an account see the text of a program. */
const hintOfGrant = (kind: ProgramKind, database: DatabaseName, { flavor, account }: Facts): string => {
  const own = scopeOf(database);
  if (kind === 'view') return writeGrant(['SELECT', 'SHOW VIEW'], own, account);
  if (kind === 'trigger' || kind === 'event') return writeGrant([kind.toUpperCase()], own, account);
  const { privilege, scope } = routineReading(flavor, database);
  return writeGrant([privilege], scope, account);
};
