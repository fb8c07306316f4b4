import { type DatabaseName, type TableName, toTableName } from '../../../../core/names.js';
import { type CreateTable, readCreateTable, textOfElement } from '../../../../core/sql/create-table.js';
import { listPrintedTexts } from '../../../../core/sql/printed-texts.js';
import { splitCounter } from '../../../../core/sql/table-statement.js';
import type { CopyJob } from '../../../../engine/ports/row-engine.js';
import { quoteTable, quoteText } from '../../connection/identifiers.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import type { DeferredIndexes } from './deferred-indexes.js';
import { mayBeLoading } from '../../../../core/loading-name.js';
import { type Preparation, type Preparations, explainAt, readDefinition } from './table-preparation.js';

/** A table with rows that may take the place of an empty one of the staging database. */
interface Candidate {
  readonly found: TableName;
  readonly empty: TableName;
  /** Empty, and not needed beside it. */
  readonly beside?: TableName;
  /** What comes after the rows; some of it may have been done to the one that was found. */
  readonly steps: DeferredIndexes['add'];
  readonly toPreparation: (left: DeferredIndexes['add']) => Preparation;
}

/**
 * Large tables of copies that were not finished stand there as they are loaded: without the indexes that come after the rows, on
 * MariaDB in a loading table. Those that are defined as the prepared staged table is, but for such indexes, take its place with their rows.
 * @returns of each that was taken, what is still to be done after its rows
 */
export const takeLoading = async (
  target: LaneConnection,
  job: Pick<CopyJob, 'from' | 'into'>,
  { databases, tables }: Pick<NonNullable<CopyJob['unfinished']>, 'databases' | 'tables'>,
  preparations: Preparations,
): Promise<Preparations> => {
  const taken = new Map<TableName, Preparation>();
  for (const database of databases) {
    const there = await listTables(target, database);
    for (const [name, preparation] of preparations) {
      if (taken.has(name) || !tables.includes(name)) continue;
      const candidates = listCandidates(name, preparation, there);
      const left = await explainAt(job.from, name, () => takeFirst(target, database, job.into, candidates));
      if (left) taken.set(name, left);
    }
  }
  return taken;
};

const listCandidates = (
  name: TableName,
  preparation: Preparation,
  there: readonly TableName[],
): readonly Candidate[] => {
  const { indexes, loading } = preparation;
  const candidate = {
    empty: loading?.name ?? name,
    steps: indexes?.add ?? [],
    toPreparation: (add: DeferredIndexes['add']) => ({
      ...preparation,
      indexes: indexes && { ...indexes, add },
    }),
  };
  const all: readonly Candidate[] = loading
    ? [
        ...there.filter((one) => mayBeLoading(one, name)).map((found) => ({ ...candidate, found })),
        // Its rows had changed places, and its unique indexes were not there yet.
        {
          found: name,
          empty: name,
          beside: loading.name,
          steps: [loading.addUnique],
          toPreparation: (add) => ({
            ...preparation,
            indexes: { unlink: [], drop: [], add, link: indexes?.link ?? [] },
            loading: undefined,
          }),
        },
      ]
    : [{ ...candidate, found: name }];
  return all.filter(({ found }) => there.includes(found));
};

const takeFirst = async (
  target: LaneConnection,
  from: DatabaseName,
  into: DatabaseName,
  candidates: readonly Candidate[],
): Promise<Preparation | undefined> => {
  for (const { found, empty, beside, steps, toPreparation } of candidates) {
    const place = quoteTable(from, found);
    const [row] = await target.queryRows(`SELECT 1 FROM ${place} LIMIT 1`);
    if (!row) continue;
    const wanted = await readDefinition(target, into, empty);
    const left = findStepsLeft(wanted, await readDefinition(target, from, found), steps);
    if (!left) continue;
    const dropped = [empty, ...(beside === undefined ? [] : [beside])].map((name) => quoteTable(into, name));
    await target.run(`DROP TABLE ${dropped.join(', ')}`);
    await target.run(`RENAME TABLE ${place} TO ${quoteTable(into, empty)}`);
    return toPreparation(left);
  }
  return undefined;
};

/**
 * What is still to be done to a table that was found for it to be as the empty one will be.
 * @returns undefined where it is not as that one is after any of the steps
 */
export const findStepsLeft = (
  empty: string,
  found: string,
  steps: DeferredIndexes['add'],
): DeferredIndexes['add'] | undefined => {
  // What is printed may not be what is there.
  if (listPrintedTexts(found).some(({ isDoubtful }) => isDoubtful)) return undefined;
  const [wanted, there] = [describe(empty), describe(found)];
  const done = steps.findIndex((_, count) => isAfter(wanted, there, steps.slice(0, count).flat()));
  if (done !== -1) return steps.slice(done);
  return isAfter(wanted, there, steps.flat()) ? [] : undefined;
};

interface Described {
  /** Columns, keys and constraints as they are printed. */
  readonly elements: readonly string[];
  /** Options and partitions. */
  readonly tail: string;
}

/** Without the name, and the counter, which rows move on. */
const describe = (statement: string): Described => {
  const table: CreateTable = readCreateTable(splitCounter(readCreateTable(statement)).rest);
  const end = table.elements.at(-1)?.end ?? 0;
  return {
    elements: table.elements.map((element) => textOfElement(table, element)),
    tail: table.sql.slice(end),
  };
};

const isAfter = (before: Described, now: Described, added: readonly string[]): boolean => {
  const isAdded = new Set(added);
  const others = now.elements.filter((element) => !isAdded.has(`ADD ${element}`));
  return (
    before.tail === now.tail &&
    others.length + isAdded.size === now.elements.length &&
    JSON.stringify(others) === JSON.stringify(before.elements)
  );
};

const listTables = async (target: LaneConnection, database: DatabaseName): Promise<readonly TableName[]> => {
  const rows = await target.queryRows(
    `SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${quoteText(database)}`,
  );
  // Names are compared by a collation there.
  return rows.flatMap(([schema, name]) =>
    schema?.toString() === database && name ? [toTableName(name.toString())] : [],
  );
};
