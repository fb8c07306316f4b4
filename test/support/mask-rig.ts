import type mysql from 'mysql2/promise';
import { expect } from 'vitest';
import { maskKeyStatement, maskKeyValues, renderMask } from '../../src/adapters/mysql/rows/mask-sql.js';
import type { MaskRule } from '../../src/core/mask/mask-rule.js';
import { whyUnfit } from '../../src/core/mask/why-unfit.js';
import type { ColumnInventory } from '../../src/core/server/inventory.js';
import { EVERY_SESSION } from '../../src/core/session/every-session.js';
import { renderAssignments } from '../../src/core/session/setting.js';
import type { TestFlavor } from './flavors.js';
import type { TestServer } from './servers.js';

export const MASK_KEY = `a key: 'é' and more than sixty-four bytes, so that it is hashed before it is used at all`;

/** The column `c`. */
export const aColumn = (columnType: string, charset?: string): ColumnInventory => ({
  ...{ name: 'c', columnType, charset, dataType: /^\w+/.exec(columnType)?.[0] ?? '' },
  ...{ collation: undefined, isGenerated: false, primaryKeyPosition: undefined },
});

export const SESSION = `SET ${renderAssignments(EVERY_SESSION)}`;

export const literal = (text: string): string =>
  text === '' ? "''" : `_utf8mb4 0x${Buffer.from(text).toString('hex')}`;

export const hexOf = (ascii: string, bytesBefore = 0): string =>
  (Buffer.from(ascii, 'latin1').toString('hex').match(/../g) ?? [])
    .map((byte) => '00'.repeat(bytesBefore) + byte)
    .join('')
    .toUpperCase();

type Rows = readonly (string | null)[][];

/** A server with a session that has the key. */
export interface MaskRig {
  readonly server: TestServer;
  readonly connection: mysql.Connection;
  read(sql: string): Promise<Rows>;
  /** The masks of a column `c` of a new table `d.x` that holds these values (SQL), in hexadecimal digits. */
  maskAll(
    column: ColumnInventory,
    values: readonly (string | null)[],
    ...rules: readonly MaskRule[]
  ): Promise<Rows>;
  hexesOf(column: ColumnInventory, values: readonly string[], rule: MaskRule): Promise<readonly string[]>;
  textsOf(
    column: ColumnInventory,
    values: readonly string[],
    rule: MaskRule,
  ): Promise<readonly (string | null)[]>;
  stop(): Promise<void>;
}

export const startMaskRig = async (flavor: TestFlavor): Promise<MaskRig> => {
  const server = await flavor.start();
  const connection = await server.connect();
  await connection.query(`${SESSION}; CREATE DATABASE d; USE d`);
  await connection.execute(maskKeyStatement, maskKeyValues(MASK_KEY));
  const read: MaskRig['read'] = async (sql) => {
    const [rows] = await connection.query<mysql.RowDataPacket[]>({ sql, rowsAsArray: true });
    return rows as unknown as Rows;
  };
  const maskAll: MaskRig['maskAll'] = async (column, values, ...rules) => {
    const charset = column.charset === undefined ? '' : ` CHARACTER SET ${column.charset}`;
    await connection.query('DROP TABLE IF EXISTS x');
    await connection.query(`CREATE TABLE x (n INT PRIMARY KEY, c ${column.columnType}${charset} NULL)`);
    for (const [index, value] of values.entries())
      await connection.query(`INSERT INTO x VALUES (${index}, ${value ?? 'NULL'})`);
    for (const rule of rules) expect(whyUnfit(rule, column, { isUnique: false }), rule.kind).toBeUndefined();
    return read(
      `SELECT ${rules.map((rule) => `HEX(CAST(${renderMask(column, rule)} AS BINARY))`).join(', ')} FROM x ORDER BY n`,
    );
  };
  return {
    ...{ server, connection, read, maskAll },
    hexesOf: async (column, values, rule) =>
      (await maskAll(column, values, rule)).map(([hex]) => hex ?? 'NULL'),
    textsOf: async (column, values, rule) =>
      (await maskAll(column, values, rule)).map(([hex]) =>
        hex == null ? null : Buffer.from(hex, 'hex').toString('latin1'),
      ),
    stop: async () => {
      await connection.end();
      await server.stop();
    },
  };
};
