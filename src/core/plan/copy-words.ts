import { SyncError } from '../errors.js';
import { exactPattern, readExactPattern } from './pattern.js';
import type { DraftEntry } from './plan-draft.js';
import type { TableRules } from './sync-plan.js';

/** What a person asks to be copied in words, without a plan file. */
export interface CopyWords {
  /** Each `DATABASE` or `DATABASE.TABLE`. */
  readonly names: readonly string[];
  /** The name of the one database on the target. */
  readonly as: string | undefined;
  /** Each `TABLE=CONDITION`; the condition alone where one table is copied. */
  readonly where: readonly string[];
}

/**
 * The entries of a plan that the words stand for, in their order. Both parts of a name may be globs. A name with a dot,
 * a star or the like is quoted: in backquotes as in SQL, or by a backslash before the character as in a plan.
 * Throws SELECTION_INVALID.
 */
export const readCopyWords = ({ names, as, where }: CopyWords): readonly DraftEntry[] => {
  const wanted = groupNames(names);
  const conditions = readConditions(where, wanted);
  if (as !== undefined && (wanted.length !== 1 || nameOf(wanted[0]) === undefined))
    throw invalid('--as is another name for one database: name that one only, without a glob');
  return wanted.map((one): DraftEntry => {
    const tables = {
      ...(one.tables.length > 0 && { only: one.tables }),
      ...conditions.get(one.database),
    };
    const rules = Object.keys(tables).length > 0 ? { tables } : {};
    const name = nameOf(one);
    return name === undefined
      ? { match: one.database, ...rules }
      : { name, ...(as !== undefined && { as }), ...rules };
  });
};

/** One database or glob of them, and the globs of its tables; none is all of them. */
interface Wanted {
  readonly database: string;
  readonly tables: readonly string[];
}

const nameOf = (wanted: Wanted | undefined): string | undefined =>
  wanted && readExactPattern(wanted.database);

/** What names a database whole takes all of its tables, whatever else names some of them. */
const groupNames = (names: readonly string[]): readonly Wanted[] => {
  const tables = new Map<string, string[]>();
  const whole = new Set<string>();
  for (const text of names) {
    const { database, table } = readName(text);
    const known = tables.get(database) ?? [];
    tables.set(database, table === undefined ? known : [...known, table]);
    if (table === undefined) whole.add(database);
  }
  return [...tables].map(([database, only]) => ({ database, tables: whole.has(database) ? [] : only }));
};

interface ReadName {
  readonly database: string;
  readonly table: string | undefined;
}

/** Quoted in backquotes (a doubled one is one), an escaped character, or any other one. */
const UNIT = /`((?:[^`]|``)+)`|\\[^]|[^`\\]/gu;

/** As globs of a plan. */
const readName = (text: string): ReadName => {
  const parts: string[] = [];
  let part = '';
  let end = 0;
  for (const { 0: unit, 1: quoted, index } of text.matchAll(UNIT)) {
    if (index !== end) break;
    end += unit.length;
    if (unit !== '.') part += quoted === undefined ? unit : exactPattern(quoted.replaceAll('``', '`'));
    else {
      parts.push(part);
      part = '';
    }
  }
  parts.push(part);
  const [database = '', table] = parts.map(spellAlike);
  if (end === text.length && parts.length <= 2 && !parts.includes('')) return { database, table };
  throw invalid(`"${text}" is neither DATABASE nor DATABASE.TABLE`, QUOTING);
};

/** However a name was quoted. */
const spellAlike = (pattern: string): string => {
  const name = readExactPattern(pattern);
  return name === undefined ? pattern : exactPattern(name);
};

const QUOTING =
  "A name with a dot is quoted as in SQL, and the shell needs quotes around that:  '`my.database`.`my.table`'";

type Conditions = ReadonlyMap<string, Pick<TableRules, 'where'>>;

const readConditions = (texts: readonly string[], wanted: readonly Wanted[]): Conditions => {
  const [only, ...others] = wanted;
  const single = only && others.length === 0 && only.tables.length === 1 ? only.tables[0] : undefined;
  const table = single === undefined ? undefined : readExactPattern(single);
  const found = new Map<string, Record<string, string>>();
  for (const text of texts) {
    const { database, name, condition } =
      only && table !== undefined
        ? { database: only.database, name: table, condition: text }
        : readCondition(text, wanted);
    const known = found.get(database) ?? {};
    if (Object.hasOwn(known, name))
      throw invalid(`--where has two conditions for ${name}: join them with AND`);
    found.set(database, { ...known, [name]: condition });
  }
  return new Map([...found].map(([database, where]) => [database, { where }]));
};

/** A name, quoted where it has other characters than those of plain ones, and the condition of its rows. */
const CONDITION = /^((?:`(?:[^`]|``)+`|\\[^]|[\p{L}\p{N}_$.-])+)\s*=(.+)$/su;

const readCondition = (
  text: string,
  wanted: readonly Wanted[],
): { readonly database: string; readonly name: string; readonly condition: string } => {
  const [, place = '', condition = ''] = CONDITION.exec(text) ?? [];
  if (place === '') throw invalid(`--where "${text}" does not say of which table: TABLE=CONDITION`, QUOTING);
  const read = readName(place);
  const table = read.table ?? read.database;
  const database = read.table === undefined && wanted.length === 1 ? wanted[0]?.database : read.database;
  if (database === undefined || (read.table === undefined && wanted.length > 1))
    throw invalid(`--where "${text}": several databases are copied, so say DATABASE.TABLE=CONDITION`);
  if (!wanted.some((one) => one.database === database))
    throw invalid(`--where "${text}": that database is not among those to copy`, QUOTING);
  const name = readExactPattern(table);
  if (name === undefined) throw invalid(`--where "${text}": a condition is for one table, not for a glob`);
  return { database, name, condition: condition.trim() };
};

const invalid = (message: string, ...hints: readonly string[]): SyncError =>
  new SyncError('SELECTION_INVALID', { message, hints });
