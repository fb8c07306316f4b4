import { hasLookalikes } from '../../../../core/sql/enum-members.js';
import { type LiteralKind, columnTypeOf } from '../../../../core/sql/column-types.js';
import type { TableMasks } from '../../../../core/mask/table-masks.js';
import type { ColumnInventory, TableInventory } from '../../../../core/server/inventory.js';
import { renderDouble } from '../../rows/digest.js';
import { renderMaskedCell } from '../../rows/masked-cells.js';
import { quoteName } from '../../connection/identifiers.js';

/** A column that travels: how it is read, and how it is written. */
export interface TransferColumn {
  readonly name: string;
  /** SQL that reads it as it is stored. */
  readonly read: string;
  /** SQL that reads what is sent: another value where the column is masked. */
  readonly sent: string;
  readonly literal: LiteralKind;
  /** A number that stands for a member or for several. */
  readonly isPosition: boolean;
}

/**
 * `positions`: ENUM and SET as numbers. The error value of an ENUM (0) has the text '' as a member '' may have it, and
 * members that are the same to the server are told apart by nothing else.
 */
export type EnumForm = 'labels' | 'positions';

export interface ReadingForm {
  readonly enums: EnumForm;
  /** Columns of a system-versioned table that are written with the history, and read as `readMoment` says. */
  readonly period?: readonly string[];
  readonly readMoment?: (name: string) => string;
  readonly masks?: TableMasks | undefined;
}

/** The columns that a statement may write: not the generated ones. */
export const listTransferColumns = (
  { columns }: TableInventory,
  { enums, period = [], readMoment = quoteName, masks }: ReadingForm,
): readonly TransferColumn[] => [
  ...columns
    .filter(({ name, isGenerated }) => !isGenerated && !period.includes(name))
    .map((column) => {
      const read = writeReading(column, enums);
      const sent = masks === undefined ? read : (renderMaskedCell(column, masks) ?? read);
      return { name: column.name, read, sent, ...describeLiteral(column, enums) };
    }),
  ...period.map((name) => ({
    name,
    read: readMoment(name),
    sent: readMoment(name),
    literal: 'bytes' as const,
    isPosition: false,
  })),
];

export const hasEnum = ({ columns }: TableInventory): boolean => columns.some(isEnum);

export const hasLookalikeMembers = ({ columns }: TableInventory): boolean =>
  columns.some(({ columnType }) => hasLookalikes(columnType));

/** SQL condition: some ENUM of the row holds the error value. */
export const renderHasErrorValue = ({ columns }: TableInventory): string =>
  columns
    .filter(isEnum)
    .map(({ name }) => `${quoteName(name)} = 0`)
    .join(' OR ');

const isSet = ({ dataType, isGenerated }: ColumnInventory): boolean => dataType === 'set' && !isGenerated;

const isEnum = ({ dataType, isGenerated }: ColumnInventory): boolean => dataType === 'enum' && !isGenerated;

const writeReading = (column: ColumnInventory, enums: EnumForm): string => {
  const name = quoteName(column.name);
  if (column.dataType === 'float' || column.negativeZero === 'zero') return renderDouble(column);
  if (enums === 'labels') return name;
  // A SET of 64 members is more than a DOUBLE holds.
  return isEnum(column) ? `${name} + 0` : isSet(column) ? `CAST(${name} AS UNSIGNED)` : name;
};

/** A type that is in no row travels as bytes. */
const describeLiteral = (
  { dataType }: ColumnInventory,
  enums: EnumForm,
): Pick<TransferColumn, 'literal' | 'isPosition'> => {
  const type = columnTypeOf(dataType);
  const isPosition = type?.family === 'members' && enums === 'positions';
  return { literal: isPosition ? 'integer' : (type?.literal ?? 'bytes'), isPosition };
};
