import type { DatabaseChange } from '../core/change/change-set.js';
import { makePrintable } from '../core/printable.js';
import type { HookResult } from '../core/run/outcome.js';
import type { HookKind } from '../core/sql/hook-statement.js';
import { shortenSql } from '../core/sql/shorten-sql.js';
import { formatPlural } from './units.js';

const LABELS: Record<HookKind, string> = { staged: 'hook', assert: 'assert', none: 'assert none' };

/** What runs on the copy before it is live, a line each; `full`: however long. */
export const listHooks = (
  { hooks = [] }: Pick<DatabaseChange, 'hooks'>,
  length: 'short' | 'full',
): readonly string[] =>
  hooks.map(({ kind, sql }) =>
    makePrintable(`${LABELS[kind]} ${length === 'short' ? shortenSql(sql) : sql.trim()}`),
  );

/** In a pipe: `hook`, database, kind, statement, the tables whose rows it may change. */
export const pipeHooks = ({ to, hooks = [] }: Pick<DatabaseChange, 'to' | 'hooks'>): readonly string[] =>
  hooks.map(({ kind, sql, writes }) =>
    ['hook', to, kind, sql, writes.join(',')].map(makePrintable).join('\t'),
  );

/** `hook changed 12 rows: UPDATE ...` */
export const describeHook = ({ kind, sql, rows }: HookResult): string =>
  kind === 'staged'
    ? `hook changed ${formatPlural(rows ?? 0, 'row')}: ${shortenSql(sql)}`
    : `assertion held: ${shortenSql(sql)}`;
