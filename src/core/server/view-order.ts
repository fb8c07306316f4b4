import type { TableElsewhere } from './inventory.js';
import { toDatabaseName, toTableName } from '../names.js';
import { type Argument, findNames, isQualified } from '../sql/sql-names.js';
import { tokenizeSql } from '../sql/sql-text.js';

/** A view and the statement that makes it. */
export interface ViewText {
  readonly name: string;
  readonly statement: string;
}

/** The tables and views that a view reads, as far as they may be in its own `database`. */
export const listTablesOfView = (statement: string, database: string): ReadonlySet<string> =>
  new Set(
    findNames(tokenizeSql(statement)).flatMap(({ parts, place }) => {
      if (place !== 'table') return [];
      const [first = '', second] = parts;
      return second === undefined ? [first] : first === database ? [second] : [];
    }),
  );

/** The tables, views and sequences of other databases that a view reads, each once. */
export const listTablesElsewhere = (statement: string, own: string): readonly TableElsewhere[] => {
  const found = new Map<string, TableElsewhere>();
  for (const { parts, place } of findNames(tokenizeSql(statement))) {
    const [database = '', name] = parts;
    if (place !== 'table' || name === undefined || database === own) continue;
    found.set(JSON.stringify(parts), { database: toDatabaseName(database), name: toTableName(name) });
  }
  return [...found.values()];
};

/** The databases whose tables, views and functions the view names. */
export const listDatabasesOfView = (statement: string): ReadonlySet<string> =>
  new Set(
    findNames(tokenizeSql(statement)).flatMap((chain) => (isQualified(chain) ? chain.parts.slice(0, 1) : [])),
  );

/** The functions of its own database that a view calls, each once. MariaDB prints those without their database. */
export const listCallsOfView = (statement: string, own: string): readonly string[] => [
  ...new Set(
    findNames(tokenizeSql(statement)).flatMap(({ parts, isCall }) => {
      const [first = '', second] = parts;
      if (!isCall || parts.length > 2) return [];
      return second === undefined ? [first] : first === own ? [second] : [];
    }),
  ),
];

/** A column that an expression uses. */
export interface UsedColumn {
  readonly name: string;
  readonly argumentOf: Argument | undefined;
}

/** Every name that the view's expressions use as a column, whatever its table. */
export const listColumnsOfView = (statement: string): readonly UsedColumn[] =>
  findNames(tokenizeSql(statement)).flatMap(({ parts, place, isCall, argumentOf }) => {
    const name = parts.at(-1);
    return place === 'expression' && parts.length > 1 && !isCall && name !== undefined
      ? [{ name, argumentOf }]
      : [];
  });

/** Views after the views they read; otherwise in the given order. */
export const orderViews = <View extends ViewText>(
  views: readonly View[],
  database: string,
): readonly View[] => {
  const byName = new Map(views.map((view) => [view.name, view]));
  const ordered = new Set<View>();
  const entered = new Set<View>();
  const visit = (view: View): void => {
    if (entered.has(view)) return;
    entered.add(view);
    for (const name of listTablesOfView(view.statement, database)) {
      const read = byName.get(name);
      if (read) visit(read);
    }
    ordered.add(view);
  };
  views.forEach(visit);
  return [...ordered];
};
