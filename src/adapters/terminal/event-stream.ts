import { closeSync, fchmodSync, fstatSync, openSync, writeSync } from 'node:fs';
import { FORMAT_VERSION, toDocument } from '../../core/document.js';
import { SyncError } from '../../core/errors.js';
import { hintAtRefusal } from '../../core/file-refusal.js';
import type { RunId } from '../../core/names.js';
import { toPrintableJson } from '../../core/printable.js';
import type { RunEvent } from '../../core/run/run-event.js';
import { type DescribedEvent, describeEvent } from '../../render/run-event.js';

/** One JSON line. */
interface EventRecord extends DescribedEvent {
  readonly type: RunEvent['type'] | 'version' | 'summary';
  /** From 0 without a gap. */
  readonly seq: number;
  /** RFC 3339 */
  readonly ts: string;
  readonly run_id: RunId;
}

export interface EventStream {
  write(event: RunEvent): void;
  /** The last line. A stream without it ended with its process. */
  end(exitCode: number): void;
}

/** `--events`: `-` is stdout, a number a file descriptor that the caller opened, anything else a file that is emptied first. A stream that breaks is warned about, and never ends the run. */
export const openEventStream = (
  destination: string,
  run: RunId,
  { now, warn }: { readonly now: () => Date; readonly warn: (line: string) => void },
): EventStream => {
  const { descriptor, close } = openDestination(destination);
  let seq = 0;
  let isLost = false;
  const writeRecord = (
    record: Omit<EventRecord, 'seq' | 'ts' | 'run_id'> & Readonly<Record<string, unknown>>,
  ): void => {
    const line = { seq, ts: now().toISOString(), run_id: run, ...record };
    seq += 1;
    if (isLost) return;
    try {
      writeWhole(descriptor, `${toPrintableJson(toDocument(line))}\n`);
    } catch (cause) {
      const refusal = explainUnwritable(destination, cause);
      // Nothing has begun before the first line.
      if (seq === 1) throw refusal;
      isLost = true;
      warn(`warning: ${refusal.message}; the run goes on without them`);
    }
  };
  writeRecord({
    type: 'version',
    level: 'info',
    message: `mysql-sync events ${FORMAT_VERSION}`,
    format_version: FORMAT_VERSION,
  });
  return {
    write: (event) => writeRecord({ ...event, ...describeEvent(event) }),
    end: (exitCode) => {
      writeRecord({
        type: 'summary',
        level: exitCode === 0 ? 'info' : 'error',
        message: `exit code ${String(exitCode)}`,
        exit_code: exitCode,
      });
      close();
    },
  };
};

const openDestination = (
  destination: string,
): { readonly descriptor: number; readonly close: () => void } => {
  if (destination === '-') return { descriptor: 1, close: () => undefined };
  if (/^\d+$/.test(destination)) return { descriptor: Number(destination), close: () => undefined };
  try {
    const descriptor = openSync(destination, 'w', 0o600);
    makePrivate(descriptor);
    return { descriptor, close: () => closeSync(descriptor) };
  } catch (cause) {
    throw explainUnwritable(destination, cause);
  }
};

/** A file of this person, whatever its mode and the umask. Devices, pipes and files of others stay as they are. */
const makePrivate = (descriptor: number): void => {
  const facts = fstatSync(descriptor);
  if (facts.isFile() && facts.uid === process.getuid?.()) fchmodSync(descriptor, 0o600);
};

const explainUnwritable = (destination: string, cause: unknown): SyncError => {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
  return new SyncError('INPUT_INVALID', {
    message: `cannot write events to ${destination} (${code})`,
    hints: hintAtRefusal(code),
    cause,
  });
};

/** A pipe that is full says EAGAIN; a line is never torn. */
const writeWhole = (descriptor: number, text: string): void => {
  const bytes = Buffer.from(text);
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
};
