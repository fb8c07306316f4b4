declare const brand: unique symbol;
type Branded<Kind extends string> = string & { readonly [brand]: Kind };

/** A database as the server spells it. Never put into SQL without `adapters/mysql/connection/identifiers.ts`. */
export type DatabaseName = Branded<'DatabaseName'>;
/** A table (or sequence) inside one database, as the server spells it. */
export type TableName = Branded<'TableName'>;
/** A saved connection, or the `name` of an inline one. */
export type ConnectionName = Branded<'ConnectionName'>;
/** Six characters of lower-case base 32 that name one apply, for example `7q2f4k`. */
export type RunId = Branded<'RunId'>;

export const toDatabaseName = (text: string): DatabaseName => text as DatabaseName;
export const toTableName = (text: string): TableName => text as TableName;
export const toConnectionName = (text: string): ConnectionName => text as ConnectionName;
export const toRunId = (text: string): RunId => text as RunId;

/** Holds the key that journals are signed with, and where the target's databases are from. No grant on scratch databases covers it. */
export const OWN_DATABASE = toDatabaseName('mysqlsync');

const SYSTEM_DATABASES = new Set([
  'mysql',
  'sys',
  'information_schema',
  'performance_schema',
  'ndbinfo',
  OWN_DATABASE,
]);

/** Databases that belong to the server itself, or to us; they are neither a source nor a target, in any spelling. */
export const isSystemDatabase = (name: string): boolean => SYSTEM_DATABASES.has(name.toLowerCase());

/** Undefined for what is no id of a run. */
export const parseRunId = (text: string): RunId | undefined =>
  /^[a-km-np-z2-9]{6}$/.test(text) ? toRunId(text) : undefined;

const SCRATCH_PREFIX = 'mysql_sync_';
const SCRATCH_NAME = /^mysql_sync_(new|old)_([a-km-np-z2-9]{6})_([0-9a-f]{12})$/;

/** What the name of a scratch database says. */
export interface ScratchName {
  readonly use: 'new' | 'old';
  readonly run: RunId;
  readonly hash: string;
}

/** Undefined for names that mysql-sync never gives: `mysql_sync_prod` is somebody's own database. */
export const parseScratchName = (name: string): ScratchName | undefined => {
  const [, use, run, hash] = SCRATCH_NAME.exec(name) ?? [];
  if (use === undefined || run === undefined || hash === undefined) return undefined;
  return { use: use === 'new' ? 'new' : 'old', run: toRunId(run), hash };
};

/** Is it a name that mysql-sync gives, to stage new copies in or to keep retired tables? Others can give it too. */
export const isScratchDatabase = (name: string): boolean => parseScratchName(name) !== undefined;

/** The table of a scratch database in which a run keeps its journal. */
export const JOURNAL_TABLE = 'mysql_sync_journal';

/**
 * The scratch database of one run for one live database: `mysql_sync_<use>_<run>_<hash>`. Names end at 64
 * characters on every server, so the live name goes in as a hash.
 */
export const nameScratchDatabase = (use: 'new' | 'old', run: RunId, liveNameHash: string): DatabaseName =>
  toDatabaseName(`${SCRATCH_PREFIX}${use}_${run}_${liveNameHash.slice(0, 12)}`);
