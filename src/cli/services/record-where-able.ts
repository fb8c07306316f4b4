import type { HistoryRecorder } from '../../engine/ports/ports.js';

/**
 * A history that is opened with the run. `excuse` gets the error when it cannot be, and throws it or lets the run go on
 * without one.
 */
export const recordWhereAble = (
  openHistory: () => Promise<HistoryRecorder>,
  excuse: (error: unknown) => void,
): HistoryRecorder => {
  let history: HistoryRecorder | undefined;
  return {
    open: async (run) => {
      try {
        const opened = await openHistory();
        await opened.open(run);
        history = opened;
      } catch (error) {
        excuse(error);
      }
    },
    record: async (run, ended) => history?.record(run, ended),
    forgetCopy: async (place) => history?.forgetCopy(place),
    close: async (run, summary, finishedAt) => history?.close(run, summary, finishedAt),
  };
};
