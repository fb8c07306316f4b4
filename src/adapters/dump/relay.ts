import type { Readable, Writable } from 'node:stream';
import type { Pace } from '../../engine/ports/row-engine.js';
import type { DumpScanner } from './dump-scanner.js';

/** What went through, as it goes. */
export interface Relay {
  readonly bytes: number;
  /**
   * Resolves when the source has ended and all of it was handed to the sink, which stays open. Stays pending when the
   * sink is gone. Rejects with a DumpViolation before the chunk with the violation is passed on.
   */
  readonly finished: Promise<void>;
}

/**
 * How far the dump may run ahead of the loader. The loader takes a statement of a megabyte at once, and then nothing
 * while the target executes it: a few of them in memory let both servers work at the same time.
 */
const AHEAD_BYTES = 4 * 1024 * 1024;

/** Passes a dump on as it comes, never far ahead of what the sink takes, and shows every chunk to the scanner first. */
export const startRelay = (
  source: Readable,
  sink: Writable,
  scanner: DumpScanner,
  pace: Pace,
  dates: DatesOfDump = 'any',
): Relay => {
  let bytes = 0;
  let wake: (() => void) | undefined;
  const passAll = async (): Promise<void> => {
    for await (const chunk of adaptHeader(source, dates)) {
      scanner.scan(chunk);
      bytes += chunk.length;
      await pace.admit(chunk.length);
      sink.write(chunk, () => wake?.());
      while (sink.writableLength > AHEAD_BYTES) await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    finished: passAll(),
    get bytes() {
      return bytes;
    },
  };
};

/** Two generations of MariaDB's clients write it differently, and each has loaders that fail on it. */
const SANDBOX_LINE = /^\/\*M?!999999\\- .*\*\/ *\n/;
/** `any`: those that no calendar has stay as they are. `made`: the target makes some of text, as it did on the source. */
export type DatesOfDump = 'any' | 'made';

/** 2023-02-31 would become 0000-00-00 without a word. All else that the source holds fits the mode of the dump. */
const SQL_MODE_LINE = /^(\/\*!\d+ SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO)(' \*\/;\n)/m;
/** A duplicate would go unnoticed in MySQL. In MariaDB it starts the bulk load of empty tables, which is young and no faster here. */
const UNIQUE_CHECKS_LINE = /^(\/\*!\d+ SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=)0( \*\/;\n)/m;
const HEADER_BYTES = 8192;

/**
 * The stream without a line about the sandbox mode at its start, with ALLOW_INVALID_DATES and with unique checks. Its
 * chunks pass as they come when the header is over.
 */
export async function* adaptHeader(
  chunks: AsyncIterable<Buffer>,
  dates: DatesOfDump = 'any',
): AsyncIterable<Buffer> {
  let held: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (held === undefined) {
      yield chunk;
      continue;
    }
    held = Buffer.concat([held, chunk]);
    if (held.length < HEADER_BYTES && !SQL_MODE_LINE.test(held.toString('latin1'))) continue;
    yield adaptStart(held, dates);
    held = undefined;
  }
  if (held !== undefined) yield adaptStart(held, dates);
}

const adaptStart = (start: Buffer, dates: DatesOfDump): Buffer => {
  const header = start
    .toString('latin1', 0, HEADER_BYTES)
    .replace(SANDBOX_LINE, '')
    .replace(UNIQUE_CHECKS_LINE, (_, start: string, end: string) => `${start}1${end}`)
    .replace(SQL_MODE_LINE, dates === 'any' ? '$1,ALLOW_INVALID_DATES$2' : '$&');
  return Buffer.concat([Buffer.from(header, 'latin1'), start.subarray(HEADER_BYTES)]);
};
