import { describe, expect, test } from 'vitest';
import { type DumpScope, buildDumpArguments, buildLoaderArguments } from '../../../src/adapters/dump/argv.js';
import type { Flavor } from '../../../src/core/flavor.js';
import { toDatabaseName, toTableName } from '../../../src/core/names.js';
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
const DUMP_END = '--net-buffer-length=1048576 -- shop orders -odd';

describe('arguments of the dump', () => {
  test.each([
    ['MariaDB 10.5', `${DUMP_START} ${DUMP_END}`],
    ['MariaDB 10.11', `${DUMP_START} ${DUMP_END}`],
    ['MariaDB 11.8', `${DUMP_START} ${DUMP_END}`],
    ['MySQL 5.7', `${DUMP_START} --set-gtid-purged=OFF ${DUMP_END}`],
    ['MySQL 8.0', `${DUMP_START} --set-gtid-purged=OFF --column-statistics=0 --network-timeout ${DUMP_END}`],
    [
      'MySQL 8.4',
      `--no-login-paths ${DUMP_START} --set-gtid-purged=OFF --column-statistics=0 --network-timeout ${DUMP_END}`,
    ],
    [
      'MySQL 9.7',
      `--no-login-paths ${DUMP_START} --set-gtid-purged=OFF --column-statistics=0 --masking-policies=0 --network-timeout ${DUMP_END}`,
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
    expect(argv.slice(-6)).toEqual(['--dump-history', "--where=a = '-- x'", '--', 'shop', 'orders', '-odd']);
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
const LOADER_END =
  '--skip-reconnect --init-command=SET SESSION wait_timeout=86400, net_read_timeout=86400 --database=-stage';

const MYSQL: Flavor = { vendor: 'mysql', version: [8, 4, 0] };

describe('arguments of the loader', () => {
  test.each([
    ['mariadb', [10, 2, 1], ', check_constraint_checks=0'],
    ['mariadb', [10, 1, 48], ''],
    ['mysql', [26, 7, 0], ''],
  ] as const)('a target of %s %j is told what to leave unchecked', (vendor, version, settings) => {
    const argv = buildLoaderArguments(LOADERS['MySQL 9.7'], { vendor, version }, toDatabaseName('x'));
    expect(argv).toContain(
      `--init-command=SET SESSION wait_timeout=86400, net_read_timeout=86400${settings}`,
    );
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
