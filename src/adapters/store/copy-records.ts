import type { Knex } from 'knex';
import { type CopyRecord, parseCopyRecord } from '../../core/change/copy-record.js';
import { inGroups } from '../../core/in-groups.js';
import type { DatabaseName } from '../../core/names.js';
import { MalformedError } from '../../core/strict-json.js';
import { ROWS_TOGETHER } from './store-database.js';

interface CopyRow {
  readonly target: string;
  readonly database: string;
  readonly facts: string;
}

export const keepCopies = async (db: Knex, copies: readonly CopyRecord[]): Promise<void> => {
  for (const some of inGroups(copies, ROWS_TOGETHER)) {
    const rows = some.map((copy) => ({
      target: copy.target.identity,
      database: copy.target.database,
      facts: JSON.stringify(copy),
    }));
    await db<CopyRow>('copies').insert(rows).onConflict(['target', 'database']).merge();
  }
};

export const forgetCopy = async (db: Knex, { identity, database }: CopyRecord['target']): Promise<void> => {
  await db<CopyRow>('copies').where({ target: identity, database }).delete();
};

export const findCopy = async (
  db: Knex,
  target: string,
  database: DatabaseName,
): Promise<CopyRecord | undefined> => {
  const row = await db<CopyRow>('copies').where({ target, database }).first();
  if (!row) return undefined;
  try {
    return parseCopyRecord(JSON.parse(row.facts));
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    const message = `a copy in it is not as mysql-sync writes it: ${error.message}`;
    throw new SyntaxError(message, { cause: error });
  }
};
