import { createHash } from 'node:crypto';
import type { VerifyLevel } from '../../../../core/plan/sync-plan.js';
import type { Pace } from '../../../../engine/ports/row-engine.js';
import type { Lane } from '../lanes/lanes.js';
import { type WriterChoice, openTableWriter } from '../write/open-table-writer.js';
import { countRows, hasCarriedSum, hashRange } from './prove-copy.js';
import { restoreJsonTypes } from './restore-json-types.js';
import { together } from '../../connection/together.js';
import { isInSnapshot } from '../../../../core/server/snapshot-engines.js';
import { CarriedSum } from '../read/carried-sum.js';
import type { LeakWatch } from '../read/leak-watch.js';
import { streamRows } from '../read/row-reader.js';
import { InexactLoadError } from '../write/row-sender.js';
import { type KeyRange, WHOLE_TABLE } from '../../rows/split-key.js';
import { type TablePlace, type TableSql, countCells, renderSelect } from '../statements/table-sql.js';
import { type WritingSession, enterSession, leaveSession } from './writing-session.js';
import { formatCount, formatPlural } from '../../../../core/plural.js';

/** How the rows of one table go over, chunk by chunk. */
export interface ChunkRoute {
  readonly pace: Pace;
  readonly sql: TableSql;
  readonly from: TablePlace;
  readonly into: TablePlace;
  readonly writer: WriterChoice;
  readonly session: WritingSession;
  /** Whether documents may have types that the text that travels does not show. */
  readonly hasJsonTypes: boolean;
  /** How the rows that arrived are compared with those that were sent. */
  readonly proof: VerifyLevel | 'none';
  /** Reading back would take the time of the link. */
  readonly isTargetFar: boolean;
  readonly onProgress: (rows: number, bytes: number) => void;
  /** Looks at the rows on their way. */
  readonly watch: LeakWatch | undefined;
  /** Rows of the target that are none of the range's are told by it, where some are there already. */
  readonly there?: string;
}

export interface CopiedChunk {
  readonly rows: number;
  /** The same rows in the same order were read back, or as many are there. False also where nobody looked. */
  readonly isSame: boolean;
}

/** Copies the rows of one range in a transaction, and compares them; those of a whole table are counted at the source too. */
export const copyChunk = async (lane: Lane, route: ChunkRoute, range: KeyRange): Promise<CopiedChunk> => {
  const { sql, session } = route;
  const isMoving = range === WHOLE_TABLE && !isInSnapshot(sql.entry.table);
  const before = isMoving ? await countAtSource(lane, route) : undefined;
  await enterSession(lane, session);
  const sent = await sendChunk(lane, route, range);
  // What is computed of documents is computed once more.
  if (route.hasJsonTypes) await restoreJsonTypes(lane, sql, route, range);
  await leaveSession(lane, session);
  const { rows } = sent;
  // At once, while both servers still have them in memory.
  const [counted, isSame] = await Promise.all([
    range === WHOLE_TABLE ? countAtSource(lane, route) : rows,
    proveChunk(lane, route, range, sent),
  ]);
  // What is outside the snapshot and was written to meanwhile is copied as it was found.
  if (counted !== rows && (before ?? counted) === counted)
    throw new Error(
      `${formatPlural(rows, 'row')} ${rows === 1 ? 'was' : 'were'} read, and the source counts ${formatCount(counted)}`,
    );
  return { rows, isSame };
};

const countAtSource = async ({ source }: Lane, { sql, from }: ChunkRoute): Promise<number> =>
  countRows(source, sql, from, sql.entry.where, WHOLE_TABLE);

interface SentChunk {
  readonly rows: number;
  readonly hash: string;
  /** Where the target is far away. */
  readonly sum: CarriedSum | undefined;
}

const proveChunk = async (
  { target }: Lane,
  { sql, into, proof, there }: ChunkRoute,
  range: KeyRange,
  { rows, hash, sum }: SentChunk,
): Promise<boolean> => {
  if (proof === 'none') return false;
  if (proof === 'counts') return rows === (await countRows(target, sql, into, null, range));
  if (sum && (await hasCarriedSum(target, sql, into, range, { rows, sum }))) return true;
  return hash === (await hashRange(target, sql, into, range, there));
};

const sendChunk = async (
  lane: Lane,
  { pace, sql, from, into, writer: choice, proof, isTargetFar, onProgress, watch }: ChunkRoute,
  range: KeyRange,
): Promise<SentChunk> => {
  const [{ writer, finish, close }] = await together([
    openTableWriter(lane.target, sql, into, choice),
    lane.entered,
  ]);
  const hash = createHash('sha256');
  const sum = proof === 'digest' && isTargetFar ? new CarriedSum() : undefined;
  const where = sql.entry.where;
  try {
    const { rows } = await streamRows(lane.source.wire, {
      sql: renderSelect(sql, from, where, range, 'sent'),
      columns: countCells(sql),
      writer: watch?.over(writer) ?? writer,
      ...(proof === 'digest' && { packets: hash }),
      sum,
      pace,
      onProgress,
    });
    await finish();
    close();
    return { rows, hash: hash.digest('hex'), sum };
  } catch (error) {
    close();
    throw error instanceof InexactLoadError ? await explainInexact(lane, error) : error;
  }
};

/** The server's warnings say which value it was. */
const explainInexact = async ({ target }: Lane, error: InexactLoadError): Promise<Error> => {
  const warnings = await target.queryRows('SHOW WARNINGS LIMIT 3').catch(() => []);
  const texts = warnings.map((row) => `${row[2]?.toString() ?? ''} (error ${row[1]?.toString() ?? ''})`);
  return new InexactLoadError([error.message, ...texts].join('; '));
};
