import { createHash } from 'node:crypto';
import type { VerifyLevel } from '../../../core/sync-plan.js';
import type { Pace } from '../../../engine/ports.js';
import type { Lane } from './lanes.js';
import { LENIENT_MODE, STRICT_MODE } from './lane-session.js';
import { type WriterChoice, openTableWriter } from './open-table-writer.js';
import { countRows, hashRange } from './prove-copy.js';
import { streamRows } from './row-reader.js';
import { InexactLoadError } from './row-sender.js';
import type { KeyRange } from './split-key.js';
import { type TablePlace, type TableSql, countCells, renderSelect } from './table-sql.js';

/** How the rows of one table go over, piece by piece. */
export interface ChunkRoute {
  readonly pace: Pace;
  readonly sql: TableSql;
  readonly from: TablePlace;
  readonly into: TablePlace;
  readonly writer: WriterChoice;
  /** How the rows that arrived are compared with those that were sent. */
  readonly proof: VerifyLevel | 'none';
  readonly onProgress: (rows: number, bytes: number) => void;
}

export interface CopiedChunk {
  readonly rows: number;
  /** The same rows in the same order were read back, or as many are there. False also where nobody looked. */
  readonly isSame: boolean;
}

/** Copies the rows of one range in a transaction, and compares them. */
export const copyChunk = async (lane: Lane, route: ChunkRoute, range: KeyRange): Promise<CopiedChunk> => {
  const { sql, into, writer, proof } = route;
  const isLenient = writer.limits.warnings === 'expected';
  if (isLenient) await lane.target.run(`SET SESSION sql_mode = '${LENIENT_MODE}'`);
  const sent = await sendChunk(lane, route, range);
  if (isLenient) await lane.target.run(`SET SESSION sql_mode = '${STRICT_MODE}'`);
  const { rows } = sent;
  if (proof === 'none') return { rows, isSame: false };
  // At once, while the target still has them in memory.
  if (proof === 'counts')
    return { rows, isSame: rows === (await countRows(lane.target, sql, into, null, range)) };
  return { rows, isSame: sent.hash === (await hashRange(lane.target, sql, into, range)) };
};

const sendChunk = async (
  lane: Lane,
  { pace, sql, from, into, writer: choice, proof, onProgress }: ChunkRoute,
  range: KeyRange,
): Promise<{ readonly rows: number; readonly hash: string }> => {
  const { writer, finish, close } = await openTableWriter(lane.target, sql, into, choice);
  const hash = createHash('sha256');
  const where = sql.entry.where;
  try {
    const { rows } = await streamRows(lane.source.wire, {
      sql: renderSelect(sql, from, where, range),
      columns: countCells(sql),
      writer,
      ...(proof === 'digest' && { hash }),
      pace,
      onProgress,
    });
    await finish();
    close();
    return { rows, hash: hash.digest('hex') };
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
