import type { TableChange } from './change-set.js';
import { type CopiedTableRecord, type CopyRecord, type WriteMark, readWriteMark } from './copy-record.js';
import { describeExternal } from '../external-tables.js';
import type { Flavor } from '../flavor.js';
import type { TableName } from '../names.js';
import type { TableInventory } from '../server/inventory.js';
import type { Sameness } from './sameness.js';

/** One server's tables of the database, and which of them have a row. */
export interface WrittenSide {
  readonly flavor: Flavor;
  readonly tables: readonly TableInventory[];
  readonly filled: ReadonlySet<TableName>;
}

type Standing =
  | 'same'
  /** One side has rows and the other has none. */
  | 'empty-on-source'
  | 'empty-on-target'
  | 'to-be-emptied'
  | 'written-on-source'
  | 'written-on-target'
  | 'untold-by-source'
  | 'untold-by-target'
  | 'in-part'
  | 'changed-by-hooks'
  | 'preserved'
  | 'copied-otherwise';

export interface WriteJudgement extends Pick<Sameness, 'verdict' | 'reasons'> {
  /** Tables that were copied in the second in which they went live: another write in that second leaves the same mark. */
  readonly unsure: ReadonlySet<TableName>;
}

/** Whether rows can differ of tables that have the same structure on both sides, as far as it is known without reading them. */
export const judgeWrites = (
  tables: readonly TableChange[],
  record: CopyRecord,
  sides: { readonly source: WrittenSide; readonly target: WrittenSide },
  altered: ReadonlyMap<TableName, 'hooks' | 'preserve'>,
): WriteJudgement => {
  const recorded = new Map(record.tables.map((table) => [table.name, table]));
  const standings = new Map<Standing, TableName[]>();
  for (const table of tables) {
    if (table.action !== 'replace' || isSequence(table, sides.source)) continue;
    const by = altered.get(table.name);
    const standing = by
      ? judgeAltered(table, recorded.get(table.name), sides, by)
      : judgeTable(table, recorded.get(table.name), sides);
    standings.set(standing, [...(standings.get(standing) ?? []), table.name]);
  }
  for (const [verdict, clauses] of VERDICTS) {
    const reasons = Object.entries(clauses).flatMap(([standing, clause]) => {
      const names = standings.get(standing as Standing) ?? [];
      return names.length === 0 ? [] : [clause(listSome(names))];
    });
    if (reasons.length > 0) return { verdict, reasons, unsure: new Set() };
  }
  const unsure = record.tables.filter(({ target }) => target !== null && target >= record.liveAt);
  return { verdict: 'unwritten', reasons: [], unsure: new Set(unsure.map(({ name }) => name)) };
};

const isSequence = ({ name }: TableChange, { tables }: WrittenSide): boolean =>
  tables.some((table) => table.name === name && table.kind === 'sequence');

/** The first that has something to say decides. */
const VERDICTS: readonly (readonly [
  Sameness['verdict'],
  Partial<Record<Standing, (names: string) => string>>,
])[] = [
  [
    'different',
    {
      'empty-on-source': (names) => `only the target has rows of ${names}`,
      'empty-on-target': (names) => `only the source has rows of ${names}`,
      'to-be-emptied': (names) => `the target has rows of ${names}, which the plan empties`,
    },
  ],
  [
    'written',
    {
      'written-on-source': (names) => `on the source ${names}`,
      'written-on-target': (names) => `on the target ${names}`,
    },
  ],
  [
    'not-compared',
    {
      'changed-by-hooks': (names) => `hooks change rows of ${names}`,
      preserved: (names) => `rows of ${names} stay by tables.preserve`,
      'in-part': (names) => `rows of ${names} are chosen by a condition`,
      'copied-otherwise': (names) => `another choice of rows was copied of ${names}`,
      'untold-by-source': (names) => `the source does not tell when it wrote ${names}`,
      'untold-by-target': (names) => `the target does not tell when it wrote ${names}`,
    },
  ],
];

/** Marks are compared for equality: clocks are not, and a table that took another's place has that one's mark. */
const judgeTable = (
  { name, content }: TableChange,
  recorded: CopiedTableRecord | undefined,
  { source, target }: { readonly source: WrittenSide; readonly target: WrittenSide },
): Standing => {
  if (isExternal(source, name)) return 'untold-by-source';
  if (isExternal(target, name)) return 'untold-by-target';
  const [here, there] = [source.filled.has(name), target.filled.has(name)];
  if (content === 'none') return there ? 'to-be-emptied' : 'same';
  if (!here && !there) return 'same';
  if (content === 'filtered') return 'in-part';
  // MariaDB's TRUNCATE leaves UPDATE_TIME as it was.
  if (!here) return 'empty-on-source';
  if (!there) return 'empty-on-target';
  if (recorded?.content !== 'all') return 'copied-otherwise';
  const marks = { source: markOf(source, name), target: markOf(target, name) };
  if (isWritten(marks.source, recorded.source)) return 'written-on-source';
  if (isWritten(marks.target, recorded.target)) return 'written-on-target';
  if (marks.source === null) return 'untold-by-source';
  return marks.target === null ? 'untold-by-target' : 'same';
};

/** That one side has no rows may be the work of hooks or of rows that stay, and TRUNCATE may leave no mark. */
const judgeAltered = (
  table: TableChange,
  recorded: CopiedTableRecord | undefined,
  sides: { readonly source: WrittenSide; readonly target: WrittenSide },
  by: 'hooks' | 'preserve',
): Standing => {
  const [here, there] = [sides.source.filled.has(table.name), sides.target.filled.has(table.name)];
  if (here === there && table.content !== 'none') return judgeTable(table, recorded, sides);
  return by === 'hooks' ? 'changed-by-hooks' : 'preserved';
};

/** What it shows is kept elsewhere, so that nothing here tells of writes. */
const isExternal = ({ tables }: WrittenSide, name: TableName): boolean =>
  tables.some((table) => table.name === name && describeExternal(table) !== undefined);

const markOf = ({ tables, flavor }: WrittenSide, name: TableName): WriteMark => {
  const table = tables.find((one) => one.name === name);
  return table ? readWriteMark(table, flavor) : null;
};

/** A server that told nothing then and tells a time now has written since. */
const isWritten = (now: WriteMark, then: WriteMark): boolean => now !== null && now !== then;

const MOST_NAMES = 3;

const listSome = (names: readonly TableName[]): string => {
  const rest = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
};
