import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { createDumpEngine } from '../../src/adapters/dump/dump-engine.js';
import { availableFlavors } from '../support/flavors.js';
import { copyRows, readRows, startCopyRig } from './copy-rig.js';
import { describeRowEngine } from './row-engine.js';

const engineWith = (...folders: readonly string[]): ReturnType<typeof createDumpEngine> =>
  createDumpEngine({ path: [...folders, '/usr/bin', '/bin'].join(':'), temporaryFolder: tmpdir() });

describeRowEngine('dump', ({ binFolder }) => engineWith(binFolder), { float: 'six-digits' });

const flavors = availableFlavors();
/** Between old and new, in both directions; between vendors rows never travel as a dump. */
const pairs = [
  ['mariadb-10.5', 'mariadb-11.8'],
  ['mariadb-11.8', 'mariadb-10.5'],
].flatMap(([from, to]) => {
  const [source, target] = [from, to].map((id) => flavors.find((flavor) => flavor.id === id));
  return source && target ? [{ source, target }] : [];
});

// A missing server is reported when the flavors are read.
describe.runIf(pairs.length > 0)('between servers of different kinds', () => {
  test.each(pairs)('$source.id to $target.id', async ({ source, target }) => {
    const rig = await startCopyRig(
      [],
      async (options) => source.start(options),
      async (options) => target.start(options),
    );
    try {
      await rig.source.query(
        `CREATE DATABASE mixed; USE mixed; SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES';
         CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, b VARBINARY(20), x LONGTEXT, d DATE, n DECIMAL(20,5)) CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
         INSERT INTO t VALUES (0, 0x00FF275C, '🚀 it''s \\ \n', '2023-02-31', -1.5), (2, '', '', '0000-00-00', NULL), (3, NULL, NULL, NULL, 0);
         CREATE TABLE \`odd \`\` name\` (\`a b\` INT) CHARSET utf8mb4 COLLATE utf8mb4_general_ci; INSERT INTO \`odd \`\` name\` VALUES (1), (2)`,
      );
      const job = await rig.stage('mixed');
      const { copied } = await copyRows(engineWith(source.binFolder, target.binFolder), job);
      expect(copied.map(({ rows }) => rows).sort()).toEqual([2, 3]);
      expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'mixed'));
    } finally {
      await rig.stop();
    }
  });
});
