import type { TableChange } from './change-set.js';
import type { Flavor } from '../flavor.js';
import {
  type DatabaseName,
  type RunId,
  type TableName,
  toDatabaseName,
  toRunId,
  toTableName,
} from '../names.js';
import { supports } from '../server/features.js';
import type { TableInventory } from '../server/inventory.js';
import { MalformedError, toFields, toList, toText } from '../strict-json.js';

/** The last copy of a database of a target that this machine made, and how both sides stood then. */
export interface CopyRecord {
  readonly run: RunId;
  readonly source: CopiedPlace;
  readonly target: CopiedPlace;
  /** RFC 3339, when it had gone live. */
  readonly at: string;
  /** The same by the target's clock, as UPDATE_TIME is written: whole seconds. */
  readonly liveAt: string;
  readonly tables: readonly CopiedTableRecord[];
  /** Of the hooks that changed it; absent where there were none. */
  readonly hooks?: string;
  /** Of its masks and their key; absent where nothing was masked. */
  readonly masks?: string;
  /** Of the rules by which rows of the target stayed; absent where there were none. */
  readonly preserve?: string;
}

export interface CopiedPlace {
  /** Of the server, as in its facts. */
  readonly identity: string;
  readonly database: DatabaseName;
}

/** The marks of the source were read before its rows, those of the copy after them. */
export interface CopiedTableRecord {
  readonly name: TableName;
  readonly content: TableChange['content'];
  readonly source: WriteMark;
  readonly target: WriteMark;
}

/** Changes when rows of the table change; null where the server does not tell. */
export type WriteMark = string | null;

/**
 * UPDATE_TIME, from servers and engines that set it whenever they write. A partitioned table may tell that of some
 * partitions only, and Aria tells when its file was written, which comes later.
 */
export const readWriteMark = (
  { engine = '', kind, isPartitioned, updatedAt }: TableInventory,
  flavor: Flavor,
): WriteMark => {
  const tells =
    engine.toLowerCase() === 'myisam' ||
    (engine.toLowerCase() === 'innodb' && supports(flavor, 'updateTimes'));
  return tells && kind !== 'sequence' && !isPartitioned ? (updatedAt ?? null) : null;
};

/** What was recorded, from JSON that others may have written. @throws MalformedError */
export const parseCopyRecord = (value: unknown): CopyRecord => {
  const { run, source, target, at, liveAt, tables, hooks, masks, preserve } = toFields(
    value,
    'a copy',
    ['run', 'source', 'target', 'at', 'liveAt', 'tables'],
    ['hooks', 'masks', 'preserve'],
  );
  const time = toText(at, 'its time', 40);
  if (Number.isNaN(Date.parse(time))) throw new MalformedError('its time is no time');
  return {
    run: toRunId(toText(run, 'its run', 40)),
    source: parsePlace(source),
    target: parsePlace(target),
    at: time,
    liveAt: toText(liveAt, 'its time on the target', 40),
    tables: toList(tables, 'its tables', parseTable),
    ...(hooks === undefined ? {} : { hooks: toText(hooks, 'its hooks', 128) }),
    ...(masks === undefined ? {} : { masks: toText(masks, 'its masks', 128) }),
    ...(preserve === undefined ? {} : { preserve: toText(preserve, 'its preserved rows', 128) }),
  };
};

const parsePlace = (value: unknown): CopiedPlace => {
  const { identity, database } = toFields(value, 'a place', ['identity', 'database']);
  return {
    identity: toText(identity, 'a server', 4096),
    database: toDatabaseName(toText(database, 'a database', 256)),
  };
};

const parseTable = (value: unknown): CopiedTableRecord => {
  const { name, content, source, target } = toFields(value, 'a table', [
    'name',
    'content',
    'source',
    'target',
  ]);
  if (content !== 'all' && content !== 'none' && content !== 'filtered')
    throw new MalformedError('the content of a table is unknown');
  return {
    name: toTableName(toText(name, 'a table', 256)),
    content,
    source: parseMark(source),
    target: parseMark(target),
  };
};

const parseMark = (value: unknown): WriteMark => (value === null ? null : toText(value, 'a mark', 40));
