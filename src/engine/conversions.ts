import type { ConvertedProgram, ConvertedTable } from '../core/conversion/convert-database.js';
import { fingerprintOf } from '../core/fingerprint.js';
import type { DatabaseName, TableName } from '../core/names.js';
import type { ProgramDefinition, TableDefinition } from './ports/server.js';

/** What was made of each database last, which holds as long as it would be made of the same. */
class LastOfEach<Result> {
  readonly #last = new Map<DatabaseName, { readonly madeOf: string; readonly result: Result }>();

  /** Whatever `make` depends on is in `input`. */
  recall(database: DatabaseName, input: unknown, make: () => Result): Result {
    const madeOf = fingerprintOf(input);
    const last = this.#last.get(database);
    if (last?.madeOf === madeOf) return last.result;
    const result = make();
    this.#last.set(database, { madeOf, result });
    return result;
  }
}

/**
 * What a run has converted between two vendors. Servers are read again and again, so that no change is missed; what they
 * print the same is converted once.
 */
export class Conversions {
  readonly tables = new LastOfEach<readonly ConvertedTable<TableDefinition>[]>();
  readonly programs = new LastOfEach<readonly ConvertedProgram<ProgramDefinition>[]>();
  /** Of the target's tables. */
  readonly fingerprints = new LastOfEach<ReadonlyMap<TableName, string>>();
  /** The tables of the source that could be opened when it was inspected. */
  readonly readable = new Map<DatabaseName, ReadonlySet<TableName>>();
}
