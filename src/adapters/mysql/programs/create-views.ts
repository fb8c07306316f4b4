import type mysql from 'mysql2/promise';
import { listTablesOfView } from '../../../core/server/view-order.js';
import type { ProgramDefinition } from '../../../engine/ports/server.js';
import { type KnownDefiners, type ProgramJob, compileProgram, rewriteStatement } from './compile-program.js';
import { dropPrograms } from './drop-programs.js';
import { isViewUnusable } from '../connection/errors.js';
import { explainProgramFailure } from './program-failures.js';
import { type StandInKind, dropStandIns, makeStandIns } from './stand-ins.js';

interface FailedView {
  readonly view: ProgramDefinition;
  readonly error: unknown;
}

type CreateView = (view: ProgramDefinition) => Promise<void>;

/**
 * Makes views, which come after those that they read. What is left then reads something that does not exist: the server
 * lists and prints such views, and makes none. It does not look back, so the missing tables are stood in for meanwhile.
 */
export const createViews = async (
  connection: mysql.Connection,
  job: ProgramJob,
  views: readonly ProgramDefinition[],
  definers: KnownDefiners,
): Promise<void> => {
  const create: CreateView = (view) => compileProgram(connection, job, view, definers);
  let failed = await createInRounds(views, create);
  for (const kind of ['text', 'geometry'] as const) {
    if (failed.length === 0) return;
    const left = failed.map(({ view }) => view);
    failed = await withStandIns(connection, job, { views: left, kind }, () => createInRounds(left, create));
  }
  if (failed.length > 0) await createBackwards(connection, job, { views, failed, create });
};

/**
 * Views on views that the server does not open, because their definer lacks rights or does not exist. The last one is
 * made first, each while a table stands in for what it reads.
 */
const createBackwards = async (
  connection: mysql.Connection,
  job: ProgramJob,
  {
    views,
    failed,
    create,
  }: {
    readonly views: readonly ProgramDefinition[];
    readonly failed: readonly FailedView[];
    readonly create: CreateView;
  },
): Promise<void> => {
  const unusable = findUnusable(job, views, failed);
  await dropPrograms(connection, job.database, unusable);
  const open = new Set([...failed.map(({ view }) => view), ...unusable]);
  const [left] = await createInRounds(views.filter((view) => open.has(view)).reverse(), async (view) => {
    await withStandIns(connection, job, { views: [view], kind: 'text' }, () => create(view));
  });
  if (left) throw explainProgramFailure(left.error, left.view, job);
};

const withStandIns = async <Result>(
  connection: mysql.Connection,
  job: ProgramJob,
  { views, kind }: { readonly views: readonly ProgramDefinition[]; readonly kind: StandInKind },
  work: () => Promise<Result>,
): Promise<Result> => {
  const texts = views.map((view) => ({ name: view.name, statement: rewriteStatement(view, job) }));
  const standIns = await makeStandIns(connection, job.database, texts, kind);
  try {
    return await work();
  } finally {
    await dropStandIns(connection, job.database, standIns);
  }
};

/** In rounds, until one makes none: a view may need another through a function, which no text shows. */
const createInRounds = async (
  views: readonly ProgramDefinition[],
  create: CreateView,
): Promise<readonly FailedView[]> => {
  const failed: FailedView[] = [];
  for (const view of views) {
    try {
      await create(view);
    } catch (error) {
      failed.push({ view, error });
    }
  }
  if (failed.length === 0 || failed.length === views.length) return failed;
  return createInRounds(
    failed.map(({ view }) => view),
    create,
  );
};

/** Views that are made already, and that the server does not open for others that read them. */
const findUnusable = (
  job: ProgramJob,
  views: readonly ProgramDefinition[],
  failed: readonly FailedView[],
): readonly ProgramDefinition[] => {
  const broken = new Set(failed.map(({ view }) => view));
  const read = new Set(
    failed
      .filter(({ error }) => isViewUnusable(error))
      .flatMap(({ view }) => [...listTablesOfView(rewriteStatement(view, job), job.database)]),
  );
  return views.filter((view) => read.has(view.name) && !broken.has(view));
};
