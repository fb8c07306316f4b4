import { join } from 'node:path';
import type { RunLog } from '../../adapters/log/run-log.js';
import type { EventStream } from '../../adapters/terminal/event-stream.js';
import type { RunView } from '../../adapters/terminal/run-view.js';
import type { DatabaseName, RunId } from '../../core/names.js';
import type { RunSummary } from '../../core/run/outcome.js';
import type { RecapView } from '../../render/recap.js';
import type { ApplyEnd } from '../../core/run/apply-end.js';
import type { Secret } from '../../core/secret.js';
import { renderNotice } from '../../render/notice.js';
import { reportToGithub } from '../frame/github.js';
import { writeNotice } from '../frame/output.js';
import type { Screen } from '../frame/screen.js';
import type { Memory } from './memory.js';
import type { Settings } from './settings.js';
import { readNoticeFlag } from './notice-flag.js';
import type { Surroundings } from './surroundings.js';
import { goOnWithout } from './unusable-store.js';
import { writeMetrics } from './write-metrics.js';

/** Where a run is told. */
export interface RunReports {
  /** Is what a report suggests typed on this machine, which has the history? Not what a job of a pipeline prints. */
  readonly isReadHere: boolean;
  /** The log of one run, in the folder of the state; undefined in a pipeline that cannot write there. */
  log(run: RunId): Promise<RunLog | undefined>;
  /** `--events`: a file, `-` or a descriptor. */
  events(destination: string, run: RunId): Promise<EventStream>;
  /** Rows on a terminal that can show them, lines elsewhere, nothing under `--quiet`. */
  view(screen: Screen, sizes: ReadonlyMap<DatabaseName, number>): Promise<RunView>;
  /** `--notify`: a URL, or `env:NAME`. Throws INPUT_INVALID when it is neither. */
  noticeUrl(written: string): Secret;
  /** Posts how an apply ended; when that fails, a warning says so. */
  notify(url: Secret, end: ApplyEnd): Promise<void>;
  /** `--metrics`: how an apply ended, for Prometheus; when that fails, a warning says so. */
  metrics(path: string, end: ApplyEnd): Promise<void>;
  /** Annotations and the job's page, where the pipeline is GitHub's. */
  github(summary: RunSummary, view: RecapView): void;
}

export const createRunReports = (
  surroundings: Surroundings,
  { settings, memory }: { settings: Settings; memory: Memory },
): RunReports => {
  const { environment, notice } = surroundings;
  const { variables, paths, isPipeline } = environment;
  return {
    isReadHere: !isPipeline,
    log: async (run) => {
      const { openRunLog } = await import('../../adapters/log/run-log.js');
      const { config } = await settings.read();
      const folder = join(paths.stateFolder, 'logs');
      try {
        await memory.store();
        return openRunLog({ folder, run, settings: config.logging, startedAt: new Date() });
      } catch (error) {
        goOnWithout(surroundings, 'the log', error);
        return undefined;
      }
    },
    events: async (destination, run) => {
      const { openEventStream } = await import('../../adapters/terminal/event-stream.js');
      return openEventStream(destination, run, { now: () => new Date(), warn: notice });
    },
    view: async ({ error, isQuiet, format }, sizes) => {
      const { config } = await settings.read();
      const clock = { monotonic: () => performance.now() };
      const isLive =
        error.isTerminal &&
        !isQuiet &&
        format === 'text' &&
        config.batch.show_progress &&
        !isPipeline &&
        variables['TERM'] !== 'dumb';
      if (isLive && error.columns >= 40) {
        const { createLiveView } = await import('../../adapters/terminal/live-view.js');
        return createLiveView(process.stderr, { clock, hasColor: error.hasColor, sizes });
      }
      const { createLineView } = await import('../../adapters/terminal/line-view.js');
      return createLineView(notice, clock);
    },
    noticeUrl: (written) => readNoticeFlag(written, variables, notice),
    notify: async (url, end) => {
      const { postNotice } = await import('../../adapters/webhook/post-notice.js');
      const problem = await postNotice(url, renderNotice(end));
      if (problem !== undefined) notice(`warning: nobody was notified: ${problem}`);
    },
    metrics: (path, end) => writeMetrics(path, end, notice),
    github: (summary, view) =>
      reportToGithub(variables, summary, view, { command: writeNotice, say: notice }),
  };
};
