import type { DatabaseChange } from '../core/change/change-set.js';
import type { Difference } from '../core/change/comparison.js';
import { fingerprintOfHooks } from '../core/change/hooks.js';
import { fingerprintOfPreserve, listAltered } from '../core/change/preserve.js';
import type { CopyRecord } from '../core/change/copy-record.js';
import { judgeWrites } from '../core/change/judge-writes.js';
import type { Sameness } from '../core/change/sameness.js';
import { describeExternal } from '../core/external-tables.js';
import { SyncError } from '../core/errors.js';
import { fingerprintOfMasks } from '../core/change/mask-fingerprint.js';
import type { DatabaseName, TableName } from '../core/names.js';
import type { DatabaseInventory, TableInventory } from '../core/server/inventory.js';
import { compareRows } from './compare-rows.js';
import { foreseePatches } from './foresee-patches.js';
import { foreseeRefresh } from './foresee-refresh.js';
import type { BothSides } from './tasks/decide-staying.js';
import { type VerifyJob, compareDefaults, findProgramDifferences } from './verify-databases.js';

export interface LiveJob extends VerifyJob {
  /** Of the last copy to this database that this machine knows. */
  readonly record: CopyRecord | undefined;
  readonly rows: 'compare' | 'leave';
  /** What earlier runs kept of it for a rollback. */
  readonly kept: readonly DatabaseName[];
  /** Where the journals of copies of it stand that were not finished. */
  readonly unfinished: readonly DatabaseName[];
  readonly now: Date;
}

/**
 * The change of a database that would be overwritten, with how the target stands to the source and what its programs lose
 * and get; of one that would be created, with what an unfinished copy has of its rows. Any other as it is. Writes nothing anywhere.
 */
export const compareLive = async (job: LiveJob): Promise<DatabaseChange> => {
  const { change, source, target } = job;
  const here = source.databases.find(({ name }) => name === change.from);
  const there = target.databases.find(({ name }) => name === change.to);
  if (change.action === 'create' && here && job.rows === 'compare')
    return { ...change, tables: await foreseePatches(job, { here, live: undefined }, change.tables) };
  if (change.action !== 'overwrite' || !here || !there) return change;
  const record = job.record && isOfThisPair(job, job.record) ? job.record : undefined;
  const copiedAt = record?.at ?? null;
  try {
    const objects = await compareObjects(job, { here, there });
    const judge = job.rows === 'compare' ? compareAll : judgeUnread;
    const { tables = change.tables, ...judged } = await judge({ ...job, record }, { here, there }, objects);
    const programs = withDiffs(change.programs, objects);
    return { ...change, tables, programs, sameness: { ...judged, copiedAt } };
  } catch (error) {
    // What cannot be looked at may stop an apply, and not the plan of one.
    if (job.rows === 'compare' || !(error instanceof SyncError)) throw error;
    return {
      ...change,
      sameness: { verdict: 'not-compared', reasons: [error.message], copiedAt, rows: null },
    };
  }
};

const withDiffs = (
  programs: DatabaseChange['programs'],
  objects: readonly Difference[],
): DatabaseChange['programs'] =>
  programs.map((program) => {
    const diff = objects.find(({ kind, name }) => kind === program.kind && name === program.name)?.diff;
    return diff === undefined ? program : { ...program, diff };
  });

const isOfThisPair = ({ change, servers }: LiveJob, { source, target }: CopyRecord): boolean =>
  source.identity === servers.source.facts.identity &&
  source.database === change.from &&
  target.identity === servers.target.facts.identity &&
  target.database === change.to;

/** `tables`: with what a refresh would do with each. */
type Judgement = Omit<Sameness, 'copiedAt'> & Partial<Pick<DatabaseChange, 'tables'>>;

const compareAll = async (
  job: LiveJob,
  pair: BothSides,
  objects: readonly Difference[],
): Promise<Judgement> => {
  const rows = await compareRows(job, pair.here, { by: 'digest' });
  const toBeEmptied = await findRowsToDelete(job, pair);
  const found = { compared: rows, filled: new Set(toBeEmptied) };
  const tables = await foreseePatches(
    job,
    { here: pair.here, live: job.change.to },
    foreseeRefresh(job.change, job.plan.options.refresh, pair, objects, found),
  );
  const moved = [
    ...toBeEmptied.map((name) => `the target has rows of ${name}, which the plan empties`),
    ...(await compareSequences(job, pair)),
  ];
  const hasOthers = objects.length > 0 || hasOtherTables(job.change);
  const isSame = !hasOthers && moved.length === 0 && rows.every((one) => one.isSame);
  const altered = listAltered(job.change);
  const open = listReplaced(job.change).flatMap(({ name }) => (altered.has(name) ? [name] : []));
  if (isSame && open.length > 0)
    return { verdict: 'not-compared', reasons: describeAltered(open, altered), rows, tables };
  return {
    verdict: isSame ? 'same' : 'different',
    reasons: [...listReasons(objects), ...moved],
    rows,
    tables,
  };
};

const describeAltered = (
  names: readonly TableName[],
  altered: ReturnType<typeof listAltered>,
): readonly string[] => {
  const list = (what: 'hooks' | 'preserve'): string =>
    names.filter((name) => altered.get(name) === what).join(', ');
  const [hooked, preserved] = [list('hooks'), list('preserve')];
  return [
    ...(hooked === '' ? [] : [`hooks change rows of ${hooked}`]),
    ...(preserved === '' ? [] : [`rows of ${preserved} stay by tables.preserve`]),
  ];
};

const findRowsToDelete = async (
  { change, servers }: LiveJob,
  { there }: BothSides,
): Promise<readonly TableName[]> => {
  const altered = listAltered(change);
  const empty = new Set(
    listReplaced(change).flatMap(({ name, content }) =>
      content === 'none' && !altered.has(name) ? [name] : [],
    ),
  );
  const tables = there.tables.filter(({ name, kind }) => empty.has(name) && kind !== 'sequence');
  return [...(await servers.target.findFilled(change.to, tables))];
};

/** Without reading more than whether a table has rows at all. */
const judgeUnread = async (
  job: LiveJob,
  pair: BothSides,
  objects: readonly Difference[],
): Promise<Judgement> => {
  const { change, servers, record } = job;
  if (objects.length > 0 || hasOtherTables(change))
    return { verdict: 'different', reasons: listReasons(objects), rows: null };
  const moved = await compareSequences(job, pair);
  if (moved.length > 0) return { verdict: 'different', reasons: moved, rows: null };
  if (!record)
    return { verdict: 'not-compared', reasons: ['no earlier copy by this machine is known'], rows: null };
  if (record.hooks !== fingerprintOfHooks(change))
    return { verdict: 'different', reasons: ['its hooks are not those of the last copy'], rows: null };
  if (record.masks !== fingerprintOfMasks(change, job.plan.mask))
    return { verdict: 'different', reasons: ['its masks are not those of the last copy'], rows: null };
  if (record.preserve !== fingerprintOfPreserve(change))
    return {
      verdict: 'different',
      reasons: ['its tables.preserve is not that of the last copy'],
      rows: null,
    };
  const altered = listAltered(change);
  const names = new Set(listReplaced(change).map(({ name }) => name));
  const inside = ({ tables }: DatabaseInventory): readonly TableInventory[] =>
    tables.filter((table) => names.has(table.name) && table.kind !== 'sequence' && !describeExternal(table));
  const [source, target] = await Promise.all([
    servers.source.findFilled(change.from, inside(pair.here)),
    servers.target.findFilled(change.to, inside(pair.there)),
  ]);
  const sides = {
    source: { flavor: servers.source.facts.flavor, tables: pair.here.tables, filled: source },
    target: { flavor: servers.target.facts.flavor, tables: pair.there.tables, filled: target },
  };
  const { unsure, ...found } = judgeWrites(change.tables, record, sides, altered);
  const judged = { ...found, rows: null };
  if (unsure.size === 0) return judged;
  // They were copied, compared and swapped within a second, so to read them takes less.
  const tables = change.tables.filter(({ name }) => unsure.has(name));
  const rows = await compareRows({ plan: job.plan, servers, change: { ...change, tables } }, pair.here, {
    by: 'digest',
  });
  const written = rows.filter(({ isSame }) => !isSame).map(({ table }) => `on the target ${table}`);
  if (written.length > 0) return { verdict: 'written', reasons: written, rows: null };
  const open = [...unsure].filter((name) => altered.has(name));
  return open.length === 0
    ? judged
    : { verdict: 'not-compared', reasons: describeAltered(open, altered), rows: null };
};

const listReplaced = ({ tables }: DatabaseChange): DatabaseChange['tables'] =>
  tables.filter(({ action }) => action === 'replace');

/** What the plan shows of tables as it is. */
const hasOtherTables = ({ tables }: DatabaseChange): boolean =>
  tables.some(({ action, isRestructured }) => action === 'create' || action === 'drop' || isRestructured);

/** What the database itself and its programs are otherwise. */
const compareObjects = async (job: LiveJob, { here, there }: BothSides): Promise<readonly Difference[]> => [
  ...compareDefaults(job.change, there),
  ...(await findProgramDifferences(job, here, there.programs)),
];

/** Programs that come, go or change are told as such. */
const listReasons = (objects: readonly Difference[]): readonly string[] =>
  objects.filter(({ kind }) => kind === 'database').map(({ kind, name, what }) => `${kind} ${name} ${what}`);

/** The state of a sequence is one row, and no server tells when it was written. */
const compareSequences = async (
  { change, servers }: LiveJob,
  { here }: BothSides,
): Promise<readonly string[]> => {
  const replaced = new Set(listReplaced(change).map(({ name }) => name));
  const names = here.tables
    .filter(({ name, kind }) => kind === 'sequence' && replaced.has(name))
    .map(({ name }) => name);
  if (names.length === 0) return [];
  const [source, target] = await Promise.all([
    servers.source.readTableDefinitions(change.from, names),
    servers.target.readTableDefinitions(change.to, names),
  ]);
  const states = new Map(target.map(({ name, sequenceState }) => [name, JSON.stringify(sequenceState)]));
  return source
    .filter(({ name, sequenceState }) => states.get(name) !== JSON.stringify(sequenceState))
    .map(({ name }) => `sequence ${name} has other values to give`);
};
