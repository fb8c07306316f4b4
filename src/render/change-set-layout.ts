import { type DatabaseChange, type DatabaseSize, type Effect, effectOf } from '../core/change/change-set.js';
import type { Color } from './paint.js';
import { formatRelativeTime } from './relative-time.js';
import { type Cell, type Column, widthOfTable } from './table.js';
import { formatBytes, formatPlural } from './units.js';

export const SIGNS: Record<Effect, { readonly sign: string; readonly word: string; readonly color: Color }> =
  {
    create: { sign: '+', word: 'create', color: 'green' },
    overwrite: { sign: '-/+', word: 'overwrite', color: 'magenta' },
    unchanged: { sign: '=', word: 'no change', color: 'dim' },
    skip: { sign: '', word: 'skip', color: 'dim' },
    blocked: { sign: '!', word: 'blocked', color: 'red' },
  };

const NAME_COLUMNS: readonly Column[] = [
  { title: '  #', align: 'right', cut: 'last' },
  { title: '   ', align: 'right', cut: 'last' },
  { title: 'database', isName: true },
  { title: 'action', cut: 'last' },
];
const COLUMNS: readonly Column[] = [...NAME_COLUMNS, { title: 'source' }, { title: 'target now' }];

export interface Layout {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** What had no room in the row and stands below it. */
  readonly details: readonly (readonly string[])[];
}

/** How the databases are laid out in so many columns: all in one row where that fits; else the time of writing below it; else the sizes too. */
export const chooseLayout = (changes: readonly DatabaseChange[], now: Date, columns: number): Layout => {
  const names = changes.map((change, index) => nameCells(change, index + 1));
  const sources = alignSizes(changes.map(({ source }) => source));
  const sizes = alignSizes(changes.map(({ target }) => target));
  const written = changes.map(({ target }) => (target ? writtenText(target, now) : ''));
  const toRows = (targets: readonly string[]): Layout['rows'] =>
    names.map((cells, index) => [...cells, sources[index] ?? '', targets[index] ?? '']);
  const whole = toRows(sizes.map((size, index) => [size, written[index] ?? ''].filter(Boolean).join('  ')));
  if (widthOfTable(COLUMNS, whole) <= columns)
    return { columns: COLUMNS, rows: whole, details: changes.map(() => []) };
  const lines = written.map((text) => (text === '' ? [] : [`target ${text}`]));
  const short = toRows(sizes);
  if (widthOfTable(COLUMNS, short) <= columns) return { columns: COLUMNS, rows: short, details: lines };
  return {
    columns: NAME_COLUMNS,
    rows: names,
    details: changes.map(({ source, target }, index) => [
      `source ${sizeText(source)}`,
      target
        ? ['target ', sizeText(target), written[index] === '' ? '' : `, ${written[index] ?? ''}`].join('')
        : 'target (does not exist)',
    ]),
  };
};

const nameCells = (change: DatabaseChange, number: number): readonly Cell[] => {
  const { sign, word, color } = SIGNS[effectOf(change)];
  return [
    String(number),
    { shown: sign, color },
    change.from === change.to ? change.from : `${change.from} -> ${change.to}`,
    { shown: word, color },
  ];
};

export const sizeText = ({ tables, bytes }: DatabaseSize): string =>
  `${formatPlural(tables, 'table')}, ${formatBytes(bytes)}`;

/** Tables and bytes below each other. */
const alignSizes = (sizes: readonly (DatabaseSize | null)[]): readonly string[] => {
  const parts = sizes.map((size) => size && [formatPlural(size.tables, 'table'), formatBytes(size.bytes)]);
  const [tables = 0, bytes = 0] = [0, 1].map((at) =>
    Math.max(...parts.map((part) => part?.[at]?.length ?? 0)),
  );
  return parts.map((part) =>
    part ? `${part[0]?.padStart(tables) ?? ''}  ${part[1]?.padStart(bytes) ?? ''}` : '(does not exist)',
  );
};

const writtenText = ({ writtenAt }: DatabaseSize, now: Date): string =>
  writtenAt === null ? '' : `written ${formatRelativeTime(writtenAt, now)}`;
