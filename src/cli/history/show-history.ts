import type { RunQuery } from '../../core/run/run.js';
import { renderRun, renderRuns } from '../../render/history.js';
import { toRunDocument } from '../../render/run-document.js';
import type { Services } from '../services/compose.js';
import type { Screen } from '../frame/screen.js';

/** Shows past runs, newest first. */
export const listHistory = async (
  services: Services<'memory'>,
  query: RunQuery,
  screen: Screen,
): Promise<void> => {
  const history = await services.memory.history();
  const runs = await history.listRuns(query);
  if (screen.format === 'json') {
    screen.printJson('history', { runs: runs.map(toRunDocument) });
    return;
  }
  screen.print(renderRuns(runs, screen.output, new Date()));
  if (runs.length > 0) return;
  const all = await history.listRuns({ limit: 1 });
  screen.notice(all.length > 0 ? 'No run matches.' : 'Nothing was applied yet. Begin:  mysql-sync init');
};

/** Shows one run: by id, by the beginning of an id, or `latest`. */
export const showRun = async (services: Services<'memory'>, id: string, screen: Screen): Promise<void> => {
  const history = await services.memory.history();
  const run = await history.findRun(id);
  if (screen.format === 'json') screen.printJson('run', { run: toRunDocument(run) });
  else screen.print(renderRun(run, screen.output, new Date()));
};
