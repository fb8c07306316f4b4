import ora from 'ora';
import { makePrintable } from '../../core/printable.js';
import type { Look } from '../../render/paint.js';
import { type Leaving, untilInterrupted } from './until-interrupted.js';

/** Shows on stderr that something goes on until the work settles, or Ctrl-C leaves it behind. */
export const spinWhile = async <Result>(
  text: string,
  { hasColor }: Look,
  work: Promise<Result>,
  onAbandoned: () => void,
  leaving: Leaving,
): Promise<Result> => {
  const spinner = ora({
    text: makePrintable(text),
    stream: process.stderr,
    color: hasColor ? 'cyan' : false,
  });
  // ora reads the keys meanwhile, but of a stdin that nobody has read before only when that is paused: Ctrl-C would be lost.
  process.stdin.pause();
  spinner.start();
  try {
    return await untilInterrupted(work, onAbandoned, leaving);
  } finally {
    spinner.stop();
  }
};
