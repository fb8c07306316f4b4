import type { Pace } from '../../../../engine/ports/row-engine.js';
import { renderQuery } from '../../protocol/packets.js';
import type { CarriedSum } from './carried-sum.js';
import { type PacketTaker, RowDecoder } from './row-decoder.js';
import type { RowWriter } from '../wire/row-sink.js';
import type { Wire } from '../wire/wire.js';

export interface ReadRequest {
  readonly sql: string;
  /** That it asks for: rows of another number of cells are refused. */
  readonly columns: number;
  /** Where the rows go; absent where their packets are enough. */
  readonly writer?: RowWriter;
  readonly packets?: PacketTaker;
  readonly sum?: CarriedSum | undefined;
  readonly pace?: Pace;
  /** What came in since the last call. */
  readonly onProgress?: (rows: number, bytes: number) => void;
}

export interface ReadTotals {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Runs one SELECT and passes its rows on as they come in; reading pauses while the writer is behind. Resolves at the
 * server's own end of the rows. After a failure the connection is of no use any more.
 * @throws the server's error, MalformedReply, or what the writer threw
 */
export const streamRows = async (wire: Wire, request: ReadRequest): Promise<ReadTotals> => {
  const { sql, columns, writer, packets, sum, pace, onProgress } = request;
  const decoder = new RowDecoder(columns, writer, packets, sum);
  await new Promise<void>((resolve, reject) => {
    let counted: ReadTotals = { rows: 0, bytes: 0 };
    const advance = (step: () => void): void => {
      try {
        step();
      } catch (error) {
        reject(asError(error));
        return;
      }
      const { rows, bytes } = decoder;
      onProgress?.(rows - counted.rows, bytes - counted.bytes);
      const admission = bytes > counted.bytes ? pace?.admit(bytes - counted.bytes) : undefined;
      counted = { rows, bytes };
      if (decoder.isEnded) {
        wire.release();
        resolve();
      } else if (writer?.isFull) waitFor(writer.whenReady());
      else if (admission) waitFor(admission);
      else wire.resume();
    };
    const waitFor = (ready: Promise<void>): void => {
      wire.pause();
      ready.then(() => advance(() => decoder.resume()), reject);
    };
    wire.listen({ receive: (chunk) => advance(() => decoder.feed(chunk)), lose: reject });
    wire.write(renderQuery(sql));
  });
  return { rows: decoder.rows, bytes: decoder.bytes };
};

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
