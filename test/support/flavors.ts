import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Vendor } from '../../src/core/flavor.js';
import { type TestServer, startServerOf } from './servers.js';

export type FlavorId = 'mariadb-10.11' | 'mariadb-11.8' | 'mariadb-10.5' | 'mysql-9.7';

/** A kind of server that this machine can start. */
export interface TestFlavor {
  readonly id: FlavorId;
  readonly vendor: Vendor;
  /** Its client programs, to be put first in PATH: `mysql`, `mysqldump` and, of MariaDB, `mariadb`, `mariadb-dump`. */
  readonly binFolder: string;
  /** `options` are command line options of the server. The caller stops it, normally in `afterAll`. */
  start(options?: readonly string[]): Promise<TestServer>;
}

/** What `scripts/server-matrix.mjs --check --json` prints. */
interface Matrix {
  readonly found: readonly {
    readonly id: FlavorId;
    readonly vendor: Vendor;
    readonly release: string;
    readonly binFolder: string;
    readonly server: string;
    readonly client: string;
    readonly installer: string | null;
  }[];
  readonly missing: readonly { readonly id: FlavorId; readonly failure: string }[];
}

const SCRIPT = resolve(import.meta.dirname, '../../scripts/server-matrix.mjs');

let matrix: Matrix | undefined;

/**
 * The flavors that are there, MariaDB first. Those that are not are named on stderr; where MYSQL_SYNC_TEST_SERVERS_REQUIRED is all, each must be
 * there and a missing one throws.
 */
export const availableFlavors = (): readonly TestFlavor[] => {
  matrix ??= readMatrix();
  return matrix.found.map(({ release, ...programs }) => ({
    id: programs.id,
    vendor: programs.vendor,
    binFolder: programs.binFolder,
    start: (options = []) =>
      startServerOf({ ...programs, templateName: `${programs.id}-${release}` }, options),
  }));
};

const readMatrix = (): Matrix => {
  const { stdout, stderr } = spawnSync(process.execPath, [SCRIPT, '--check', '--json'], { encoding: 'utf8' });
  if (stdout === '') throw new Error(`${SCRIPT} failed:\n${stderr}`);
  const read = JSON.parse(stdout) as Matrix;
  if (read.missing.length > 0) reportMissing(read.missing.map(({ id }) => id).join(', '));
  return read;
};

const reportMissing = (ids: string): void => {
  const message = `NOT TESTED on ${ids}: no such server here. To make them:  node scripts/server-matrix.mjs`;
  if (process.env['MYSQL_SYNC_TEST_SERVERS_REQUIRED'] === 'all') throw new Error(message);
  process.stderr.write(`\n${message}\n\n`);
};
