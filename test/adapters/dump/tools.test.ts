import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseDumpClient, chooseLoader, findClientTools } from '../../../src/adapters/dump/tools.js';
import type { Flavor } from '../../../src/core/flavor.js';
import { DUMPS, LOADERS } from './option-lists.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mysql-sync-tools-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A program that answers `--version` and `--help` like a client. Returns its folder. */
const install = (folder: string, name: string, version: string, help = '  --quick\n'): string => {
  const path = join(root, folder);
  mkdirSync(path, { recursive: true });
  writeFileSync(
    join(path, name),
    `#!/bin/sh
[ "$1" = --no-defaults ] || exit 7
case $2 in --version) echo '${version}';; --help) printf '%s' '${help}';; esac
`,
  );
  chmodSync(join(path, name), 0o755);
  return path;
};

const MARIADB = 'mysqldump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)';
const MYSQL = 'mysqldump  Ver 8.4.7 for Linux on x86_64 (MySQL Community Server - GPL)';

describe('finding', () => {
  test('both names in every folder, in the order of PATH, by what the program says and not by its name', async () => {
    const first = install('first', 'mysqldump', MARIADB);
    const second = install('second', 'mysqldump', MYSQL, '  --quick\n  --hex-blob\n');
    const found = await findClientTools('dump', `${first}:${second}:/usr/bin:/bin`);
    expect(found.slice(0, 2).map(({ path, flavor, options }) => [path, flavor.vendor, options.size])).toEqual(
      [
        [join(first, 'mysqldump'), 'mariadb', 1],
        [join(second, 'mysqldump'), 'mysql', 2],
      ],
    );
  });

  test('a program with two names is one', async () => {
    const folder = install('one', 'mariadb', MARIADB);
    symlinkSync('mariadb', join(folder, 'mysql'));
    expect(await findClientTools('loader', `${folder}:/bin`)).toHaveLength(
      1 + (await findClientTools('loader', '/bin')).length,
    );
  });

  test('what cannot be run or says nonsense is no client', async () => {
    const folder = install('broken', 'mysqldump', 'no version here');
    install('plain', 'mysqldump', MYSQL);
    chmodSync(join(root, 'plain', 'mysqldump'), 0o644);
    mkdirSync(join(root, 'folder', 'mysqldump'), { recursive: true });
    const path = [
      folder,
      join(root, 'plain'),
      join(root, 'folder'),
      join(root, 'missing'),
      'relative',
      '',
    ].join(':');
    expect(await findClientTools('dump', path)).toEqual([]);
  });

  test('the programs of this machine', async () => {
    const path = process.env['PATH'] ?? '';
    const [dump] = await findClientTools('dump', path);
    const [loader] = await findClientTools('loader', path);
    expect(dump?.options).toContain('single-transaction');
    expect(loader?.options).toContain('binary-mode');
  });
});

describe('choosing', () => {
  const mariadb: Flavor = { vendor: 'mariadb', version: [10, 11, 6] };
  const mysql: Flavor = { vendor: 'mysql', version: [8, 4, 3] };
  const { 'MariaDB 10.11': mariadbDump, 'MySQL 5.7': oldDump, 'MySQL 8.4': newDump } = DUMPS;

  test('the dump client is of the vendor of the source', () => {
    expect(chooseDumpClient([mariadbDump, newDump], mysql)).toBe(newDump);
    expect(chooseDumpClient([newDump, mariadbDump], mariadb)).toBe(mariadbDump);
  });

  test('an old dump client does for an old server only', () => {
    expect(chooseDumpClient([oldDump, newDump], { vendor: 'mysql', version: [5, 7, 44] })).toBe(oldDump);
    expect(chooseDumpClient([oldDump, newDump], mysql)).toBe(newDump);
  });

  test.each([
    [
      [mariadbDump],
      mysql,
      /The source is MySQL 8\.4\.3: .* MySQL's mysqldump \(8\.0\.23 or newer\).*In PATH: \/usr\/bin\/mariadb-dump is of MariaDB 10\.11\.19/,
    ],
    [
      [],
      mariadb,
      /MariaDB's mariadb-dump \(10\.3 or newer\)\. Neither mariadb-dump nor mysqldump is in PATH\./,
    ],
    [
      [oldDump],
      { vendor: 'mysql', version: [26, 7, 0] } as const,
      /MySQL's mysqldump \(8\.0\.23 or newer\).*MySQL 5\.7\.44/,
    ],
  ])('without one it says what is needed and what was found (%#)', (found, source, message) => {
    expect(() => chooseDumpClient(found, source)).toThrow(
      expect.objectContaining({
        code: 'TOOL_MISSING',
        message: expect.stringMatching(message) as string,
        hints: expect.arrayContaining([expect.stringContaining('apt install')]) as string[],
      }) as Error,
    );
  });

  test('the loader is of the vendor of the target if there is one, else any', () => {
    const { 'MariaDB 10.11': mariadbLoader, 'MySQL 9.7': mysqlLoader } = LOADERS;
    expect(chooseLoader([mariadbLoader, mysqlLoader], mysql)).toBe(mysqlLoader);
    expect(chooseLoader([mariadbLoader], mysql)).toBe(mariadbLoader);
    expect(() => chooseLoader([], mysql)).toThrow(/MySQL's mysql/);
  });
});
