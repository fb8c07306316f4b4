import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CopyRig, readRows, startCopyRig } from '../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../support/flavors.js';
import { copyNatively, fill } from './native-rig.js';

const VALUES = `'tb', tb, 'b', b, 'mb', mb, 'lb', lb, 'bi', bi, 'vb', vb, 'bt', bt, 'y', y, 'ts', ts, 'dt', dt, 'd', d, 't', t,
  'de', de, 'e', e, 's', s, 'f', f, 'text', te, 'none', NULL`;

const APP = `
  CREATE TABLE src (id INT PRIMARY KEY, tb TINYBLOB, b BLOB, mb MEDIUMBLOB, lb LONGBLOB, bi BINARY(3), vb VARBINARY(9), bt BIT(13), y YEAR,
    ts TIMESTAMP(3) NULL, dt DATETIME, d DATE, t TIME(2), de DECIMAL(30,10), e ENUM('a'), s SET('x','y'), f DOUBLE, te VARCHAR(99));
  INSERT INTO src VALUES (1, x'00', x'0001FF', x'', REPEAT(x'80', 100000), x'00FF00', x'fefd', b'1001010101011', 2024, '2024-01-01 00:00:01.5', '2024-10-27 02:30:00', '2024-02-03', '-12:00:01.5', -0.5, 'a', 'x,y', 1.0, '1.5');
  CREATE TABLE docs (id INT PRIMARY KEY, doc JSON, other JSON, moved TIMESTAMP DEFAULT '2001-01-01 00:00:00' ON UPDATE CURRENT_TIMESTAMP, kind VARCHAR(20) AS (JSON_TYPE(doc->'$.de')) STORED, KEY (kind));
  INSERT INTO docs (id, doc, other) SELECT id, JSON_OBJECT(${VALUES}), JSON_ARRAY(1, de, JSON_OBJECT('k "q" $.x[0] é🦊\\n', dt, '', JSON_ARRAY(JSON_ARRAY(d)))) FROM src;
  INSERT INTO docs (id, doc, other) VALUES (2, '{"de": 1.50, "d": "2024-02-03", "b": "base64:type252:AA=="}', NULL), (3, CAST(1.50 AS JSON), CAST(CAST('2024-01-01' AS DATE) AS JSON)), (4, 'null', '[]');
  CREATE TABLE keyless (name VARCHAR(20), doc JSON); INSERT INTO keyless SELECT 'a', JSON_OBJECT('de', de, 'b', b) FROM src; INSERT INTO keyless SELECT * FROM keyless; INSERT INTO keyless VALUES ('b', '{"de": -0.5000000000}'), (NULL, NULL);
  CREATE TABLE many (a INT, b VARCHAR(40) COLLATE utf8mb4_0900_ai_ci, e ENUM('x'), doc JSON, PRIMARY KEY (a, b));
  INSERT INTO many WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900)
    SELECT i, CONCAT('É', i), 'x', IF(i % 3, JSON_OBJECT('price', CAST(i / 7 AS DECIMAL(12, 4)), 'pad', REPEAT('x', 60)), JSON_OBJECT('price', i)) FROM n;
  CREATE TABLE deep (id ENUM('one') PRIMARY KEY, doc JSON); INSERT INTO deep SELECT 'one', (SELECT JSON_ARRAYAGG(de) FROM many JOIN src) FROM src;
  CREATE TABLE filtered (id INT PRIMARY KEY, doc JSON); INSERT INTO filtered SELECT id, doc FROM docs`;

/** What text does not show of the documents of a table. */
const TYPES = `SELECT id, JSON_TYPE(doc) AS type, doc, JSON_TYPE(other) AS others, kind, moved FROM`;

describe.each(availableFlavors().filter(({ vendor }) => vendor === 'mysql'))(
  'types in JSON that its text does not show, on $id',
  (flavor) => {
    let rig: CopyRig;
    beforeAll(async () => {
      rig = await startCopyRig(['--local-infile=1'], (options) => flavor.start(options));
      await fill(rig, 'json', APP);
    });
    afterAll(async () => rig.stop());

    test.each(['digest', 'counts'] as const)('they arrive, proven by %s', async (proof) => {
      const job = await rig.stage('json');
      await copyNatively(job, { proof });
      expect(await rig.target.query(`${TYPES} ${job.into}.docs ORDER BY id`)).toEqual(
        await rig.source.query(`${TYPES} json.docs ORDER BY id`),
      );
      expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'json'));
      const priced = `SELECT JSON_TYPE(doc->'$.price') AS type, COUNT(*) AS n FROM`;
      expect(await rig.target.query(`${priced} ${job.into}.many GROUP BY 1 ORDER BY 1`)).toEqual([
        { type: 'DECIMAL', n: 600 },
        { type: 'INTEGER', n: 300 },
      ]);
    });
  },
);
