import type { SyncError } from '../../../../core/errors.js';
import { isExternalEngine } from '../../../../core/external-tables.js';
import { keepsJsonTypes } from '../../../../core/server/json-types.js';
import type { LeakScan } from '../../../../core/mask/leaks.js';
import { maskOf, readsByOwnSql } from '../../../../core/mask/table-masks.js';
import type { TableName } from '../../../../core/names.js';
import type { VerifyLevel } from '../../../../core/plan/sync-plan.js';
import type { CopiedTable, CopyJob } from '../../../../engine/ports/row-engine.js';
import type { CopyTable } from '../../../../engine/ports/rows.js';
import { explainFailure } from '../../connection/failures.js';
import { explainFullTable } from '../../definitions/page-limits.js';
import { type TargetAbilities, chooseWriter } from '../write/choose-writer.js';
import { LargeRowError } from '../write/large-row-error.js';
import { type CopyRows, applyPatch } from './apply-patch.js';
import type { Patch, UseLane } from './find-patch.js';
import { type ChunkRoute, type CopiedChunk, copyChunk } from './copy-chunk.js';
import type { ProgressMeter } from './copy-progress.js';
import { type Preparations, finishTable } from './table-preparation.js';
import type { LanePool, LaneRequest } from '../lanes/lane-pool.js';
import type { Lane } from '../lanes/lanes.js';
import { countChunks, planChunks } from './plan-chunks.js';
import { findUnmasked, listWatched } from './find-leaks.js';
import { onlyWatched, searchStaged } from './search-staged.js';
import { countRows, digestTable } from './prove-copy.js';
import { LeakWatch } from '../read/leak-watch.js';
import { hasWholeKey, listRowKey } from '../../../../core/server/row-key.js';
import { WHOLE_TABLE } from '../../rows/split-key.js';
import { type TablePlace, quotePlace } from '../statements/table-sql.js';
import { RowForm } from './row-form.js';
import { listFurtherSessions } from './writing-session.js';
import { formatCount, formatPlural } from '../../../../core/plural.js';

/** What all tables of a copy share. */
export interface CopyContext {
  readonly job: CopyJob;
  readonly pool: LanePool<Lane>;
  readonly meter: ProgressMeter;
  readonly abilities: TargetAbilities;
  readonly proof: VerifyLevel;
  readonly chunkBytes: number;
  /** Of each system-versioned table, the columns that say when a row was valid. */
  readonly periods: ReadonlyMap<TableName, readonly string[]>;
  /** Of each table that was changed for its rows. */
  readonly preparations: Preparations;
  /** Of each table that had rows of an earlier moment. */
  readonly patches: ReadonlyMap<TableName, Patch>;
  readonly isTargetFar: () => boolean;
  /** The source is not needed for this table any more. */
  readonly rowsAreCopied: (table: TableName) => void;
}

/** Writing to a table whose rows are kept elsewhere would write there, and a black hole keeps none. */
const hasNoRowsOfItsOwn = (engine: string): boolean =>
  isExternalEngine(engine) || engine.toLowerCase() === 'blackhole';

/** Copies one table by as many lanes as are free, each a chunk at a time. */
export const copyTable = async (context: CopyContext, entry: CopyTable): Promise<CopiedTable> => {
  const { name, engine = '' } = entry.table;
  const copy = new TableCopy(context, entry);
  if (hasNoRowsOfItsOwn(engine)) return copy.countOnly();
  const copied = await copy.copyRows();
  context.rowsAreCopied(name);
  await copy.finish();
  return { name, ...copied };
};

class TableCopy {
  readonly #context: CopyContext;
  readonly #entry: CopyTable;
  readonly #period: readonly string[];
  readonly #form: RowForm;
  #watch: LeakWatch | undefined;

  constructor(context: CopyContext, entry: CopyTable) {
    this.#context = context;
    this.#entry = entry;
    this.#period = context.periods.get(entry.table.name) ?? [];
    this.#form = new RowForm(context.job, entry, this.#period);
  }

  async countOnly(): Promise<CopiedTable> {
    const { name } = this.#entry.table;
    const rows = await this.#use('copy', (lane) => this.#countRows(lane));
    this.#context.rowsAreCopied(name);
    return { name, rows };
  }

  async copyRows(): Promise<Omit<CopiedTable, 'name'>> {
    const patch = this.#context.patches.get(this.#entry.table.name);
    const proven = (patch && (await this.#patch(patch))) ?? (await this.#copyAndProve());
    return this.#watch ? { ...proven, scan: await this.#finishScan(this.#watch) } : proven;
  }

  /** Undefined where the rows are not those of the source after it, so that all are to be copied. */
  async #patch(patch: Patch): Promise<Omit<CopiedTable, 'name'> | undefined> {
    const { meter, proof } = this.#context;
    const isByRows = patch.scope.listing === 'cells';
    const { isUnfinished } = patch.scope;
    // Of an unfinished copy what stays is searched as well, when all of it is there.
    if (!isUnfinished) this.#openWatch();
    const copy: CopyRows = async (lane, range, condition) => {
      await this.#form.choose(lane.source, range, condition);
      return copyChunk(
        lane,
        {
          ...this.#route,
          ...this.#form.narrow(condition),
          proof: isByRows ? 'digest' : 'none',
        },
        range,
      );
    };
    const { rows: replaced, isSame } = await applyPatch(patch, { use: this.#useListing, copy });
    if (isSame) {
      const { rows } = patch.tally;
      if (isUnfinished) this.#watch = await this.#searchStaged(rows);
      return { rows, replaced, proof, comparedBy: isByRows ? 'rows' : 'digests' };
    }
    meter.add(-patch.tally.kept - replaced, 0);
    await this.#deleteRows();
    return undefined;
  }

  /** For rows that are listed, which pass mysql2 by. */
  readonly #useListing: UseLane = (work) =>
    this.#use('copy', async (lane) => {
      await lane.entered;
      return work(lane);
    });

  /** Nothing says that the rows of an unfinished copy were searched for personal data, so all of them are, where they are now. */
  async #searchStaged(rows: number): Promise<LeakWatch | undefined> {
    const { scan, maskKey } = this.#context.job;
    if (scan === undefined) return undefined;
    const sql = onlyWatched(this.#form.sql);
    const watch = new LeakWatch(listWatched(sql), scan, maskKey);
    const found = await searchStaged(sql, this.#into, watch, {
      chunks: this.#chunksWanted,
      use: this.#useListing,
    });
    if (found !== rows)
      throw this.#explain(
        new Error(
          `${formatPlural(found, 'row')} were searched for personal data, and it has ${formatCount(rows)}`,
        ),
      );
    return watch;
  }

  async #deleteRows(): Promise<void> {
    await this.#use('copy', ({ target }) => target.run(`DELETE FROM ${quotePlace(this.#into)}`));
  }

  async #copyAndProve(): Promise<Omit<CopiedTable, 'name'>> {
    const { proof } = this.#context;
    const chunks = await this.#copyChunks();
    const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
    const isSame = chunks.every((chunk) => chunk.isSame);
    // What was only counted is counted again, as a whole, by whoever compares the staged copy.
    if (!isSame && proof === 'counts' && !this.#form.isLenient) return { rows };
    if (!isSame) await this.#settle();
    return { rows, proof };
  }

  async finish(): Promise<void> {
    const { job, preparations } = this.#context;
    const { name } = this.#entry.table;
    const preparation = preparations.get(name);
    if (preparation)
      await this.#use('finish', ({ target }) => finishTable(target, job.into, name, preparation));
  }

  /** With what only the source can tell, which has both the values and their masks. */
  async #finishScan({ scan }: LeakWatch): Promise<LeakScan> {
    const unmasked = await this.#use('copy', ({ source }) =>
      findUnmasked(source, this.#form.sql, this.#from),
    );
    return { ...scan, leaks: [...scan.leaks, ...unmasked] };
  }

  async #copyChunks(): Promise<readonly CopiedChunk[]> {
    this.#openWatch();
    this.#watch?.reset();
    const chunks: Promise<CopiedChunk>[] = [];
    const add = (chunk: Promise<CopiedChunk>): void => {
      // Its failure ends the copy through the pool; here it may be heard of later.
      chunk.catch(() => undefined);
      chunks.push(chunk);
    };
    let expectedRows: number | undefined;
    await this.#use('copy', async (lane) => {
      await this.#form.choose(lane.source, WHOLE_TABLE);
      const chunksWanted = this.#chunksWanted;
      if (chunksWanted === 1) {
        add(copyChunk(lane, this.#route, WHOLE_TABLE));
        await chunks[0];
        return;
      }
      await planChunks(lane.source, this.#form.sql, this.#from, chunksWanted, (range) =>
        add(this.#use('copy', (free) => copyChunk(free, this.#route, range))),
      );
      // A walk through a whole index, while the other lanes copy.
      expectedRows = await this.#countRows(lane);
    });
    const done = await Promise.all(chunks);
    const rows = done.reduce((sum, chunk) => sum + chunk.rows, 0);
    if (expectedRows !== undefined && rows !== expectedRows)
      throw this.#explain(
        new Error(
          `its chunks have ${formatPlural(rows, 'row')}, and the whole table has ${formatCount(expectedRows)}`,
        ),
      );
    return done;
  }

  /** Also where no row travels: what masks replace nothing is looked for in any case. */
  #openWatch(): void {
    const { scan, maskKey } = this.#context.job;
    if (scan !== undefined) this.#watch ??= new LeakWatch(listWatched(this.#form.sql), scan, maskKey);
  }

  get #from(): TablePlace {
    return { database: this.#context.job.from, table: this.#entry.table.name };
  }

  /** Where the rows go. */
  get #into(): TablePlace {
    const { job, preparations } = this.#context;
    const { name } = this.#entry.table;
    return { database: job.into, table: preparations.get(name)?.loading?.name ?? name };
  }

  get #hasJson(): boolean {
    return this.#entry.table.columns.some(({ dataType }) => dataType === 'json');
  }

  get #isKeyMasked(): boolean {
    const { table, masks } = this.#entry;
    return listRowKey(table).some(({ name }) => maskOf(masks, name) !== undefined);
  }

  /** Rows are found at the target by their key, or else by all of their values. */
  get #restoresJsonTypes(): boolean {
    const { sourceFacts, targetFacts } = this.#context.job;
    if (!this.#hasJson || !keepsJsonTypes(sourceFacts.flavor, targetFacts.flavor)) return false;
    const { table, masks } = this.#entry;
    return masks === undefined || (hasWholeKey(table) && !this.#isKeyMasked);
  }

  get #chunksWanted(): number {
    return countChunks(this.#form.sql, this.#context.chunkBytes);
  }

  get #route(): ChunkRoute {
    const { job, meter, abilities, proof } = this.#context;
    const sql = this.#form.sql;
    const enums = this.#form.enums;
    return {
      pace: job.pace,
      sql,
      from: this.#from,
      into: this.#into,
      session: this.#form.session,
      writer: chooseWriter(abilities, {
        enums,
        writers: this.#chunksWanted === 1 ? 'one' : 'many',
        warnings: this.#form.isLenient ? 'expected' : 'refused',
      }),
      proof: this.#isComparedAsWhole ? 'none' : proof,
      isTargetFar: this.#context.isTargetFar(),
      hasJsonTypes: this.#restoresJsonTypes,
      onProgress: (rows, bytes) => meter.add(rows, bytes),
      watch: this.#watch,
    };
  }

  /**
   * What is read back in chunks are not positions, not stored values, not all of JSON, and by counts not what a server
   * changed.
   */
  get #isComparedAsWhole(): boolean {
    const { proof } = this.#context;
    // The rows stand in other places of the key then.
    if (this.#isKeyMasked) return true;
    if (proof === 'counts') return this.#form.isLenient;
    return this.#form.enums === 'positions' || this.#hasJson || this.#entry.table.computes === 'stored';
  }

  async #countRows({ source }: Lane): Promise<number> {
    return countRows(source, this.#form.sql, this.#from, this.#entry.where, WHOLE_TABLE);
  }

  /**
   * The order of the rows, by which chunks are compared first, may be another at the target. Only what differs in any
   * order is wrong, and is copied again, once.
   */
  async #settle(): Promise<void> {
    if (await this.#isSameInAnyOrder()) return;
    const { table } = this.#entry;
    const further = await this.#use('copy', (lane) => listFurtherSessions(lane, table, this.#form.session));
    for (const session of further) {
      this.#form.session = session;
      await this.#deleteRows();
      await this.#copyChunks();
      if (await this.#isSameInAnyOrder()) return;
    }
    const times = further.length === 1 ? 'twice' : `${String(further.length + 1)} times`;
    throw this.#explain(
      new Error(`it was copied ${times}, and its rows differ from the source${this.#describeComputed()}`),
    );
  }

  #describeComputed(): string {
    const { computes, columns } = this.#entry.table;
    if (computes !== 'stored') return '';
    const names = columns.filter(({ isGenerated }) => isGenerated).map(({ name }) => name);
    return `: stored values of ${names.join(', ')} may have been computed by another version, or under another sql_mode or time zone`;
  }

  async #isSameInAnyOrder(): Promise<boolean> {
    return this.#use('copy', async ({ source, target }) => {
      const [before, after] = await Promise.all([
        digestTable(source, this.#form.sql, this.#period, this.#from, this.#entry.where, 'sent'),
        digestTable(target, this.#form.sql, this.#period, this.#into, null, 'stored'),
      ]);
      return before === after;
    });
  }

  async #use<Result>(stage: LaneRequest['stage'], work: (lane: Lane) => Promise<Result>): Promise<Result> {
    const { name, dataBytes } = this.#entry.table;
    return this.#context.pool.use({ group: name, bytes: dataBytes, stage }, async (lane) => {
      try {
        // The index build comes when the source may be gone.
        if (stage === 'copy') lane.enter(name);
        return await this.#context.meter.follow(name, () => work(lane));
      } catch (error) {
        throw this.#explain(error);
      }
    });
  }

  /** Before the pool hears of it, so that what fails because of it has this reason too. */
  #explain(error: unknown): SyncError {
    const what = `cannot copy table ${this.#context.job.from}.${this.#entry.table.name}`;
    return explainFailure(error, {
      code: 'COPY_FAILED',
      what,
      hints: error instanceof LargeRowError ? error.hints : explainFullTable(error, this.#entry.table.engine),
      isPrivate: readsByOwnSql(this.#entry.masks),
    });
  }
}
