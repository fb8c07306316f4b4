import { SyncError } from '../core/errors.js';
import type { DatabaseName } from '../core/names.js';
import { type ListVisibility, type SelectionEntry, parseSelection } from '../core/plan/number-selection.js';
import { makePrintable } from '../core/printable.js';
import type { Look } from './paint.js';
import { renderTable } from './table.js';
import { formatBytes, formatCount, formatPlural } from './units.js';

/** A database of the source, as the person chooses it. */
export interface ListedDatabase {
  readonly name: DatabaseName;
  readonly tables: number;
  /** Data and indexes, the server's estimate. */
  readonly bytes: number;
  readonly isOnTarget: boolean;
}

/** Below this width the name of the target would take the room of those of the databases. */
const NARROW = 60;

/** The numbered list that numbers are chosen from; sizes are shown where names leave room for them. */
export const renderDatabaseList = (
  databases: readonly ListedDatabase[],
  target: string,
  look: Look,
): readonly string[] =>
  renderTable(
    [
      { title: '#', align: 'right', cut: 'last' },
      { title: 'DATABASE', isName: true },
      { title: 'TABLES', align: 'right', spare: 2, cut: 'last' },
      { title: 'SIZE', align: 'right', spare: 1, cut: 'last' },
      { title: look.columns < NARROW ? 'TARGET' : `ON ${target}` },
    ],
    databases.map(({ name, tables, bytes, isOnTarget }, index) => [
      String(index + 1),
      { shown: name, color: 'bold' },
      formatCount(tables),
      formatBytes(bytes),
      isOnTarget ? { shown: 'exists', color: 'magenta' } : '',
    ]),
    { ...look, isTerminal: true },
  );

/** `2 of 7, 1.2 GiB: crm, shop`, or what is wrong with what was typed. */
export const echoDatabases = (text: string, databases: readonly ListedDatabase[]): string => {
  if (text.trim() === '') return 'nothing selected yet';
  const chosen = chooseDatabases(text, databases);
  if (typeof chosen === 'string') return chosen;
  const bytes = chosen.databases.reduce((sum, database) => sum + database.bytes, 0);
  const names = chosen.databases.map(({ name }) => makePrintable(name)).join(', ');
  return `${String(chosen.databases.length)} of ${String(databases.length)}, ${formatBytes(bytes)}: ${names}`;
};

/** Databases of a list, and how a plan selects them. */
export interface DatabaseChoice {
  readonly databases: readonly ListedDatabase[];
  readonly entries: readonly SelectionEntry<DatabaseName>[];
}

/** What the text chooses from the list; throws what `parseSelection` throws. */
export const selectListed = (
  text: string,
  databases: readonly ListedDatabase[],
  visibility: ListVisibility,
): DatabaseChoice => {
  const { names, entries } = parseSelection(
    text,
    databases.map(({ name }) => name),
    visibility,
  );
  const chosen = new Set(names);
  return { databases: databases.filter(({ name }) => chosen.has(name)), entries };
};

/** What the text chooses from the list on the screen, or what is wrong with it. */
export const chooseDatabases = (
  text: string,
  databases: readonly ListedDatabase[],
): DatabaseChoice | string => {
  try {
    return selectListed(text, databases, 'shown');
  } catch (error) {
    if (error instanceof SyncError) return error.message;
    throw error;
  }
};

/** `3 databases (150 tables, 11.0 GiB), 2 of them on staging already` */
export const describeChosen = (chosen: readonly ListedDatabase[], target: string): string => {
  const tables = chosen.reduce((sum, database) => sum + database.tables, 0);
  const bytes = chosen.reduce((sum, database) => sum + database.bytes, 0);
  const existing = chosen.filter(({ isOnTarget }) => isOnTarget).length;
  const size = `${formatPlural(chosen.length, 'database')} (${formatPlural(tables, 'table')}, ${formatBytes(bytes)})`;
  return `${size}, ${existing === 0 ? 'none' : formatCount(existing)} of them on ${target} already`;
};
