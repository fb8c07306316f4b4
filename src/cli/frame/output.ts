import { FORMAT_VERSION, toDocument } from '../../core/document.js';
import { toPrintableJson } from '../../core/printable.js';
import { exitCodeOf } from '../../core/exit-codes.js';

/** Why stdout takes no more; undefined as long as it does. */
let lost: NodeJS.ErrnoException | undefined;

/** The result of a command, on stdout. What it is given went through `printLines`. */
export const writeResult = (text: string): void => {
  if (text !== '') process.stdout.write(text);
};

/** One JSON document on stdout. */
export const writeDocument = (document: object): void => {
  writeResult(`${toPrintableJson({ format_version: FORMAT_VERSION, ...toDocument(document) }, 2)}\n`);
};

/** Everything that is not the result, on stderr. What it is given went through `printLines`. */
export const writeNotice = (text: string): void => {
  process.stderr.write(text);
};

/**
 * A reader that goes away, a terminal that is closed and a full disk must not end a run in its middle. Without stderr
 * there is nobody to tell; what stdout lost is told at the end.
 */
export const guardOutput = (): void => {
  // The framework's own listener throws what is not EPIPE.
  process.stdout.removeAllListeners('error').on('error', (error: NodeJS.ErrnoException) => {
    lost ??= error;
  });
  process.stderr.removeAllListeners('error').on('error', () => undefined);
};

/** Says that the result could not be printed, with an exit code of its own unless the command failed anyway. */
export const reportLostOutput = async (): Promise<void> => {
  await new Promise<void>((resolve) => {
    process.stdout.write('', () => resolve());
  });
  // Whoever closes a pipe, as head does, has read enough.
  if (lost === undefined || lost.code === 'EPIPE') return;
  writeNotice(
    `error: the result could not be written to stdout (${lost.code ?? lost.message}). ` +
      'The command itself has ended; what an apply or a rollback did is in mysql-sync history.\n',
  );
  process.exitCode ||= exitCodeOf('outputLost');
};
