import ora from 'ora';
import { makePrintable } from '../../core/printable.js';
import type { Look } from '../../render/paint.js';
import { untilInterrupted } from './until-interrupted.js';

/** Shows on stderr that something goes on until the work settles, or Ctrl-C leaves it behind. */
export const spinWhile = async <Result>(
  text: string,
  { hasColor }: Look,
  work: Promise<Result>,
  onAbandoned: () => void,
): Promise<Result> => {
  const spinner = ora({
    text: makePrintable(text),
    stream: process.stderr,
    color: hasColor ? 'cyan' : false,
  });
  spinner.start();
  try {
    return await untilInterrupted(work, onAbandoned);
  } finally {
    spinner.stop();
  }
};
