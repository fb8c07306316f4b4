import {
  type ChangeSet,
  type DatabaseChange,
  type TableChange,
  isPatch,
  isPending,
} from '../core/change/change-set.js';
import { type Look, paint } from './paint.js';
import { formatBytes, formatPlural } from './units.js';

interface Size {
  readonly tables: number;
  readonly bytes: number;
}

/** How much an apply copies and replaces: at most, where a refresh has still to find out what of it differs. */
export const renderVolume = ({ databases, target }: ChangeSet, look: Look): readonly string[] => {
  const pending = databases.filter(isPending);
  if (pending.length === 0) return [];
  const copied = addUp(pending.map(copiedSize));
  const replaced = addUp(pending.map(replacedSize));
  const bases = pending.flatMap(({ tables }) => tables.flatMap(({ refresh }) => refresh ?? []));
  if (bases.length > 0 && copied.tables + replaced.tables === 0)
    return ["Copies no table: the rows are the source's."];
  const isOpen = bases.some((refresh) => refresh.base === 'live' && refresh.would === undefined);
  const isLess = isOpen || bases.some(isPatch);
  const amount = `${isLess ? 'at most ' : ''}~${formatBytes(copied.bytes)}`;
  const warning = paint(
    look,
    'bold',
    `REPLACES ${isOpen ? 'at most ' : ''}${formatBytes(replaced.bytes)} in ${formatPlural(replaced.tables, 'table')} on ${target.name}${isOpen ? '' : '.'}`,
  );
  const stay = isOpen ? "; tables whose rows are the source's stay." : '';
  return [
    `Copies ${amount}. ${replaced.tables > 0 ? `${warning}${stay} ` : ''}Needs ${amount} free on the target.`,
  ];
};

/** Its rows were compared, and are the source's. */
const stays = ({ refresh }: TableChange): boolean => refresh?.base === 'live' && refresh.would === 'keep';

const copiedSize = ({ source, tables }: DatabaseChange): Size => without(source, tables.filter(stays));

/** What leaves a live database: all of it but the tables that stay. One with the source's rows is about as large as there. */
const replacedSize = ({ target, tables }: DatabaseChange): Size =>
  target
    ? without(
        target,
        tables.filter((table) => table.action === 'keep' || stays(table)),
      )
    : { tables: 0, bytes: 0 };

const without = ({ tables, bytes }: Size, left: readonly TableChange[]): Size => ({
  tables: tables - left.length,
  bytes:
    tables === left.length
      ? 0
      : Math.max(
          0,
          left.reduce((rest, table) => rest - table.bytes, bytes),
        ),
});

const addUp = (sizes: readonly Size[]): Size => ({
  tables: sizes.reduce((sum, { tables }) => sum + tables, 0),
  bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
});
