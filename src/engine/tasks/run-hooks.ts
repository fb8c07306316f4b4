import type { HookChange } from '../../core/change/change-set.js';
import { SyncError } from '../../core/errors.js';
import { formatPlural } from '../../core/plural.js';
import { makePrintable } from '../../core/printable.js';
import type { HookResult } from '../../core/run/outcome.js';
import { shortenSql } from '../../core/sql/shorten-sql.js';
import type { HookRows, HookSession } from '../ports/target-sessions.js';
import type { DatabaseRun } from '../run-context.js';

/**
 * Runs the hooks of the plan in the verified copy, in their order and in one session, then its assertions. Rejects with
 * HOOK_FAILED or ASSERT_FAILED; what is live has not changed then.
 */
export const runHooks = async (
  context: DatabaseRun,
  hooks: readonly HookChange[],
): Promise<readonly HookResult[]> => {
  if (hooks.length === 0) return [];
  const { change, journal, target, signals, ports } = context;
  const session = await target.openHooks(journal.staging, signals.abort);
  const results: HookResult[] = [];
  try {
    for (const hook of hooks) {
      signals.abort.throwIfAborted();
      const { kind, sql } = hook;
      const rows = await runHook(context, hook, session);
      const result = { kind, sql, rows };
      results.push(result);
      ports.events({ type: 'hook', database: change.to, ...result });
    }
  } finally {
    await session.close();
  }
  return results;
};

const runHook = async (
  { change }: DatabaseRun,
  { kind, sql }: HookChange,
  session: HookSession,
): Promise<number | null> => {
  try {
    if (kind === 'staged') return await session.change(sql);
    refuseAnswer(kind, await session.ask(sql));
    return null;
  } catch (error) {
    throw explain(error, change.to, { kind, sql });
  }
};

/** Why an assertion does not hold. */
class FalseAnswer extends Error {
  override readonly name = 'FalseAnswer';
  readonly rows: readonly string[];

  constructor(message: string, rows: readonly string[]) {
    super(message);
    this.rows = rows;
  }
}

const refuseAnswer = (kind: HookChange['kind'], { columns, rows, isCut }: HookRows): void => {
  if (kind === 'none') {
    if (rows.length === 0) return;
    const count = isCut ? `more than ${formatPlural(rows.length, 'row')}` : formatPlural(rows.length, 'row');
    throw new FalseAnswer(`must return no row, and returned ${count}`, [
      columns.map(showValue).join(', '),
      ...rows.map((row) => row.map(showValue).join(', ')),
    ]);
  }
  const [value] = rows[0] ?? [];
  if (rows.length !== 1 || columns.length !== 1)
    throw new FalseAnswer(
      `must return one value, and returned ${formatPlural(rows.length, 'row')} of ${formatPlural(columns.length, 'column')}`,
      [],
    );
  if (isTrue(value)) return;
  throw new FalseAnswer(`must return a true value, and returned ${showValue(value ?? null)}`, []);
};

/** A number that is not 0. */
const isTrue = (value: string | null | undefined): boolean =>
  typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) && Number(value) !== 0;

const MOST_CHARACTERS = 200;

const showValue = (value: string | null): string =>
  value === null ? 'NULL' : makePrintable(value.slice(0, MOST_CHARACTERS));

const UNCHANGED = 'The copy was dropped before the swap; the target is unchanged.';

/** What another try may mend stays as it is. */
const explain = (
  error: unknown,
  database: string,
  { kind, sql }: Pick<HookChange, 'kind' | 'sql'>,
): unknown => {
  const what = kind === 'staged' ? 'hook' : 'assertion';
  if (error instanceof FalseAnswer)
    return new SyncError('ASSERT_FAILED', {
      message: `${database}: an assertion ${error.message}: ${shortenSql(sql)}`,
      hints: [
        ...error.rows.map((row, index) => `${index === 0 ? 'Returned:' : '         '}  ${row}`),
        UNCHANGED,
      ],
    });
  if (!(error instanceof SyncError) || error.isTransient || error.code.startsWith('CONN_')) return error;
  return new SyncError(kind === 'staged' ? 'HOOK_FAILED' : 'ASSERT_FAILED', {
    message: `${database}: the ${what} failed: ${shortenSql(sql)}: ${error.message}`,
    hints: [...error.hints, UNCHANGED],
    cause: error,
  });
};
