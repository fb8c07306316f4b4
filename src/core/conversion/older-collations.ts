import type { DatabaseInventory, ServerFacts, TableInventory } from '../server/inventory.js';
import type { TableName } from '../names.js';
import { type ConvertCollation, convertCollationsIn, convertCollationsOf } from './collation-text.js';
import { convertToOlder } from './collations.js';
import type { ProgramText } from './convert-program.js';
import { supports } from '../server/features.js';
import { FindingList } from '../server/findings.js';
import { sortAscending } from './key-order.js';
import { readTable } from './read-table.js';

interface TableText {
  readonly name: TableName;
  readonly statement: string;
}

type Target = Pick<ServerFacts, 'flavor' | 'collations'>;

/** Expressions of a table are made of texts of the connection. */
const CHARSET_OF_EXPRESSIONS = 'utf8mb4';

/** The closest that a server of the same vendor has; what has nothing close there stays as it is. */
export const olderCollations =
  ({ flavor, collations }: Target): ConvertCollation =>
  (name) =>
    convertToOlder(name, flavor.vendor, collations) ?? name;

export const convertTableCollations = <Text extends TableText>(
  table: Text,
  convert: ConvertCollation,
): Text => ({
  ...table,
  statement: convertExpression(table.statement, convert),
});

/** What a server printed of a table. */
export const convertExpression = (text: string, convert: ConvertCollation): string =>
  convertCollationsIn(text, '', CHARSET_OF_EXPRESSIONS, convert);

/** The inventory that the copy of a database has on an older server of the vendor, and what becomes of its collations. */
export const convertInventoryCollations = (
  database: DatabaseInventory,
  definitions: readonly TableText[],
  programs: readonly ProgramText[],
  target: Target,
): DatabaseInventory => {
  const own = new FindingList({ kind: 'database' });
  const collation = tell(own, `database ${database.name}`, target)(database.collation);
  const tables = definitions.map((table) => findInTable(table, target));
  const findings = [own, ...tables, ...programs.map((program) => findInProgram(program, target))];
  const notes = findings.flatMap((found) => found.notes);
  const refusals = findings.flatMap((found) => found.refusals);
  if (notes.length + refusals.length === 0) return database;
  const convert = olderCollations(target);
  return {
    ...database,
    collation,
    tables: database.tables.map((table) => ({ ...table, columns: cutByOwnOrder(table, convert) })),
    conversion: { notes, refusals },
  };
};

/** A key in an order that only one side knows does not cut a table: no collation tells that. */
const cutByOwnOrder = ({ columns }: TableInventory, convert: ConvertCollation): TableInventory['columns'] =>
  columns.map((column) =>
    column.collation === undefined || convert(column.collation) === column.collation
      ? column
      : { ...column, collation: undefined },
  );

/** Converts, and says so of a place once for each collation. */
const tell = (findings: FindingList, place: string, { flavor, collations }: Target): ConvertCollation => {
  const told = new Set<string>();
  return (name) => {
    const after = convertToOlder(name, flavor.vendor, collations);
    if (!told.has(name)) {
      told.add(name);
      if (after === undefined) findings.refuse(place, `collation ${name}`);
      else if (after !== name) findings.note(place, `collation ${name}`, after);
    }
    return after ?? name;
  };
};

const findInTable = (table: TableText, target: Target): FindingList => {
  const findings = new FindingList({ kind: 'table', name: table.name });
  const { name, collation, columns, keys } = readTable(table.statement).shape;
  if (!supports(target.flavor, 'descendingKeys')) for (const key of keys) sortAscending(name, key, findings);
  const ofTable = tell(findings, name, target);
  if (collation !== '') ofTable(collation);
  const own = columns.filter((column) => column.collation !== undefined && column.collation !== collation);
  for (const column of own) tell(findings, `${name}.${column.name}`, target)(column.collation ?? '');
  // What is left stands in expressions.
  const toldOfColumns = new Set(own.map((column) => column.collation));
  convertExpression(table.statement, (one) => (toldOfColumns.has(one) ? one : ofTable(one)));
  return findings;
};

const findInProgram = (program: ProgramText, target: Target): FindingList => {
  const findings = new FindingList({ kind: program.kind, name: program.name });
  convertCollationsOf(program, tell(findings, `${program.kind} ${program.name}`, target));
  return findings;
};
