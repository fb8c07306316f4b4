import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../../../../src/core/secret.js';
import { SCRATCH_SCOPE, WRITING_SCRATCH } from '../../../../../src/core/change/wanted-grants.js';
import type { CopyJob } from '../../../../../src/engine/ports/row-engine.js';
import { type CopyRig, readRows, startCopyRig } from '../../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../../support/flavors.js';
import { copyNatively, fill, readDefinition } from '../native-rig.js';

const rows = (table: string, id = 'id'): string =>
  `INSERT INTO ${table} (${id}, x) SELECT seq, CONCAT('x', seq % 3) FROM numbers.n WHERE seq <= 2000;`;

/** By name, what could get lost of a table that changes places with another. */
const EXCHANGED: Readonly<Record<string, string>> = {
  plain: `CREATE TABLE plain (id INT AUTO_INCREMENT PRIMARY KEY, x CHAR(60), KEY by_x (x)); ${rows('plain')}`,
  from_far: `CREATE TABLE from_far (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, x CHAR(60))
    AUTO_INCREMENT = 70000 COMMENT = 'AUTO_INCREMENT=3'; ${rows('from_far')}`,
  odd: `CREATE TABLE odd (\`i\`\`d, (\` MEDIUMINT AUTO_INCREMENT COMMENT 'no AUTO_INCREMENT=3, (',
    x VARCHAR(60) CHARACTER SET latin1 DEFAULT ')', u INT GENERATED ALWAYS AS (CHAR_LENGTH(x)) VIRTUAL,
    v INT GENERATED ALWAYS AS (CHAR_LENGTH(x) + 1) STORED, PRIMARY KEY (\`i\`\`d, (\`), KEY by_u (u DESC),
    KEY by_v (v, x(10)), CONSTRAINT \`p\`\`0\` CHECK (v > 0)); ${rows('odd', '`i``d, (`')}`,
  pairs: `CREATE TABLE pairs (x CHAR(60), id INT AUTO_INCREMENT, PRIMARY KEY (x, id), KEY counting (id),
    KEY both_ways (id, x)); ${rows('pairs')}`,
  unique_too: `CREATE TABLE unique_too (id INT AUTO_INCREMENT PRIMARY KEY, x CHAR(60), n INT DEFAULT NULL, m INT NOT NULL DEFAULT 0,
    UNIQUE KEY zz (n), KEY first (x), UNIQUE KEY \`a, (\` (m, id), UNIQUE KEY both_ways (n DESC, x(10)), KEY last (n)); ${rows('unique_too')}`,
  parent: `CREATE TABLE parent (id INT AUTO_INCREMENT PRIMARY KEY, x CHAR(60)); ${rows('parent')}
    CREATE TABLE child (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES parent (id)); INSERT INTO child VALUES (1, 7);`,
};

/** By name, tables that no other can take the rows for. */
const FILLED: Readonly<Record<string, string>> = {
  unprimed: `CREATE TABLE unprimed (id INT AUTO_INCREMENT, x CHAR(60), n INT, UNIQUE KEY counting (id), UNIQUE KEY (n)); ${rows('unprimed')}`,
  placed: `CREATE TABLE placed (id INT AUTO_INCREMENT PRIMARY KEY, x CHAR(60), at POINT NOT NULL DEFAULT (POINT(0, 0)), n INT,
    UNIQUE KEY (n), SPATIAL KEY (at)); ${rows('placed')}`,
  referred_to: `CREATE TABLE referred_to (id INT AUTO_INCREMENT PRIMARY KEY, x CHAR(60), n INT, UNIQUE KEY b (n, x), UNIQUE KEY a (n));
    ${rows('referred_to')}
    CREATE TABLE child (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES referred_to (id)); INSERT INTO child VALUES (7);`,
  words: `CREATE TABLE words (id INT AUTO_INCREMENT PRIMARY KEY, x CHAR(60), FULLTEXT KEY (x)); ${rows('words')}`,
  divided: `CREATE TABLE divided (id INT AUTO_INCREMENT PRIMARY KEY, x CHAR(60)) PARTITION BY HASH (id) PARTITIONS 3; ${rows('divided')}`,
  hashed: `CREATE TABLE hashed (id INT AUTO_INCREMENT PRIMARY KEY, x CHAR(60), b BLOB /*M!100500 , UNIQUE KEY (b) */); ${rows('hashed')}`,
  without: `CREATE TABLE without (id INT PRIMARY KEY, x CHAR(60)); ${rows('without')}`,
};

/** Copies, and says into which tables of its own the engine has written rows, by the log of the target. */
const copyAndLook = async (rig: CopyRig, job: CopyJob): Promise<readonly string[]> => {
  await rig.target.query("SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = 1");
  try {
    await copyNatively(job);
  } finally {
    await rig.target.query('SET GLOBAL general_log = 0');
  }
  const logged = await rig.target.query(
    "SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log WHERE argument LIKE '%mysql\\_sync\\_%'",
  );
  await rig.target.query('TRUNCATE mysql.general_log');
  const names = logged.flatMap(
    ({ text }) =>
      /^\s*(?:INSERT|LOAD)[^]*?(mysql_sync_[\da-f]{16}_[\da-f-]{36})/.exec(String(text))?.[1] ?? [],
  );
  return [...new Set<string>(names)];
};

const listTables = async (
  rig: CopyRig,
  database: string,
  side: 'source' | 'target' = 'target',
): Promise<readonly string[]> =>
  (await rig[side].query(`SHOW TABLES FROM ${database}`)).map((row) => String(Object.values(row)[0]));

describe.each(availableFlavors())('tables with a counter on $id', (flavor) => {
  let rig: CopyRig;
  beforeAll(async () => {
    rig = await startCopyRig([], (options) => flavor.start(options));
    for (const [name, sql] of Object.entries({ ...EXCHANGED, ...FILLED })) await fill(rig, name, sql);
  });
  afterAll(async () => rig.stop());

  test.each(Object.keys({ ...EXCHANGED, ...FILLED }))('%s', async (name) => {
    const job = await rig.stage(name);
    const isExchanged = flavor.vendor === 'mariadb' && name in EXCHANGED;
    const others = await copyAndLook(rig, job);
    expect(others).toEqual(isExchanged ? [expect.stringMatching(/^mysql_sync_/)] : []);
    expect(await listTables(rig, job.into)).toEqual(await listTables(rig, name, 'source'));
    expect(await readDefinition(rig.target, job.into, name)).toBe(
      await readDefinition(rig.source, name, name),
    );
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, name));
  });

  test('an account with no more than it is told to have', async () => {
    await rig.target.query(
      `CREATE USER writer@'%' IDENTIFIED BY 'w'; GRANT ${WRITING_SCRATCH.join(', ')} ON ${SCRATCH_SCOPE} TO writer@'%'`,
    );
    const job = await rig.stage('plain', { target: { user: 'writer', password: new Secret('w') } });
    expect(await copyAndLook(rig, job)).toHaveLength(flavor.vendor === 'mariadb' ? 1 : 0);
  });

  test('a clash that the source does not have is found', async () => {
    const job = await rig.stage('plain');
    await rig.target.query(`ALTER TABLE ${job.into}.plain ADD UNIQUE KEY clash (x)`);
    // One lane: several may also find that they wait for each other.
    await expect(copyNatively(job, { lanes: 1 })).rejects.toMatchObject({
      code: 'COPY_FAILED',
      message: expect.stringMatching(
        /plain\.plain: [^]*Duplicate entry 'x\d+' for key '(\w+\.)*clash'/,
      ) as string,
    });
  });

  test('a row that came after the definitions moves the counter on, whatever a comment says', async () => {
    const job = await rig.stage('odd');
    await rig.source.query('INSERT INTO odd.odd (`i``d, (`) VALUES (7000)');
    await copyNatively(job);
    expect(await readDefinition(rig.target, job.into, 'odd')).toContain(' AUTO_INCREMENT=7001 ');
  });

  test('goes on counting after a restart of the server', async () => {
    const next = async (): Promise<number> => {
      await rig.target.query(`INSERT INTO ${job.into}.plain (x) VALUES ('next')`);
      const [row] = await rig.target.query(`SELECT MAX(id) AS id FROM ${job.into}.plain`);
      return Number(row?.['id']);
    };
    await rig.source.query(
      'INSERT INTO plain.plain (id) VALUES (9000); DELETE FROM plain.plain WHERE id = 9000',
    );
    const job = await rig.stage('plain');
    await copyNatively(job);
    expect(await next()).toBe(9001);
    await rig.target.query(`DELETE FROM ${job.into}.plain WHERE id = 9001`);
    await rig.target.restart();
    expect(await next()).toBe(9002);
  });
});
