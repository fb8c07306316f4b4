import type { Knex } from 'knex';
import { type CopyRecord, parseCopyRecord } from '../../core/change/copy-record.js';
import type { DatabaseName } from '../../core/names.js';
import { MalformedError } from '../../core/strict-json.js';

interface CopyRow {
  readonly target: string;
  readonly database: string;
  readonly facts: string;
}

export const keepCopy = async (db: Knex, copy: CopyRecord): Promise<void> => {
  const row = {
    target: copy.target.identity,
    database: copy.target.database,
    facts: JSON.stringify(copy),
  };
  await db<CopyRow>('copies').insert(row).onConflict(['target', 'database']).merge();
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
