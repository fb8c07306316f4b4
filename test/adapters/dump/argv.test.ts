import { describe, expect, test } from 'vitest';
import { type DumpScope, buildDumpArguments, buildLoaderArguments } from '../../../src/adapters/dump/argv.js';
import { toDatabaseName, toTableName } from '../../../src/core/names.js';
import { EVERY_SESSION, NO_TIME_LIMITS } from '../../../src/core/session/every-session.js';
import { renderAssignments } from '../../../src/core/session/setting.js';
import { someFacts } from '../../support/inventory.js';
import { DUMPS, LOADERS, without } from './option-lists.js';

const SCOPE: DumpScope = {
  database: toDatabaseName('shop'),
  tables: [toTableName('orders'), toTableName('-odd')],
  where: null,
  history: 'without-history',
  statementBytes: 1048576,
};

const DUMP_START =
  '--no-create-info --skip-triggers --single-transaction --quick --skip-lock-tables --skip-add-locks --skip-disable-keys ' +
  '--no-autocommit=0 --extended-insert --hex-blob --default-character-set=utf8mb4 --set-charset --tz-utc --quote-names ' +
  '--comments --skip-dump-date --max-allowed-packet=1G --no-tablespaces';
const EVERY_ROW = 'LIMIT 18446744073709551615';
const DUMP_END = `--net-buffer-length=1048576 --where=1 ${EVERY_ROW} -- shop orders -odd`;
/** Of clients that take settings for their session. */
const SET_DUMP_END = DUMP_END.replace(
  ' -- ',
  ` --init-command=SET ${renderAssignments([...EVERY_SESSION, ...NO_TIME_LIMITS])} -- `,
);

describe('arguments of the dump', () => {
  test.each([
    ['MariaDB 10.5', `${DUMP_START} ${DUMP_END}`],
    ['MariaDB 10.11', `${DUMP_START} ${DUMP_END}`],
    ['MariaDB 11.8', `${DUMP_START} ${DUMP_END}`],
    ['MySQL 5.7', `${DUMP_START} --set-gtid-purged=OFF ${DUMP_END}`],
    ['MySQL 8.0', `${DUMP_START} --set-gtid-purged=OFF --column-statistics=0 --network-timeout ${DUMP_END}`],
    [
      'MySQL 8.4',
      `--no-login-paths ${DUMP_START} --set-gtid-purged=OFF --column-statistics=0 --network-timeout ${SET_DUMP_END}`,
    ],
    [
      'MySQL 9.7',
      `--no-login-paths ${DUMP_START} --set-gtid-purged=OFF --column-statistics=0 --masking-policies=0 --network-timeout ${SET_DUMP_END}`,
    ],
  ] as const)('%s', (client, expected) => {
    expect(buildDumpArguments(DUMPS[client], SCOPE).join(' ')).toBe(expected);
  });

  test('a condition and the history are options, so they stand before the names', () => {
    const argv = buildDumpArguments(DUMPS['MariaDB 10.11'], {
      ...SCOPE,
      where: "a = '-- x'",
      history: 'with-history',
    });
    expect(argv.slice(-6)).toEqual([
      '--dump-history',
      `--where=a = '-- x' ${EVERY_ROW}`,
      '--',
      'shop',
      'orders',
      '-odd',
    ]);
  });

  test('a missing flag that a faithful copy needs is refused, and named', () => {
    const old = without(DUMPS['MariaDB 10.11'], 'hex-blob', 'tz-utc', 'no-tablespaces');
    expect(() => buildDumpArguments(old, SCOPE)).toThrow(
      expect.objectContaining({
        code: 'TOOL_MISSING',
        message: expect.stringMatching(
          /mariadb-dump \(MariaDB 10\.11\.19\) has no --hex-blob, --tz-utc,/,
        ) as string,
      }) as Error,
    );
  });
});

const LOADER_FLAGS =
  '--batch --binary-mode --comments --default-character-set=utf8mb4 --max-allowed-packet=1G --no-auto-rehash --local-infile=0';
const LOADER_SETTINGS = `SET ${renderAssignments([...EVERY_SESSION, ...NO_TIME_LIMITS])} /*M!100201 , check_constraint_checks = 0 */`;
const LOADER_END = `--skip-reconnect --init-command=${LOADER_SETTINGS} --database=-stage`;

const MYSQL = someFacts('target', { flavor: { vendor: 'mysql', version: [8, 4, 0] } });

describe('arguments of the loader', () => {
  test.each([
    ['mariadb', [10, 11, 6], true],
    ['mariadb', [11, 1, 1], false],
    ['mysql', [8, 4, 0], false],
  ] as const)('a target of %s %j is told by its own names that it may write', (vendor, version, isOld) => {
    const target = someFacts('target', { flavor: { vendor, version } });
    const argv = buildLoaderArguments(LOADERS['MySQL 9.7'], target, toDatabaseName('x'));
    const command = argv.find((argument) => argument.startsWith('--init-command')) ?? '';
    expect(command.endsWith(', tx_read_only = 0')).toBe(isOld);
    expect(command).toContain(', transaction_read_only = 0');
  });

  test.each([
    ['MariaDB 10.5', `${LOADER_FLAGS} ${LOADER_END}`],
    ['MariaDB 11.8', `${LOADER_FLAGS} --print-query-on-error=0 ${LOADER_END}`],
    ['MariaDB 10.11', `${LOADER_FLAGS} --print-query-on-error=0 ${LOADER_END}`],
    ['MySQL 5.7', `${LOADER_FLAGS} ${LOADER_END}`],
    ['MySQL 8.0', `${LOADER_FLAGS} ${LOADER_END}`],
    ['MySQL 9.7', `--no-login-paths ${LOADER_FLAGS} ${LOADER_END}`],
  ] as const)('%s', (client, expected) => {
    expect(buildLoaderArguments(LOADERS[client], MYSQL, toDatabaseName('-stage')).join(' ')).toBe(expected);
  });

  test('a loader without --binary-mode is refused', () => {
    expect(() =>
      buildLoaderArguments(without(LOADERS['MySQL 8.0'], 'binary-mode'), MYSQL, toDatabaseName('stage')),
    ).toThrow(/has no --binary-mode/);
  });
});
