import { Listr, ProcessOutput, Spinner, figures } from 'listr2';
import type { DatabaseName } from '../../core/names.js';
import { renderEnd, renderLive } from '../../render/live-view.js';
import type { Look } from '../../render/paint.js';
import { FollowedRun } from './followed-run.js';
import { FramePainter } from './frame-painter.js';
import type { RunView, ViewClock } from './run-view.js';

export interface LiveViewSetup {
  readonly clock: ViewClock;
  readonly hasColor: boolean;
  /** The source's estimate in bytes, by the database on the target. */
  readonly sizes: ReadonlyMap<DatabaseName, number>;
}

/** Rows for the databases in flight, drawn on the given stream while listr2 runs a task for each database. */
export const createLiveView = (stream: NodeJS.WriteStream, setup: LiveViewSetup): RunView => {
  const run = new FollowedRun(setup.clock, setup.sizes);
  let drawing: Promise<unknown> = Promise.resolve();
  return {
    follow: (event) => {
      run.follow(event);
      if (event.type === 'run-started') drawing = drawRun(run, event.databases, stream, setup);
    },
    end: async () => {
      run.leave();
      await drawing;
    },
  };
};

const drawRun = async (
  run: FollowedRun,
  databases: readonly DatabaseName[],
  stream: NodeJS.WriteStream,
  { hasColor }: LiveViewSetup,
): Promise<void> => {
  const output = new ProcessOutput(stream, stream);
  const painter = new FramePainter((text) => output.toStdout(text, false));
  const spinner = new Spinner();
  // One column less: a terminal may go on to the next line after the last.
  const look = (): Look => ({ isTerminal: true, hasColor, columns: stream.columns - 1 });
  const draw = (part: 'all' | 'above'): void => {
    const now = run.look();
    const signs = { good: figures.tick, bad: figures.cross };
    const above = run
      .takeNews()
      .flatMap((one) =>
        typeof one === 'string' ? [one] : renderEnd(one, now.databases, { look: look(), signs }),
      );
    const screen = { look: look(), rows: stream.rows, sign: spinner.fetch() };
    painter.draw(above, part === 'all' ? renderLive(now, screen) : [], look());
  };
  const redraw = (): void => draw('all');
  /** listr2 makes one of these. */
  class RunRenderer {
    static readonly nonTTY = true;
    static readonly rendererOptions = {};
    static readonly rendererTaskOptions = {};
    readonly render = (): void => {
      output.hijack();
      stream.on('resize', redraw);
      spinner.start(redraw);
    };
    readonly end = (): void => {
      spinner.stop();
      stream.off('resize', redraw);
      draw('above');
      output.release();
    };
  }
  const tasks = databases.map((name) => ({
    title: name,
    task: async () => {
      const outcome = await run.outcomeOf(name);
      if (outcome?.status !== 'applied') throw new Error(outcome?.status);
    },
  }));
  // listr2's own listener would end the process with 127.
  const options = { concurrent: true, exitOnError: false, registerSignalListeners: false };
  await new Listr(tasks, { ...options, renderer: RunRenderer }).run();
};
