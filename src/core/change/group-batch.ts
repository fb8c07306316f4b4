import type { DatabaseName } from '../names.js';
import {
  type DatabaseInventory,
  type ProgramInventory,
  type TableInventory,
  keyOfProgram,
  listElsewhere,
} from '../server/inventory.js';
import { type Reader, groupByReading } from './reading-order.js';

/** A database of a batch on both sides. */
export interface BatchMember {
  readonly to: DatabaseName;
  readonly source: DatabaseInventory;
  /** Undefined when the target has no such database. */
  readonly live: DatabaseInventory | undefined;
}

/** The batch as units, each after those that it reads. */
export const groupBatch = <Member extends BatchMember>(
  batch: readonly Member[],
): readonly (readonly (Member & Reader)[])[] =>
  groupByReading(
    batch.map((member) => ({
      ...member,
      reads: member.source.reads,
      awaits: listAwaited(member, batch),
    })),
  );

/**
 * The databases of the batch whose copy has to be there before the views and defaults of this one can be created: new
 * ones that they name, and those in which the target lacks something that they may use.
 */
const listAwaited = ({ source }: BatchMember, batch: readonly BatchMember[]): readonly DatabaseName[] =>
  batch.filter((other) => source.needs.includes(other.to) && isLacking(source, other)).map(({ to }) => to);

/** Which functions and columns a view uses is not known, so one that is new to the target counts. */
const isLacking = (reader: DatabaseInventory, { to, source, live }: BatchMember): boolean => {
  if (live === undefined) return true;
  const tables = new Map(live.tables.map((table) => [table.name, table]));
  const programs = new Map(live.programs.map((program) => [keyOfProgram(program), program]));
  const used = new Set<string>(
    listElsewhere(reader)
      .filter(({ database }) => database === to)
      .map(({ name }) => name),
  );
  const isTableNew = (table: TableInventory): boolean => {
    const columns = new Set(tables.get(table.name)?.columns.map(({ name }) => name));
    return !tables.has(table.name) || table.columns.some(({ name }) => !columns.has(name));
  };
  const isProgramNew = (program: ProgramInventory): boolean => {
    const before = programs.get(keyOfProgram(program));
    if (program.kind !== 'view') return CALLED.has(program.kind) && before === undefined;
    return used.has(program.name) && before?.fingerprint !== program.fingerprint;
  };
  return (
    source.tables.some((table) => used.has(table.name) && isTableNew(table)) ||
    source.programs.some(isProgramNew)
  );
};

const CALLED: ReadonlySet<ProgramInventory['kind']> = new Set(['function', 'package']);
