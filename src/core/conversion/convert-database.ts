import { fingerprintOf } from '../fingerprint.js';
import { supports } from '../server/features.js';
import type { DatabaseInventory, ServerFacts, TableInventory } from '../server/inventory.js';
import type { TableName } from '../names.js';
import { convertCollation } from './collations.js';
import { type ProgramText, convertProgram } from './convert-program.js';
import { convertTable } from './convert-table.js';
import { losesNegativeZero } from './convert-type.js';
import { describeTable } from './describe-table.js';
import { type HiddenColumn, spreadExpressionKeys } from './expression-keys.js';
import { type Conversion, FindingList } from '../server/findings.js';
import { nameConstraints } from './name-constraints.js';
import { printTable } from './print-table.js';
import { readTable } from './read-table.js';
import type { ColumnShape, TableShape } from './table-shape.js';

interface TableText {
  readonly name: TableName;
  readonly statement: string;
  readonly hiddenColumns?: readonly HiddenColumn[];
}

export interface Vendors {
  readonly source: Pick<ServerFacts, 'flavor'>;
  readonly target: Pick<ServerFacts, 'flavor' | 'collations' | 'storageEngines'>;
}

export interface ConvertedTable<Text> {
  readonly definition: Text;
  /** Of its structure as a server of either vendor prints it. */
  readonly fingerprint: string;
  readonly columns: ReadonlyMap<string, Pick<ColumnShape, 'type' | 'collation'>>;
  readonly findings: FindingList;
}

export interface ConvertedProgram<Program> {
  readonly program: Program;
  readonly findings: FindingList;
}

/** All tables of a database for the other vendor: names of constraints are unique in a database, so none goes alone. */
export const convertTables = <Text extends TableText>(
  definitions: readonly Text[],
  { source, target }: Vendors,
): readonly ConvertedTable<Text>[] => {
  const read = definitions.map((definition) => {
    const findings = new FindingList({ kind: 'table', name: definition.name });
    const { shape: printed, unknown } = readTable(definition.statement);
    for (const { place, what } of unknown) findings.refuse(place, what);
    const shape = spreadExpressionKeys(printed, definition.hiddenColumns ?? [], findings);
    if (supports(source.flavor, 'timestampsTo2106')) noteMoments(shape, findings);
    return { definition, findings, shape: convertTable(shape, target, findings) };
  });
  const named = nameConstraints(read, target.flavor);
  return read.map(({ definition, findings }, at) => {
    const shape = named[at] as TableShape;
    const statement = printTable(shape, target.flavor.vendor);
    return {
      definition: { ...definition, statement },
      fingerprint: fingerprintOf(describeTable(shape)),
      columns: new Map(shape.columns.map(({ name, type, collation }) => [name, { type, collation }])),
      findings,
    };
  });
};

/** Which moments there are only the rows tell. */
const noteMoments = ({ name, columns }: TableShape, findings: FindingList): void => {
  for (const column of columns.filter(({ type }) => type.startsWith('timestamp')))
    findings.note(
      `${name}.${column.name}`,
      'TIMESTAMP up to 2106',
      'TIMESTAMP up to 2038, and a later moment fails the copy',
    );
};

export const convertPrograms = <Program extends ProgramText>(
  programs: readonly Program[],
  { source, target }: Vendors,
): readonly ConvertedProgram<Program>[] => {
  const routines = new Set(
    programs
      .filter(({ kind }) => kind === 'function' || kind === 'procedure')
      .map(({ name }) => name.toLowerCase()),
  );
  return programs.map((program) => {
    const findings = new FindingList({ kind: program.kind, name: program.name });
    const context = { source: source.flavor, target, routines };
    return { program: convertProgram(program, context, findings), findings };
  });
};

/** The inventory that the copy of a database has on the other vendor's server, and what becomes of it on the way. */
export const convertInventory = (
  database: DatabaseInventory,
  converted: readonly ConvertedTable<TableText>[],
  programs: readonly ConvertedProgram<ProgramText>[],
  vendors: Vendors,
): DatabaseInventory & { readonly conversion: Conversion } => {
  const own = new FindingList({ kind: 'database' });
  const { flavor, collations } = vendors.target;
  const collation = convertCollation(database.collation, flavor.vendor, collations);
  if (collation === undefined) own.refuse(`database ${database.name}`, `collation ${database.collation}`);
  else if (collation !== database.collation)
    own.note(`database ${database.name}`, `collation ${database.collation}`, collation);
  const hasComment = supports(flavor, 'databaseComments') || database.comment === '';
  if (!hasComment)
    own.note(
      `database ${database.name}`,
      `comment ${JSON.stringify(database.comment)}`,
      'none, because MySQL has none',
    );
  const byName = new Map(converted.map((table) => [table.definition.name, table]));
  const all = [
    own,
    ...converted.map(({ findings }) => findings),
    ...programs.map(({ findings }) => findings),
  ];
  return {
    ...database,
    collation: collation ?? database.collation,
    comment: hasComment ? database.comment : '',
    tables: database.tables.map((table) => toInventory(table, byName.get(table.name), vendors)),
    conversion: {
      notes: all.flatMap(({ notes }) => notes),
      refusals: [...listKinds(database.tables), ...all.flatMap(({ refusals }) => refusals)],
    },
  };
};

/** Sequences and history are no tables elsewhere. */
const listKinds = (tables: readonly TableInventory[]): Conversion['refusals'] =>
  tables
    .filter(({ kind }) => kind !== 'table')
    .map(({ name, kind }) => ({
      owner: { kind: 'table', name },
      place: name,
      what: kind === 'sequence' ? 'a sequence' : 'a system-versioned table',
    }));

const toInventory = (
  table: TableInventory,
  converted: ConvertedTable<TableText> | undefined,
  { target }: Vendors,
): TableInventory => {
  if (!converted) return table;
  const { fingerprint, columns } = converted;
  return {
    ...table,
    fingerprint,
    columns: table.columns.map((column) => {
      const { type = '', collation } = columns.get(column.name) ?? {};
      if (column.dataType === 'json' && type === 'longtext')
        return { ...column, dataType: 'longtext', columnType: 'longtext' };
      if (losesNegativeZero(type, target.flavor)) return { ...column, negativeZero: 'zero' };
      // A key in an order that only one side knows does not cut a table: no collation tells that.
      return column.collation === collation ? column : { ...column, collation: undefined };
    }),
  };
};

/** The table's fingerprint as a server of either vendor prints it. */
export const fingerprintForeignTable = (statement: string): string =>
  fingerprintOf(describeTable(readTable(statement).shape));
