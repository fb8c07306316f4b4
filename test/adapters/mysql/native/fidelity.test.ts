import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CopyRig, readRows, startCopyRig } from '../../../contracts/copy-rig.js';
import { type TestFlavor, availableFlavors } from '../../../support/flavors.js';
import { copyNatively, fill, writersOf } from './native-rig.js';

const COMMON = `
  CREATE TABLE members (id INT PRIMARY KEY, e ENUM('x', 'y') NOT NULL, f ENUM('', 'z'), s SET('a', 'b'), n VARCHAR(9));
  INSERT INTO members VALUES (1, 'x', '', 'a,b', 'NULL'), (2, 2, 'z', '', NULL), (4, 'y', NULL, NULL, '');
  SET sql_mode = ''; INSERT INTO members VALUES (3, 'no such', 'nor this', 'b', 'error');
  CREATE TABLE only_labels (id INT PRIMARY KEY, e ENUM('2', '1', 'it''s', 'b\\\\s', 'é'), s SET('1', '2')); INSERT INTO only_labels VALUES (1, '2', '2'), (2, 2, 2), (3, 'it''s', '1,2'), (4, 'b\\\\s', ''), (5, 'é', NULL);
  SET sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO';
  CREATE TABLE wide (id INT PRIMARY KEY, ${Array.from({ length: 300 }, (_, index) => `c${index} INT`).join(', ')}); INSERT INTO wide (id, c7) VALUES (1, 7), (2, NULL);
  CREATE TABLE shapes (id INT PRIMARY KEY, g GEOMETRY, p POLYGON, c GEOMETRYCOLLECTION);
  INSERT INTO shapes VALUES (1, ST_GeomFromText('POINT(1 2)', 4326), ST_GeomFromText('POLYGON((0 0,0 3,3 0,0 0))'), ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))')), (2, NULL, NULL, NULL), (3, ST_GeomFromText('LINESTRING(0 0,1 1)', 0), NULL, ST_GeomFromText('GEOMETRYCOLLECTION EMPTY'));
  CREATE TABLE bits (id INT PRIMARY KEY, a BIT(1), b BIT(9), c BIT(64)); INSERT INTO bits VALUES (1, 1, 300, 0xFFFFFFFFFFFFFFFF), (2, 0, 0, 9), (3, NULL, NULL, 0x0A5C09), (4, 1, 48, 0x30);
  CREATE TABLE legacy (id INT PRIMARY KEY, sj VARCHAR(50) CHARACTER SET sjis, cp VARCHAR(50) CHARACTER SET cp932, gb VARCHAR(50) CHARACTER SET gbk, bi VARCHAR(50) CHARACTER SET big5, uj VARCHAR(50) CHARACTER SET ujis, u2 CHAR(20) CHARACTER SET ucs2, u3 VARCHAR(50) CHARACTER SET utf32, le VARCHAR(50) CHARACTER SET utf16le);
  INSERT INTO legacy VALUES (1, _sjis 0x955C8C5C5C, _cp932 0x8790FA54815CED40, _gbk 0x815CBF5C, _big5 0xA55CB35C, _ujis 0xA4A28FB0A1, _ucs2 0x20AC005C0027, _utf32 0x0001F6800000005C, _utf16le 0x41003DD880DE5C00), (2, '', '', '', '', '', '', '', '');
  CREATE TABLE no_key (a INT, b VARCHAR(20), f FLOAT); INSERT INTO no_key VALUES (1, 'dup', 0.1), (1, 'dup', 0.1), (NULL, NULL, NULL), (NULL, NULL, NULL), (2, 'NULL', 1e-10);
  CREATE TABLE falsehoods (id INT PRIMARY KEY, a INT); INSERT INTO falsehoods VALUES (1, 99); SET /*M!100201 check_constraint_checks = 0, */ @x = 1; ALTER TABLE falsehoods ADD CONSTRAINT small CHECK (a < 10) /*!80016 NOT ENFORCED */;
  CREATE TABLE archived (id INT, t TEXT) ENGINE=MyISAM; INSERT INTO archived VALUES (1, 'x'), (1, 'x');
  CREATE TABLE merged (id INT, t TEXT) ENGINE=MRG_MyISAM UNION=(archived);
  CREATE TABLE listed (id INT NOT NULL, v VARCHAR(50) NOT NULL) ENGINE=CSV; INSERT INTO listed VALUES (1, 'a,"b"\\\\'), (2, '')`;

const OWN = {
  mariadb: `CREATE TABLE own (id INT PRIMARY KEY, u UUID, six INET6, c TEXT COMPRESSED, j JSON);
    INSERT INTO own VALUES (1, '00112233-4455-6677-8899-aabbccddeeff', '::ffff:192.0.2.1', REPEAT('abc', 5000), '{ "b" : 1.0,  "a": 2 }'), (2, NULL, NULL, NULL, NULL), (3, 'ffffffff-ffff-ffff-ffff-ffffffffffff', '2001:db8::1', '', '[]');
    CREATE TABLE named_history (a INT, row_start TIMESTAMP(6) GENERATED ALWAYS AS ROW START, row_end TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (row_start, row_end)) WITH SYSTEM VERSIONING;
    INSERT INTO named_history (a) VALUES (1); UPDATE named_history SET a = 2`,
  mysql: `CREATE TABLE own (id INT PRIMARY KEY, j JSON, hid INT INVISIBLE); INSERT INTO own (id, j, hid) VALUES (1, '{"b": [1.5, 18446744073709551615, "x\\\\n", "🚀"]}', 7), (2, NULL, NULL), (3, '"text"', 8), (4, 'null', 9)`,
} as const;

const ownTables = ({ id, vendor }: TestFlavor): string =>
  // UUID came with 10.7, and writing a history with 10.11.
  id === 'mariadb-10.5' ? 'SELECT 1' : OWN[vendor];

describe.each(availableFlavors())('what is stored arrives as it is on $id', (flavor) => {
  let rig: CopyRig;
  beforeAll(async () => {
    rig = await startCopyRig(['--local-infile=1'], (options) => flavor.start(options));
    await fill(rig, 'odd', `${COMMON}; ${ownTables(flavor)}`);
  });
  afterAll(async () => rig.stop());

  test.each(writersOf(flavor))('by %s', async (writer) => {
    const job = await rig.stage('odd');
    const { copied } = await copyNatively(job, { writers: [writer] });
    const counts = Object.fromEntries(copied.map(({ name, rows }) => [name, rows]));
    // The rows of a MERGE table are those of its parts.
    expect(counts).toMatchObject({ members: 4, no_key: 5, archived: 2, merged: 2 });
    expect(copied.filter(({ proof }) => proof !== 'digest').map(({ name }) => name)).toEqual(['merged']);
    for (const [server, database] of [
      [rig.source, 'odd'],
      [rig.target, job.into],
    ] as const) {
      const errors = await server.query(
        `SELECT id, e + 0 AS e, f + 0 AS f FROM ${database}.members WHERE e = 0`,
      );
      expect(errors).toEqual([{ id: 3, e: 0, f: 0 }]);
      const srids = await server.query(
        `SELECT id, ST_SRID(g) AS srid, ST_AsText(g) AS text FROM ${database}.shapes WHERE id = 1`,
      );
      expect(srids).toEqual([{ id: 1, srid: 4326, text: 'POINT(1 2)' }]);
    }
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'odd'));
  });
});
