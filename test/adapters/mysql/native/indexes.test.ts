import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CopyRig, readRows, startCopyRig } from '../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../support/flavors.js';
import { copyNatively, fill, readDefinition } from './native-rig.js';

const ROWS = 'FROM numbers.n WHERE seq <= 2000';

const SCHEMA = `
  CREATE TABLE parent (id INT AUTO_INCREMENT PRIMARY KEY, code INT, name VARCHAR(40), KEY by_name (name), UNIQUE KEY by_code (code), KEY by_both (name, code)) AUTO_INCREMENT = 5000;
  INSERT INTO parent (id, code, name) SELECT seq, seq, CONCAT('name ', seq % 97) ${ROWS};
  CREATE TABLE child (id INT PRIMARY KEY, p INT, q INT, note VARCHAR(60), body TEXT, KEY q_first (q), KEY \`od\`\`d, (name\` (note(10), q) COMMENT 'it''s, (one)', FULLTEXT KEY words (body),
    CONSTRAINT z_last FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE, CONSTRAINT a_first FOREIGN KEY (q) REFERENCES parent (code), FULLTEXT KEY more_words (note, body));
  INSERT INTO child SELECT seq, seq, 2001 - seq, CONCAT('note ', seq), CONCAT('some words about ', seq % 50) ${ROWS};
  CREATE TABLE counters (grp INT, id INT AUTO_INCREMENT, x CHAR(60), PRIMARY KEY (grp, id), KEY before_it (x), KEY counting (id), KEY after_it (x, grp)) AUTO_INCREMENT = 90000;
  INSERT INTO counters (grp, id, x) SELECT seq % 3, seq, 'x' ${ROWS};
  CREATE TABLE tree (id INT PRIMARY KEY, up INT, pad CHAR(60), KEY pads (pad), FOREIGN KEY (up) REFERENCES tree (id));
  INSERT INTO tree SELECT seq, IF(seq = 1, NULL, seq DIV 2), 'x' ${ROWS};
  CREATE TABLE places (id INT PRIMARY KEY, at POINT NOT NULL, x CHAR(60), KEY a (x), SPATIAL KEY s (at), KEY b (x, id));
  INSERT INTO places SELECT seq, POINT(seq, -seq), 'x' ${ROWS}`;

describe.each(availableFlavors())('indexes after the rows on $id', (flavor) => {
  let rig: CopyRig;
  beforeAll(async () => {
    rig = await startCopyRig([], (options) => flavor.start(options));
    await fill(rig, 'indexed', SCHEMA);
  });
  afterAll(async () => rig.stop());

  test('tables end as they were made, with their counters, and their keys work', async () => {
    const job = await rig.stage('indexed');
    const { copied } = await copyNatively(job);
    expect(copied.map(({ name }) => name)).toEqual(['child', 'counters', 'parent', 'places', 'tree']);
    for (const { name } of copied)
      expect(await readDefinition(rig.target, job.into, name)).toBe(
        await readDefinition(rig.source, 'indexed', name),
      );
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'indexed'));
    const found = await rig.target.query(
      `SELECT COUNT(*) AS found FROM ${job.into}.child WHERE MATCH (body) AGAINST ('+words' IN BOOLEAN MODE)`,
    );
    expect(Number(found[0]?.['found'])).toBe(2000);
    const orphan = rig.target.query(`INSERT INTO ${job.into}.child VALUES (9999, 12345, 1, '', '')`);
    await expect(orphan).rejects.toMatchObject({ errno: 1452 });
    await rig.target.query(`INSERT INTO ${job.into}.parent (code, name) VALUES (9999, 'next')`);
    const [next] = await rig.target.query(`SELECT id FROM ${job.into}.parent WHERE code = 9999`);
    expect(next?.['id']).toBe(5000);
  });

  test('they are really built after the rows', async () => {
    const job = await rig.stage('indexed', { only: ['tree'] });
    // A row that the source does not have breaks the copy before the index is there again.
    await rig.target.query(
      `SET FOREIGN_KEY_CHECKS = 0; INSERT INTO ${job.into}.tree VALUES (77, NULL, 'in the way')`,
    );
    await expect(copyNatively(job)).rejects.toMatchObject({ code: 'COPY_FAILED' });
    expect(await readDefinition(rig.target, job.into, 'tree')).not.toContain('KEY `pads`');
  });

  test.each(['digest', 'counts'] as const)(
    'tables that no strict session makes, in pieces, proven by %s',
    async (proof) => {
      const database = `lax_${proof}`;
      await fill(
        rig,
        database,
        `SET innodb_strict_mode = 0;
         CREATE TABLE twice (id INT AUTO_INCREMENT PRIMARY KEY, e ENUM ('a', 'b', 'a') NOT NULL, s SET ('x', 'X') COLLATE utf8mb4_general_ci, pad CHAR(60), KEY (e), UNIQUE KEY (pad, id), KEY (s));
         INSERT INTO twice SELECT seq, 1 + seq % 3, seq % 4, 'x' ${ROWS};
         CREATE TABLE computed (id INT PRIMARY KEY, raw VARCHAR(60), n INT AS (CAST(raw AS SIGNED)) STORED, d DATE AS (STR_TO_DATE(raw, '%d.%m.%Y')) STORED, v INT AS (CAST(raw AS SIGNED)) VIRTUAL, KEY (n), KEY (v));
         SET sql_mode = ''; INSERT INTO computed (id, raw) SELECT seq, IF(seq % 2, CONCAT(seq, ' apples'), '31.02.2020') ${ROWS}`,
      );
      const job = await rig.stage(database);
      const { copied } = await copyNatively(job, { proof });
      expect(copied).toMatchObject(['computed', 'twice'].map((name) => ({ name, rows: 2000, proof })));
      for (const { name } of copied)
        expect(await readDefinition(rig.target, job.into, name)).toBe(
          await readDefinition(rig.source, database, name),
        );
      const numbers = (name: string): string =>
        `SELECT SUM(e + 0) AS e, SUM(s + 0) AS s, SUM(id * (e + 0)) AS both_of ` +
        `FROM ${name}.twice UNION SELECT SUM(n), COUNT(d), SUM(v) FROM ${name}.computed`;
      expect(await rig.target.query(numbers(job.into))).toEqual(await rig.source.query(numbers(database)));
    },
  );

  test('tables that refer to each other, built side by side', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `t${index}`);
    const create = (name: string, index: number): string => {
      const others = [names[(index + 5) % 12], names[(index + 7) % 12]];
      const keys = others.map((other, at) => `FOREIGN KEY (r${at}) REFERENCES ${other} (id)`);
      return `CREATE TABLE ${name} (id INT PRIMARY KEY, r0 INT, r1 INT, x CHAR(60), KEY (x), KEY (x, r0), ${keys.join(', ')});
        INSERT INTO ${name} SELECT seq, seq, seq, 'x' FROM numbers.n WHERE seq <= 300`;
    };
    await fill(rig, 'knotted', `SET FOREIGN_KEY_CHECKS = 0; ${names.map(create).join(';')}`);
    for (let time = 0; time < 4; time += 1) {
      const job = await rig.stage('knotted');
      const { copied } = await copyNatively(job, { lanes: 8 });
      expect(copied.map(({ rows }) => rows)).toEqual(names.map(() => 300));
    }
  });
});
