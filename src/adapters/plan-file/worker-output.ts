import { type Documented, FORMAT_VERSION, fromDocument } from '../../core/document.js';
import { type ErrorReport, SyncError } from '../../core/errors.js';
import { hintAtRefusal } from '../../core/file-refusal.js';
import type { DatabaseName, RunId } from '../../core/names.js';
import type { DatabaseOutcome } from '../../core/run/outcome.js';
import type { RunEvent } from '../../core/run/run-event.js';
import type { WorkerReport } from '../../core/run/worker-report.js';
import { type SchemaCheck, loadSchemaCheck } from './check-schema.js';
import { OddFileError, readCheckedFile } from './read-checked.js';

/** A run of thousands of databases with its progress. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Reads what an apply wrote by `--json` or `--events`. An empty file is of a process that ended before it told anything.
 * Rejects with INPUT_INVALID, naming file and line, for anything else. Texts are still as servers wrote them.
 */
export const readWorkerOutput = async (path: string): Promise<WorkerReport> => {
  const text = await readText(path);
  if (text.trim() === '') return { ...NOTHING, file: path };
  const [first = ''] = text.trimStart().split('\n', 1);
  return isEvent(parse(first)) ? readEvents(path, text) : readDocument(path, text);
};

const NOTHING = {
  run: null,
  target: null,
  savedPlan: null,
  exitCode: null,
  durationMilliseconds: 0,
  outcomes: [],
  unfinished: [],
  error: null,
} satisfies Omit<WorkerReport, 'file'>;

const readText = async (path: string): Promise<string> => {
  try {
    const { bytes } = await readCheckedFile(path, { links: 'anywhere', most: MOST_BYTES });
    return Buffer.from(bytes).toString('utf8');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new SyncError('INPUT_INVALID', {
      message: cause instanceof OddFileError ? cause.message : `cannot read ${path} (${code})`,
      hints: hintAtRefusal(code),
      cause,
    });
  }
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isEvent = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'type' in value && 'seq' in value;

const refuse = (path: string, line: number, why: string): SyncError =>
  new SyncError('INPUT_INVALID', {
    message: `${path}:${String(line)}: ${why}`,
    hints: ['Give what apply wrote by --json, or by --events.'],
  });

interface ErrorDocument {
  readonly error: ErrorReport & { readonly exitCode: number };
}
interface ApplyDocument {
  readonly run: RunId | null;
  readonly target?: string;
  readonly savedPlan?: string | null;
  readonly outcomes: readonly DatabaseOutcome[];
  readonly durationMilliseconds?: number;
  readonly exitCode?: number;
}

const readDocument = async (path: string, text: string): Promise<WorkerReport> => {
  const value = parse(text) as { readonly kind?: unknown } | null | undefined;
  const kind = value?.kind;
  if (kind !== 'apply' && kind !== 'error') throw refuse(path, 1, 'is no output of apply');
  refuseMisfit(await loadSchemaCheck(`${kind}-document`), value, path, 1);
  if (kind === 'error') {
    const { error } = fromDocument<ErrorDocument>(value as Documented<ErrorDocument>);
    const { code, message, hints, exitCode } = error;
    return { ...NOTHING, file: path, exitCode, error: { code, message, hints } };
  }
  const { run, target, savedPlan, outcomes, durationMilliseconds, exitCode } = fromDocument<ApplyDocument>(
    value as Documented<ApplyDocument>,
  );
  return {
    ...NOTHING,
    file: path,
    run,
    target: target ?? null,
    savedPlan: savedPlan ?? null,
    outcomes,
    durationMilliseconds: durationMilliseconds ?? 0,
    exitCode: exitCode ?? 0,
  };
};

/** The schema also takes away what it does not name. */
const refuseMisfit = (check: SchemaCheck, value: unknown, path: string, line: number): void => {
  const version = (value as { readonly format_version?: unknown } | null)?.format_version;
  const [finding] = check.find(value, () => true);
  if (!finding) return;
  const where = finding.path.length === 0 ? '' : ` at ${finding.path.join('.')}`;
  const other = version === undefined || version === FORMAT_VERSION ? '' : ' of this version';
  throw refuse(path, line, `is no output of apply${other}${where}`);
};

type EventLine = { readonly seq: number; readonly runId: RunId } & (
  RunEvent | { readonly type: 'version' } | { readonly type: 'summary'; readonly exitCode: number }
);

/** The schema has one list of keys for all types. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'run-started': ['databases', 'target', 'saved_plan'],
  'database-started': ['database'],
  'database-finished': ['database', 'outcome'],
  'run-finished': ['summary'],
  summary: ['exit_code'],
};

const refuseWithout = (value: object & { readonly type?: string }, path: string, line: number): void => {
  const missing = (NEEDED[value.type ?? ''] ?? []).find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined)
    throw refuse(path, line, `is a line of --events of type ${value.type ?? ''} without "${missing}"`);
};

const readEvents = async (path: string, text: string): Promise<WorkerReport> => {
  const check = await loadSchemaCheck('run-event');
  const lines = text.split('\n');
  // A process that is killed while it writes leaves the beginning of a line.
  const last = lines.pop() ?? '';
  const events = lines.map((line, index) => {
    const value = parse(line);
    if (value === undefined) throw refuse(path, index + 1, 'is no line of --events');
    refuseMisfit(check, value, path, index + 1);
    refuseWithout(value as object, path, index + 1);
    const event = fromDocument<EventLine>(value as Documented<EventLine>);
    if (event.seq === index) return event;
    throw refuse(path, index + 1, `is event ${String(event.seq)}, where ${String(index)} comes next`);
  });
  if (last !== '' && parse(last) !== undefined)
    throw refuse(path, lines.length + 1, 'is a line of --events without its end');
  return summarize(path, events);
};

const summarize = (path: string, events: readonly EventLine[]): WorkerReport => {
  const begun = new Set<DatabaseName>();
  const named = new Set<DatabaseName>();
  const outcomes = new Map<DatabaseName, DatabaseOutcome>();
  let report: WorkerReport = { ...NOTHING, file: path };
  for (const event of events) {
    if (event.type === 'run-started') {
      report = { ...report, run: event.runId, target: event.target, savedPlan: event.savedPlan };
      for (const name of event.databases) named.add(name);
    } else if (event.type === 'database-started') begun.add(event.database);
    else if (event.type === 'database-finished') outcomes.set(event.database, event.outcome);
    else if (event.type === 'run-finished')
      report = { ...report, durationMilliseconds: event.summary.durationMilliseconds };
    else if (event.type === 'summary') report = { ...report, exitCode: event.exitCode };
  }
  const left = [...new Set([...named, ...begun])].filter((name) => !outcomes.has(name));
  return {
    ...report,
    outcomes: [...outcomes.values()],
    unfinished: left.map((to) => ({ to, isBegun: begun.has(to) })),
  };
};
