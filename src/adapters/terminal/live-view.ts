import {
  Listr,
  type ListrDefaultRendererLogLevels,
  ListrLogger,
  type ListrTask,
  type ListrTaskWrapper,
  ProcessOutput,
} from 'listr2';
import type { DatabaseName } from '../../core/names.js';
import type { DatabaseOutcome } from '../../core/run/outcome.js';
import type { CopyProgress, Phase, RunEvent } from '../../core/run/run-event.js';
import { makePrintable } from '../../core/printable.js';
import { displayWidth } from '../../render/display-width.js';
import { renderProgress } from '../../render/progress.js';
import { describeEnd, describePause, describeRetry } from '../../render/run-event.js';
import type { RunView, ViewClock } from './run-view.js';

type Row = ListrTaskWrapper<unknown, never, never>;

/** One database: its events may come before listr2 starts the row, or all of them before, so the state is kept here. */
class DatabaseRow {
  readonly #clock: ViewClock;
  readonly #name: string;
  #row: Pick<Row, 'title'> | undefined;
  #phase: Phase | undefined;
  #since = 0;
  #progress: CopyProgress | undefined;
  #suffix = '';
  readonly #settled: Promise<DatabaseOutcome>;
  #settle: (outcome: DatabaseOutcome) => void = () => undefined;

  constructor(name: string, clock: ViewClock) {
    this.#clock = clock;
    this.#name = name;
    this.#settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  follow(event: RunEvent): void {
    if (event.type === 'phase-started') {
      this.#phase = event.phase;
      this.#since = this.#clock.monotonic();
    }
    if (event.type === 'progress') this.#progress = event.progress;
    if (event.type === 'database-finished') this.#settle(event.outcome);
    if (event.type === 'draining') this.#suffix = '  (finishing; Ctrl-C once more stops now)';
    if (event.type === 'paused') this.#suffix = `  (${describePause(event)})`;
    if (event.type === 'resumed') this.#suffix = '';
    this.#show(event.type === 'retrying' ? describeRetry(event) : undefined);
  }

  task(): ListrTask {
    return {
      title: `${this.#name}  waiting`,
      task: async (_context, row) => {
        this.#row = row;
        this.#show(undefined);
        const outcome = await this.#settled;
        row.title = `${this.#name}  ${describeEnd(outcome)}`;
        if (outcome.status === 'not-started') row.skip(row.title);
        else if (outcome.status !== 'applied') throw new Error(outcome.status);
      },
    };
  }

  #show(text: string | undefined): void {
    if (!this.#row || !this.#phase) return;
    const copyMilliseconds = this.#clock.monotonic() - this.#since;
    const progress = { phase: this.#phase, progress: this.#progress, copyMilliseconds };
    this.#row.title = makePrintable(`${this.#name}  ${text ?? renderProgress(progress)}${this.#suffix}`);
  }
}

/** The rows of a terminal, one a database, drawn by listr2 on the given stream. */
export const createLiveView = (stream: NodeJS.WriteStream, clock: ViewClock): RunView => {
  const rows = new Map<DatabaseName, DatabaseRow>();
  let drawing: Promise<unknown> = Promise.resolve();
  return {
    follow: (event) => {
      if (event.type === 'run-started') {
        const names = alignNames(event.databases, stream.columns);
        for (const [index, database] of event.databases.entries())
          rows.set(database, new DatabaseRow(names[index] ?? database, clock));
        drawing = drawRows([...rows.values()], stream);
      } else if (isForAll(event)) for (const row of rows.values()) row.follow(event);
      else if ('database' in event) rows.get(event.database)?.follow(event);
    },
    end: async () => {
      await drawing;
    },
  };
};

/** Of one width, so that what happens stands below each other; names longer than half a line push it aside in their own row. */
const alignNames = (databases: readonly DatabaseName[], columns: number): readonly string[] => {
  const names = databases.map(makePrintable);
  const width = Math.max(0, ...names.map(displayWidth).filter((own) => own <= columns / 2));
  return names.map((name) => name + ' '.repeat(Math.max(0, width - displayWidth(name))));
};

const isForAll = ({ type }: RunEvent): boolean => ['draining', 'paused', 'resumed'].includes(type);

const drawRows = async (rows: readonly DatabaseRow[], stream: NodeJS.WriteStream): Promise<void> => {
  const logger = new ListrLogger<ListrDefaultRendererLogLevels>({
    processOutput: new ProcessOutput(stream, stream),
  });
  const list = new Listr(
    rows.map((row) => row.task()),
    {
      concurrent: true,
      exitOnError: false,
      // listr2's own listener would end the process with 127.
      registerSignalListeners: false,
      renderer: 'default',
      rendererOptions: { logger, showErrorMessage: false, collapseErrors: true, showSkipMessage: true },
    },
  );
  await list.run();
};
