import { isDoubtfulText } from '../../../../core/sql/printed-texts.js';
import { type TableElement, readCreateTable, textOfElement } from '../../../../core/sql/create-table.js';
import { isAutoIncrement, leaderOf } from '../../../../core/sql/table-statement.js';
import { quoteName } from '../../connection/identifiers.js';

/** What is dropped of an empty table and made again when its rows are there. All are clauses of ALTER TABLE. */
export interface DeferredIndexes {
  readonly unlink: readonly string[];
  readonly drop: readonly string[];
  /** Each list is one statement: servers make one full-text index at a time. */
  readonly add: readonly (readonly string[])[];
  /** The foreign keys, of which the table has none while its indexes are built. */
  readonly link: readonly string[];
}

export interface TableKeys {
  /** Columns that foreign keys of other tables refer to. */
  readonly referenced: ReadonlySet<string>;
  /** How many foreign keys the table has itself. */
  readonly foreignKeys: number;
}

/**
 * Chooses, from what SHOW CREATE TABLE printed, the secondary indexes that are built after the rows: sorted, in one
 * pass, instead of row by row in random places. Unique ones stay, so that a clash is found at its row. Foreign keys go
 * with them. What stays: the index of an AUTO_INCREMENT column, those that foreign keys of
 * other tables refer to, and those of expressions that may not be printed whole. The server prints indexes in the order in which they were made, so of
 * the plain ones only those after the last that stays can go.
 */
export const chooseDeferredIndexes = (
  statement: string,
  { referenced, foreignKeys: knownForeignKeys }: TableKeys,
): DeferredIndexes | undefined => {
  const table = readCreateTable(statement);
  const { elements } = table;
  // MariaDB does not double a backtick in the name of a foreign key, and what follows cannot be read.
  if (elements.filter(({ kind }) => kind === 'foreign-key').length !== knownForeignKeys) return undefined;
  const needed = new Set([...referenced, ...listNeededLeaders(elements)]);
  const stays = (element: TableElement): boolean =>
    element.kind === 'spatial' ||
    (element.kind === 'plain' &&
      (needed.has(leaderOf(element) ?? '') || isDoubtfulText(textOfElement(table, element))));
  const firstFree = elements.findLastIndex(stays) + 1;
  const plain = elements.slice(firstFree).filter(({ kind }) => kind === 'plain');
  const fulltext = elements.filter(({ kind }) => kind === 'fulltext');
  if (plain.length + fulltext.length === 0) return undefined;
  const foreignKeys = elements.filter(({ kind }) => kind === 'foreign-key');
  const toAdd = (element: TableElement): string => `ADD ${textOfElement(table, element)}`;
  return {
    unlink: foreignKeys.map(({ name }) => `DROP FOREIGN KEY ${quoteName(name)}`),
    drop: [...plain, ...fulltext].map(({ name }) => `DROP KEY ${quoteName(name)}`),
    add: [...(plain.length === 0 ? [] : [plain.map(toAdd)]), ...fulltext.map((index) => [toAdd(index)])],
    link: foreignKeys.map(toAdd),
  };
};

/** Columns with AUTO_INCREMENT that no primary or unique index begins with. */
const listNeededLeaders = (elements: readonly TableElement[]): readonly string[] => {
  const unique = new Set(
    elements.filter(({ kind }) => kind === 'primary' || kind === 'unique').map(leaderOf),
  );
  return elements
    .filter((element) => isAutoIncrement(element) && !unique.has(element.name))
    .map(({ name }) => name);
};
